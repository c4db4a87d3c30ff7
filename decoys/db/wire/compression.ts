// The compressed protocol under the packets: frames of (length, sequence, length before compression), zlib or zstd.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_compression.html
import { PACKET_PAYLOAD_BYTES } from '../limits.ts';
import { zlib } from '../on-demand.ts';

const HEADER_BYTES = 7;
/** Payloads shorter than this travel as they are (MIN_COMPRESS_LENGTH). */
const MIN_COMPRESS_BYTES = 50;
/** Compressed bytes of one frame that is still incomplete. */
const FRAME_BYTES = PACKET_PAYLOAD_BYTES;

export type CompressionAlgorithm = 'zlib' | 'zstd';

const COMPRESS = { zlib: 'deflateSync', zstd: 'zstdCompressSync' } as const;
const DECOMPRESS = { zlib: 'inflateSync', zstd: 'zstdDecompressSync' } as const;

export class CompressedStream {
  #sequence = 0;
  #pending: Buffer = Buffer.alloc(0);
  readonly #algorithm: CompressionAlgorithm;

  constructor(algorithm: CompressionAlgorithm) {
    this.#algorithm = algorithm;
  }

  get pending(): number {
    return this.#pending.length;
  }

  /** Plain bytes of every whole frame in what came so far; undefined where a frame makes no sense. */
  decode(chunk: Buffer): Buffer | undefined {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const plain: Buffer[] = [];
    while (this.#pending.length >= HEADER_BYTES) {
      const size = this.#pending.readUIntLE(0, 3);
      const before = this.#pending.readUIntLE(4, 3);
      if (size > FRAME_BYTES) return undefined;
      if (this.#pending.length < HEADER_BYTES + size) break;
      const body = this.#pending.subarray(HEADER_BYTES, HEADER_BYTES + size);
      this.#sequence = ((this.#pending[3] as number) + 1) & 0xff;
      this.#pending = this.#pending.subarray(HEADER_BYTES + size);
      if (before === 0) {
        plain.push(body);
        continue;
      }
      try {
        const out = zlib()[DECOMPRESS[this.#algorithm]](body, { maxOutputLength: before });
        if (out.length !== before) return undefined;
        plain.push(out);
      } catch {
        // Not what its header says: the caller treats the frame as malformed.
        return undefined;
      }
    }
    return plain.length === 1 ? (plain[0] as Buffer) : Buffer.concat(plain);
  }

  encode(bytes: Buffer): Buffer {
    const frames: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += PACKET_PAYLOAD_BYTES) {
      const part = bytes.subarray(at, at + PACKET_PAYLOAD_BYTES);
      const packed = part.length >= MIN_COMPRESS_BYTES ? zlib()[COMPRESS[this.#algorithm]](part) : part;
      const smaller = packed.length < part.length;
      const body = smaller ? packed : part;
      const header = Buffer.allocUnsafe(HEADER_BYTES);
      header.writeUIntLE(body.length, 0, 3);
      header[3] = this.#sequence;
      header.writeUIntLE(smaller ? part.length : 0, 4, 3);
      this.#sequence = (this.#sequence + 1) & 0xff;
      frames.push(header, body);
    }
    return Buffer.concat(frames);
  }
}
