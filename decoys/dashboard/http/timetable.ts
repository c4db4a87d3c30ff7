// When connections are to be looked at although nothing comes: one timer for all. A timer each, as it is set and cleared, would be
// a twentieth of what a short connection costs.
import { ticksMs } from '../../touch/ticks.ts';

export interface Timed {
  /** ms on the monotonic clock; Infinity where there is nothing to wait for. */
  lookAt(): number;
  /** Called once that time has come; afterwards `lookAt` is later, or the connection is over. */
  look(now: number): void;
}

export interface Timetable {
  /** One of them may have to be looked at by `at` already. Later times need no word. */
  sooner(at: number): void;
  stop(): void;
}

/** Looks at all no more often than this, whatever is due. */
const LEAST_MS = 10;
/** setTimeout takes no more than 31 bits. */
const MOST_MS = 60_000;

export function createTimetable(all: Iterable<Timed>): Timetable {
  let firesAt = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function arm(at: number): void {
    firesAt = at;
    clearTimeout(timer);
    timer = setTimeout(run, Math.min(Math.max(at - ticksMs(), LEAST_MS), MOST_MS));
  }

  function run(): void {
    const now = ticksMs();
    firesAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const timed of all) {
      if (timed.lookAt() <= now) timed.look(now);
      next = Math.min(next, timed.lookAt());
    }
    if (next < firesAt) arm(next);
  }

  return {
    sooner(at) {
      if (at < firesAt) arm(at);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
