// Waiting for something to become true, with an upper bound.
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Resolves with what `find` gives once it gives something; rejects after `ms` with what `explain` says. */
export async function eventually<T>(find: () => T | undefined | false, ms: number, explain: () => string): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${explain()} (waited ${ms} ms)`);
    await delay(POLL_MS);
  }
}
