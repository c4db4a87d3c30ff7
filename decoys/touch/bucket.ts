// A token bucket: what rations lines and newcomers.

/** A token bucket on the caller's clock (ms). */
export class Bucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #tokens: number;
  #at: number | undefined;

  constructor(capacity: number, perSecond: number) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#tokens = capacity;
  }

  /** Whether more than `reserve` are left. */
  has(now: number, reserve = 0): boolean {
    const elapsed = Math.max(0, now - (this.#at ?? now));
    this.#at = now;
    this.#tokens = Math.min(this.#capacity, this.#tokens + (elapsed / 1_000) * this.#perSecond);
    return this.#tokens >= reserve + 1;
  }

  /** Takes one where more than `reserve` are left. */
  take(now: number, reserve = 0): boolean {
    if (!this.has(now, reserve)) return false;
    this.#tokens -= 1;
    return true;
  }
}
