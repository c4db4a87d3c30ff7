// Long work in slices: what takes more than some milliseconds lets the event loop answer other clients in between.
import { setImmediate } from 'node:timers';

/** Resolves once whatever else waits has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** How long work goes on before it lets others have their turn, in ms. */
export const SLICE_MS = 8;

/** Does `step` until it gives false, in slices of time. */
export async function whileSlices(step: () => boolean): Promise<void> {
  let begunMs = performance.now();
  while (step()) {
    if (performance.now() - begunMs < SLICE_MS) continue;
    await nextTurn();
    begunMs = performance.now();
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
