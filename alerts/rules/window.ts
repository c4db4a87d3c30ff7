// A sliding window over one rule's matches for one combination of aggregateBy: sums in buckets, so its size does not grow with traffic.

const BUCKETS = 120;
const BUCKET_MS = 1_000;

interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface Totals extends Readonly<Bucket> {
  readonly avg: number;
}

export class Window {
  readonly #widthMs: number;
  #buckets = new Map<number, Bucket>();
  readonly #lookbackMs: number;

  constructor(lookbackMs: number) {
    this.#lookbackMs = lookbackMs;
    this.#widthMs = Math.max(BUCKET_MS, lookbackMs / BUCKETS);
  }

  /** Adds `count` rows, each with `value` in the rule's field. */
  add(nowMs: number, count: number, value: number): void {
    const at = Math.floor(nowMs / this.#widthMs);
    let bucket = this.#buckets.get(at);
    if (!bucket) {
      bucket = { count: 0, sum: 0, min: Infinity, max: -Infinity };
      this.#buckets.set(at, bucket);
      this.#drop(nowMs);
    }
    bucket.count += count;
    bucket.sum += value * count;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
  }

  totals(nowMs: number): Totals {
    this.#drop(nowMs);
    const all = { count: 0, sum: 0, min: Infinity, max: -Infinity };
    for (const bucket of this.#buckets.values()) {
      all.count += bucket.count;
      all.sum += bucket.sum;
      all.min = Math.min(all.min, bucket.min);
      all.max = Math.max(all.max, bucket.max);
    }
    return { ...all, avg: all.count ? all.sum / all.count : 0 };
  }

  /** The clock was set: what is held keeps its age. */
  shift(ms: number): void {
    const by = Math.round(ms / this.#widthMs);
    this.#buckets = new Map([...this.#buckets].map(([at, bucket]) => [at + by, bucket]));
  }

  #drop(nowMs: number): void {
    const oldest = Math.floor((nowMs - this.#lookbackMs) / this.#widthMs);
    for (const at of this.#buckets.keys()) if (at <= oldest) this.#buckets.delete(at);
  }
}
