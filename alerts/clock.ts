// The wall clock beside one that never jumps: where a machine's time is set, or it slept, the difference shows and what waits is moved.

/** Less is a clock being slewed, or a turn of the loop that took long. */
const JUMP_MS = 5_000;

export interface ClockOptions {
  /** Wall clock, ms since the epoch. */
  readonly now?: () => number;
  /** Clock that never jumps, ms. */
  readonly ticks?: () => number;
  /** Told before the first reading after a jump, with how far the wall clock went beyond what passed; negative for back. */
  readonly onJump: (ms: number) => void;
}

/** A wall clock for whoever also needs to know that it jumped. */
export function createClock({ now = Date.now, ticks = () => performance.now(), onJump }: ClockOptions): () => number {
  let ahead = now() - ticks();
  return () => {
    const nowMs = now();
    const drift = nowMs - ticks() - ahead;
    ahead += drift;
    if (Math.abs(drift) >= JUMP_MS) onJump(drift);
    return nowMs;
  };
}
