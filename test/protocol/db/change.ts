// What a test waits for on a socket: something changed, looked at again until it is there, the connection is over, or time is up.

export class Change {
  #wake: () => void = () => undefined;

  happened(): void {
    this.#wake();
  }

  /** Whether it was `there` before `over` or `ms` went by. */
  async until(there: () => boolean, over: () => boolean, ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    while (!there() && !over()) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return there();
  }
}
