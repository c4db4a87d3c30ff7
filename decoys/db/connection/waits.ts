// The clocks of one connection: how long a client may stay silent, when its silence is told of, and how long a reply is held back.
import { ticksMs } from '../../touch/ticks.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One deadline at a time; arming it again puts it off. */
export class Deadline {
  readonly #passed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #ms = 0;

  constructor(passed: () => void) {
    this.#passed = passed;
  }

  arm(ms: number): void {
    if (this.#timer && this.#ms === ms) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#ms = ms;
    this.#timer = setTimeout(this.#passed, ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** How often a server that sleeps looks whether its client is still there, in ms. */
const LOOK_FOR_CLIENT_MS = 5_000;

/** The wait of a statement that takes its time, which a KILL or a lost client ends. */
export class Delay {
  #wake: ((completed: boolean) => void) | undefined;
  /** Since when it sleeps, in ms of the steady clock; undefined where a lost client ends the wait at once. */
  #asleepSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Resolves true after `ms`, false where it was interrupted before; a sleep goes on until the server looks for its client. */
  async wait(ms: number, asleep = false): Promise<boolean> {
    const completed = await new Promise<boolean>((resolve) => {
      this.#wake = resolve;
      this.#asleepSince = asleep ? ticksMs() : undefined;
      this.#timer = setTimeout(() => resolve(true), Math.min(ms, LONGEST_TIMER_MS));
    });
    clearTimeout(this.#timer);
    this.#wake = undefined;
    return completed;
  }

  interrupt(): void {
    this.#wake?.(false);
  }

  /** The client said that it will send nothing more. */
  left(): void {
    const wake = this.#wake;
    if (!wake || this.#asleepSince === undefined) {
      this.interrupt();
      return;
    }
    const slept = ticksMs() - this.#asleepSince;
    const look = setTimeout(() => wake(true), LOOK_FOR_CLIENT_MS - (slept % LOOK_FOR_CLIENT_MS));
    look.unref();
  }
}
