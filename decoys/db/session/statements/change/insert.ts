// INSERT and REPLACE on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/insert.html; counts and texts as recorded from 9.7.

import type { TableColumn } from '../../../overlay/column.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable, StoredRow } from '../../../overlay/table.ts';
import { rowBytes } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { errorCode, SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { type Row, Scope } from '../../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import { toBoolean, toText, type Value } from '../../../sql/value/value.ts';
import type { Outcome } from '../../outcome.ts';
import { expectFree, expectNoReturn } from '../../row-locking.ts';
import { partitionsNamed } from '../define/partitions.ts';
import { checksForeignKeys, childrenOf } from '../define/references.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { defaultValue, implicitDefault } from './defaults.ts';
import { updateDuplicate } from './duplicate.ts';
import { type InsertTarget, insertTarget } from './insert-target.ts';
import { checkReferred, deleteWithChildren, updateWithChildren } from './references.ts';
import { type RowRules, rowRules } from './row-rules.ts';
import { addRow, atomically, refuseGenerated } from './stored-row.ts';

/** Stands where the next number goes. */
const PENDING = Buffer.from('auto increment');

export interface Insertion {
  readonly table: OverlayTable;
  readonly places: readonly number[];
  readonly ignore: boolean;
  readonly rules: RowRules;
  /** One row only: a NULL is refused even where sql_mode is lax. */
  readonly single: boolean;
  readonly target: InsertTarget;
  firstId: bigint;
  /** Number given by the client, told where none was drawn. */
  givenId: bigint;
}

type Statement = StatementOf<'insert'>;

/** A row as the table's columns take it; what has to be drawn or generated is still missing. */
function checkRow(
  x: Execution,
  insertion: Insertion,
  values: readonly (Value | undefined)[],
  number: number,
): StoredRow {
  const { table, places } = insertion;
  const strict = x.session.strict() && !insertion.ignore;
  const row: StoredRow = table.columns.map(() => null);
  const waiting: number[] = [];
  for (const [at, column] of table.columns.entries()) {
    const place = places.indexOf(at);
    const given = place < 0 ? undefined : values[place];
    if (column.spec.generated) continue;
    if (given === undefined && column.spec.computed) waiting.push(at);
    else row[at] = checkValue(x, insertion, column, given, number, strict, row);
  }
  for (const at of waiting)
    row[at] = checkValue(x, insertion, table.columns[at] as TableColumn, undefined, number, strict, row);
  return row;
}

function checkValue(
  x: Execution,
  insertion: Insertion,
  column: TableColumn,
  given: Value | undefined,
  number: number,
  strict: boolean,
  row: StoredRow,
): Value {
  const { table } = insertion;
  const value = given === undefined ? missing(x, insertion, column, row) : given;
  // A number is drawn once every other value has been found good.
  if (column.spec.autoIncrement) {
    if (value === null) return PENDING;
    const stored = storeValue(value, column, { x, row: number, strict });
    if ((stored === 0n || stored === 0) && !x.session.sqlMode().includes('NO_AUTO_VALUE_ON_ZERO')) return PENDING;
    raise(table, stored);
    return stored;
  }
  if (value === null) {
    if (column.nullable) return null;
    if (!insertion.ignore && (strict || insertion.single)) throw sqlError('ER_BAD_NULL_ERROR', column.name);
    x.warn('ER_BAD_NULL_ERROR', column.name);
    return implicitDefault(column);
  }
  return storeValue(value, column, { x, row: number, strict, table: table.name });
}

/** The default of a column nothing is given for; IGNORE takes what it has to. */
function missing(x: Execution, insertion: Insertion, column: TableColumn, row: StoredRow): Value {
  try {
    return defaultValue(x, column, false, { table: insertion.table, row });
  } catch (error) {
    if (!insertion.ignore || !(error instanceof SqlError)) throw error;
    x.session.addWarning('Warning', error.code, error.message);
    return implicitDefault(column);
  }
}

function raise(table: OverlayTable, stored: Value): void {
  if (typeof stored === 'bigint' && stored >= table.autoIncrement) table.autoIncrement = stored + 1n;
}

/** Puts the next number where one is to be drawn. */
function drawNumbers(x: Execution, insertion: Insertion, row: StoredRow, number: number): StoredRow {
  return row.map((value, at) => {
    const column = insertion.table.columns[at];
    if (value === PENDING && column) return nextId(x, insertion, column, number);
    if (column?.spec.autoIncrement && typeof value === 'bigint') insertion.givenId = value;
    return value;
  });
}

function nextId(x: Execution, insertion: Insertion, column: TableColumn, number: number): Value {
  const { table } = insertion;
  const asked = x.session.variables.get('insert_id');
  if (typeof asked === 'bigint' && asked > 0n) {
    x.session.variables.delete('insert_id');
    if (asked >= table.autoIncrement) table.autoIncrement = asked;
  }
  const id = table.autoIncrement;
  const stored = storeValue(id, column, { x, row: number, strict: false });
  const full = stored !== id;
  if (full) {
    // Past the end of its type the last number is tried again, which collides.
    x.session.warnings.pop();
    x.session.warningCount--;
  } else table.autoIncrement = id + 1n;
  if (insertion.firstId === 0n) insertion.firstId = typeof stored === 'bigint' ? stored : id;
  return stored;
}

/** A row others refer to by a key that stays is changed where it is. */
function staysReferred(x: Execution, table: OverlayTable, before: StoredRow, row: StoredRow): boolean {
  const links = checksForeignKeys(x) ? childrenOf(x, table) : [];
  const same = links.every(({ key }) =>
    key.referenced.every((name) => {
      const at = table.columnAt(name);
      return toText(before[at] ?? null) === toText(row[at] ?? null);
    }),
  );
  if (links.length === 0 || !same || table.conflict(row, before)) return false;
  updateWithChildren(x, table, before, row);
  return true;
}

/** Makes room for a row that replaces others, or says which one it collides with. */
function insertRow(
  x: Execution,
  s: Statement,
  insertion: Insertion,
  row: StoredRow,
  number: number,
): { affected: bigint; duplicates: number } {
  const { table } = insertion;
  let removed = 0;
  expectNoReturn(x.session, table, row);
  for (let conflict = table.conflict(row); conflict; conflict = table.conflict(row)) {
    expectFree(x.session, table, conflict.row);
    if (s.replace) {
      if (staysReferred(x, table, conflict.row, row)) return { affected: 2n, duplicates: 1 };
      deleteWithChildren(x, table, [conflict.row]);
      removed++;
      continue;
    }
    if (s.update.length > 0) {
      const affected = updateDuplicate(x, s, insertion, conflict.row, row, number);
      const id = conflict.row[table.columns.findIndex((column) => column.spec.autoIncrement)];
      // The number told is that of the row there was.
      insertion.firstId = affected > 0n && typeof id === 'bigint' ? id : 0n;
      return { affected, duplicates: 1 };
    }
    const error = table.duplicateError(row, conflict.index);
    if (!s.ignore) throw error;
    x.session.addWarning('Warning', errorCode('ER_DUP_ENTRY'), error.message);
    return { affected: 0n, duplicates: 1 };
  }
  checkReferred(x, table, row);
  x.session.server.overlays.claim(x.session.overlay, table.name, rowBytes(row), 1);
  addRow(x, table, row);
  return { affected: BigInt(1 + removed), duplicates: removed };
}

function insertRows(
  x: Execution,
  s: Statement,
  table: OverlayTable,
  width: number,
): { rows: (readonly (Value | undefined)[])[]; many: boolean } {
  if (s.query) {
    const compiled = compileQuery(compilerOf(x), s.query, undefined);
    if (compiled.columns.length !== width) throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', 1);
    return { rows: [...compiled.rows(undefined)], many: true };
  }
  const lists = s.rows ?? [];
  const columns = table.scopeColumns();
  const scope = new Scope(columns, undefined);
  const blank: Row = { values: table.columns.map(() => null) };
  const rows = lists.map((list, at) => {
    if (list.length !== width && !(list.length === 0 && (!s.columns || s.columns.length === 0)))
      throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', at + 1);
    return list.map((e) => (e ? compile(compilerOf(x), e, scope).get(blank) : undefined));
  });
  return { rows, many: lists.length > 1 };
}

export function runInsert(x: Execution, s: Statement, runner: BodyRunner): Outcome {
  const found = insertTarget(x, s);
  const statement = { ...s, ...found.statement };
  return withTriggers(x, found.table, 'INSERT', runner, (trigger) =>
    insertInto(x, statement, found.table, trigger, found),
  );
}

function placesOf(s: Statement, table: OverlayTable): number[] {
  const visible = table.named.filter((column) => !column.spec.invisible).map((column) => column.name);
  const places = (s.columns ?? visible).map((name) => {
    const at = table.columnAt(name);
    if (at < 0 || table.columns[at]?.hidden) throw sqlError('ER_BAD_FIELD_ERROR', name, 'field list');
    return at;
  });
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) throw sqlError('ER_FIELD_SPECIFIED_TWICE', table.columns[twice]?.name ?? '');
  return places;
}

