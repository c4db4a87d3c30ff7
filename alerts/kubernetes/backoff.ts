// Waiting longer after each failure in a row, with jitter so that many do not come back at the same moment.
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 250;
const LONGEST_MS = 10_000;

export interface Backoff {
  /** Waits; returns at once when `signal` aborts. */
  wait(signal: AbortSignal): Promise<void>;
  reset(): void;
}

export function createBackoff({ firstMs = FIRST_MS, longestMs = LONGEST_MS, random = Math.random } = {}): Backoff {
  let next = firstMs;
  return {
    async wait(signal) {
      const ms = next * (0.5 + random() / 2);
      next = Math.min(next * 2, longestMs);
      await delay(ms, undefined, { signal }).catch(() => {}); // Aborted: the caller's loop sees it.
    },
    reset() {
      next = firstMs;
    },
  };
}
