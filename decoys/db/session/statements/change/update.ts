// UPDATE on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html; counts and texts as recorded from 9.7.
import type { TableColumn } from '../../../overlay/column.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import { type OverlayTable, rowBytes, type StoredRow } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { errorCode, errorText, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import type { Node } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { materialize } from '../materialize.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { defaultValue, implicitDefault } from './defaults.ts';
import { matching, refuseUnsafe, scopeOf } from './matching.ts';
import { applyUpdate, sameRow, target } from './stored-row.ts';

export function runUpdate(x: Execution, s: StatementOf<'update'>, runner: BodyRunner): Outcome {
  const table = materialize(x, s.table);
  return withTriggers(x, table, 'UPDATE', runner, (trigger) => updateRows(x, s, table, trigger));
}

function updateRows(
  x: Execution,
  s: StatementOf<'update'>,
  table: OverlayTable,
  trigger: Trigger | undefined,
): Outcome {
  const scope = scopeOf(table, s.alias);
  const c = compilerOf(x);
  const assignments = s.assignments.map((assignment) => {
    const { at, column } = target(table, assignment);
    return { at, column, node: assignment.value ? compile(c, assignment.value, scope) : undefined };
  });
  refuseUnsafe(x, table, s);
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
    affected: BigInt(x.session.countsFound ? found : changed),
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
