// Whose turn it is: work of more than some milliseconds lets the event loop go round, and those who wait for their turn meanwhile are
// taken source by source, so that one that asks a thousand things at once waits for itself alone.
import { setImmediate } from 'node:timers';
import { ticksMs } from '../touch/ticks.ts';
import { collectTurn } from './garbage.ts';

/** How long work goes on before it lets others have their turn, in ms. */
export const SLICE_MS = 8;
/** What one piece of work makes in fewer ms is left to V8 to collect: turns of many small ones, such as logins, are not looked through. */
const LONG_WORK_MS = 4;
/** Waits in this lane who is of no source. */
const NOBODY = '';

interface Waiter {
  readonly work: () => void;
  /** What it does comes after `work`, so that nobody else is taken before the loop has gone round. */
  readonly goesOn: boolean;
}

/** Of each source those that wait; the source whose turn is next comes first. Bounded by what waits: once a connection. */
const lanes = new Map<string, Waiter[]>();
let spentMs = 0;
/** The turn under way held work that took long. */
let worked = false;
let scheduled = false;
/** Who came during a turn that took long was taken: what the turn left is looked at next. */
let collects = false;

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(goRound);
}

/** The first of the source that waits longest, which goes behind the others; with `fresh` of those alone that begin now. */
function take(fresh = false): Waiter | undefined {
  for (const [source, waiters] of lanes) {
    if (fresh && waiters[0]?.goesOn) continue;
    lanes.delete(source);
    const waiter = waiters.shift();
    if (waiters.length > 0) lanes.set(source, waiters);
    return waiter;
  }
  return undefined;
}

function spend(ms: number): void {
  spentMs += ms;
  worked ||= ms > LONG_WORK_MS;
}

/** Has those take their turn who wait, until a slice of time is over. */
function takeTurns(fresh: boolean): void {
  spentMs = 0;
  while (spentMs <= SLICE_MS) {
    const waiter = take(fresh);
    if (!waiter) return;
    const begunMs = ticksMs();
    waiter.work();
    spend(ticksMs() - begunMs);
    if (waiter.goesOn) break;
  }
  // Whoever comes before those that wait had their turn waits too.
  spentMs = SLICE_MS + 1;
  schedule();
}

function goRound(): void {
  scheduled = false;
  const tookLong = worked && spentMs > SLICE_MS;
  worked = false;
  if (tookLong && !collects) {
    // Whoever came meanwhile is answered before what that left is collected, which takes a turn of its own.
    collects = true;
    takeTurns(true);
    spentMs = SLICE_MS + 1;
    schedule();
    return;
  }
  const collected = collects && collectTurn();
  collects = false;
  if (collected) schedule();
  else takeTurns(false);
}

/** Counts what was done without letting others have their turn. */
export function spendTurn(ms: number): void {
  spend(ms);
  if (spentMs > SLICE_MS) schedule();
}

/** True where whoever comes now has to wait. */
export function turnIsOver(): boolean {
  return spentMs > SLICE_MS;
}

function wait(source: string, waiter: Waiter): void {
  const lane = lanes.get(source);
  if (lane) lane.push(waiter);
  else lanes.set(source, [waiter]);
  schedule();
}

/** Does `work` when it is the source's turn. */
export function inTurn(source: string, work: () => void): void {
  wait(source, { work, goesOn: false });
}

/** Resolves when it is the source's turn, and the loop has gone round since anybody else's. */
export function turnOf(source: string): Promise<void> {
  return new Promise((resolve) => wait(source, { work: resolve, goesOn: true }));
}

/** Resolves once whatever else waits has had its turn. */
export function nextTurn(): Promise<void> {
  return turnOf(NOBODY);
}

/** Does `step` until it gives false, in slices of time. */
export async function whileSlices(step: () => boolean): Promise<void> {
  let begunMs = ticksMs();
  while (step()) {
    const took = ticksMs() - begunMs;
    if (took < SLICE_MS) continue;
    spendTurn(took);
    await nextTurn();
    begunMs = ticksMs();
  }
}

/** Takes `items` one after the other, in slices of time. */
export function inSlices<T>(items: Iterable<T>, take: (item: T) => void): Promise<void> {
  const iterator = items[Symbol.iterator]();
  return whileSlices(() => {
    const next = iterator.next();
    if (!next.done) take(next.value);
    return !next.done;
  });
}
