// INSERT, REPLACE, UPDATE, DELETE and LOAD DATA on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-data-manipulation-statements.html; counts and texts as recorded from 9.7.
import type { TableColumn } from '../../overlay/column.ts';
import { storeValue } from '../../overlay/store-value.ts';
import type { OverlayTable, StoredRow } from '../../overlay/table.ts';
import { rowBytes } from '../../overlay/table.ts';
import { compareKeys } from '../../sql/aggregate.ts';
import type { Assignment } from '../../sql/ast/change.ts';
import type { Expression, OrderItem } from '../../sql/ast/expression.ts';
import type { Limit } from '../../sql/ast/query.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { errorCode, errorText, SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { now } from '../../sql/functions/time.ts';
import { type Node, type Row, Scope, type ScopeColumn } from '../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../sql/select.ts';
import { Temporal } from '../../sql/value/temporal.ts';
import { isDecimal, isDouble, isInteger, isTemporal } from '../../sql/value/type.ts';
import { toBoolean, toInteger, toText, type Value } from '../../sql/value/value.ts';
import { STATUS } from '../../wire/constants.ts';
import type { Outcome } from '../outcome.ts';
import { materialize } from './materialize.ts';
import type { BodyRunner } from './routine.ts';
import { type Trigger, withTriggers } from './trigger.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const EMPTY: Row = { values: [] };

function implicitDefault(column: TableColumn): Value {
  if (column.base === 'enum') return column.values[0] ?? '';
  if (isInteger(column.type) || isDecimal(column.type) || isDouble(column.type)) return 0n;
  if (isTemporal(column.type))
    return new Temporal({ kind: column.base === 'time' ? 'time' : column.base === 'date' ? 'date' : 'datetime' });
  return '';
}

function defaultValue(x: Execution, column: TableColumn, named: boolean): Value {
  const { fallback } = column.spec;
  if (fallback) {
    if (fallback.kind === 'call' && /^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/i.test(fallback.name))
      return now(x);
    return compile(compilerOf(x), fallback, new Scope([], undefined)).get(EMPTY);
  }
  if (column.spec.autoIncrement || column.nullable) return null;
  if (x.session.strict() || named) throw sqlError('ER_NO_DEFAULT_FOR_FIELD', column.name);
  x.warn('ER_NO_DEFAULT_FOR_FIELD', column.name);
  return implicitDefault(column);
}

/** Stands where the next number goes. */
const PENDING = Buffer.from('auto increment');

interface Insertion {
  readonly table: OverlayTable;
  readonly places: readonly number[];
  readonly ignore: boolean;
  firstId: bigint;
  /** Number given by the client, told where none was drawn. */
  givenId: bigint;
}

function checkRow(
  x: Execution,
  insertion: Insertion,
  values: readonly (Value | undefined)[],
  number: number,
): StoredRow {
  const { table, places } = insertion;
  const strict = x.session.strict() && !insertion.ignore;
  return table.columns.map((column, at) => {
    const place = places.indexOf(at);
    const given = place < 0 ? undefined : values[place];
    const value = given === undefined ? defaultValue(x, column, false) : given;
    // A number is drawn once every other value has been found good.
    if (column.spec.autoIncrement && (value === null || value === 0n)) return PENDING;
    if (value === null) {
      if (column.nullable) return null;
      if (!insertion.ignore) throw sqlError('ER_BAD_NULL_ERROR', column.name);
      x.warn('ER_BAD_NULL_ERROR', column.name);
      return implicitDefault(column);
    }
    const stored = storeValue(value, column, { x, row: number, strict });
    if (column.spec.autoIncrement && typeof stored === 'bigint' && stored >= table.autoIncrement)
      table.autoIncrement = stored + 1n;
    return stored;
  });
}

/** Puts the next number where one is to be drawn. */
function drawNumbers(insertion: Insertion, row: StoredRow): StoredRow {
  return row.map((value, at) => {
    if (value === PENDING) return nextId(insertion);
    if (insertion.table.columns[at]?.spec.autoIncrement && typeof value === 'bigint') insertion.givenId = value;
    return value;
  });
}

function nextId(insertion: Insertion): bigint {
  const id = insertion.table.autoIncrement;
  insertion.table.autoIncrement = id + 1n;
  if (insertion.firstId === 0n) insertion.firstId = id;
  return id;
}

function undoInsert(x: Execution, table: OverlayTable, row: StoredRow): void {
  x.session.changed(() => table.remove(new Set([row])));
}

function undoRemove(x: Execution, table: OverlayTable, rows: readonly StoredRow[]): void {
  x.session.changed(() => {
    for (const row of rows) table.insert(row);
  });
}

