// Turns any split of bytes into whole messages: packets joined over 16 MB continuations, sequence ids checked, sizes capped.
// A message longer than what is kept whole keeps its head and tail, its length and the sha256 of all of it.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
import { createHash, type Hash } from 'node:crypto';
import { MESSAGE_HEAD_BYTES, MESSAGE_KEPT_BYTES, MESSAGE_TAIL_BYTES, PACKET_PAYLOAD_BYTES } from '../limits.ts';

const HEADER_BYTES = 4;
/** Longest message read as it lies in what a socket delivered, which is at most 64 KiB. */
const WHOLE_BYTES = 64 * 1024;

export interface Message {
  readonly kind: 'message';
  /** Sequence id of the last packet of the message. */
  readonly sequence: number;
  /** The whole payload, or head and tail of a long one. */
  readonly payload: Buffer;
  readonly bytes: number;
  readonly truncated: boolean;
  /** Hex; only where truncated, the caller can hash a whole payload itself. */
  readonly sha256?: string;
}

export type ReadResult =
  | Message
  | { readonly kind: 'more' }
  | { readonly kind: 'out-of-order'; readonly got: number; readonly expected: number }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly sequence: number };

/** Bytes all readers together may keep whole; each reader books what it holds. */
export class MessageBudget {
  #held = 0;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  book(bytes: number): boolean {
    if (this.#held + bytes > this.limit) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}

export class MessageReader {
  /** Sequence id the next packet must carry. */
  expected = 0;
  /** Whether packets must come in order; inside compressed frames the server looks at the frames' order alone. */
  ordered = true;
  /** Largest message; a longer one is `too-large`. */
  maxBytes: number;
  /** Bytes of a message kept whole. */
  keptBytes = MESSAGE_KEPT_BYTES;
  readonly #budget: MessageBudget;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Payload bytes still to come of the packet under way; -1 where a header is awaited. */
  #remaining = -1;
  #continued = false;
  #sequence = 0;
  #parts: Buffer[] = [];
  #kept = 0;
  #booked = 0;
  #total = 0;
  #hash: Hash | undefined;
  #tail = Buffer.alloc(0);
  /** Header of the packet under way. */
  #header: Buffer = Buffer.alloc(0);

  constructor(budget: MessageBudget, maxBytes: number) {
    this.#budget = budget;
    this.maxBytes = maxBytes;
  }

  /** Bytes received and not yet read. */
  get buffered(): number {
    return this.#buffered;
  }

  /** True where part of a message has come and the rest has not. */
  get inside(): boolean {
    return this.#buffered > 0 || this.#remaining >= 0 || this.#continued;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /** Gives back what was received and not read, for a TLS layer to take over. */
  drain(): Buffer {
    const rest = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#buffered = 0;
    return rest;
  }

  /** What has come of a message that is not whole, as it came; of a long one its head. */
  unfinished(): Buffer {
    const begun = this.#remaining >= 0 ? [this.#header, ...this.#parts] : [];
    return Buffer.concat([...begun, ...this.#chunks]);
  }

  /** Frees what is booked; the reader is not used afterwards. */
  release(): void {
    this.#budget.release(this.#booked);
    this.#booked = 0;
    this.#chunks = [];
    this.#parts = [];
    this.#buffered = 0;
  }

  #unshift(bytes: Buffer): void {
    this.#chunks.unshift(bytes);
    this.#buffered += bytes.length;
    this.#remaining = -1;
  }

  #shift(count: number): Buffer {
    const first = this.#chunks[0] as Buffer;
    this.#buffered -= count;
    if (first.length === count) {
      this.#chunks.shift();
      return first;
    }
    this.#chunks[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  #take(count: number): Buffer {
    const first = this.#chunks[0] as Buffer;
    if (first.length >= count) return this.#shift(count);
    const parts: Buffer[] = [];
    let left = count;
    while (left > 0) {
      const part = this.#shift(Math.min(left, (this.#chunks[0] as Buffer).length));
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts, count);
  }

  /** The next message, or why there is none yet. */
  next(): ReadResult {
    return this.#whole() ?? this.#pieced();
  }

  /** A message that lies whole in the first bytes received, as nearly all do: nothing is copied, booked or kept. */
  #whole(): Message | undefined {
    if (this.#remaining >= 0 || this.#total > 0 || this.#continued) return undefined;
    const first = this.#chunks[0];
    if (!first || first.length < HEADER_BYTES) return undefined;
    const bytes = first.readUIntLE(0, 3);
    const end = HEADER_BYTES + bytes;
    const sequence = first[3] as number;
    if (
      first.length < end ||
      (this.ordered && sequence !== this.expected) ||
      bytes > WHOLE_BYTES ||
      bytes > this.maxBytes
    )
      return undefined;
    if (first.length === end) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(end);
    this.#buffered -= end;
    this.expected = (sequence + 1) & 0xff;
    return { kind: 'message', sequence, payload: first.subarray(HEADER_BYTES, end), bytes, truncated: false };
  }

  #pieced(): ReadResult {
    for (;;) {
      if (this.#remaining < 0) {
        if (this.#buffered < HEADER_BYTES) return { kind: 'more' };
        const header = this.#take(HEADER_BYTES);
        const size = header.readUIntLE(0, 3);
        const sequence = header[3] as number;
        if (this.ordered && sequence !== this.expected) {
          this.#unshift(header);
          return { kind: 'out-of-order', got: sequence, expected: this.expected };
        }
        this.expected = (sequence + 1) & 0xff;
        this.#sequence = sequence;
        this.#remaining = size;
        this.#continued = size === PACKET_PAYLOAD_BYTES;
        if (this.#total + size > this.maxBytes) {
          this.#unshift(header);
          return { kind: 'too-large', bytes: this.#total + size, sequence };
        }
        this.#header = header;
      }
      while (this.#remaining > 0 && this.#buffered > 0) {
        const part = this.#shift(Math.min(this.#remaining, (this.#chunks[0] as Buffer).length));
        this.#remaining -= part.length;
        this.#keep(part);
      }
      if (this.#remaining > 0) return { kind: 'more' };
      this.#remaining = -1;
      if (!this.#continued) return this.#finish();
    }
  }

  #keep(part: Buffer): void {
    this.#total += part.length;
    if (!this.#hash) {
      const fits = this.#kept + part.length <= this.keptBytes && this.#budget.book(part.length);
      if (fits) {
        this.#booked += part.length;
        this.#parts.push(part);
        this.#kept += part.length;
        return;
      }
      this.#toHeadAndTail();
    }
    this.#hash?.update(part);
    const missing = MESSAGE_HEAD_BYTES - this.#kept;
    if (missing > 0) {
      this.#parts.push(Buffer.from(part.subarray(0, missing)));
      this.#kept += Math.min(missing, part.length);
    }
    const beyond = missing > 0 ? part.subarray(missing) : part;
    this.#tail =
      beyond.length >= MESSAGE_TAIL_BYTES
        ? Buffer.from(beyond.subarray(beyond.length - MESSAGE_TAIL_BYTES))
        : Buffer.concat([this.#tail, beyond]).subarray(-MESSAGE_TAIL_BYTES);
  }

  #toHeadAndTail(): void {
    const whole = Buffer.concat(this.#parts);
    this.#hash = createHash('sha256').update(whole);
    this.#budget.release(this.#booked);
    this.#booked = 0;
    this.#parts = [Buffer.from(whole.subarray(0, MESSAGE_HEAD_BYTES))];
    this.#kept = Math.min(whole.length, MESSAGE_HEAD_BYTES);
    this.#tail = Buffer.from(whole.subarray(MESSAGE_HEAD_BYTES).subarray(-MESSAGE_TAIL_BYTES));
  }

  #finish(): Message {
    const truncated = this.#hash !== undefined;
    const parts = truncated ? [...this.#parts, this.#tail] : this.#parts;
    const message: Message = {
      kind: 'message',
      sequence: this.#sequence,
      payload: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
      bytes: this.#total,
      truncated,
      sha256: this.#hash?.digest('hex'),
    };
    this.#budget.release(this.#booked);
    this.#booked = 0;
    this.#parts = [];
    this.#kept = 0;
    this.#total = 0;
    this.#hash = undefined;
    this.#tail = Buffer.alloc(0);
    this.#continued = false;
    return message;
  }
}
