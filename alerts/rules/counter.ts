// What one combination of a rule's aggregateBy has counted within the lookback: up to now, and, while lines are read that were written
// when nobody listened, up to when each of them was written.
import { type Totals, Window } from './window.ts';

/** Lines this much younger count as they arrive: folded ones are written some seconds after what they tell of, and clocks differ a little. */
const LATE_MS = 30_000;
/** Decoys whose late lines are counted at a time; the one longest unheard is forgotten first. */
const LATE_DECOYS = 8;

export interface Added {
  /** The decoy's pod: late lines of one are in order, those of several are not. */
  readonly decoy: string;
  /** When it was, at most `nowMs`. */
  readonly atMs: number;
  readonly nowMs: number;
  readonly touches: number;
  /** What the rule counts of it, each with `value` in the rule's field; 0 for nothing. */
  readonly count: number;
  readonly value: number;
}

export interface Counted {
  readonly window: Totals;
  /** Touches behind what the window holds, whatever the rule counts. */
  readonly touches: () => number;
}

export interface Counter {
  /** The lookbacks that end with it and hold it. */
  add(added: Added): Counted[];
  totals(nowMs: number): Counted;
  /** The clock was set: what is held keeps its age. */
  shift(ms: number): void;
}

interface Pair {
  readonly window: Window;
  readonly touches: Window;
}

interface Late extends Pair {
  /** The latest line of it. */
  lastMs: number;
  /** What was later than this shares no lookback with a line that came late. */
  untilMs: number;
}

export function createCounter(lookbackMs: number): Counter {
  const newPair = (): Pair => ({ window: new Window(lookbackMs), touches: new Window(lookbackMs) });
  const live = newPair();
  let late: Map<string, Late> | undefined;

  function put(pair: Pair, atMs: number, { touches, count, value }: Added): void {
    pair.touches.add(atMs, touches, 0);
    if (count > 0) pair.window.add(atMs, count, value);
  }

  function counted({ window, touches }: Pair, atMs: number): Counted {
    return { window: window.totals(atMs), touches: () => touches.totals(atMs).count };
  }

  /** Where this line is counted among late ones of its decoy, if there are any. */
  function lateOf({ decoy, atMs, nowMs }: Added): Late | undefined {
    const isLate = nowMs - atMs >= lookbackMs;
    let pair = late?.get(decoy);
    if (pair && (atMs >= pair.untilMs || atMs < pair.lastMs - lookbackMs)) {
      late?.delete(decoy);
      pair = undefined;
    }
    if (!isLate) return pair;
    if (!pair) {
      pair = { ...newPair(), lastMs: atMs, untilMs: atMs };
      late ??= new Map();
      if (late.size >= LATE_DECOYS) late.delete(late.keys().next().value ?? '');
      late.set(decoy, pair);
    }
    pair.untilMs = Math.max(pair.untilMs, atMs + lookbackMs);
    return pair;
  }

  return {
    add(added) {
      const { atMs, nowMs } = added;
      const found: Counted[] = [];
      if (nowMs - atMs < lookbackMs) {
        put(live, nowMs - atMs < LATE_MS ? nowMs : atMs, added);
        found.push(counted(live, nowMs));
      }
      const pair = lateOf(added);
      if (pair) {
        put(pair, atMs, added);
        pair.lastMs = Math.max(pair.lastMs, atMs);
        found.push(counted(pair, pair.lastMs));
      }
      return found;
    },
    totals: (nowMs) => counted(live, nowMs),
    shift(ms) {
      for (const pair of [live, ...(late?.values() ?? [])]) {
        pair.window.shift(ms);
        pair.touches.shift(ms);
      }
      for (const pair of late?.values() ?? []) {
        pair.lastMs += ms;
        pair.untilMs += ms;
      }
    },
  };
}