/** ON DUPLICATE KEY UPDATE on the row that was there; 2 where it changed, 0 where not. */
function updateDuplicate(
  x: Execution,
  s: Of<'insert'>,
  table: OverlayTable,
  existing: StoredRow,
  offered: StoredRow,
): bigint {
  const columns = [
    ...table.scopeColumns(),
    ...table.scopeColumns().map((column) => ({ ...column, table: 'VALUES()' })),
  ];
  // `VALUES(c)` is looked up under the table name no client can write.
  const scope = new Scope(
    columns.map((column, at) => (at < table.columns.length ? column : { ...column, merged: true })),
    undefined,
  );
  const row: Row = { values: [...existing, ...offered] };
  const changed = [...existing];
  for (const assignment of s.update) {
    const { at, column } = target(table, assignment);
    const value = assignment.value
      ? compile(compilerOf(x), assignment.value, scope).get(row)
      : defaultValue(x, column, true);
    changed[at] = value === null ? null : storeValue(value, column, { x, row: 1, strict: x.session.strict() });
  }
  if (sameRow(existing, changed)) return 0n;
  applyUpdate(x, table, existing, changed);
  return 2n;
}

function target(table: OverlayTable, assignment: Assignment): { at: number; column: TableColumn } {
  const at = table.columnAt(assignment.column.at(-1) as string);
  if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', assignment.column.join('.'), 'field list');
  return { at, column: table.columns[at] as TableColumn };
}

function sameRow(a: readonly Value[], b: readonly Value[]): boolean {
  return a.every(
    (value, at) =>
      value === b[at] ||
      (value !== null && b[at] !== null && typeof value === 'object' && toText(value) === toText(b[at] as Value)),
  );
}

function applyUpdate(x: Execution, table: OverlayTable, row: StoredRow, values: readonly Value[]): void {
  const before = [...row];
  table.replace(row, values);
  table.changedMs = x.startedMs;
  x.session.changed(() => table.replace(row, before));
}

function insertRow(
  x: Execution,
  s: Of<'insert'>,
  insertion: Insertion,
  row: StoredRow,
): { affected: bigint; duplicates: number } {
  const { table } = insertion;
  let removed = 0;
  for (let conflict = table.conflict(row); conflict; conflict = table.conflict(row)) {
    if (s.replace) {
      table.remove(new Set([conflict.row]));
      undoRemove(x, table, [conflict.row]);
      removed++;
      continue;
    }
    if (s.update.length > 0) {
      const affected = updateDuplicate(x, s, table, conflict.row, row);
      const number = table.columns.findIndex((column) => column.spec.autoIncrement);
      const id = conflict.row[number];
      // The number told is that of the row there was.
      insertion.firstId = affected > 0n && typeof id === 'bigint' ? id : 0n;
      return { affected, duplicates: 1 };
    }
    const error = table.duplicateError(row, conflict.index);
    if (!s.ignore) throw error;
    x.session.addWarning('Warning', errorCode('ER_DUP_ENTRY'), error.message);
    return { affected: 0n, duplicates: 1 };
  }
  x.session.server.overlays.claim(x.session.overlay, table.name, rowBytes(row), 1);
  table.insert(row);
  table.changedMs = x.startedMs;
  undoInsert(x, table, row);
  return { affected: BigInt(1 + removed), duplicates: removed };
}

function insertRows(
  x: Execution,
  s: Of<'insert'>,
  table: OverlayTable,
): { rows: (readonly (Value | undefined)[])[]; many: boolean } {
  if (s.query) return { rows: [...compileQuery(compilerOf(x), s.query, undefined).rows(undefined)], many: true };
  const lists = s.rows ?? [];
  const width = s.columns ? s.columns.length : table.columns.length;
  const scope = new Scope(table.scopeColumns(), undefined);
  const blank: Row = { values: table.columns.map(() => null) };
  const rows = lists.map((list, at) => {
    if (list.length !== width && !(list.length === 0 && !s.columns))
      throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', at + 1);
    return list.map((e) => (e ? compile(compilerOf(x), e, scope).get(blank) : undefined));
  });
  return { rows, many: lists.length > 1 };
}

export function runInsert(x: Execution, s: Of<'insert'>, runner: BodyRunner): Outcome {
  const table = materialize(x, s.table, 'INSERT');
  return withTriggers(x, table, 'INSERT', runner, (trigger) => insertInto(x, s, table, trigger));
}

