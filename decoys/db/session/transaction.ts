// A session's transaction: whether it is open, what a rollback takes back, its savepoints, and its XA state.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html
import type { SessionBytes } from '../overlay/kept.ts';
import type { ReadView, ReadViews } from '../overlay/read-views.ts';
import type { Holder, RowLocks } from '../overlay/row-locks.ts';
import type { XaState } from './statements/xa.ts';
import type { TransactionTracking } from './transaction-tracking.ts';

/** A change a rollback takes back. */
export type Undo = () => void;

const MAX_UNDO = 20_000;
/** What taking one change back takes to remember, with the row as it was, about. */
const UNDO_BYTES = 256;
/** What one lock of a row takes, about, and how many a transaction holds. */
const LOCK_BYTES = 256;
const MAX_LOCKS = 20_000;
/** What a prepared XA transaction may take back, in bytes, and rows it holds. */
const PREPARED_BYTES = 64 * 1024;
const PREPARED_LOCKS = 1_024;
const NOTHING_ASKED = { isolation: '', readOnly: undefined };

export class Transaction implements Holder {
  readonly #kept: SessionBytes;
  open = false;
  readOnly = false;
  readonly undo: { readonly back: Undo; readonly bytes: number }[] = [];
  savepoints: { readonly name: string; readonly at: number }[] = [];
  /** What SET TRANSACTION asked of the next one. */
  next: { readonly isolation: string; readonly readOnly: boolean | undefined } = NOTHING_ASKED;
  /** What was asked of the one that is open. */
  begun: Transaction['next'] = NOTHING_ASKED;
  readonly #tracking: TransactionTracking;
  /** The XA transaction under way. */
  xa: { readonly xid: string; readonly state: XaState } | undefined;

  readonly #views: ReadViews;

  constructor(tracking: TransactionTracking, kept: SessionBytes, views: ReadViews) {
    this.#tracking = tracking;
    this.#kept = kept;
    this.#views = views;
  }

  /** The moment it reads, from its first reading on. */
  view(): ReadView {
    return this.#views.of(this, this.#kept.shared);
  }

  #detached = false;
  readonly #locks = new Set<RowLocks>();
  #held = 0;
  /** Those whose locks its statement waits for just now. */
  awaited: (() => readonly Holder[]) | undefined;

  /** Remembers a table it uses or holds rows of; what it holds ends with it. */
  holds(locks: RowLocks): void {
    this.#locks.add(locks);
  }

  /** Books one more lock of a row; past the cap rows are not held. */
  mayHold(): boolean {
    if (this.#held >= MAX_LOCKS || !this.#kept.book(LOCK_BYTES)) return false;
    this.#held++;
    return true;
  }

  /** Remembers how to take a change back, which keeps `values` bytes of what was there before; past the cap changes stay: false then. */
  note(back: Undo, values: number): boolean {
    const bytes = UNDO_BYTES + values;
    if (this.undo.length >= MAX_UNDO || !this.#kept.book(bytes)) return false;
    this.undo.push({ back, bytes });
    return true;
  }

  /** Bytes of what was changed since the mark `from`. */
  #undoBytes(from = 0): number {
    let bytes = 0;
    for (let at = from; at < this.undo.length; at++) bytes += this.undo[at]?.bytes ?? 0;
    return bytes;
  }

  commit(): void {
    const moment = this.#views.next();
    for (const locks of this.#locks) locks.release(this, this.#views, moment);
    this.#locks.clear();
    this.#views.close(this);
    if (!this.#detached) this.#kept.book(-this.#held * LOCK_BYTES);
    this.#held = 0;
    this.forget(0);
    this.savepoints = [];
    this.open = false;
    this.readOnly = false;
    this.next = NOTHING_ASKED;
    this.begun = NOTHING_ASKED;
    if (!this.#detached) this.#tracking.end();
  }

  /** Takes back what was done since the mark `to`. */
  rollback(to = 0): void {
    for (let at = this.undo.length - 1; at >= to; at--) this.undo[at]?.back();
    this.forget(to);
  }

  /** XA PREPARE makes it no session's any more: what it keeps is booked to none. False where that is too much. */
  detach(): boolean {
    const bytes = this.#undoBytes();
    if (bytes > PREPARED_BYTES || this.#held > PREPARED_LOCKS) return false;
    this.#kept.book(-bytes - this.#held * LOCK_BYTES);
    this.#detached = true;
    return true;
  }

  /** What was changed since the mark `from` is not taken back any more. */
  forget(from: number): void {
    if (this.undo.length <= from) return;
    if (!this.#detached) this.#kept.book(-this.#undoBytes(from));
    this.undo.length = from;
  }
}
