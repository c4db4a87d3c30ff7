// A session's transaction: whether it is open, what a rollback takes back, its savepoints, and its XA state.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html
import type { XaState } from './statements/xa.ts';

/** A change a rollback takes back. */
export type Undo = () => void;

const MAX_UNDO = 20_000;
/** States of a transaction that BEGIN or START TRANSACTION began. */
const EXPLICIT_STATE = /^T/;

export class Transaction {
  open = false;
  readOnly = false;
  undo: Undo[] = [];
  savepoints: { readonly name: string; readonly at: number }[] = [];
  /** Whether the next transaction alone is to be read-only, as SET TRANSACTION asks; undefined where it does not. */
  nextReadOnly: boolean | undefined;
  /** State last told to the client. */
  told = '';
  /** A statement ended the transaction by the way; the client is still to be told. */
  ended = false;
  /** The XA transaction under way. */
  xa: { readonly xid: string; readonly state: XaState } | undefined;

  /** Remembers how to take a change back; past the cap changes stay. */
  note(undo: Undo): void {
    if (this.undo.length < MAX_UNDO) this.undo.push(undo);
  }

  commit(): void {
    this.undo = [];
    this.savepoints = [];
    if (this.open) this.nextReadOnly = undefined;
    this.open = false;
    this.readOnly = false;
  }

  /** Commits before or after a statement that is no COMMIT. */
  commitByTheWay(): void {
    if (this.open && EXPLICIT_STATE.test(this.told)) this.ended = true;
    this.commit();
  }

  /** Takes back what was done since the mark `to`. */
  rollback(to = 0): void {
    for (let at = this.undo.length - 1; at >= to; at--) this.undo[at]?.();
    this.undo.length = Math.min(this.undo.length, to);
  }
}
