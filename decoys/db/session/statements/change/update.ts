// UPDATE on the source's overlay: of one table, of several at once, and through views.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html; counts and texts as recorded from 9.7.
import type { TableColumn } from '../../../overlay/column.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { errorCode, errorText, SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { now } from '../../../sql/functions/time-argument.ts';
import { isOfLocks } from '../../../sql/lock-wait.ts';
import { topMatch } from '../../../sql/query/ranked.ts';
import type { Node } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import type { Steps } from '../../../sql/steps.ts';
import { substituted } from '../../../sql/substitute.ts';
import type { Value } from '../../../sql/value/value.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { expectFree, expectNoReturn } from '../../row-locking.ts';
import { checkSetColumns } from '../../system-writes.ts';
import { partitionsNamed } from '../define/partitions.ts';
import { materialize } from '../materialize.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { defaultValue, implicitDefault } from './defaults.ts';
import { checkView } from './insertion.ts';
import { type JoinedTable, joinedRows, refuseOwnReads, storedTable, tablesIn } from './joined.ts';
import { matching, refuseUnsafe, scopeOf } from './matching.ts';
import { updateWithChildren } from './references.ts';
import { type RowRules, rowRules } from './row-rules.ts';
import { atomically, refuseGenerated, sameRow, target } from './stored-row.ts';
import { and, changedColumn, type MergedView, mergeView, viewColumn, viewNamed } from './view-merge.ts';

type Statement = StatementOf<'update'>;

/** One table's part in an update. */
interface Change {
  readonly table: OverlayTable;
  readonly rules: RowRules;
  readonly ignore: boolean;
  readonly trigger: Trigger | undefined;
  readonly checks: MergedView['checks'];
}

/** The statement over the tables of the view it names. */
function overTables(
  x: Execution,
  s: Statement,
): { readonly statement: Statement; readonly checks: MergedView['checks'] } {
  if (s.from.kind !== 'table') return { statement: s, checks: [] };
  const { from } = s;
  const view = viewNamed(x, from.schema, from.name);
  if (!view) return { statement: s, checks: [] };
  const merged = mergeView(x, view);
  if (!merged) throw sqlError('ER_NON_UPDATABLE_TABLE', from.alias, 'UPDATE');
  const replace = (path: readonly string[]) => viewColumn(merged, from.alias, path);
  const assignments = s.assignments.map(({ column, value }) => ({
    column: changedColumn(merged, column),
    value: value && substituted(value, replace),
  }));
  const alias = merged.from.kind === 'table' ? merged.from.alias : s.alias;
  const statement = {
    ...s,
    from: merged.from,
    alias,
    assignments,
    where: and(merged.where, s.where && substituted(s.where, replace)),
    order: substituted(s.order, replace),
  };
  return { statement, checks: merged.checks };
}

export function* runUpdate(x: Execution, s: Statement, runner: BodyRunner): Steps<Outcome> {
  const { statement, checks } = overTables(x, s);
  const { from } = statement;
  if (from.kind !== 'table' || statement.with.length > 0) return yield* updateJoin(x, statement, runner, checks);
  const table = materialize(x, { schema: from.schema, name: from.name }, 'UPDATE');
  checkSetColumns(
    table.schema,
    statement.assignments.map(({ column }) => column.at(-1) ?? ''),
  );
  return yield* withTriggers(x, table, ['UPDATE'], runner, (trigger) =>
    updateRows(x, statement, table, trigger, checks),
  );
}

interface Assigned {
  readonly at: number;
  readonly column: TableColumn;
  readonly node: Node | undefined;
}

/** What changing a row costs beyond its values, in steps. */
const CHANGED_ROW_STEPS = 12;

