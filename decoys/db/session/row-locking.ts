// Locks of rows as statements take them: a change waits for whoever holds the row; FOR UPDATE and FOR SHARE hold what they read.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-locking-reads.html
import type { OverlayTable, StoredRow } from '../overlay/table.ts';
import type { Locking } from '../sql/ast/query.ts';
import { sqlError } from '../sql/errors.ts';
import { LockWait } from '../sql/lock-wait.ts';
import type { Value } from '../sql/value/value.ts';
import type { Session } from './session.ts';

type Row = readonly Value[];

/** Throws LockWait where another transaction holds the row. */
export function expectFree(session: Session, table: OverlayTable, row: Row, exclusive = true): void {
  const holder = session.transaction;
  if (!table.locks.blocks(row, holder, exclusive)) return;
  const seconds = Number(session.readVariable('innodb_lock_wait_timeout', '').value);
  throw new LockWait(seconds, () => table.locks.blocks(row, holder, exclusive));
}

/** Throws LockWait where another transaction holds any row: what DEFINITION statements wait for. */
export function expectIdle(session: Session, table: OverlayTable): void {
  const holder = session.transaction;
  if (!table.locks.busy(holder)) return;
  throw new LockWait(Number(session.readVariable('lock_wait_timeout', '').value), () => table.locks.busy(holder));
}

/** Throws LockWait where another session's LOCK TABLES keeps this one from reading or changing the table. */
export function expectUnlocked(session: Session, schema: string, name: string, change: boolean): void {
  const held = () =>
    session.server
      .sessionsOf(session.overlay)
      .some((other) => other !== session && other.tableLocks.keeps(schema, name, change));
  if (held()) throw new LockWait(Number(session.readVariable('lock_wait_timeout', '').value), held);
}

function isHeld(session: Session): boolean {
  return session.transaction.open || !session.autocommit;
}

/** Remembers that the session's transaction changed a row; outside one there is nothing to hold. */
export function holdChange(session: Session, table: OverlayTable, row: StoredRow, before: Row | null): void {
  if (!isHeld(session)) return;
  table.locks.changed(row, session.transaction, before);
  session.transaction.holds(table.locks);
}

export function holdRemoval(session: Session, table: OverlayTable, row: StoredRow): void {
  if (!isHeld(session)) return;
  table.locks.removed(row, session.transaction);
  session.transaction.holds(table.locks);
}

/** A row found by a locking read: false where it is to be skipped. Throws LockWait or 3572. */
export function lockRow(session: Session, table: OverlayTable, row: Row, locking: Locking): boolean {
  const exclusive = locking.strength === 'update';
  if (table.locks.blocks(row, session.transaction, exclusive)) {
    if (locking.wait === 'skip') return false;
    if (locking.wait === 'nowait') throw sqlError('ER_LOCK_NOWAIT');
    expectFree(session, table, row, exclusive);
  }
  if (isHeld(session)) {
    table.locks.hold(row, session.transaction, exclusive);
    session.transaction.holds(table.locks);
  }
  return true;
}
