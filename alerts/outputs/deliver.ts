// Gives the notices of the durable log to one output: at least once, in order per event, again after a growing pause
// where the receiver fails. What is given up is counted and said.
import { eventFrom } from '../events/stored.ts';
import type { State } from '../state/state.ts';
import type { Cursors } from './cursors.ts';
import { DeliveryError, type Notice, type Output } from './output.ts';

/** Notices read ahead, so that one the receiver chokes on does not hold back those of other events. */
const WINDOW = 256;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;
/** A notice is given up when it is this old. */
const KEPT_MS = 86_400_000;
/** Pauses vary by this share, so that many do not come back at once. */
const JITTER = 0.2;

export interface DeliveryCounts {
  delivered: number;
  /** Posts that failed and were tried again. */
  retried: number;
  /** Notices given up: refused for good, too old, or dropped from a full log. */
  lost: number;
}

export interface Delivery {
  readonly output: Output;
  readonly counts: Readonly<DeliveryCounts>;
  /** Looks for new notices. */
  wake(): void;
  /** Lets the output say what it says without a notice. */
  tick(nowMs: number): void;
  /** Resolves once nothing is left to give, or after `ms`. */
  drain(ms: number): Promise<void>;
  close(): void;
}

export interface DeliveryOptions {
  readonly output: Output;
  readonly state: State;
  readonly cursors: Cursors;
  readonly say: (message: string) => void;
  /** Wall clock, ms since the epoch: how old a notice is. */
  readonly now?: () => number;
  /** Clock that never jumps, ms: how long to pause. */
  readonly ticks?: () => number;
  readonly random?: () => number;
  readonly longestPauseMs?: number;
  readonly keptMs?: number;
}

interface Waiting {
  readonly notice: Notice;
  attempts: number;
  dueMs: number;
  flying: boolean;
  /** Was in a post that was refused for good: goes by itself from now on, so that the others get through. */
  alone: boolean;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const {
    output,
    state,
    cursors,
    say,
    now = Date.now,
    ticks = () => performance.now(),
    random = Math.random,
  } = options;
  const { longestPauseMs = LONGEST_PAUSE_MS, keptMs = KEPT_MS } = options;
  const aborting = new AbortController();
  const window = new Map<number, Waiting>();
  const counts: DeliveryCounts = { delivered: 0, retried: 0, lost: 0 };
  let cursor = state.cursor(output.name);
  let read = cursor;
  let flying = 0;
  let failures = 0;
  let pausedUntilMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let idle: (() => void) | undefined;

  function fill(): void {
    for (const { seq, kind, atMs, body } of state.noticesAfter(read, WINDOW - window.size)) {
      if (seq > read + 1) lose(seq - read - 1, 'the log of undelivered notices is full; the oldest are dropped');
      read = seq;
      const event = eventFrom(body);
      if (!event) lose(1, `notice ${seq} cannot be read`);
      else if (event.rule.severity >= output.minSeverity)
        window.set(seq, { notice: { seq, kind, atMs, event }, attempts: 0, dueMs: 0, flying: false, alone: false });
    }
  }

  function lose(notices: number, why: string): void {
    counts.lost += notices;
    say(`output ${output.name}: ${notices} notice${notices === 1 ? '' : 's'} lost: ${why}`);
  }

  function pump(): void {
    if (aborting.signal.aborted) return;
    clearTimeout(timer);
    if (window.size < WINDOW) fill();
    const nowMs = ticks();
    let nextMs = Infinity;
    if (nowMs < pausedUntilMs) nextMs = pausedUntilMs;
    else {
      // After a failure one post at a time asks whether the receiver is back.
      const lanes = failures > 0 ? 1 : output.lanes;
      while (flying < lanes) {
        const chosen = choose(nowMs);
        if (chosen.ready.length === 0) {
          nextMs = chosen.nextMs;
          break;
        }
        void send(chosen.ready);
      }
    }
    advance();
    if (nextMs !== Infinity) timer = setTimeout(pump, Math.max(1, nextMs - nowMs));
    if (window.size === 0) idle?.();
  }

  /** The first notices that may go now: none whose event has an earlier one still waiting or under way. */
  function choose(nowMs: number): { ready: Waiting[]; nextMs: number } {
    const held = new Set<string>();
    const ready: Waiting[] = [];
    let nextMs = Infinity;
    for (const waiting of window.values()) {
      const { id } = waiting.notice.event;
      if (waiting.flying || held.has(id)) held.add(id);
      else if (waiting.dueMs > nowMs) {
        held.add(id);
        nextMs = Math.min(nextMs, waiting.dueMs);
      } else if (waiting.alone && ready.length > 0) break;
      else if (ready.push(waiting) >= output.batch || waiting.alone) break;
      // A second notice of the same event may go in the same post: a post keeps its order.
    }
    return { ready, nextMs };
  }

  async function send(ready: readonly Waiting[]): Promise<void> {
    for (const waiting of ready) waiting.flying = true;
    flying++;
    try {
      await output.post(
        ready.map(({ notice }) => notice),
        aborting.signal,
      );
      if (failures > 0) say(`output ${output.name}: delivers again`);
      failures = 0;
      counts.delivered += ready.length;
      for (const { notice } of ready) window.delete(notice.seq);
    } catch (error) {
      if (!aborting.signal.aborted) failed(ready, error);
    } finally {
      flying--;
      for (const waiting of ready) waiting.flying = false;
    }
    pump();
  }

  function failed(ready: readonly Waiting[], error: unknown): void {
    const problem = error instanceof DeliveryError ? error : new DeliveryError(String(error), { retry: true });
    const nowMs = now();
    if (!problem.retry && ready.length > 1) {
      for (const waiting of ready) waiting.alone = true;
      return;
    }
    if (!problem.retry) {
      for (const { notice } of ready) window.delete(notice.seq);
      lose(ready.length, `the receiver refuses it: ${problem.message}`);
      return;
    }
    if (failures === 0) say(`output ${output.name}: ${problem.message}; tried again until it is taken`);
    failures++;
    counts.retried++;
    for (const waiting of ready) {
      waiting.attempts++;
      waiting.dueMs = ticks() + pause(waiting.attempts);
      if (nowMs - waiting.notice.atMs < keptMs) continue;
      window.delete(waiting.notice.seq);
      lose(1, `not taken for ${Math.round(keptMs / 3_600_000)} h, last: ${problem.message}`);
    }
    pausedUntilMs = ticks() + Math.max(pause(failures), problem.afterMs ?? 0);
  }

  function pause(attempts: number): number {
    const ms = Math.min(longestPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20));
    return ms * (1 - JITTER + 2 * JITTER * random());
  }

  /** Everything before the first notice still here has been dealt with. */
  function advance(): void {
    const first = window.keys().next().value;
    const done = first === undefined ? read : first - 1;
    if (done <= cursor) return;
    cursor = done;
    cursors.move(output.name, done);
  }

  return {
    output,
    counts,
    wake: pump,
    tick: (nowMs) => output.tick?.(nowMs, aborting.signal),
    drain(ms) {
      pump();
      if (window.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const deadline = setTimeout(resolve, ms);
        idle = () => {
          clearTimeout(deadline);
          resolve();
        };
      });
    },
    close() {
      aborting.abort();
      clearTimeout(timer);
      output.close?.();
    },
  };
}
