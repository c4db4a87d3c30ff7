// INSERT and REPLACE on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/insert.html; counts and texts as recorded from 9.7.
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { errorCode, SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { type Node, Scope } from '../../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import { mapped, type Steps } from '../../../sql/steps.ts';
import type { Value } from '../../../sql/value/value.ts';
import type { Outcome } from '../../outcome.ts';
import { partitionsNamed } from '../define/partitions.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { defaultValue, implicitDefault } from './defaults.ts';
import { type Inserted, insertRow } from './insert-conflict.ts';
import { type InsertTarget, insertTarget } from './insert-target.ts';
import { beforeInsert, checkRow, checkView, drawNumbers, type Insertion } from './insertion.ts';
import { checkReferred } from './references.ts';
import { rowRules } from './row-rules.ts';
import { atomically, refuseGenerated } from './stored-row.ts';

function* insertRows(
  x: Execution,
  s: StatementOf<'insert'>,
  table: OverlayTable,
  places: readonly number[],
): Steps<{ rows: (readonly (Value | undefined)[])[]; many: boolean }> {
  const width = places.length;
  if (s.query) {
    const compiled = compileQuery(compilerOf(x), s.query, undefined);
    if (compiled.columns.length !== width) throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', 1);
    return { rows: [...(yield* compiled.steps(undefined))], many: true };
  }
  const lists = s.rows ?? [];
  const columns = table.scopeColumns();
  const scope = new Scope(columns, undefined);
  const rows = yield* mapped(x, lists, (list, at) => {
    if (list.length !== width && !(list.length === 0 && (!s.columns || s.columns.length === 0)))
      throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', at + 1);
    return rowValues(x, list, scope, table, places);
  });
  return { rows, many: lists.length > 1 };
}

/** The values of one row in their order: each may name columns given before it, and others by their defaults. */
function rowValues(
  x: Execution,
  list: readonly (Expression | undefined)[],
  scope: Scope,
  table: OverlayTable,
  places: readonly number[],
): (Value | undefined)[] {
  let known: Value[] | undefined;
  const given: (Value | undefined)[] = [];
  for (const [at, e] of list.entries()) {
    if (!e) {
      given.push(undefined);
      continue;
    }
    const used = scope.used.size;
    const node = compile(compilerOf(x), e, scope);
    if (scope.used.size > used || known) {
      known ??= table.columns.map((column) => (column.spec.autoIncrement ? 0n : settledDefault(x, column)));
      for (const [before, value] of given.entries()) if (value !== undefined) known[places[before] as number] = value;
    }
    given.push(digitsFor(node, node.get({ values: known ?? [] }), table.columns[places[at] as number]));
  }
  return given;
}

/** A hexadecimal or bit literal is a number where a number is kept. */
function digitsFor(node: Node, value: Value, column: TableColumn | undefined): Value {
  if (!node.digits || !Buffer.isBuffer(value) || !column || !NUMBERS.has(baseOf(column).kind)) return value;
  return value.length === 0 ? 0n : BigInt(`0x${value.subarray(0, DIGIT_BYTES).toString('hex')}`);
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'real', 'decimal', 'year']);
/** Bytes of a literal that make one number. */
const DIGIT_BYTES = 8;

/** What a column not given yet shows to the values after it. */
function settledDefault(x: Execution, column: TableColumn): Value {
  const { fallback, computed } = column.spec;
  if (fallback && !computed) return defaultValue(x, column, false);
  return column.nullable ? null : implicitDefault(column);
}

/** What REPLACE and ON DUPLICATE KEY UPDATE may do beside inserting. */
function eventsOf({ replace, update }: StatementOf<'insert'>): ['INSERT', ...('DELETE' | 'UPDATE')[]] {
  return ['INSERT', ...(replace ? ['DELETE' as const] : []), ...(update.length > 0 ? ['UPDATE' as const] : [])];
}

/** Runs INSERT or REPLACE with the table's triggers. */
export function runInsert(x: Execution, s: StatementOf<'insert'>, runner: BodyRunner): Steps<Outcome> {
  const found = insertTarget(x, s);
  const statement = { ...s, ...found.statement };
  return withTriggers(x, found.table, eventsOf(statement), runner, (trigger) =>
    insertInto(x, statement, found.table, trigger, found),
  );
}

function placesOf(s: StatementOf<'insert'>, table: OverlayTable): number[] {
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
export function* insertInto(
  x: Execution,
  s: StatementOf<'insert'>,
  table: OverlayTable,
  trigger: Trigger | undefined,
  view: Omit<InsertTarget, 'table'> = NO_VIEW,
): Steps<Outcome> {
  const places = placesOf(s, table);
  const { rows, many } = yield* insertRows(x, s, table, places);
  const partitions = s.partitions.length > 0 ? partitionsNamed(table, s.partitions) : undefined;
  const insertion: Insertion = {
    table,
    places,
    ignore: s.ignore,
    rules: rowRules(x, table, partitions, s.ignore),
    single: rows.length === 1 && !s.query,
    target: { ...view, table },
    firstId: 0n,
    givenId: 0n,
    expected: s.query ? 0 : rows.length,
    numbers: { next: 0n, end: 0n, portions: 0 },
  };
  for (const [at, place] of places.entries())
    refuseGenerated(
      table,
      table.columns[place] as TableColumn,
      rows.some((values) => values[at] !== undefined),
    );
  let affected = 0n;
  let duplicates = 0;
  let copied = 0;
  let left = 0;
  yield* atomically(x, function* () {
    let stored = 0;
    for (const [at, values] of rows.entries()) {
      x.spend(4);
      x.budget.hasten(table.columns.length);
      if (x.turnIsOver) yield;
      const result = insertOne(x, s, insertion, values, at + 1, trigger);
      if (!result) {
        left++;
        continue;
      }
      if (result.affected === 0n) insertion.firstId = stored === 0 && result.duplicates > 0 ? 0n : insertion.firstId;
      stored++;
      affected += result.affected;
      duplicates += result.duplicates;
      if (!result.instead) copied++;
    }
  });
  if (insertion.firstId > 0n) x.session.lastInsertId = insertion.firstId;
  const info = many
    ? `Records: ${rows.length - left}  Duplicates: ${duplicates}  Warnings: ${x.session.warningCount}`
    : '';
  if (s.query && duplicates === rows.length && s.update.length > 0) insertion.firstId = 0n;
  const told = insertion.firstId !== 0n ? insertion.firstId : x.insertId || (copied > 0 ? insertion.givenId : 0n);
  return { kind: 'ok', affected, insertId: told < 0n ? BigInt.asUintN(64, told) : told, info };
}

/** One row in, with its triggers; undefined for one IGNORE leaves out. */
function insertOne(
  x: Execution,
  s: StatementOf<'insert'>,
  insertion: Insertion,
  values: readonly (Value | undefined)[],
  number: number,
  trigger: Trigger | undefined,
): Inserted | undefined {
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
    const result = insertRow(x, s, insertion, row, number, trigger);
    if (!result.instead) trigger?.('AFTER', { old: undefined, new: row });
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
