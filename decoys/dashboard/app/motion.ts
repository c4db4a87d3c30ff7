// Numbers that move as a live Go process's do: all worked out from the time, so that two reads agree within a step and grow between.
import type { BaitFacts } from '../facts.ts';

/** The process looks at itself once in this time, as its metrics cache would have it. */
const STEP_MS = 10_000;
const GC_MS = 120_000;
const HEAP_BYTES = 6_291_456;

export interface Motion {
  readonly uptimeSeconds: number;
  /** Steps since the start. */
  readonly steps: number;
  readonly goroutines: number;
  readonly threads: number;
  readonly requests: number;
  readonly heapBytes: number;
  readonly totalBytes: number;
  readonly mallocs: number;
  readonly collections: number;
  /** ms since the epoch. */
  readonly lastCollection: number;
}

/** A number below `below` that looks random, the same for the same input. */
export function scatter(seed: number, below: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  x ^= x >>> 16;
  return (x >>> 0) % below;
}

export function motionAt(facts: BaitFacts, now: number): Motion {
  const seed = facts.number('motion', 0x7fffffff);
  // The persona was up some hours before anyone came.
  const startedAt = facts.startedAt - facts.number('uptime', 30 * 3_600_000) - 3_600_000;
  const steps = Math.floor((now - startedAt) / STEP_MS);
  const uptimeMs = steps * STEP_MS;
  const collections = Math.floor(uptimeMs / GC_MS) + 7;
  const grown = (uptimeMs % GC_MS) * 13;
  return {
    uptimeSeconds: uptimeMs / 1_000,
    steps,
    goroutines: 38 + scatter(seed + steps, 9),
    threads: 11,
    requests: steps * 3 + scatter(seed + steps, 3),
    heapBytes: HEAP_BYTES + grown + scatter(seed + steps, 4_096) * 8,
    totalBytes: collections * 3_407_872 + grown,
    mallocs: steps * 1_284 + scatter(seed + steps, 900),
    collections,
    lastCollection: startedAt + Math.floor(uptimeMs / GC_MS) * GC_MS,
  };
}

export function processStart(facts: BaitFacts, now: number): number {
  const { uptimeSeconds } = motionAt(facts, now);
  return Math.floor((now / 1_000 - uptimeSeconds) / 10) * 10;
}
