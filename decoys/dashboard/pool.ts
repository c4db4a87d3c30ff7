// Memory for bytes that must wait: rented, grown in place and given back, so that a flood of half requests leaves no garbage behind.
// Sizes are whole pages; free pieces are kept by size up to a bound, the rest goes to the collector.

const PAGE_BYTES = 2 * 1024;
const FREE_BYTES = 2 * 1024 * 1024;

const free = new Map<number, Buffer[]>();
let freeBytes = 0;

/** A buffer of at least `bytes`; its content is whatever it was. */
export function rent(bytes: number): Buffer {
  const size = Math.max(1, Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES;
  const found = free.get(size)?.pop();
  if (!found) return Buffer.allocUnsafeSlow(size);
  freeBytes -= size;
  return found;
}

/** Takes a rented buffer back; nobody may look at it afterwards. */
export function giveBack(buffer: Buffer): void {
  if (freeBytes + buffer.length > FREE_BYTES) return;
  freeBytes += buffer.length;
  const list = free.get(buffer.length);
  if (list) list.push(buffer);
  else free.set(buffer.length, [buffer]);
}

/** Bytes that wait: a view, and the rented buffer it is of. */
export class Waiting {
  #store: Buffer | undefined;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** What waits, followed by `more`. Where nothing waits that is `more` itself, which is then only lent. */
  with(more: Buffer): Buffer {
    const store = this.#store;
    if (!store) return more;
    const total = this.#bytes + more.length;
    if (total <= store.length) {
      more.copy(store, this.#bytes);
      return store.subarray(0, total);
    }
    const larger = rent(total);
    store.copy(larger, 0, 0, this.#bytes);
    more.copy(larger, this.#bytes);
    giveBack(store);
    this.#store = larger;
    return larger.subarray(0, total);
  }

  /** Keeps `rest`, the end of what `with` gave last; nothing where it is empty. */
  keep(rest: Buffer): Buffer {
    this.#bytes = rest.length;
    if (rest.length === 0) {
      if (this.#store) giveBack(this.#store);
      this.#store = undefined;
      return rest;
    }
    if (this.#store && rest.buffer === this.#store.buffer) {
      if (rest.byteOffset !== this.#store.byteOffset) this.#store.set(rest);
    } else {
      if (this.#store) giveBack(this.#store);
      this.#store = rent(rest.length);
      this.#store.set(rest);
    }
    return this.#store.subarray(0, rest.length);
  }
}
