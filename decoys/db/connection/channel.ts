// The bytes of one client, both ways: packets as they are, or in compressed frames once both agreed on it; messages come out, replies go in.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
import type { Socket } from 'node:net';
import { LOGIN_KEPT_BYTES, LOGIN_PACKET_BYTES, MESSAGE_KEPT_BYTES, REPLY_PART_BYTES } from '../limits.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { CompressedStream, type CompressionAlgorithm } from '../wire/compression.ts';
import type { MessageBudget } from '../wire/held-message.ts';
import { type Message, MessageReader } from '../wire/message-reader.ts';
import { ReplyWriter } from '../wire/replies.ts';
import type { Outbox } from './outbox.ts';

const MAX_PACKET_BYTES = 67_108_864;

export type Received =
  | Message
  | { readonly kind: 'more' }
  /** Bytes that make no sense and are passed over, as the server passes over them. */
  | { readonly kind: 'garbage'; readonly bytes: Buffer; readonly reason: string }
  /** Bytes that end the connection, with the error the client is told. */
  | { readonly kind: 'refused'; readonly bytes: Buffer; readonly reason: string; readonly error: SqlError };

export interface ChannelDeps {
  readonly budget: MessageBudget;
  readonly outbox: Outbox;
  /** Counts bytes in the server's status. */
  readonly count: (name: 'Bytes_sent' | 'Bytes_received', bytes: number) => void;
}

/** A reader that keeps little: nobody has logged in yet. */
function loginReader(budget: MessageBudget): MessageReader {
  const reader = new MessageReader(budget, LOGIN_PACKET_BYTES);
  reader.keptBytes = LOGIN_KEPT_BYTES;
  return reader;
}

export class Channel {
  readonly reply = new ReplyWriter();
  /** Where bytes go: the TCP socket, or TLS over it. */
  socket: Socket;
  closed = false;
  /** In a login a client counts on from our last packet; a command begins anew. */
  countsOn = true;
  readonly #deps: ChannelDeps;
  #reader: MessageReader;
  #compressed: CompressedStream | undefined;

  constructor(socket: Socket, deps: ChannelDeps) {
    this.socket = socket;
    this.#deps = deps;
    this.#reader = loginReader(deps.budget);
  }

  push(chunk: Buffer): void {
    this.#deps.count('Bytes_received', chunk.length);
    if (this.#compressed) this.#compressed.push(chunk);
    else this.#reader.push(chunk);
  }

  /** Bytes received and not yet read. */
  get pending(): number {
    return this.#reader.buffered + (this.#compressed?.pending ?? 0);
  }

  /** The next message, or why there is none. The reply to it carries on from its sequence id. */
  next(): Received {
    const compressed = this.#compressed;
    for (;;) {
      const read = this.#reader.next();
      if (read.kind === 'message') {
        this.reply.sequence = compressed?.sequence ?? (read.sequence + 1) & 0xff;
        return read;
      }
      if (read.kind !== 'more') {
        this.reply.sequence = read.kind === 'out-of-order' ? read.expected : (read.sequence + 1) & 0xff;
        return refused(this.#reader.drain(), read.kind);
      }
      const other = compressed ? this.#frame(compressed) : read;
      if (other) return other;
    }
  }

  /** Hands the next compressed frame to the reader; gives what it is where that is not one to read. */
  #frame(compressed: CompressedStream): Received | undefined {
    const frame = compressed.next();
    switch (frame.kind) {
      case 'more':
        return frame;
      case 'plain':
        this.#reader.push(frame.bytes);
        return undefined;
      case 'broken':
        compressed.sequence = 0;
        return { kind: 'garbage', bytes: frame.bytes, reason: 'a compressed frame that is none' };
      default:
        this.reply.sequence = compressed.sequence;
        return refused(frame.bytes, frame.kind);
    }
  }

  /** Sends what the reply writer holds. */
  write(): void {
    if (this.reply.out.length === 0) return;
    const bytes = this.reply.out.take();
    if (this.countsOn) this.#reader.expected = this.reply.sequence;
    this.send(bytes);
  }

  send(bytes: Buffer): void {
    if (this.closed) return;
    this.#deps.count('Bytes_sent', bytes.length);
    if (!this.#compressed) {
      this.#deps.outbox.send(this.socket, bytes);
    } else {
      this.#deps.outbox.send(this.socket, this.#compressed.encode(bytes));
      this.reply.sequence = this.#compressed.sequence;
    }
  }

  /** Closes at once; a reply that waits for others still goes out. */
  hangUp(): void {
    this.socket.uncork();
    this.socket.destroy();
  }

  /** Sends a part of a long reply; in compressed frames a reply is cut where all of it is known. */
  writePart(): void {
    if (!this.#compressed && this.reply.out.length >= REPLY_PART_BYTES) this.write();
  }

  /** Sequence id a client is told of what is no answer to a message. */
  get expected(): number {
    return this.#reader.expected;
  }

  /** A command was answered, or a login let in: the next message begins at 0. */
  beginAnew(): void {
    this.#reader.expected = 0;
    if (this.#compressed) this.#compressed.sequence = 0;
  }

  /** A command has been read: what comes before its reply is told in its own order. */
  expectCommand(): void {
    this.#reader.expected = 0;
  }

  /** From here on packets of commands are read: longer ones, kept whole to a longer limit. */
  readCommands(): void {
    this.#reader.maxBytes = MAX_PACKET_BYTES;
    this.#reader.keptBytes = MESSAGE_KEPT_BYTES;
  }

  compress(algorithm: CompressionAlgorithm): void {
    this.#compressed = new CompressedStream(algorithm, this.#deps.budget);
    this.#reader.ordered = false;
    const rest = this.#reader.drain();
    if (rest.length > 0) this.#compressed.push(rest);
  }

  /** Gives what was received and not read to a layer below, and reads what that layer says from now on. */
  handOver(): Buffer {
    const rest = this.#reader.drain();
    const { expected } = this.#reader;
    this.#reader.release();
    this.#reader = loginReader(this.#deps.budget);
    this.#reader.expected = expected;
    return rest;
  }

  /** Bytes of a message that never became whole. */
  unfinished(): Buffer | undefined {
    if (!this.#reader.inside) return undefined;
    const rest = this.#reader.unfinished();
    return rest.length === 0 ? undefined : rest;
  }

  /** Frees what is booked; nothing is read afterwards. */
  release(): void {
    this.#reader.release();
    this.#compressed?.release();
  }
}

function refused(bytes: Buffer, kind: 'out-of-order' | 'too-large'): Received {
  return kind === 'out-of-order'
    ? { kind: 'refused', bytes, reason: 'packets out of order', error: sqlError('ER_NET_PACKETS_OUT_OF_ORDER') }
    : { kind: 'refused', bytes, reason: 'a packet over the limit', error: sqlError('ER_NET_PACKET_TOO_LARGE') };
}
