// Finds the table a query names: the source's own, one of the server's, or MySQL's error for one that is not there.
import type { View } from '../overlay/overlay.ts';
import { type OverlayTable, usesColumn } from '../overlay/table.ts';
import {
  type SystemColumn,
  type SystemTable,
  systemRows,
  systemTable,
  systemTableNames,
} from '../persona/catalogue.ts';
import { toldOf } from '../persona/contents.ts';
import type { Expression } from '../sql/ast/expression.ts';
import { errorCode, SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { compileQuery, compilerOf } from '../sql/select.ts';
import { parseDecimal } from '../sql/value/decimal.ts';
import { Json, parseJson } from '../sql/value/json.ts';
import { parseDate, parseTime } from '../sql/value/temporal-text.ts';
import type { SqlType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { inSlices } from '../turn.ts';
import { FLAG, STATUS, TYPE } from '../wire/constants.ts';
import { lockRow } from './row-locking.ts';
import { canonicalSchema, schemaExists } from './schemas.ts';
import { seenRows } from './seen-rows.ts';
import type { Session } from './session.ts';
import { partitionFinder, partitionsNamed } from './statements/define/partitions.ts';
import type { Record_ } from './system-rows/record.ts';
import { recordsOf } from './system-rows/schemas.ts';
import { SYSTEM_PROVIDERS } from './system-rows.ts';
import { hiddenTableError } from './system-writes.ts';
import type { TableSource } from './table-source.ts';

function systemType(column: SystemColumn, nullable: boolean): SqlType {
  const { wire } = column;
  if (!wire)
    return {
      type: TYPE.VAR_STRING,
      text: true,
      length: 64,
      decimals: 0,
      unsigned: false,
      nullable,
      collation: 'utf8mb3_general_ci',
      flags: 0,
      exactFlags: true,
    };
  return {
    type: wire.type,
    text: wire.text,
    length: wire.length,
    decimals: wire.decimals,
    unsigned: (wire.flags & FLAG.UNSIGNED) !== 0,
    nullable: (wire.flags & FLAG.NOT_NULL) === 0,
    collation: column.collation || 'binary',
    flags: wire.flags,
    exactFlags: true,
  };
}

const scopeColumns = new WeakMap<SystemTable, readonly ScopeColumn[]>();

function systemColumns(table: SystemTable): readonly ScopeColumn[] {
  const known = scopeColumns.get(table);
  if (known) return known;
  const places = toldOf(`${table.schema}.${table.name}`)?.[2];
  const made = table.columns.map((column, at): ScopeColumn => {
    const [schema, orgTable] = places?.[at] ? (places[at] as string).split(' ') : [];
    return {
      schema: table.schema,
      table: table.name,
      name: column.name,
      type: systemType(column, column.nullable),
      orgTable: orgTable || table.name,
      orgName: column.orgName,
      shownSchema: schema ?? (column.wire?.schemaShown === false ? '' : table.schema),
      primary: ((column.wire?.flags ?? 0) & FLAG.PRI_KEY) !== 0,
    };
  });
  scopeColumns.set(table, made);
  return made;
}

/** A recorded cell as a value of its column's type. */
export function cellValue(cell: string | null, type: SqlType): Value {
  if (cell === null || type.text) return cell;
  switch (type.type) {
    case TYPE.TINY:
    case TYPE.SHORT:
    case TYPE.INT24:
    case TYPE.LONG:
    case TYPE.LONGLONG:
    case TYPE.YEAR:
      return /^-?\d+$/.test(cell) ? BigInt(cell) : 0n;
    case TYPE.NEWDECIMAL:
      return parseDecimal(cell);
    case TYPE.DOUBLE:
    case TYPE.FLOAT:
      return Number(cell);
    case TYPE.DATE:
    case TYPE.DATETIME:
    case TYPE.TIMESTAMP:
      return parseDate(cell) ?? null;
    case TYPE.TIME:
      return parseTime(cell) ?? null;
    case TYPE.JSON: {
      const parsed = parseJson(cell);
      return 'data' in parsed ? new Json(parsed.data) : null;
    }
    default:
      return Buffer.from(cell);
  }
}

const recorded = new Map<string, readonly (readonly Value[])[]>();

function recordedRows(key: string, columns: readonly ScopeColumn[]): readonly (readonly Value[])[] {
  const known = recorded.get(key);
  if (known) return known;
  const made = systemRows(key).map((row) => row.map((cell, at) => cellValue(cell, columns[at]?.type as SqlType)));
  recorded.set(key, made);
  return made;
}

/** Rows given by column name, in the table's own order; a column not named is NULL, or empty where it may not be. */
const converted = new WeakMap<Record_, readonly Value[]>();

function fromRecords(records: readonly Record_[], columns: readonly ScopeColumn[]): (readonly Value[])[] {
  return records.map((record) => {
    let row = converted.get(record);
    if (!row) {
      row = columns.map((column) => {
        const value = record[column.name] ?? record[column.name.toUpperCase()];
        if (value === undefined) return null;
        return typeof value === 'string' && !column.type.text ? cellValue(value, column.type) : value;
      });
      converted.set(record, row);
    }
    return row;
  });
}

let warming: Promise<void> | undefined;

/** Makes the rows of INFORMATION_SCHEMA.COLUMNS, thousands of them, in slices; a query that names them waits for it once. */
export function warmColumns(): Promise<void> {
  warming ??= inSlices(systemTableNames(), (key) => {
    const [schema, name] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
    const table = systemTable(schema, name);
    const shown = systemTable('information_schema', 'COLUMNS');
    if (table && shown) fromRecords(recordsOf(table), systemColumns(shown));
  });
  return warming;
}

/** Columns the dictionary's tables are indexed by. */
const INDEXED = new Set([
  'schema_name',
  'character_set_name',
  'collation_name',
  'table_schema',
  'routine_schema',
  'specific_schema',
  'trigger_schema',
  'constraint_schema',
  'event_schema',
]);

function scansDictionary(name: string, where: Expression | undefined): boolean {
  if (where && usesColumn(where, INDEXED)) return false;
  if (UNFLAGGED.has(name)) return name === 'TABLES' && where !== undefined && !mentions(where, INDEXED);
  return name !== 'KEYWORDS';
}

/** True where the condition names one of the columns at all. */
function mentions(e: Expression, names: ReadonlySet<string>): boolean {
  if (e.kind === 'column') return names.has(e.path.at(-1)?.toLowerCase() ?? '');
  if (e.kind === 'binary') return mentions(e.left, names) || mentions(e.right, names);
  if (e.kind === 'unary' || e.kind === 'is' || e.kind === 'in' || e.kind === 'between' || e.kind === 'like')
    return mentions(e.operand, names);
  return false;
}

/** Tables whose rows the server finds by index, or in dictionary order, so that no flag tells of a scan. */
const UNFLAGGED = new Set(['COLUMNS', 'STATISTICS', 'TABLES']);

const leading = new WeakMap<SystemTable, ReadonlySet<string>>();

/** Columns an index of the table begins with, in lower case. */
function leadingColumns(table: SystemTable): ReadonlySet<string> {
  let found = leading.get(table);
  if (!found) {
    const rows = systemRows('information_schema.STATISTICS').filter(
      ([, schema, name, , , , at]) => schema === table.schema && name === table.name && at === '1',
    );
    found = new Set(rows.map((row) => (row[7] ?? '').toLowerCase()));
    leading.set(table, found);
  }
  return found;
}

/** True where a hash index of one of the columns finds the rows: by equal values alone. */
function asksByHash(e: Expression, columns: ReadonlySet<string>): boolean {
  const named = (side: Expression) => side.kind === 'column' && columns.has(side.path.at(-1)?.toLowerCase() ?? '');
  if (e.kind === 'binary' && e.operator === 'AND') return asksByHash(e.left, columns) || asksByHash(e.right, columns);
  if (e.kind === 'binary' && e.operator === 'OR') return asksByHash(e.left, columns) && asksByHash(e.right, columns);
  if (e.kind === 'binary' && e.operator === '=') return named(e.left) || named(e.right);
  return (e.kind === 'in' || e.kind === 'is') && named(e.operand);
}

function scanned(status = 0): boolean {
  return (status & STATUS.NO_INDEX) !== 0;
}

/** Tables that are read with a warning, and what the server would have read instead. */
const DEPRECATED: Readonly<Record<string, string>> = {
  'information_schema.PROCESSLIST': 'performance_schema.processlist',
  'information_schema.PROFILING': 'Performance Schema',
};

function deprecation(key: string, instead: string): string {
  const name = key.replace('information_schema', 'INFORMATION_SCHEMA');
  return `'${name}' is deprecated and will be removed in a future release. Please use ${instead} instead`;
}

function systemSource(session: Session, table: SystemTable): TableSource {
  const columns = systemColumns(table);
  const key = `${table.schema}.${table.name}`;
  const provider = SYSTEM_PROVIDERS[key];
  const leads = leadingColumns(table);
  return {
    schema: table.schema,
    name: table.name,
    columns,
    rows: (x) => {
      const recorded = provider ? [] : recordedRows(key, columns);
      const rows = seenRows(session, table, columns, provider ? fromRecords(provider(session), columns) : recorded);
      const instead = DEPRECATED[key];
      if (instead) session.addWarning('Warning', 1287, deprecation(key, instead));
      x.spend(rows.length);
      x.hold(provider ? rows.length * columns.length : 0);
      return rows;
    },
    scans: (where) => {
      if (!where) return !UNFLAGGED.has(table.name) && scanned(toldOf(key)?.[0]);
      if (table.schema === 'information_schema') return scansDictionary(table.name, where);
      if (table.schema === 'performance_schema') return !asksByHash(where, leads);
      return leads.size === 0 || !usesColumn(where, leads);
    },
    scansToCount: () => scanned(toldOf(key)?.[1]),
    hashed: table.schema === 'performance_schema',
  };
}

/** Views under way, each of which may read others. */
const VIEW_DEPTH = 24;
/** What opening one costs the statement that reads it, in cells: a view that reads another twice doubles what is opened. */
const VIEW_CELLS = 2_000;
let viewsOpen = 0;

/** Errors that tell a view's tables are not what they were. */
const GONE: ReadonlySet<number> = new Set(
  (
    ['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'ER_BAD_DB_ERROR', 'ER_SP_DOES_NOT_EXIST', 'ER_VIEW_INVALID'] as const
  ).map(errorCode),
);

/** A view's rows and columns. Throws 1356 where what it reads is gone. */
function viewSource(session: Session, view: View): TableSource {
  if (viewsOpen >= VIEW_DEPTH) throw sqlError('ER_TOO_HIGH_LEVEL_OF_NESTING');
  viewsOpen++;
  session.asDefiner++;
  try {
    return openedView(session, view);
  } catch (error) {
    if (!(error instanceof SqlError) || !GONE.has(error.code)) throw error;
    throw sqlError('ER_VIEW_INVALID', view.schema, view.name);
  } finally {
    session.asDefiner--;
    viewsOpen--;
  }
}

function openedView(session: Session, view: View): TableSource {
  const x = new Execution(session, Date.now(), Math.random, session.budget);
  x.hold(VIEW_CELLS);
  const compiled = compileQuery(compilerOf(x), view.query, undefined);
  const columns = compiled.columns.map((column, at) => {
    const name = view.columns[at] ?? column.name;
    return {
      ...column,
      schema: view.schema,
      table: view.name,
      name,
      orgTable: view.name,
      orgName: name,
      shownSchema: view.schema,
    };
  });
  return { schema: view.schema, name: view.name, columns, rows: () => compiled.rows(undefined), scans: () => true };
}

function overlaySource(session: Session, table: OverlayTable): TableSource {
  const read = <R extends readonly Value[]>(rows: readonly R[], x: Execution): readonly R[] =>
    table.locks.none || x.locking || session.text('transaction_isolation') === 'READ-UNCOMMITTED'
      ? rows
      : table.locks.committed(rows, session.transaction);
  return {
    schema: table.schema,
    name: table.name,
    columns: table.scopeColumns(),
    rows: (x) => read(table.ordered(), x),
    partitioned: (x, names) => {
      const wanted = partitionsNamed(table, names);
      const find = partitionFinder(x, table);
      return read(table.ordered(), x).filter((row) => find && wanted.has(find(row)));
    },
    lock: (row, locking) => lockRow(session, table, row, locking),
    indexes: table.indexes,
    lookup: (column, low, high, x) => {
      const rows = table.locks.gone(session.transaction).length > 0 ? undefined : table.lookup(column, low, high);
      return rows && read(rows, x);
    },
    scans: (where: Expression | undefined) => table.scans(where),
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
