// What one connection adds to nginx's counters: among the active always, and reading, writing or waiting as it goes.
import type { Counters } from '../serve/status.ts';

export interface Gauge {
  /** The first byte of a request. */
  reading(): void;
  /** Its head is whole: nginx counts it as writing until the connection waits again. */
  writing(): void;
  /** Idle between two requests. */
  idle(): void;
  /** Lingering: waiting, and still counted as what it was. */
  lingering(): void;
  gone(): void;
}

export function createGauge(counters: Counters): Gauge {
  let phase: 'idle' | 'reading' | 'writing' = 'idle';
  let waiting = false;

  function wait(on: boolean): void {
    if (waiting !== on) counters.waiting += on ? 1 : -1;
    waiting = on;
  }

  function enter(next: typeof phase): void {
    if (phase !== 'idle') counters[phase]--;
    if (next !== 'idle') counters[next]++;
    phase = next;
  }

  counters.active++;
  counters.accepted++;
  wait(true);
  return {
    reading() {
      if (phase === 'reading') return;
      counters.requests++;
      enter('reading');
    },
    writing() {
      enter('writing');
      wait(false);
    },
    idle() {
      enter('idle');
      wait(true);
    },
    lingering: () => wait(true),
    gone() {
      enter('idle');
      wait(false);
      counters.active--;
    },
  };
}
