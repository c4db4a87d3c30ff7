// Locks of rows as statements take them: a change waits for whoever holds the row; FOR UPDATE and FOR SHARE hold what they read.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-locking-reads.html

import type { StoredRow } from '../overlay/row-bytes.ts';
import type { Holder } from '../overlay/row-locks.ts';
import type { OverlayTable } from '../overlay/table.ts';
import type { Locking } from '../sql/ast/query.ts';
import { sqlError } from '../sql/errors.ts';
import { Deadlock, LockWait } from '../sql/lock-wait.ts';
import type { Value } from '../sql/value/value.ts';
import type { Session } from './session.ts';

type Row = readonly Value[];

/** Throws LockWait where anybody stands in the way, and Deadlock where they wait for this session in turn. */
function expectNobody(session: Session, limit: string, blockers: () => readonly Holder[]): void {
  const now = blockers();
  if (now.length === 0) return;
  if (waitsFor(now, session.transaction)) throw new Deadlock();
  throw new LockWait(Number(session.readVariable(limit, '').value), blockers);
}

/** True where one of these waits for `holder`, itself or through others: nobody would ever go on. */
function waitsFor(blockers: readonly Holder[], holder: Holder): boolean {
  const met = new Set<Holder>();
  const open = [...blockers];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === holder) return true;
    if (met.has(next)) continue;
    met.add(next);
    open.push(...(next.awaited?.() ?? []));
  }
  return false;
}

/** Throws LockWait where another transaction holds the row. */
export function expectFree(session: Session, table: OverlayTable, row: Row, exclusive = true): void {
  if (table.locks.none) return;
  const holder = session.transaction;
  expectNobody(session, 'innodb_lock_wait_timeout', () => table.locks.blockers(row, holder, exclusive));
}

/** Throws LockWait where a row another transaction removed or changed, and may put back, has a unique key in common with this one. */
export function expectNoReturn(session: Session, table: OverlayTable, row: StoredRow): void {
  if (!table.indexes.some(({ kind }) => kind === 'primary' || kind === 'unique')) return;
  for (const gone of table.locks.gone(session.transaction))
    if (table.sharesKey(row, gone)) expectFree(session, table, gone);
  for (const [changed, before] of table.locks.replaced(session.transaction))
    if (table.sharesKey(row, before)) expectFree(session, table, changed);
}

/** Throws LockWait where another transaction uses the table: what DEFINITION statements wait for. */
export function expectIdle(session: Session, table: OverlayTable): void {
  const holder = session.transaction;
  expectNobody(session, 'lock_wait_timeout', () => table.locks.busy(holder));
}

/** Throws LockWait where another session's LOCK TABLES keeps this one from reading or changing the table. */
export function expectUnlocked(session: Session, schema: string, name: string, change: boolean): void {
  const { keepers } = session.overlay;
  if (keepers.size === 0) return;
  expectNobody(session, 'lock_wait_timeout', () =>
    [...keepers]
      .filter((other) => other !== session && other.tableLocks.keeps(schema, name, change))
      .map(({ transaction }) => transaction),
  );
}

/** Whether what a statement takes outlasts it: in a transaction, or where it begins one. */
function isHeld(session: Session): boolean {
  return session.transaction.open || !session.autocommit;
}

/** The isolation level of the transaction under way, or of the one a statement would begin. */
function isolationOf(session: Session): string {
  const { begun, next } = session.transaction;
  return begun.isolation || next.isolation || session.text('transaction_isolation');
}

/** How a query's rows are read that says nothing of locking: SERIALIZABLE shares what it reads. */
export function plainLocking(session: Session): Locking | undefined {
  return isHeld(session) && isolationOf(session) === 'SERIALIZABLE' ? SHARED : undefined;
}

const SHARED: Locking = { strength: 'share', wait: 'wait', of: [] };

/**
 * Rows as this session's transaction reads them without locking; `within` tells those wanted where they are not all the table's.
 * Throws 1412 for a table that is newer than what it reads.
 */
export function consistentRows<R extends Row>(
  session: Session,
  table: OverlayTable,
  rows: readonly R[],
  within?: (row: Row) => boolean,
): readonly R[] {
  const level = isolationOf(session);
  if (level === 'READ-UNCOMMITTED') return rows;
  const { transaction } = session;
  const view = isHeld(session) && level !== 'READ-COMMITTED' && !table.temporary ? transaction.view() : undefined;
  if (view && table.definedAt > view.at) throw sqlError('ER_TABLE_DEF_CHANGED');
  const seen = table.locks.seen(rows, transaction, view, within);
  return seen === rows ? rows : table.inOrder(seen);
}

/** The table keeps its definition until the session's transaction ends. */
export function holdDefinition(session: Session, table: OverlayTable): void {
  if (!isHeld(session) || table.temporary) return;
  table.locks.use(session.transaction);
  session.transaction.holds(table.locks);
}

/** The table is another one from now on, which older read views do not know. */
export function redefined(session: Session, table: OverlayTable): void {
  table.definedAt = session.overlay.readViews.next();
  session.overlay.lastTableNumber++;
  table.number = session.overlay.lastTableNumber;
}

/** Remembers that the session's transaction changed a row; outside one it is committed at once. */
export function holdChange(session: Session, table: OverlayTable, row: StoredRow, before: Row | null): void {
  if (!isHeld(session)) {
    const { readViews } = session.overlay;
    table.locks.versions.add(row, before, session.transaction, readViews.next(), readViews);
    return;
  }
  table.locks.changed(row, session.transaction, before);
  session.transaction.holds(table.locks);
}

/** Keeps others from taking the keys of a row that is gone until the transaction ends. */
export function holdRemoval(session: Session, table: OverlayTable, row: StoredRow): void {
  if (!isHeld(session)) {
    holdChange(session, table, row, row);
    return;
  }
  table.locks.removed(row, session.transaction);
  session.transaction.holds(table.locks);
}

/** A row found by a locking read: false where it is to be skipped. Throws LockWait or 3572. */
export function lockRow(session: Session, table: OverlayTable, row: Row, locking: Locking): boolean {
  const exclusive = locking.strength === 'update';
  if (table.locks.blockers(row, session.transaction, exclusive).length > 0) {
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