const NO_VIEW: Omit<InsertTarget, 'table'> = { statement: {}, checks: [] };

/** Puts the statement's rows into `table`. Throws with nothing changed. */
export function insertInto(
  x: Execution,
  s: Statement,
  table: OverlayTable,
  trigger: Trigger | undefined,
  view: Omit<InsertTarget, 'table'> = NO_VIEW,
): Outcome {
  const places = placesOf(s, table);
  const { rows, many } = insertRows(x, s, table, places.length);
  const partitions = s.partitions.length > 0 ? partitionsNamed(table, s.partitions) : undefined;
  const insertion: Insertion = {
    table,
    places,
    ignore: s.ignore,
    rules: rowRules(x, table, partitions),
    single: rows.length === 1 && !s.query,
    target: { ...view, table },
    firstId: 0n,
    givenId: 0n,
  };
  for (const [at, place] of places.entries())
    refuseGenerated(
      table,
      table.columns[place] as TableColumn,
      rows.some((values) => values[at] !== undefined),
    );
  let affected = 0n;
  let duplicates = 0;
  atomically(x, () => {
    let stored = 0;
    for (const [at, values] of rows.entries()) {
      x.spend(4);
      const result = insertOne(x, s, insertion, values, at + 1, trigger);
      if (!result) continue;
      if (result.affected === 0n) insertion.firstId = stored === 0 && result.duplicates > 0 ? 0n : insertion.firstId;
      stored++;
      affected += result.affected;
      duplicates += result.duplicates;
    }
  });
  if (insertion.firstId > 0n) x.session.lastInsertId = insertion.firstId;
  const info = many ? `Records: ${rows.length}  Duplicates: ${duplicates}  Warnings: ${x.session.warningCount}` : '';
  if (s.query && duplicates === rows.length && s.update.length > 0) insertion.firstId = 0n;
  const told = insertion.firstId !== 0n ? insertion.firstId : affected > 0n ? insertion.givenId : 0n;
  return { kind: 'ok', affected, insertId: told < 0n ? BigInt.asUintN(64, told) : told, info };
}

