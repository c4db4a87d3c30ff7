// The clocks of one connection: how long a client may stay silent, when its silence is told of, and how long a reply is held back.

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

/** The wait of a statement that takes its time, which a KILL or a lost client ends. */
export class Delay {
  #wake: ((completed: boolean) => void) | undefined;

  /** Resolves true after `ms`, false where it was interrupted before. */
  async wait(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const completed = await new Promise<boolean>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(() => resolve(true), Math.min(ms, LONGEST_TIMER_MS));
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return completed;
  }

  interrupt(): void {
    this.#wake?.(false);
  }
}