function insertInto(x: Execution, s: Of<'insert'>, table: OverlayTable, trigger: Trigger | undefined): Outcome {
  const places = (s.columns ?? table.columns.map((column) => column.name)).map((name) => {
    const at = table.columnAt(name);
    if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, 'field list');
    return at;
  });
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) throw sqlError('ER_FIELD_SPECIFIED_TWICE', table.columns[twice]?.name ?? '');
  const { rows, many } = insertRows(x, s, table);
  if (s.query && rows[0] && rows[0].length !== places.length) throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', 1);
  const insertion: Insertion = { table, places, ignore: s.ignore, firstId: 0n, givenId: 0n };
  let affected = 0n;
  let duplicates = 0;
  const mark = x.session.undo.length;
  const inserted: StoredRow[] = [];
  try {
    for (const [at, values] of rows.entries()) {
      x.spend(4);
      const checked = checkRow(x, insertion, values, at + 1);
      if (trigger) beforeInsert(trigger, checked);
      const row = drawNumbers(insertion, checked);
      const result = insertRow(x, s, insertion, row);
      if (result.affected === 0n)
        insertion.firstId = inserted.length === 0 && result.duplicates > 0 ? 0n : insertion.firstId;
      trigger?.('AFTER', { old: undefined, new: row });
      inserted.push(row);
      affected += result.affected;
      duplicates += result.duplicates;
    }
  } catch (error) {
    // A statement that fails leaves nothing of what it began.
    if (x.session.undo.length > mark) x.session.rollback(mark);
    else table.remove(new Set(inserted));
    throw error;
  }
  if (insertion.firstId > 0n) x.session.lastInsertId = insertion.firstId;
  const info = many ? `Records: ${rows.length}  Duplicates: ${duplicates}  Warnings: ${x.session.warningCount}` : '';
  const told = insertion.firstId > 0n ? insertion.firstId : affected > 0n ? insertion.givenId : 0n;
  return { kind: 'ok', affected, insertId: told, info };
}

/** A number still to be drawn shows as 0 to the trigger. */
function beforeInsert(trigger: Trigger, row: StoredRow): void {
  const pending = row.indexOf(PENDING);
  if (pending >= 0) row[pending] = 0n;
  trigger('BEFORE', { old: undefined, new: row });
  if (pending >= 0 && row[pending] === 0n) row[pending] = PENDING;
}

interface Matched {
  readonly row: StoredRow;
  readonly at: Row;
}

function scopeOf(table: OverlayTable, alias: string): Scope {
  return new Scope(
    table.scopeColumns().map((column): ScopeColumn => ({ ...column, table: alias })),
    undefined,
  );
}

interface Selection {
  readonly where: Expression | undefined;
  readonly order: readonly OrderItem[];
  readonly limit: Limit | undefined;
}

/** Rows a WHERE, ORDER BY and LIMIT choose for change. */
function matching(x: Execution, table: OverlayTable, scope: Scope, { where, order, limit }: Selection): Matched[] {
  const c = compilerOf(x);
  scope.clause = 'where clause';
  const condition = where ? compile(c, where, scope) : undefined;
  const found: Matched[] = [];
  const keyed = keyRange(x, where, table, scope);
  for (const row of keyed ?? table.ordered()) {
    x.spend(1);
    const at: Row = { values: row };
    if (!condition || toBoolean(condition.get(at))) found.push({ row: row as StoredRow, at });
  }
  scope.clause = 'order clause';
  if (order.length > 0) {
    const items = order.map((item) => ({ node: compile(c, item.expression, scope), descending: item.descending }));
    const sorted = found.map((entry) => ({ entry, keys: items.map((item) => item.node.get(entry.at)) }));
    sorted.sort((a, b) => compareKeys(a.keys, b.keys, items));
    found.splice(0, found.length, ...sorted.map((item) => item.entry));
  }
  if (limit)
    found.length = Math.min(
      found.length,
      Number(toInteger(compile(c, limit.count, new Scope([], undefined)).get(EMPTY)) ?? 0n),
    );
  return found;
}

function keyRange(
  x: Execution,
  where: Expression | undefined,
  table: OverlayTable,
  scope: Scope,
): readonly StoredRow[] | undefined {
  if (where?.kind !== 'binary' || where.operator !== '=' || where.left.kind !== 'column') return undefined;
  if (!['number', 'parameter', 'variable'].includes(where.right.kind)) return undefined;
  const value = compile(compilerOf(x), where.right, scope).get(EMPTY);
  return table.lookup(where.left.path.at(-1) as string, value, value);
}

export function runUpdate(x: Execution, s: Of<'update'>, runner: BodyRunner): Outcome {
  const table = materialize(x, s.table);
  return withTriggers(x, table, 'UPDATE', runner, (trigger) => updateRows(x, s, table, trigger));
}

