// When a connection times out: moved with every request, while the timer behind it is only touched where it would fire too late.

export interface Deadline {
  /** Expires this many ms from now. */
  in(ms: number): void;
  /** Does not expire until it is set again. */
  never(): void;
  stop(): void;
}

/** A timer runs at most this long before it looks at the deadline again. */
const LOOK_MS = 60_000;

/** `look` is called first after `firstLookMs`, and whenever the timer fires; `expire` when the deadline has passed. */
export function createDeadline(ms: number, firstLookMs: number, look: () => void, expire: () => void): Deadline {
  let at = performance.now() + ms;
  let firesAt = performance.now() + firstLookMs;
  let timer = setTimeout(fire, firstLookMs);

  function fire(): void {
    look();
    const left = at - performance.now();
    if (left <= 0) expire();
    else arm(Math.min(left + 1, LOOK_MS));
  }

  function arm(delayMs: number): void {
    clearTimeout(timer);
    firesAt = performance.now() + delayMs;
    timer = setTimeout(fire, delayMs);
  }

  return {
    in(delayMs) {
      at = performance.now() + delayMs;
      if (at < firesAt) arm(delayMs);
    },
    never() {
      at = Number.POSITIVE_INFINITY;
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
