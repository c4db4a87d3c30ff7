// What reaches the pod of a decoy that listens, beside its connections: pings, closed ports, half-open scans. The kernel counts
// them; who sent them it does not tell.
import { countedTouches } from './counted.ts';
import { openCounters } from './kernel-counters.ts';
import type { Recorder } from './recorder.ts';
import { type Env, readChoice } from './settings.ts';

const POLL_MS = 250;

export interface Surroundings {
  /** A last look. */
  close(): void;
}

/**
 * `COUNTERS`: `true`, `false` or `auto`, which counts in a network namespace of its own, as a pod or container has it: there
 * this is process 1. On a machine with other programs their traffic would be counted as touches.
 */
export function readCounting(env: Env, pid = process.pid): boolean {
  const choice = readChoice(env, 'COUNTERS', ['auto', 'true', 'false'], 'auto');
  return choice === 'true' || (choice === 'auto' && pid === 1);
}

/** Polls the counters four times a second until closed. */
export function watchSurroundings(recorder: Pick<Recorder, 'touch'>): Surroundings {
  const counters = openCounters();
  let before = counters.read();
  function poll(): void {
    const after = counters.read();
    for (const touch of countedTouches(before, after, { shared: true, at: Date.now() }).touches) recorder.touch(touch);
    before = after;
  }
  const poller = setInterval(poll, POLL_MS);
  return {
    close() {
      clearInterval(poller);
      poll();
      counters.close();
    },
  };
}
