// What one statement may still do: steps of work, values held, and the CPU behind them; whatever it opens on its way draws on the same.
import { STATEMENT_CELLS, STATEMENT_CPU_MS, STATEMENT_FUEL } from '../limits.ts';
import { sqlError } from './errors.ts';

/** Steps between two looks at the CPU the statement took. */
const STEPS_A_LOOK = 2_000;
/** Steps before the first, from which it is counted: most statements end before, and a look takes as long as they do. */
const STEPS_UNSEEN = 50;
/** Bytes of text that count as one cell held. */
export const BYTES_A_CELL = 16;

export class Budget {
  #fuel = STATEMENT_FUEL;
  #cells = STATEMENT_CELLS;
  #lookAt = STATEMENT_FUEL - STEPS_UNSEEN;
  #began: NodeJS.CpuUsage | undefined;

  /** Counts work; throws 3024, as a slow statement is told, where it is too much. */
  spend(steps: number): void {
    this.#fuel -= steps;
    if (this.#fuel < this.#lookAt) this.#look();
  }

  /** Steps are what work costs about; where they are far off, the CPU taken ends it. */
  #look(): void {
    this.#lookAt = this.#fuel - STEPS_A_LOOK;
    this.#began ??= process.threadCpuUsage();
    const { user, system } = process.threadCpuUsage(this.#began);
    if (this.#fuel < 0 || (user + system) / 1_000 > STATEMENT_CPU_MS) throw sqlError('ER_QUERY_TIMEOUT');
  }

  /** Counts values kept until the statement ends; throws 1038, its sort buffer is too small, where they are too many. */
  hold(cells: number): void {
    this.#cells -= cells;
    if (this.#cells < 0) throw sqlError('ER_OUT_OF_SORTMEMORY');
  }

  /** Bytes of what the statement made, about: cells held, and values made and dropped. */
  get madeBytes(): number {
    return (STATEMENT_CELLS - this.#cells) * BYTES_A_CELL;
  }
}