function* updateRows(
  x: Execution,
  s: Statement,
  table: OverlayTable,
  trigger: Trigger | undefined,
  checks: MergedView['checks'],
): Steps<Outcome> {
  const scope = scopeOf(table, s.alias);
  const c = compilerOf(x);
  const assignments = s.assignments.map((assignment): Assigned => {
    const { at, column } = target(table, assignment);
    refuseGenerated(table, column, assignment.value !== undefined);
    return { at, column, node: assignment.value ? compile(c, assignment.value, scope) : undefined };
  });
  refuseOwnReads(x, table, s.alias, [s.where, s.assignments.map(({ value }) => value)]);
  refuseUnsafe(x, table, s);
  const partitions = s.from.kind === 'table' ? s.from.partitions : undefined;
  const allowed = partitions && partitionsNamed(table, partitions);
  const rows = yield* matching(x, table, scope, { ...s, partitions: allowed });
  if (table.scans(s.where) || topMatch(s.where)) x.statusFlags |= STATUS.NO_INDEX;
  const change: Change = { table, rules: rowRules(x, table, allowed), ignore: s.ignore, trigger, checks };
  let changed = 0;
  yield* atomically(x, function* () {
    for (const [number, { row }] of rows.entries()) {
      x.spend(CHANGED_ROW_STEPS);
      if (x.turnIsOver) yield;
      const values = assignedRow(x, change, row, assignments, number + 1);
      if (changeRow(x, change, row, values, number + 1)) changed++;
    }
  });
  return told(x, rows.length, changed);
}

function told(x: Execution, found: number, changed: number): Outcome {
  return {
    kind: 'ok',
    affected: BigInt(x.session.countsFound ? found : changed),
    info: `Rows matched: ${found}  Changed: ${changed}  Warnings: ${x.session.warningCount}`,
  };
}

/** Stores the changed row; false where it stays as it is. */
function changeRow(x: Execution, change: Change, row: StoredRow, values: StoredRow, number: number): boolean {
  const { table, trigger, rules } = change;
  const old = trigger ? [...row] : row;
  trigger?.('BEFORE', { old, new: values });
  const complete = rules.complete(values, number);
  if (sameRow(row, complete)) {
    trigger?.('AFTER', { old, new: complete });
    return false;
  }
  try {
    rules.check(complete);
    rules.place(complete);
    checkView(x, { table, statement: {}, checks: change.checks }, complete);
    const conflict = table.conflict(complete, row);
    expectNoReturn(x.session, table, complete);
    if (conflict) expectFree(x.session, table, conflict.row);
    if (conflict) throw table.duplicateError(complete, conflict.index);
    const grown = Math.max(0, table.costOf(complete) - table.costOf(row));
    x.session.server.overlays.claim(x.session.overlay, table.name, grown, 0);
    updateWithChildren(x, table, row, complete);
  } catch (error) {
    if (!change.ignore || !(error instanceof SqlError) || isOfLocks(error)) throw error;
    x.session.addWarning('Warning', error.code, error.message);
    return false;
  }
  trigger?.('AFTER', { old, new: complete });
  return true;
}

/** A row with columns of ON UPDATE CURRENT_TIMESTAMP set, where anything else of it changed. */
export function stamped(
  x: Execution,
  table: OverlayTable,
  before: readonly Value[],
  after: readonly Value[],
  assigned: readonly number[],
): StoredRow {
  const values = [...after];
  if (sameRow(before, after)) return values;
  for (const [at, column] of table.columns.entries())
    if (column.spec.onUpdateNow && !assigned.includes(at))
      values[at] = storeValue(now(x), column, { x, row: 1, strict: false });
  return values;
}

/** A value as the column of a changed row keeps it; a NULL it cannot have is refused, or bent where sql_mode is lax. */
function fittedValue(x: Execution, change: Change, column: TableColumn, value: Value, number: number): Value {
  const strict = x.session.strict() && !change.ignore;
  if (value !== null) return storeValue(value, column, { x, row: number, strict });
  if (column.nullable) return null;
  if (strict) throw sqlError('ER_BAD_NULL_ERROR', column.name);
  x.session.addWarning('Warning', errorCode('ER_BAD_NULL_ERROR'), errorText('ER_BAD_NULL_ERROR', column.name));
  return implicitDefault(column);
}

function assignedRow(
  x: Execution,
  change: Change,
  row: StoredRow,
  assignments: readonly Assigned[],
  number: number,
): StoredRow {
  const values = [...row];
  for (const { at, column, node } of assignments) {
    if (column.spec.generated) continue;
    // Assignments see those to their left.
    const value = node ? node.get({ values }) : defaultValue(x, column, true, { table: change.table, row: values });
    values[at] = fittedValue(x, change, column, value, number);
  }
  return stamped(
    x,
    change.table,
    row,
    values,
    assignments.map(({ at }) => at),
  );
}

