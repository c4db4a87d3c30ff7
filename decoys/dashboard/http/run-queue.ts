// Whose turn it is: only so many requests are served before the event loop goes round, those that come after wait in line. Each time
// round the kernel hands over one new connection: 900 busy clients served all at once let in 33 newcomers a second, however many knock.

/** Requests served each time the event loop goes round: a millisecond's work. */
const REQUESTS_A_ROUND = 32;

export interface Waiter {
  /** It is its turn. */
  advance(): void;
}

export interface RunQueue {
  /** Takes one request's share of this round; false where nothing is left of it. */
  takes(): boolean;
  /** Puts it at the end of the line. Bounded by its caller: each connection waits once. */
  wait(waiter: Waiter): void;
}

export function createRunQueue(share = REQUESTS_A_ROUND): RunQueue {
  let left = share;
  let line: Waiter[] = [];
  let scheduled = false;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(run);
  }

  function run(): void {
    scheduled = false;
    left = share;
    const waiting = line;
    line = [];
    let at = 0;
    while (at < waiting.length && left > 0) waiting[at++]!.advance();
    // Who was served and has more to be done stands behind those that were not.
    if (at < waiting.length) line = [...waiting.slice(at), ...line];
    if (line.length > 0) schedule();
  }

  return {
    takes() {
      if (left === 0) return false;
      left--;
      return true;
    },
    wait(waiter) {
      line.push(waiter);
      schedule();
    },
  };
}
