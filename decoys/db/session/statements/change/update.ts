// UPDATE on the source's overlay: of one table, of several at once, and through views.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html; counts and texts as recorded from 9.7.
import type { TableColumn } from '../../../overlay/column.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import type { Node } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import type { Steps } from '../../../sql/steps.ts';
import { substituted } from '../../../sql/substitute.ts';
import type { Value } from '../../../sql/value/value.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { checkSetColumns } from '../../system-writes.ts';
import { partitionsNamed } from '../define/partitions.ts';
import { materialize } from '../materialize.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { CHANGED_ROW_STEPS, type Change, changeRow, fittedValue, stamped, told } from './changed-row.ts';
import { defaultValue } from './defaults.ts';
import { refuseOwnReads } from './joined.ts';
import { matching, readsAll, refuseUnsafe, scopeOf } from './matching.ts';
import { rowRules } from './row-rules.ts';
import { atomically, refuseGenerated, target } from './stored-row.ts';
import { updateJoin } from './update-join.ts';
import { and, changedColumn, type MergedView, mergeView, viewColumn, viewNamed } from './view-merge.ts';

type Statement = StatementOf<'update'>;

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

/** Runs UPDATE with the tables' triggers and foreign keys; its info tells rows matched, changed and warnings. */
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
  if (readsAll(table, s.where)) x.statusFlags |= STATUS.NO_INDEX;
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

/** What `column = DEFAULT` gives a row; a number that counts itself up is 0. Throws 1364 in strict mode where there is none. */
function defaultOf(x: Execution, column: TableColumn, { table }: Change, row: StoredRow): Value {
  if (column.spec.autoIncrement) return 0n;
  return defaultValue(x, column, x.session.strict(), { table, row });
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
    const value = node ? node.get({ values }) : defaultOf(x, column, change, values);
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
