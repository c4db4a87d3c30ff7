// DELETE on the source's overlay: from one table, from several at once, and through views.
// Source: https://dev.mysql.com/doc/refman/9.7/en/delete.html

import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import type { TableName } from '../../../sql/ast/table.ts';
import { SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { isOfLocks } from '../../../sql/lock-wait.ts';
import type { Steps } from '../../../sql/steps.ts';
import { substituted } from '../../../sql/substitute.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { partitionsNamed } from '../define/partitions.ts';
import { materialize } from '../materialize.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { type JoinedTable, joinedRows, refuseOwnReads, storedTable, tablesIn } from './joined.ts';
import { matching, readsAll, refuseUnsafe, scopeOf } from './matching.ts';
import { deleteWithChildren } from './references.ts';
import { atomically } from './stored-row.ts';
import { and, mergeView, viewColumn, viewNamed } from './view-merge.ts';

type Statement = StatementOf<'delete'>;

/** The statement over the table of the view it names. */
function overTables(x: Execution, s: Statement): Statement {
  if (s.from.kind !== 'table') return s;
  const { from } = s;
  const view = viewNamed(x, from.schema, from.name);
  if (!view) return s;
  const merged = mergeView(x, view);
  if (!merged) throw sqlError('ER_NON_UPDATABLE_TABLE', from.alias, 'DELETE');
  if (merged.from.kind !== 'table') throw sqlError('ER_VIEW_DELETE_MERGE_VIEW', view.schema, view.name);
  const replace = (path: readonly string[]) => viewColumn(merged, from.alias, path);
  const where = and(merged.where, s.where && substituted(s.where, replace));
  return {
    ...s,
    from: merged.from,
    alias: merged.from.alias,
    where,
    order: substituted(s.order, replace),
    targets: undefined,
  };
}

/** Runs DELETE with the tables' triggers and foreign keys; the rows that went are its affected rows. */
export function* runDelete(x: Execution, s: Statement, runner: BodyRunner): Steps<Outcome> {
  const statement = overTables(x, s);
  const { from } = statement;
  if (from.kind !== 'table' || statement.targets || statement.with.length > 0)
    return yield* deleteJoin(x, statement, runner);
  const table = materialize(x, { schema: from.schema, name: from.name }, 'DELETE');
  return yield* withTriggers(x, table, ['DELETE'], runner, (trigger) => deleteRows(x, statement, table, trigger));
}

function* deleteRows(x: Execution, s: Statement, table: OverlayTable, trigger: Trigger | undefined): Steps<Outcome> {
  refuseOwnReads(x, table, s.alias, [s.where]);
  refuseUnsafe(x, table, s);
  const partitions = s.from.kind === 'table' ? s.from.partitions : undefined;
  const allowed = partitions && partitionsNamed(table, partitions);
  const found = yield* matching(x, table, scopeOf(table, s.alias), { ...s, partitions: allowed });
  const rows = found.map((entry) => entry.row);
  if (readsAll(table, s.where)) x.statusFlags |= STATUS.NO_INDEX;
  return { kind: 'ok', affected: BigInt(yield* removeAll(x, table, rows, s.ignore, trigger)) };
}

/** Deletes rows with their children and triggers; gives how many went. */
function removeAll(
  x: Execution,
  table: OverlayTable,
  rows: readonly StoredRow[],
  ignore: boolean,
  trigger: Trigger | undefined,
): Steps<number> {
  return atomically(x, function* () {
    for (const row of trigger ? rows : []) trigger?.('BEFORE', { old: row, new: undefined });
    let gone = rows.length;
    if (ignore) gone = rows.filter((row) => removed(x, table, row)).length;
    else deleteWithChildren(x, table, rows);
    for (const row of trigger ? rows : []) trigger?.('AFTER', { old: row, new: undefined });
    return gone;
  });
}

/** One row of DELETE IGNORE: what stands against it is a warning. */
function removed(x: Execution, table: OverlayTable, row: StoredRow): boolean {
  try {
    deleteWithChildren(x, table, [row]);
    return true;
  } catch (error) {
    if (!(error instanceof SqlError) || isOfLocks(error)) throw error;
    x.session.addWarning('Warning', error.code, error.message);
    return false;
  }
}

/** The table of a join that a target of DELETE names. Throws 1109. */
function targetOf(x: Execution, s: Statement, name: TableName): JoinedTable {
  const found = tablesIn(s.from).find(
    (ref) =>
      (ref.alias === name.name && name.schema === '') ||
      (ref.name === name.name && ref.alias === ref.name && (ref.schema || x.session.database) === name.schema),
  );
  if (!found) throw sqlError('ER_UNKNOWN_TABLE', name.name, 'MULTI DELETE');
  return storedTable(x, found, 'DELETE');
}

function* deleteJoin(x: Execution, s: Statement, runner: BodyRunner): Steps<Outcome> {
  const targets = (s.targets ?? [{ schema: '', name: s.alias }]).map((name) => targetOf(x, s, name));
  for (const { table, alias } of targets) refuseOwnReads(x, table, alias, [s.where]);
  const found = yield* joinedRows(x, s, targets, []);
  let affected = 0;
  yield* atomically(x, function* () {
    for (const [at, { table }] of targets.entries()) {
      const there = new Set(table.rows);
      const rows = [...new Set(found.flatMap(({ rows: own }) => own[at] ?? []))].filter((row) => there.has(row));
      affected += yield* withTriggers(x, table, ['DELETE'], runner, (trigger) =>
        removeAll(x, table, rows, s.ignore, trigger),
      );
    }
  });
  return { kind: 'ok', affected: BigInt(affected) };
}
