// Turns any split of bytes into whole messages: packets joined over 16 MB continuations, sequence ids checked, sizes capped.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
import { PACKET_PAYLOAD_BYTES } from '../limits.ts';
import { HeldMessage, type MessageBudget, type WholeMessage } from './held-message.ts';

const HEADER_BYTES = 4;
/** Longest message read as it lies in what a socket delivered, which is at most 64 KiB. */
const WHOLE_BYTES = 64 * 1024;

export interface Message extends WholeMessage {
  readonly kind: 'message';
  /** Sequence id of the last packet of the message. */
  readonly sequence: number;
}

export type ReadResult =
  | Message
  | { readonly kind: 'more' }
  | { readonly kind: 'out-of-order'; readonly got: number; readonly expected: number }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly sequence: number };

export class MessageReader {
  /** Sequence id the next packet must carry. */
  expected = 0;
  /** Whether packets must come in order; inside compressed frames the server looks at the frames' order alone. */
  ordered = true;
  /** Largest message; a longer one is `too-large`. */
  maxBytes: number;
  /** What has come of a message in parts. */
  readonly #held: HeldMessage;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Payload bytes still to come of the packet under way; -1 where a header is awaited. */
  #remaining = -1;
  #continued = false;
  #sequence = 0;
  /** Payload bytes the header of the packet under way told. */
  #size = 0;

  constructor(budget: MessageBudget, maxBytes: number) {
    this.#held = new HeldMessage(budget);
    this.maxBytes = maxBytes;
  }

  /** Bytes of a message kept whole. */
  set keptBytes(bytes: number) {
    this.#held.keptBytes = bytes;
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
    const begun = this.#remaining >= 0 ? [this.#header(), ...this.#held.parts()] : [];
    return Buffer.concat([...begun, ...this.#chunks]);
  }

  /** As it came: a part of what a socket delivered would keep all of it. */
  #header(): Buffer {
    const header = Buffer.alloc(HEADER_BYTES, this.#sequence);
    header.writeUIntLE(this.#size, 0, 3);
    return header;
  }

  /** Frees what is booked; the reader is not used afterwards. */
  release(): void {
    this.#held.release();
    this.#chunks = [];
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
    if (this.#remaining >= 0 || this.#held.bytes > 0 || this.#continued) return undefined;
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
    return {
      kind: 'message',
      sequence,
      payload: first.subarray(HEADER_BYTES, end),
      bytes,
      truncated: false,
      sha256: undefined,
    };
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
        if (this.#held.bytes + size > this.maxBytes) {
          this.#unshift(header);
          return { kind: 'too-large', bytes: this.#held.bytes + size, sequence };
        }
        this.#size = size;
      }
      while (this.#remaining > 0 && this.#buffered > 0) {
        const part = this.#shift(Math.min(this.#remaining, (this.#chunks[0] as Buffer).length));
        this.#remaining -= part.length;
        this.#held.add(part, this.#remaining);
      }
      if (this.#remaining > 0) return { kind: 'more' };
      this.#remaining = -1;
      if (!this.#continued) return this.#finish();
    }
  }

  #finish(): Message {
    this.#continued = false;
    return { kind: 'message', sequence: this.#sequence, ...this.#held.end() };
  }
}
