// Finds the table a query names: the source's own, one of the server's, or MySQL's error for one that is not there.
import type { OverlayTable } from '../overlay/table.ts';
import { systemTable } from '../persona/system-tables.ts';
import type { Expression } from '../sql/ast/expression.ts';
import { sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import type { Value } from '../sql/value/value.ts';
import { consistentRows, holdDefinition, lockRow } from './row-locking.ts';
import { canonicalSchema, schemaExists } from './schemas.ts';
import type { Session } from './session.ts';
import { toldDefault } from './statements/change/defaults.ts';
import { partitionFinder, partitionsNamed } from './statements/define/partitions.ts';
import { systemSource } from './system-source.ts';
import { hiddenTableError } from './system-writes.ts';
import type { TableSource } from './table-source.ts';
import { viewSource } from './view-source.ts';

/** Tells rows, as they are or were, whose integer key lies between two. */
const between = (place: number, low: bigint, high: bigint) => (row: readonly Value[]) => {
  const key = row[place] as bigint;
  return key >= low && key <= high;
};

function overlaySource(session: Session, table: OverlayTable): TableSource {
  const read = <R extends readonly Value[]>(
    rows: readonly R[],
    x: Execution,
    within?: (row: readonly Value[]) => boolean,
  ): readonly R[] => {
    holdDefinition(session, table);
    return x.locking || x.changesRows ? rows : consistentRows(session, table, rows, within);
  };
  let counted = false;
  return {
    schema: table.schema,
    name: table.name,
    columns: table.scopeColumns(),
    rows: (x) => {
      table.opened = true;
      if (!counted) {
        x.session.work.read(table.rows.length);
        x.session.server.count('Innodb_rows_read', table.rows.length);
      }
      counted = true;
      return read(table.ordered(), x);
    },
    partitioned: (x, names) => {
      const wanted = partitionsNamed(table, names);
      const find = partitionFinder(x, table);
      return read(table.ordered(), x).filter((row) => find && wanted.has(find(row)));
    },
    size: () => ({ rows: table.rows.length, bytes: table.contentBytes }),
    lock: (row, locking) => lockRow(session, table, row, locking),
    indexes: table.indexes,
    lookup: (column, low, high, x) => {
      // Who locks what it reads meets removed rows whatever their keys.
      if (x.locking && table.locks.gone(session.transaction).length > 0) return undefined;
      const rows = table.lookup(column, low, high);
      if (rows && !counted) {
        x.session.work.find(rows.length, low !== high);
        x.session.server.count('Innodb_rows_read', rows.length);
      }
      counted ||= rows !== undefined;
      return rows && read(rows, x, between(table.columnAt(column), low as bigint, high as bigint));
    },
    scans: (where: Expression | undefined) => table.scans(where),
    defaultOf: (x, name) => {
      const column = table.columns[table.columnAt(name)];
      return column ? x.session.atZone(toldDefault(x, column)) : null;
    },
  };
}

/** The table `schema.name`, the current database standing in for no schema. Throws 1046, 1049 or 1146. */
export function resolveTable(session: Session, schemaName: string, name: string): TableSource {
  const schema = canonicalSchema(schemaName || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  const own = session.overlay.databases.get(schema);
  const table = session.temporary.get(`${schema}.${name}`) ?? own?.tables.get(name);
  if (table) return overlaySource(session, table);
  const view = own?.views.get(name);
  if (view) return viewSource(session, view);
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  const system = session.overlay.dropped.has(schema) ? undefined : systemTable(schema, name);
  if (system) return systemSource(session, system);
  if (schema === 'information_schema') throw sqlError('ER_UNKNOWN_TABLE', name.toUpperCase(), 'information_schema');
  const hidden = schema === 'mysql' ? hiddenTableError(name) : undefined;
  throw hidden ?? sqlError('ER_NO_SUCH_TABLE', `${schema}.${name}`);
}
