// The first four different numbers of a kind, such as the ports of a source: as many as tell a scan, in a few bytes and in no list.

const ROOM = 4;

export class FirstFour {
  #first = -1;
  #second = -1;
  #third = -1;
  #size = 0;

  /** How many different ones there were, up to four. */
  get size(): number {
    return this.#size;
  }

  /** Adds a number that is not negative. */
  add(value: number): void {
    if (this.#size >= ROOM || value === this.#first || value === this.#second || value === this.#third) return;
    if (this.#size === 0) this.#first = value;
    else if (this.#size === 1) this.#second = value;
    else if (this.#size === 2) this.#third = value;
    this.#size++;
  }

  clear(): void {
    this.#first = -1;
    this.#second = -1;
    this.#third = -1;
    this.#size = 0;
  }
}