/** One row in, with its triggers; undefined for one IGNORE leaves out. */
function insertOne(
  x: Execution,
  s: Statement,
  insertion: Insertion,
  values: readonly (Value | undefined)[],
  number: number,
  trigger: Trigger | undefined,
): { affected: bigint; duplicates: number } | undefined {
  const { table } = insertion;
  const checked = checkRow(x, insertion, values, number);
  if (trigger) beforeInsert(trigger, checked);
  try {
    // A row refused by a constraint draws no number.
    const complete = insertion.rules.complete(checked, number);
    insertion.rules.check(complete);
    checkView(x, insertion.target, complete);
    if (!s.replace && s.update.length === 0 && !table.conflict(complete)) checkReferred(x, table, complete);
    const row = drawNumbers(x, insertion, complete, number);
    insertion.rules.place(row);
    const result = insertRow(x, s, insertion, row, number);
    trigger?.('AFTER', { old: undefined, new: row });
    return result;
  } catch (error) {
    if (!s.ignore || !(error instanceof SqlError) || !IGNORABLE.has(error.code)) throw error;
    x.session.addWarning('Warning', error.code, error.message);
    return undefined;
  }
}

/** Errors IGNORE makes warnings of, leaving the row out. */
const IGNORABLE: ReadonlySet<number> = new Set([
  errorCode('ER_CHECK_CONSTRAINT_VIOLATED'),
  errorCode('ER_NO_REFERENCED_ROW_2'),
  errorCode('ER_ROW_IS_REFERENCED_2'),
  errorCode('ER_NO_PARTITION_FOR_GIVEN_VALUE'),
  errorCode('ER_ROW_DOES_NOT_MATCH_GIVEN_PARTITION_SET'),
  errorCode('ER_VIEW_CHECK_FAILED'),
  errorCode('ER_DUP_ENTRY'),
]);

/** Throws 1369 for a row that a view with CHECK OPTION would not show. */
export function checkView(x: Execution, target: InsertTarget, row: readonly Value[]): void {
  for (const { view, condition } of target.checks) {
    const node = compile(compilerOf(x), condition, new Scope(target.table.scopeColumns(), undefined));
    if (toBoolean(node.get({ values: row })) !== true) throw sqlError('ER_VIEW_CHECK_FAILED', view.schema, view.name);
  }
}

/** A number still to be drawn shows as 0 to the trigger. */
function beforeInsert(trigger: Trigger, row: StoredRow): void {
  const pending = row.indexOf(PENDING);
  if (pending >= 0) row[pending] = 0n;
  trigger('BEFORE', { old: undefined, new: row });
  if (pending >= 0 && row[pending] === 0n) row[pending] = PENDING;
}
