// What one connection adds to nginx's counters: among the active always, and reading, writing or waiting as it goes.
import type { Counters } from '../serve/status.ts';

export class Gauge {
  readonly #counters: Counters;
  #phase: 'idle' | 'reading' | 'writing' = 'idle';
  #waiting = false;

  constructor(counters: Counters) {
    this.#counters = counters;
    counters.active++;
    counters.accepted++;
    this.#wait(true);
  }

  /** The first byte of a request. */
  reading(): void {
    if (this.#phase === 'reading') return;
    this.#counters.requests++;
    this.#enter('reading');
  }

  /** Its head is whole: nginx counts it as writing until the connection waits again. */
  writing(): void {
    this.#enter('writing');
    this.#wait(false);
  }

  /** Idle between two requests. */
  idle(): void {
    this.#enter('idle');
    this.#wait(true);
  }

  /** Lingering: waiting, and still counted as what it was. */
  lingering(): void {
    this.#wait(true);
  }

  gone(): void {
    this.#enter('idle');
    this.#wait(false);
    this.#counters.active--;
  }

  #wait(on: boolean): void {
    if (this.#waiting !== on) this.#counters.waiting += on ? 1 : -1;
    this.#waiting = on;
  }

  #enter(next: 'idle' | 'reading' | 'writing'): void {
    if (this.#phase !== 'idle') this.#counters[this.#phase]--;
    if (next !== 'idle') this.#counters[next]++;
    this.#phase = next;
  }
}
