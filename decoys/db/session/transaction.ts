// A session's transaction: whether it is open, what a rollback takes back, its savepoints, and its XA state.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html
import type { SessionBytes } from '../overlay/kept.ts';
import type { RowLocks } from '../overlay/row-locks.ts';
import type { XaState } from './statements/xa.ts';
import type { TransactionTracking } from './transaction-tracking.ts';

/** A change a rollback takes back. */
export type Undo = () => void;

const MAX_UNDO = 20_000;
/** What taking one change back takes to remember, with the row as it was, about. */
const UNDO_BYTES = 256;
/** Changes of a prepared XA transaction. */
const PREPARED_UNDO = 256;
const NOTHING_ASKED = { isolation: '', readOnly: undefined };

export class Transaction {
  readonly #kept: SessionBytes;
  open = false;
  readOnly = false;
  undo: Undo[] = [];
  savepoints: { readonly name: string; readonly at: number }[] = [];
  /** What SET TRANSACTION asked of the next one. */
  next: { readonly isolation: string; readonly readOnly: boolean | undefined } = NOTHING_ASKED;
  /** What was asked of the one that is open. */
  begun: Transaction['next'] = NOTHING_ASKED;
  readonly #tracking: TransactionTracking;
  /** The XA transaction under way. */
  xa: { readonly xid: string; readonly state: XaState } | undefined;

  constructor(tracking: TransactionTracking, kept: SessionBytes) {
    this.#tracking = tracking;
    this.#kept = kept;
  }

  #detached = false;
  readonly #locks = new Set<RowLocks>();

  /** Remembers a table it holds rows of; what it holds ends with it. */
  holds(locks: RowLocks): void {
    this.#locks.add(locks);
  }

  /** Remembers how to take a change back; past the cap changes stay. */
  note(undo: Undo): void {
    if (this.undo.length < MAX_UNDO && this.#kept.book(UNDO_BYTES)) this.undo.push(undo);
  }

  commit(): void {
    for (const locks of this.#locks) locks.release(this);
    this.#locks.clear();
    this.forget(0);
    this.savepoints = [];
    this.open = false;
    this.readOnly = false;
    this.next = NOTHING_ASKED;
    this.begun = NOTHING_ASKED;
    this.#tracking.end();
  }

  /** Takes back what was done since the mark `to`. */
  rollback(to = 0): void {
    for (let at = this.undo.length - 1; at >= to; at--) this.undo[at]?.();
    this.forget(to);
  }

  /** XA PREPARE makes it no session's any more: what it keeps is booked to none. False where that is too much. */
  detach(): boolean {
    if (this.undo.length > PREPARED_UNDO) return false;
    this.#kept.book(-this.undo.length * UNDO_BYTES);
    this.#detached = true;
    return true;
  }

  /** What was changed since the mark `from` is not taken back any more. */
  forget(from: number): void {
    if (this.undo.length <= from) return;
    if (!this.#detached) this.#kept.book((from - this.undo.length) * UNDO_BYTES);
    this.undo.length = from;
  }
}
