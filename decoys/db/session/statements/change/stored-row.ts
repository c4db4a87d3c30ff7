// One stored row changed, and how a rollback takes the change back.
import type { TableColumn } from '../../../overlay/column.ts';
import type { OverlayTable, StoredRow } from '../../../overlay/table.ts';
import type { Assignment } from '../../../sql/ast/change.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { toText, type Value } from '../../../sql/value/value.ts';

export function undoInsert(x: Execution, table: OverlayTable, row: StoredRow): void {
  x.session.changed(() => table.remove(new Set([row])));
}

export function undoRemove(x: Execution, table: OverlayTable, rows: readonly StoredRow[]): void {
  x.session.changed(() => {
    for (const row of rows) table.insert(row);
  });
}

export function target(table: OverlayTable, assignment: Assignment): { at: number; column: TableColumn } {
  const at = table.columnAt(assignment.column.at(-1) as string);
  if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', assignment.column.join('.'), 'field list');
  return { at, column: table.columns[at] as TableColumn };
}

export function sameRow(a: readonly Value[], b: readonly Value[]): boolean {
  return a.every(
    (value, at) =>
      value === b[at] ||
      (value !== null && b[at] !== null && typeof value === 'object' && toText(value) === toText(b[at] as Value)),
  );
}

export function applyUpdate(x: Execution, table: OverlayTable, row: StoredRow, values: readonly Value[]): void {
  const before = [...row];
  table.replace(row, values);
  table.changedMs = x.startedMs;
  x.session.changed(() => table.replace(row, before));
}
