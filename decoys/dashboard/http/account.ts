// What the observer is told of one connection, each thing once: requests, refused and broken ones, and that it is there at all.
import type { Ending, Observer } from './exchange.ts';
import type { HeadFailure } from './head.ts';
import type { Peer } from './peer.ts';
import { exchangeOf, type Turn } from './turn.ts';

/** A connection that has no whole request by then is a touch of its own. */
export const NOTICE_MS = 300;
/** Of refused or broken input, what the touch may show. */
const SHOWN_BYTES = 16 * 1024;

export class Account {
  readonly #observer: Observer;
  readonly #peer: Peer;
  /** There has been a touch of this connection. */
  #told = false;

  constructor(observer: Observer, peer: Peer) {
    this.#observer = observer;
    this.#peer = peer;
  }

  get told(): boolean {
    return this.#told;
  }

  /** One request and its answer; what comes of its body afterwards is not waited for. */
  exchanged(turn: Turn): void {
    if (turn.recorded) return;
    turn.recorded = true;
    this.#told = true;
    this.#observer.exchanged(exchangeOf(turn, this.#peer));
  }

  /** `pending` starts with the request at fault. */
  refused(failure: HeadFailure, pending: Buffer, responseBytes: number): void {
    this.#told = true;
    const sent = pending.subarray(0, SHOWN_BYTES);
    this.#observer.refused(this.#peer, failure, sent, pending.length, Date.now(), responseBytes);
  }

  /** A connection that says nothing whole for a while is worth a touch before its end is known. */
  noticed(): void {
    if (this.#told) return;
    this.#told = true;
    this.#observer.connected(this.#peer, Date.now());
  }

  /** The connection is over: what was half done, or nothing at all. `pending` is what waits for the end of a head. */
  ended(ending: Ending, turn: Turn | undefined, pending: Buffer, silentMs: number | undefined): void {
    const now = Date.now();
    if (turn && !turn.recorded) {
      if (turn.status > 0) this.exchanged(turn);
      else {
        this.#told = true;
        const kept = Buffer.concat(turn.body.kept);
        this.#observer.broken(this.#peer, kept, turn.head.bytes + turn.body.bytes, ending, now, turn.head);
      }
    } else if (pending.length > 0) {
      this.#told = true;
      this.#observer.broken(this.#peer, pending.subarray(0, SHOWN_BYTES), pending.length, ending, now, undefined);
    } else if (silentMs !== undefined && ending === 'timed out') {
      this.#told = true;
      this.#observer.timedOut(this.#peer, now, silentMs);
    }
    this.noticed();
  }
}