interface JoinAssignment {
  readonly table: number;
  readonly at: number;
  readonly column: TableColumn;
  readonly value: Statement['assignments'][number]['value'];
}

/** Which table of the join an assignment is to. Throws 1052 and 1054. */
function assignmentIn(tables: readonly JoinedTable[], path: readonly string[]): Omit<JoinAssignment, 'value'> {
  const [name, alias] = [path.at(-1) as string, path.at(-2)];
  const found = tables.flatMap(({ alias: own, table }, number) => {
    const at = table.columnAt(name);
    const column = table.columns[at];
    return column && !column.hidden && (alias === undefined || alias === own) ? [{ table: number, at, column }] : [];
  });
  const [first] = found;
  if (!first) throw sqlError('ER_BAD_FIELD_ERROR', path.join('.'), 'field list');
  if (found.length > 1) throw sqlError('ER_NON_UNIQ_ERROR', name, 'field list');
  return first;
}

/** UPDATE of a join: rows are found first, and each is changed once. */
function* updateJoin(x: Execution, s: Statement, runner: BodyRunner, checks: MergedView['checks']): Steps<Outcome> {
  const common = new Set(s.with.map(({ name }) => name.toLowerCase()));
  const refs = tablesIn(s.from).filter((ref) => !common.has(ref.name.toLowerCase()));
  const tables = refs.flatMap((ref) => {
    const assigned = s.assignments.some(({ column }) => column.length < 2 || column.at(-2) === ref.alias);
    return assigned ? [storedTable(x, ref, 'UPDATE')] : [];
  });
  const assignments = s.assignments.map(({ column, value }): JoinAssignment => {
    const found = assignmentIn(tables, column);
    refuseGenerated((tables[found.table] as JoinedTable).table, found.column, value !== undefined);
    return { ...found, value };
  });
  const changed = [...new Set(assignments.map(({ table }) => table))].sort((a, b) => a - b);
  for (const number of changed) {
    const { table, alias } = tables[number] as JoinedTable;
    refuseOwnReads(x, table, alias, [s.where, assignments.map(({ value }) => value)]);
  }
  const expressions = assignments.flatMap(({ value }) => (value ? [value] : []));
  const used = changed.map((number) => tables[number] as JoinedTable);
  const found = yield* joinedRows(x, s, used, expressions);
  let [matched, altered] = [0, 0];
  yield* atomically(x, function* () {
    for (const [place, number] of changed.entries()) {
      const { table } = tables[number] as JoinedTable;
      const own = assignments
        .map((assignment, at) => ({ assignment, at }))
        .filter(({ assignment }) => assignment.table === number);
      yield* withTriggers(x, table, ['UPDATE'], runner, function* (trigger) {
        const change: Change = { table, rules: rowRules(x, table), ignore: s.ignore, trigger, checks };
        const seen = new Set<StoredRow>();
        for (const { rows, values } of found) {
          for (const row of rows[place] ?? []) {
            if (seen.has(row)) continue;
            seen.add(row);
            x.spend(CHANGED_ROW_STEPS);
            if (x.turnIsOver) yield;
            matched++;
            const next = [...row];
            for (const { assignment, at } of own) {
              const { column } = assignment;
              const given = assignment.value
                ? (values[valueAt(assignments, at)] ?? null)
                : defaultValue(x, column, true);
              if (!column.spec.generated) next[assignment.at] = fittedValue(x, change, column, given, matched);
            }
            const done = stamped(
              x,
              table,
              row,
              next,
              own.map(({ assignment }) => assignment.at),
            );
            if (changeRow(x, change, row, done, matched)) altered++;
          }
        }
      });
    }
  });
  return told(x, matched, altered);
}

/** Where an assignment's value is among those worked out: DEFAULT has none. */
function valueAt(assignments: readonly JoinAssignment[], at: number): number {
  return assignments.slice(0, at).filter(({ value }) => value).length;
}