function updateRows(x: Execution, s: Of<'update'>, table: OverlayTable, trigger: Trigger | undefined): Outcome {
  const scope = scopeOf(table, s.alias);
  const c = compilerOf(x);
  const assignments = s.assignments.map((assignment) => {
    const { at, column } = target(table, assignment);
    return { at, column, node: assignment.value ? compile(c, assignment.value, scope) : undefined };
  });
  const rows = matching(x, table, scope, s);
  if (table.scans(s.where)) x.statusFlags |= STATUS.NO_INDEX;
  let changed = 0;
  for (const [number, { row }] of rows.entries()) {
    const values = updatedRow(x, row, assignments, number + 1);
    const old = trigger ? [...row] : row;
    trigger?.('BEFORE', { old, new: values });
    if (sameRow(row, values)) {
      trigger?.('AFTER', { old, new: values });
      continue;
    }
    const conflict = table.conflict(values, row);
    if (conflict) throw table.duplicateError(values, conflict.index);
    x.session.server.overlays.claim(x.session.overlay, table.name, Math.max(0, rowBytes(values) - rowBytes(row)), 0);
    applyUpdate(x, table, row, values);
    trigger?.('AFTER', { old, new: values });
    changed++;
  }
  const found = rows.length;
  return {
    kind: 'ok',
    affected: BigInt(changed),
    info: `Rows matched: ${found}  Changed: ${changed}  Warnings: ${x.session.warningCount}`,
  };
}

function updatedRow(
  x: Execution,
  row: StoredRow,
  assignments: readonly { at: number; column: TableColumn; node: Node | undefined }[],
  number: number,
): StoredRow {
  const values = [...row];
  for (const { at, column, node } of assignments) {
    // Assignments see those to their left.
    const value = node ? node.get({ values }) : defaultValue(x, column, true);
    if (value === null && !column.nullable) {
      if (x.session.strict()) throw sqlError('ER_BAD_NULL_ERROR', column.name);
      x.session.addWarning('Warning', errorCode('ER_BAD_NULL_ERROR'), errorText('ER_BAD_NULL_ERROR', column.name));
      values[at] = implicitDefault(column);
    } else
      values[at] = value === null ? null : storeValue(value, column, { x, row: number, strict: x.session.strict() });
  }
  return values;
}

export function runDelete(x: Execution, s: Of<'delete'>, runner: BodyRunner): Outcome {
  const table = materialize(x, s.table, 'DELETE');
  return withTriggers(x, table, 'DELETE', runner, (trigger) => deleteRows(x, s, table, trigger));
}

function deleteRows(x: Execution, s: Of<'delete'>, table: OverlayTable, trigger: Trigger | undefined): Outcome {
  const rows =
    s.from.kind === 'table'
      ? matching(x, table, scopeOf(table, s.alias), s).map((entry) => entry.row)
      : joinedRows(x, s, table);
  if (s.from.kind === 'table' && scansToDelete(table, s.where)) x.statusFlags |= STATUS.NO_INDEX;
  for (const row of trigger ? rows : []) trigger?.('BEFORE', { old: row, new: undefined });
  table.remove(new Set(rows));
  if (rows.length > 0) table.changedMs = x.startedMs;
  undoRemove(x, table, rows);
  for (const row of trigger ? rows : []) trigger?.('AFTER', { old: row, new: undefined });
  return { kind: 'ok', affected: BigInt(rows.length) };
}

/** A delete tells of a scan where a condition is looked for in every row; without one the table is emptied as a whole. */
function scansToDelete(table: OverlayTable, where: Expression | undefined): boolean {
  if (table.schema === 'mysql') return table.scans(where);
  return where !== undefined && table.scans(where) && table.rows.length > 0 && table.indexes.length === 0;
}

/** Rows of the target that a join finds, by running the join as a query over the target's columns. */
function joinedRows(x: Execution, s: Of<'delete'>, table: OverlayTable): StoredRow[] {
  const items = [{ expression: undefined, star: [s.alias], alias: undefined, text: '*' }];
  const body = {
    kind: 'select',
    distinct: false,
    calcFoundRows: false,
    items,
    from: s.from,
    where: s.where,
    group: [],
    rollup: false,
    having: undefined,
    windows: new Map(),
  } as const;
  const found = compileQuery(
    compilerOf(x),
    { body, order: [], limit: undefined, into: undefined, with: [], recursive: false, locking: false },
    undefined,
  ).rows(undefined);
  return table.rows.filter((row) => found.some((values) => sameRow(row, values)));
}

export function runLoad(x: Execution, s: Of<'load-data'>): Outcome {
  const allowed = x.session.server.options.persona.secureFilePriv;
  if (s.local) throw sqlError('ER_CLIENT_LOCAL_FILES_DISABLED');
  materialize(x, s.table, 'INSERT');
  if (!s.file.startsWith(allowed)) throw sqlError('ER_OPTION_PREVENTS_STATEMENT', '--secure-file-priv');
  throw new SqlError(13, 'HY000', `Can't get stat of '${s.file}' (OS errno 2 - No such file or directory)`);
}
