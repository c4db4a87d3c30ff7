// What one statement may still do: steps of work, values held, and the CPU behind them; whatever it opens on its way draws on the same.
import { PACED_CPU_MS, PACED_FUEL, STATEMENT_CELLS, STATEMENT_CPU_MS, STATEMENT_FUEL, TURN_CPU_MS } from '../limits.ts';
import { SLICE_MS } from '../turn.ts';
import { sqlError } from './errors.ts';

/** Steps between two looks at the CPU the statement took. */
const STEPS_A_LOOK = 2_000;
/** Steps before the first, from which it is counted: most statements end before, and a look takes as long as they do. */
const STEPS_UNSEEN = 50;
/** Bytes of text that count as one cell held. */
export const BYTES_A_CELL = 16;

export class Budget {
  #fuel: number;
  #cells = STATEMENT_CELLS;
  #made = 0;
  #lookAt: number;
  /** CPU of the thread when its turn began, as far as it was looked at. */
  #turnBegan: NodeJS.CpuUsage | undefined;
  /** Whether the statement lets others have their turn while it runs; one that cannot is allowed less. */
  readonly #paced: boolean;
  /** Others should have their turn now. */
  turnIsOver = false;
  /** CPU of its turns before this one, in ms. */
  #taken = 0;

  constructor(paced = false) {
    this.#paced = paced;
    this.#fuel = paced ? PACED_FUEL : STATEMENT_FUEL;
    this.#lookAt = this.#fuel - STEPS_UNSEEN;
  }

  /** Counts work; throws 3024, as a slow statement is told, where it is too much. */
  spend(steps: number): void {
    this.#fuel -= steps;
    if (this.#fuel < this.#lookAt) this.look();
  }

  /** Counts work that costs no fuel, such as a wide row's columns: the next look at the CPU comes so many steps sooner. */
  hasten(steps: number): void {
    this.#lookAt += steps;
    if (this.#fuel < this.#lookAt) this.look();
  }

  /** Steps are what work costs about; where they are far off, the CPU taken ends it. */
  look(): void {
    this.#lookAt = this.#fuel - STEPS_A_LOOK;
    this.#turnBegan ??= process.threadCpuUsage();
    const { user, system } = process.threadCpuUsage(this.#turnBegan);
    const turn = (user + system) / 1_000;
    const most = this.#paced ? TURN_CPU_MS : STATEMENT_CPU_MS;
    // A turn that is suddenly too long, as V8 collected meanwhile, may end as others do; one that was told so before does not end.
    const endless = turn > most && (this.turnIsOver || !this.#paced);
    if (this.#fuel < 0 || endless || this.#taken + turn > PACED_CPU_MS) throw sqlError('ER_QUERY_TIMEOUT');
    this.turnIsOver = this.#paced && turn > SLICE_MS;
  }

  /** The statement is laid down: what the thread does until it goes on is not its. */
  layDown(): void {
    if (!this.#turnBegan) return;
    const { user, system } = process.threadCpuUsage(this.#turnBegan);
    this.#taken += (user + system) / 1_000;
  }

  goOn(): void {
    this.#turnBegan = process.threadCpuUsage();
    this.turnIsOver = false;
  }

  /** Counts values kept until the statement ends; throws 1038, its sort buffer is too small, where they are too many. */
  hold(cells: number): void {
    this.#cells -= cells;
    this.#made += cells;
    if (this.#cells < 0) throw sqlError('ER_OUT_OF_SORTMEMORY');
  }

  /** Cells that may still be held. */
  get room(): number {
    return this.#cells;
  }

  /** A part of the statement ended, and nothing of what it held is left: there is as much room again as before it. */
  letGo(room: number): void {
    this.#cells = room;
  }

  /** Bytes of what the statement made, about: cells held, and values made and dropped. */
  get madeBytes(): number {
    return this.#made * BYTES_A_CELL;
  }
}
