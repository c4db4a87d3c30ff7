// Rows of a table that open transactions hold: who may change them, and what every other transaction still reads of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-locking.html, innodb-consistent-read.html
import type { Value } from '../sql/value/value.ts';

type Row = readonly Value[];

/** A transaction, told apart by identity alone. */
export type Holder = object;

interface RowLock {
  /** Who changed the row or holds it for change. */
  owner: Holder | undefined;
  readonly sharers: Set<Holder>;
  /** What the others read: the row as it was, or nothing where it is new; undefined where it was not changed. */
  before: Row | null | undefined;
  gone: boolean;
}

/** One entry a row at most, so as many as the table has rows and its transactions removed. */
export class RowLocks {
  readonly #locks = new Map<Row, RowLock>();

  #of(row: Row): RowLock {
    const known = this.#locks.get(row);
    if (known) return known;
    const made: RowLock = { owner: undefined, sharers: new Set(), before: undefined, gone: false };
    this.#locks.set(row, made);
    return made;
  }

  /** True where another transaction holds the row in a way that keeps `holder` from it. */
  blocks(row: Row, holder: Holder, exclusive: boolean): boolean {
    const lock = this.#locks.get(row);
    if (!lock) return false;
    if (lock.owner && lock.owner !== holder) return true;
    return exclusive && [...lock.sharers].some((other) => other !== holder);
  }

  hold(row: Row, holder: Holder, exclusive: boolean): void {
    const lock = this.#of(row);
    if (exclusive) lock.owner = holder;
    else if (lock.owner !== holder) lock.sharers.add(holder);
  }

  /** A change of a row: `before` is what it was, null where it is new. Only the first change of a transaction counts. */
  changed(row: Row, holder: Holder, before: Row | null): void {
    const lock = this.#of(row);
    if (lock.owner !== holder || lock.before === undefined) lock.before = before;
    lock.owner = holder;
  }

  removed(row: Row, holder: Holder): void {
    const lock = this.#of(row);
    if (lock.owner !== holder || lock.before === undefined) lock.before = row;
    lock.owner = holder;
    lock.gone = true;
  }

  /** The rows other transactions removed and may yet put back. */
  gone(holder: Holder): readonly Row[] {
    return [...this.#locks]
      .filter(([, lock]) => lock.gone && lock.owner !== holder && lock.before !== null)
      .map(([row]) => row);
  }

  /** True where any other transaction holds a row of the table. */
  busy(holder: Holder): boolean {
    for (const lock of this.#locks.values())
      if ((lock.owner && lock.owner !== holder) || [...lock.sharers].some((other) => other !== holder)) return true;
    return false;
  }

  release(holder: Holder): void {
    for (const [row, lock] of this.#locks) {
      lock.sharers.delete(holder);
      if (lock.owner === holder) {
        lock.owner = undefined;
        lock.before = undefined;
        lock.gone = false;
      }
      if (!lock.owner && lock.sharers.size === 0) this.#locks.delete(row);
    }
  }

  /** Rows as they are once what other transactions did and did not commit is left out. */
  committed<R extends Row>(rows: readonly R[], holder: Holder): readonly R[] {
    if (this.#locks.size === 0) return rows;
    const seen = rows.flatMap((row): R[] => {
      const lock = this.#locks.get(row);
      if (!lock?.owner || lock.owner === holder || lock.before === undefined) return [row];
      return lock.before === null ? [] : [lock.before as R];
    });
    return [...seen, ...this.gone(holder).map((row) => (this.#locks.get(row)?.before ?? row) as R)];
  }
}
