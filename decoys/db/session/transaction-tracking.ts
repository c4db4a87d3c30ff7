// What a client is told of its transaction: eight letters for its state, and the statements that would begin another like it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/session-state-tracking.html#session-state-tracking-transaction
import { transactionChange, transactionCharacteristics } from '../wire/session-track.ts';

export type TrackingLevel = 'OFF' | 'STATE' | 'CHARACTERISTICS';
/** Reads and writes of tables without and with transactions, unsafe statements, result sets, locked tables. */
export type TransactionMark = 'r' | 'R' | 'w' | 'W' | 's' | 'S' | 'L';

const MARKS = 'rRwWsSL';

export class TransactionTracking {
  #level: TrackingLevel = 'OFF';
  #kind: 'T' | 'I' | '_' = '_';
  /** No more is told of a transaction that was begun. */
  #cut = false;
  #marks = new Set<TransactionMark>();
  #told = '________';
  #characteristics = '';
  #changed = false;
  #characteristicsChanged = false;

  get on(): boolean {
    return this.#level !== 'OFF';
  }

  setLevel(level: TrackingLevel): void {
    this.#level = level;
    if (level === 'OFF') return;
    this.#changed = true;
    this.#characteristicsChanged = true;
  }

  /** CREATE TEMPORARY TABLE: what is told of a transaction ends, though the transaction does not. */
  cut(): void {
    const begun = this.#kind === 'T';
    this.end();
    this.#cut = begun;
  }

  /** START TRANSACTION, BEGIN or XA START, with what would begin it again. */
  begin(characteristics: string, snapshot = false): void {
    this.#kind = 'T';
    this.#cut = false;
    this.#marks = new Set(snapshot ? ['R'] : []);
    this.#changed = true;
    this.characterize(characteristics);
  }

  /** What SET TRANSACTION asks of the next one. */
  characterize(text: string): void {
    this.#characteristics = text;
    this.#characteristicsChanged = true;
  }

  /** A statement did something in a transaction, which with autocommit off it may have begun. */
  mark(marks: readonly TransactionMark[]): void {
    if (!this.on || this.#cut) return;
    const before = this.#state();
    for (const mark of marks) this.#marks.add(mark);
    if (this.#kind === '_' && marks.some((mark) => 'rRwW'.includes(mark))) this.#kind = 'I';
    if (this.#kind === '_') this.#marks.clear();
    if (before !== this.#state()) this.#changed = true;
  }

  lock(): void {
    if (!this.on) return;
    this.#marks = new Set(['L']);
    this.#changed = true;
  }

  unlock(): void {
    if (this.#marks.delete('L')) this.#changed = true;
  }

  end(): void {
    this.#cut = false;
    if (this.#state() !== '________') this.#changed = true;
    if (this.#characteristics !== '') this.characterize('');
    this.#kind = '_';
    this.#marks.clear();
  }

  #state(): string {
    return `${this.#kind}${[...MARKS].map((mark) => (this.#marks.has(mark as TransactionMark) ? mark : '_')).join('')}`;
  }

  /** What the next OK carries; undefined where nothing changed. */
  take(): Buffer[] | undefined {
    const characteristics = this.#characteristicsChanged && this.#level === 'CHARACTERISTICS';
    this.#characteristicsChanged = false;
    if (!this.#changed && !characteristics) return undefined;
    this.#changed = false;
    const state = this.#state();
    const parts = state === this.#told ? [] : [transactionChange(state)];
    if (characteristics) parts.push(transactionCharacteristics(this.#characteristics));
    this.#told = state;
    return parts;
  }

  reset(): void {
    this.#level = 'OFF';
    this.#kind = '_';
    this.#marks.clear();
    this.#told = '________';
    this.#characteristics = '';
    this.#changed = false;
    this.#characteristicsChanged = false;
  }
}
