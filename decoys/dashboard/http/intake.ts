// The bytes of a connection that have come and wait to be read, and the reader of the head among them.
import { Waiting } from '../pool.ts';
import { type HeadProgress, isNew, isUntouched, newHeadReader, readHead } from './head.ts';
import { knownHead, rememberHead } from './heads.ts';

/** Bytes of all heads that wait for their end. */
export interface HeadsBudget {
  used: number;
}

const NO_BYTES = Buffer.alloc(0);

export class Intake {
  /** What has come and was not read yet. */
  bytes: Buffer = NO_BYTES;
  /** Of those, how many wait for the end of a head. */
  held = 0;
  readonly #waiting = new Waiting();
  readonly #budget: HeadsBudget;
  #reader = newHeadReader();

  constructor(budget: HeadsBudget) {
    this.#budget = budget;
  }

  /** Takes what came; it is the caller's again once `settle` was called. */
  add(chunk: Buffer): void {
    this.bytes = this.#waiting.with(chunk);
  }

  /** Keeps what must wait; `inHead` says that it waits for the end of a head. */
  settle(inHead: boolean): void {
    if (this.bytes.length > 0 || this.#waiting.bytes > 0) this.bytes = this.#waiting.keep(this.bytes);
    const held = inHead ? this.bytes.length : 0;
    this.#budget.used += held - this.held;
    this.held = held;
  }

  /** The next head, where it has come whole or cannot become one. */
  head(): HeadProgress {
    const reader = this.#reader;
    const fresh = isUntouched(reader);
    const known = fresh ? knownHead(this.bytes, reader.bufferEnd) : undefined;
    if (known) return { head: known };
    const progress = readHead(this.bytes, reader);
    if (fresh && progress && 'head' in progress) rememberHead(this.bytes, progress.head);
    return progress;
  }

  consume(bytes: number): void {
    this.bytes = bytes === this.bytes.length ? NO_BYTES : this.bytes.subarray(bytes);
  }

  /** Readies for the head after one that took `bytes` with its body, in the buffer nginx would be left with. */
  next(bytes: number): void {
    const { bufferEnd, largeBuffers } = this.#reader;
    const room = bufferEnd - bytes;
    const within = this.bytes.length > 0 && room > 0;
    if (within) this.#reader = newHeadReader(room, Math.min(largeBuffers, 1));
    else if (!isNew(this.#reader)) this.#reader = newHeadReader();
  }

  /** True where what was read fills the buffer to its end. */
  isFull(): boolean {
    return this.bytes.length >= this.#reader.bufferEnd;
  }

  drop(): void {
    this.bytes = NO_BYTES;
  }
}
