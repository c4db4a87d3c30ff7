// The compressed protocol under the packets: frames of (length, sequence, length before compression), zlib or zstd.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_compression.html; where frames end as recorded from 9.7.4.
import { countRead } from '../garbage.ts';
import { FRAME_BYTES, PACKET_PAYLOAD_BYTES } from '../limits.ts';
import { zlib } from '../on-demand.ts';
import { type MessageBudget, PIECE_BYTES } from './held-message.ts';

const HEADER_BYTES = 7;
const PACKET_HEADER_BYTES = 4;
/** Payloads shorter than this travel as they are (MIN_COMPRESS_LENGTH). */
const MIN_COMPRESS_BYTES = 50;
/** The least zlib may be given (Z_MIN_CHUNK). */
const LEAST_CHUNK_BYTES = 64;
/** What zlib fills at once: the last of it stays until all memory is collected. */
const UNPACKED_CHUNK_BYTES = 64 * 1024;
/** What the server gathers before it sends a frame (net_buffer_length). */
const GATHERED_BYTES = 16_384;

export type CompressionAlgorithm = 'zlib' | 'zstd';

const COMPRESS = { zlib: 'deflateSync', zstd: 'zstdCompressSync' } as const;
const DECOMPRESS = { zlib: 'inflateSync', zstd: 'zstdDecompressSync' } as const;

export type Frame =
  | { readonly kind: 'more' }
  | { readonly kind: 'plain'; readonly bytes: Buffer }
  /** A frame that is not what its header says; the server passes over it. */
  | { readonly kind: 'broken'; readonly bytes: Buffer }
  | { readonly kind: 'out-of-order'; readonly bytes: Buffer }
  /** A frame longer than is kept, or no room for it beside those of others. */
  | { readonly kind: 'too-large'; readonly bytes: Buffer };

export class CompressedStream {
  /** Number of the next frame, in either direction; a packet of a reply begins with the same. */
  sequence = 0;
  readonly #algorithm: CompressionAlgorithm;
  readonly #budget: MessageBudget;
  #chunks: Buffer[] = [];
  #pending = 0;
  #booked = 0;
  #overflown = false;

  constructor(algorithm: CompressionAlgorithm, budget: MessageBudget) {
    this.#algorithm = algorithm;
    this.#budget = budget;
  }

  /** Bytes received and not yet read. */
  get pending(): number {
    return this.#pending;
  }

  push(chunk: Buffer): void {
    if (this.#overflown) return;
    const held = chunk.length + PIECE_BYTES;
    if (!this.#budget.book(held)) {
      this.#overflown = true;
      return;
    }
    this.#booked += held;
    this.#pending += chunk.length;
    this.#chunks.push(chunk);
  }

  /** Frees what is booked; the stream reads nothing afterwards. */
  release(): void {
    this.#budget.release(this.#booked);
    this.#booked = 0;
    this.#pending = 0;
    this.#chunks = [];
  }

  #joined(): Buffer {
    const joined = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #take(count: number): Buffer {
    const joined = this.#joined();
    this.#chunks = joined.length > count ? [joined.subarray(count)] : [];
    this.#pending -= count;
    const held = this.#pending + this.#chunks.length * PIECE_BYTES;
    this.#budget.release(this.#booked - held);
    this.#booked = held;
    return joined.subarray(0, count);
  }

  /** The first bytes received: all of them, or as many as a header has. */
  #header(): Buffer {
    const [first] = this.#chunks;
    return first && first.length >= HEADER_BYTES ? first : this.#joined();
  }

  /** The next whole frame. */
  next(): Frame {
    if (this.#pending < HEADER_BYTES && !this.#overflown) return { kind: 'more' };
    const header = this.#header();
    if (this.#overflown) return { kind: 'too-large', bytes: header };
    if (header[3] !== this.sequence) return { kind: 'out-of-order', bytes: header };
    const size = header.readUIntLE(0, 3);
    const before = header.readUIntLE(4, 3);
    if (size > FRAME_BYTES) return { kind: 'too-large', bytes: header };
    if (this.#pending < HEADER_BYTES + size) return { kind: 'more' };
    const body = this.#take(HEADER_BYTES + size).subarray(HEADER_BYTES);
    this.sequence = (this.sequence + 1) & 0xff;
    if (before === 0) return { kind: 'plain', bytes: body };
    const bytes = this.#decompressed(body, before);
    if (bytes === 'too-large') return { kind: 'too-large', bytes: header };
    return bytes ? { kind: 'plain', bytes } : { kind: 'broken', bytes: body };
  }

  /** What a frame held; undefined where it is not what its header says, `too-large` where it is more than is read of one. */
  #decompressed(body: Buffer, before: number): Buffer | 'too-large' | undefined {
    try {
      const out = zlib()[DECOMPRESS[this.#algorithm]](body, {
        maxOutputLength: Math.min(before, FRAME_BYTES),
        chunkSize: Math.max(LEAST_CHUNK_BYTES, Math.min(before, UNPACKED_CHUNK_BYTES)),
      });
      countRead(out.length);
      // Fewer bytes than its header says are what there is of it.
      return out.length > 0 ? out : undefined;
    } catch (error) {
      if (before > FRAME_BYTES && (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return 'too-large';
      // Not what its header says.
      return undefined;
    }
  }

  /** Whole packets as frames. */
  encode(packets: Buffer): Buffer {
    const frames: Buffer[] = [];
    for (const part of gathered(packets)) {
      const packed = part.length >= MIN_COMPRESS_BYTES ? zlib()[COMPRESS[this.#algorithm]](part) : part;
      const smaller = packed.length < part.length;
      const body = smaller ? packed : part;
      const header = Buffer.allocUnsafe(HEADER_BYTES);
      header.writeUIntLE(body.length, 0, 3);
      header[3] = this.sequence;
      header.writeUIntLE(smaller ? part.length : 0, 4, 3);
      this.sequence = (this.sequence + 1) & 0xff;
      frames.push(header, body);
    }
    return Buffer.concat(frames);
  }
}

/** Packets cut where the server's buffer is full: what does not fit fills it, and what is longer than it goes alone. */
function gathered(packets: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  let end = 0;
  const cut = (to: number) => {
    if (to > start) parts.push(packets.subarray(start, to));
    start = to;
  };
  const add = (size: number) => {
    let left = size;
    const room = GATHERED_BYTES - (end - start);
    if (left > room) {
      if (end > start) {
        end += room;
        left -= room;
        cut(end);
      }
      for (; left > PACKET_PAYLOAD_BYTES; left -= PACKET_PAYLOAD_BYTES) {
        end += PACKET_PAYLOAD_BYTES;
        cut(end);
      }
      end += left;
      if (left > GATHERED_BYTES) cut(end);
    } else end += left;
  };
  while (end < packets.length) {
    const size = packets.readUIntLE(end, 3);
    add(PACKET_HEADER_BYTES);
    add(size);
  }
  cut(end);
  return parts;
}
