// CREATE TABLE in its three forms: columns, LIKE, SELECT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import { type Database, MAX_TABLES } from '../../../overlay/overlay.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import { type OverlayTable, rowBytes } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import type { Value } from '../../../sql/value/value.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { tableExists } from '../../schemas.ts';
import { materialize } from '../materialize.ts';
import { buildTable, engineOf, warnWidths } from './build.ts';
import { checkName, collationFrom, writableDatabase } from './database.ts';
import { specOf } from './inferred.ts';

export function createTable(x: Execution, s: StatementOf<'create-table'>): Outcome {
  const { session } = x;
  const database = writableDatabase(x, s.table);
  session.tableLocks.checkWrite(database.name, s.table.name, s.table.name);
  checkName(s.table.name);
  if (s.table.name === '' || s.table.name.endsWith(' ')) throw sqlError('ER_WRONG_TABLE_NAME', s.table.name);
  if (tableExists(session, database.name, s.table.name)) {
    if (!s.ifNotExists) throw sqlError('ER_TABLE_EXISTS_ERROR', s.table.name);
    x.note('ER_TABLE_EXISTS_ERROR', s.table.name);
    return OK;
  }
  if (session.overlay.tableCount >= MAX_TABLES) throw sqlError('ER_RECORD_FILE_FULL', s.table.name);
  if (s.like) {
    const source = materialize(x, s.like);
    const table = buildTable(
      x,
      database.name,
      s.table.name,
      source.columns.map((column) => column.spec),
      source.indexes,
      source.facts,
    );
    database.tables.set(s.table.name, table);
    return OK;
  }
  const facts = {
    engine: engineOf(s.engine),
    collation: collationFrom(s.charset, s.collation, database.collation),
    comment: s.comment,
  };
  warnWidths(x, s.columns);
  if (!s.query) {
    const table = buildTable(x, database.name, s.table.name, s.columns, s.indexes, facts);
    if (s.autoIncrement > 0) table.autoIncrement = BigInt(s.autoIncrement);
    database.tables.set(s.table.name, table);
    return OK;
  }
  return createFromQuery(x, s, database, facts);
}

function createFromQuery(
  x: Execution,
  s: StatementOf<'create-table'>,
  database: Database,
  facts: { engine: string; collation: string; comment: string },
): Outcome {
  const compiled = compileQuery(compilerOf(x), s.query as NonNullable<typeof s.query>, undefined);
  const own = new Set(s.columns.map((column) => column.name.toLowerCase()));
  const columns = [
    ...s.columns,
    ...compiled.columns.filter((column) => !own.has(column.name.toLowerCase())).map(specOf),
  ];
  const table = buildTable(x, database.name, s.table.name, columns, s.indexes, facts);
  const rows = compiled.rows(undefined);
  const places = compiled.columns.map((column) => table.columnAt(column.name));
  const stored = rows.map((row) => {
    const values: Value[] = table.columns.map(() => null);
    for (const [at, place] of places.entries())
      values[place] = storeValue(row[at] as Value, table.columns[place] as OverlayTable['columns'][number], {
        x,
        row: 1,
        strict: false,
      });
    return values;
  });
  x.session.server.overlays.claim(
    x.session.overlay,
    s.table.name,
    stored.reduce((sum, row) => sum + rowBytes(row), 0),
    stored.length,
  );
  for (const row of stored) table.insert(row);
  database.tables.set(s.table.name, table);
  return {
    kind: 'ok',
    affected: BigInt(rows.length),
    info: `Records: ${rows.length}  Duplicates: 0  Warnings: ${x.session.warningCount}`,
  };
}
