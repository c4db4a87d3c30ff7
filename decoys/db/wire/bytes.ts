// Reading and writing the protocol's basic data types, bounded: a reader never runs past its end, it says so.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_data_types.html

/** Thrown by ByteReader past its end; whoever parses a packet catches it and calls the packet malformed. */
export class ShortPacket extends Error {
  override readonly name = 'ShortPacket';
}

export class ByteReader {
  at = 0;
  readonly bytes: Buffer;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  #take(count: number): number {
    if (count > this.bytes.length - this.at) throw new ShortPacket('packet ends early');
    const at = this.at;
    this.at += count;
    return at;
  }

  /** Little-endian unsigned integer of 1 to 6 bytes. */
  uint(size: number): number {
    return this.bytes.readUIntLE(this.#take(size), size);
  }

  int(size: number): number {
    return this.bytes.readIntLE(this.#take(size), size);
  }

  bigint(): bigint {
    return this.bytes.readBigInt64LE(this.#take(8));
  }

  biguint(): bigint {
    return this.bytes.readBigUInt64LE(this.#take(8));
  }

  float(): number {
    return this.bytes.readFloatLE(this.#take(4));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.#take(8));
  }

  raw(count: number): Buffer {
    const at = this.#take(count);
    return this.bytes.subarray(at, at + count);
  }

  rest(): Buffer {
    return this.raw(this.left);
  }

  /** Length-encoded integer; null is the NULL marker 0xfb. A length no packet can hold reads as a short packet. */
  lenenc(): number | null {
    const first = this.uint(1);
    if (first < 0xfb) return first;
    if (first === 0xfb) return null;
    if (first === 0xfc) return this.uint(2);
    if (first === 0xfd) return this.uint(3);
    if (first === 0xff) throw new ShortPacket('0xff is no length');
    const value = this.biguint();
    if (value > 0xffff_ffffn) throw new ShortPacket('length over 4 GiB');
    return Number(value);
  }

  lenencBytes(): Buffer | null {
    const length = this.lenenc();
    return length === null ? null : this.raw(length);
  }

  /** Bytes up to a NUL, which is taken too; without one, a short packet. */
  untilNul(): Buffer {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new ShortPacket('no NUL');
    const found = this.bytes.subarray(this.at, end);
    this.at = end + 1;
    return found;
  }
}

const EMPTY = Buffer.alloc(0);

/** Characters up to which a text is written one by one. */
const SHORT_TEXT = 32;

/** Buffer's own writers check what cannot be here, which costs more than the writing. */
function putUint(bytes: Buffer, at: number, value: number, size: number): void {
  for (let place = 0; place < size; place++) bytes[at + place] = value >>> (8 * place);
}

/** Grows as it is written; `take` gives the bytes and starts anew. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(512);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Makes room and says where it begins; the bytes may move, so call it before naming them. */
  #room(count: number): number {
    const need = this.#length + count;
    if (need > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(need, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    const at = this.#length;
    this.#length = need;
    return at;
  }

  /** Little-endian, of 1 to 4 bytes; what is above them is left out. */
  uint(value: number, size: number): this {
    const at = this.#room(size);
    putUint(this.#bytes, at, value, size);
    return this;
  }

  biguint(value: bigint): this {
    const at = this.#room(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
    return this;
  }

  double(value: number): this {
    const at = this.#room(8);
    this.#bytes.writeDoubleLE(value, at);
    return this;
  }

  float(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeFloatLE(value, at);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  text(value: string): this {
    if (this.#short(value)) return this;
    const at = this.#room(Buffer.byteLength(value));
    this.#bytes.write(value, at);
    return this;
  }

  /** Writes a short text of ASCII, a byte a character, sooner than Buffer is asked to; false, and nothing written, for any other. */
  #short(value: string): boolean {
    const { length } = value;
    if (length > SHORT_TEXT) return false;
    const at = this.#room(length);
    for (let place = 0; place < length; place++) {
      const code = value.charCodeAt(place);
      if (code > 0x7f) {
        this.#length = at;
        return false;
      }
      this.#bytes[at + place] = code;
    }
    return true;
  }

  zeros(count: number): this {
    const at = this.#room(count);
    for (let place = at; place < at + count; place++) this.#bytes[place] = 0;
    return this;
  }

  lenenc(value: number | bigint): this {
    if (value < 0xfb) return this.uint(Number(value), 1);
    if (value < 0x1_0000) return this.uint(0xfc, 1).uint(Number(value), 2);
    if (value < 0x100_0000) return this.uint(0xfd, 1).uint(Number(value), 3);
    return this.uint(0xfe, 1).biguint(BigInt(value));
  }

  lenencBytes(bytes: Uint8Array): this {
    return this.lenenc(bytes.length).raw(bytes);
  }

  lenencText(value: string): this {
    if (value.length <= SHORT_TEXT) {
      const start = this.#length;
      if (this.uint(value.length, 1).#short(value)) return this;
      this.#length = start;
    }
    const size = Buffer.byteLength(value);
    this.lenenc(size);
    const at = this.#room(size);
    this.#bytes.write(value, at);
    return this;
  }

  /** Overwrites bytes already written. */
  patch(at: number, value: number, size: number): void {
    putUint(this.#bytes, at, value, size);
  }

  take(): Buffer {
    if (this.#length === 0) return EMPTY;
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > 65_536) this.#bytes = Buffer.allocUnsafe(512);
    return taken;
  }
}
