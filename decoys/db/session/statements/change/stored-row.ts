// One stored row changed, how a statement that fails takes its changes back, and how a rollback does.
import type { TableColumn } from '../../../overlay/column.ts';
import { rowBytes, type StoredRow, valueBytes } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { Assignment } from '../../../sql/ast/change.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import type { Steps } from '../../../sql/steps.ts';
import { toText, type Value } from '../../../sql/value/value.ts';
import { noteRow } from '../../binary-logging.ts';
import { expectFree, holdChange, holdRemoval } from '../../row-locking.ts';

type Undo = () => void;

/** Changes of statements under way, oldest first. */
const changes = new WeakMap<Execution, Undo[]>();

/** Runs `change`; where it throws, what it changed is as it was. */
export function* atomically<T>(x: Execution, change: () => Steps<T>): Steps<T> {
  const undo = changes.get(x) ?? [];
  changes.set(x, undo);
  const mark = undo.length;
  const transaction = x.session.transaction.undo.length;
  try {
    return yield* change();
  } catch (error) {
    for (const back of undo.splice(mark).reverse()) back();
    x.session.transaction.forget(transaction);
    throw error;
  } finally {
    if (mark === 0) changes.delete(x);
  }
}

/**
 * Remembers how to take a change back; `bytes` are those of the values it keeps for that. False where there is no room for them: then the
 * change stays, and nobody is to keep what was there before.
 */
function note(x: Execution, bytes: number, undo: Undo): boolean {
  changes.get(x)?.push(undo);
  return x.session.changed(undo, bytes);
}

/** Bytes of the values of a row that others take the place of. */
function replacedBytes(before: readonly Value[], values: readonly Value[]): number {
  return before.reduce<number>((sum, value, at) => (value === values[at] ? sum : sum + valueBytes(value)), 0);
}

/** Puts a row in, so that a rollback takes it out; an engine that keeps none takes it and forgets it. */
export function addRow(x: Execution, table: OverlayTable, row: StoredRow): void {
  if (table.facts.engine === 'BLACKHOLE') return;
  table.insert(row);
  x.session.work.write('inserted');
  table.changedMs = x.startedMs;
  const unlog = noteRow(x.session, table, undefined, row);
  // A row that is removed for good later is not kept for this.
  const made = new WeakRef(row);
  note(x, 0, () => {
    const here = made.deref();
    if (here) table.remove(new Set([here]));
    unlog();
  });
  holdChange(x.session, table, row, null);
}

/** Takes rows out, so that a rollback puts them back. */
export function removeRows(x: Execution, table: OverlayTable, rows: readonly StoredRow[]): void {
  if (rows.length === 0) return;
  for (const row of rows) expectFree(x.session, table, row);
  table.remove(new Set(rows));
  x.session.work.write('deleted', rows.length);
  table.changedMs = x.startedMs;
  const bytes = rows.reduce((sum, row) => sum + rowBytes(row), 0);
  const unlogs = rows.map((row) => noteRow(x.session, table, row, undefined));
  const kept = note(x, bytes, () => {
    for (const unlog of unlogs.reverse()) unlog();
    for (const row of rows) {
      table.insert(row);
      table.locks.restored(row);
    }
  });
  for (const row of rows) {
    if (kept) holdRemoval(x.session, table, row);
    else table.locks.letGo(row);
  }
}

/** Changes a row in place, so that a rollback changes it back. */
export function replaceRow(x: Execution, table: OverlayTable, row: StoredRow, values: readonly Value[]): void {
  expectFree(x.session, table, row);
  const before = [...row];
  table.replace(row, values);
  if (before.some((value, at) => value !== values[at])) x.session.work.write('updated');
  table.changedMs = x.startedMs;
  const unlog = noteRow(x.session, table, before, row);
  const changed = new WeakRef(row);
  const kept = note(x, replacedBytes(before, values), () => {
    const here = changed.deref();
    if (here) table.replace(here, before);
    unlog();
  });
  if (kept) holdChange(x.session, table, row, before);
}

/** The column an assignment is to. Throws 1054. */
export function target(table: OverlayTable, assignment: Assignment): { at: number; column: TableColumn } {
  const at = table.columnAt(assignment.column.at(-1) as string);
  const column = table.columns[at];
  if (!column || column.hidden) throw sqlError('ER_BAD_FIELD_ERROR', assignment.column.join('.'), 'field list');
  return { at, column };
}

/** Throws 3105 where a statement gives a generated column a value of its own. */
export function refuseGenerated(table: OverlayTable, column: TableColumn, given: boolean): void {
  if (given && column.spec.generated)
    throw sqlError('ER_NON_DEFAULT_VALUE_FOR_GENERATED_COLUMN', column.name, table.name);
}

/** Whether two rows hold the same, letter by letter. */
export function sameRow(a: readonly Value[], b: readonly Value[]): boolean {
  return a.every(
    (value, at) =>
      Object.is(value, b[at]) ||
      (value !== null && b[at] !== null && typeof value === 'object' && toText(value) === toText(b[at] as Value)),
  );
}
