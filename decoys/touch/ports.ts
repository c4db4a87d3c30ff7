// A set of ports in bounded memory: a short list, then one bit a port (8 KiB). Every port is kept exactly.

const LIST_LIMIT = 32;
const BITMAP_BYTES = 8_192;

export class PortSet {
  #list: number[] | undefined = [];
  #bits: Uint8Array | undefined;
  #size = 0;
  /** Its ranges, once it is settled. */
  #text: string | undefined;

  get size(): number {
    return this.#size;
  }

  /** Adds a port from 0 to 65,535; true where it is new. */
  add(port: number): boolean {
    if (this.#list) {
      if (this.#list.includes(port)) return false;
      this.#list.push(port);
      this.#size++;
      if (this.#size > LIST_LIMIT) this.#widen();
      return true;
    }
    const bits = this.#bits;
    if (!bits) return false;
    const byte = bits[port >> 3] ?? 0;
    const bit = 1 << (port & 7);
    if (byte & bit) return false;
    bits[port >> 3] = byte | bit;
    this.#size++;
    return true;
  }

  addAll(other: PortSet): void {
    for (const port of other.values()) this.add(port);
  }

  has(port: number): boolean {
    if (this.#list) return this.#list.includes(port);
    return ((this.#bits?.[port >> 3] ?? 0) & (1 << (port & 7))) !== 0;
  }

  /** Ports in ascending order. */
  *values(): Generator<number> {
    if (this.#list) {
      yield* this.#list.toSorted((a, b) => a - b);
      return;
    }
    for (let port = 0; port < BITMAP_BYTES * 8; port++) if (this.has(port)) yield port;
  }

  /** Gives its memory back: from now on it keeps its size and its ranges as text, and takes no more ports. */
  settle(): void {
    this.#text ??= this.toRanges();
    this.#bits = undefined;
    this.#list = undefined;
  }

  /** `22,80-90,443`; where that is longer than `chars` it ends at the last whole range that fits. */
  toRanges(chars = 1_024): string {
    if (this.#text !== undefined) return this.#text;
    // Joined in the end: a text grown piece by piece keeps all its pieces in memory.
    const ranges: string[] = [];
    let length = 0;
    let first = -2;
    let last = -2;
    const write = (): boolean => {
      if (first < 0) return true;
      const range = first === last ? `${first}` : `${first}-${last}`;
      if (length + range.length + 1 > chars) return false;
      length += range.length + (ranges.length === 0 ? 0 : 1);
      ranges.push(range);
      return true;
    };
    for (const port of this.values()) {
      if (port === last + 1) {
        last = port;
        continue;
      }
      if (!write()) return ranges.join(',');
      first = port;
      last = port;
    }
    write();
    return ranges.join(',');
  }

  #widen(): void {
    const bits = new Uint8Array(BITMAP_BYTES);
    for (const port of this.#list ?? []) bits[port >> 3] = (bits[port >> 3] ?? 0) | (1 << (port & 7));
    this.#bits = bits;
    this.#list = undefined;
  }
}
