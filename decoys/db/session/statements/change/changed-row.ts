// What UPDATE does to one row: values fitted to its columns, stored with triggers, checks and references around it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html; counts and texts as recorded from 9.7.
import type { TableColumn } from '../../../overlay/column.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import { errorCode, errorText, SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { isOfLocks } from '../../../sql/lock-wait.ts';
import type { Value } from '../../../sql/value/value.ts';
import type { Outcome } from '../../outcome.ts';
import { expectFree, expectNoReturn } from '../../row-locking.ts';
import type { Trigger } from '../trigger.ts';
import { implicitDefault, momentFor } from './defaults.ts';
import { checkView } from './insertion.ts';
import { updateWithChildren } from './references.ts';
import type { RowRules } from './row-rules.ts';
import { sameRow } from './stored-row.ts';
import type { MergedView } from './view-merge.ts';

/** One table's part in an update. */
export interface Change {
  readonly table: OverlayTable;
  readonly rules: RowRules;
  readonly ignore: boolean;
  readonly trigger: Trigger | undefined;
  readonly checks: MergedView['checks'];
}

/** What changing a row costs beyond its values, in steps. */
export const CHANGED_ROW_STEPS = 12;

/** Stores the changed row; false where it stays as it is. */
export function changeRow(x: Execution, change: Change, row: StoredRow, values: StoredRow, number: number): boolean {
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
    if (conflict) throw table.duplicateError(complete, conflict.index, x);
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
      values[at] = storeValue(momentFor(x, column), column, { x, row: 1, strict: false });
  return values;
}

/** A value as the column of a changed row keeps it; a NULL it cannot have is refused, or bent where sql_mode is lax. */
export function fittedValue(x: Execution, change: Change, column: TableColumn, value: Value, number: number): Value {
  const strict = x.session.strict() && !change.ignore;
  if (value !== null) return storeValue(value, column, { x, row: number, strict });
  if (column.nullable) return null;
  if (strict) throw sqlError('ER_BAD_NULL_ERROR', column.name);
  x.session.addWarning('Warning', errorCode('ER_BAD_NULL_ERROR'), errorText('ER_BAD_NULL_ERROR', column.name));
  return implicitDefault(column);
}

/** What UPDATE answers, rows found and rows changed counted; which of them counts as affected is the client's choice (CLIENT_FOUND_ROWS). */
export function told(x: Execution, found: number, changed: number): Outcome {
  return {
    kind: 'ok',
    insertId: BigInt.asUintN(64, x.insertId),
    affected: BigInt(x.session.countsFound ? found : changed),
    info: `Rows matched: ${found}  Changed: ${changed}  Warnings: ${x.session.warningCount}`,
  };
}
