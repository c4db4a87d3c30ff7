// Rows of a table that open transactions hold: who may change them, and what every other transaction still reads of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-locking.html, innodb-consistent-read.html
import type { Value } from '../sql/value/value.ts';
import type { ReadView, ReadViews } from './read-views.ts';
import { RowVersions } from './row-versions.ts';

type Row = readonly Value[];

/** A transaction, told apart by identity alone. */
export interface Holder {
  /** Those it waits for just now, asked anew each time; undefined where it waits for nobody. */
  readonly awaited: (() => readonly Holder[]) | undefined;
  /** Books room for one more lock; false where it may hold no more. */
  readonly mayHold: () => boolean;
}

interface RowLock {
  /** Who changed the row or holds it for change. */
  owner: Holder | undefined;
  sharers: Set<Holder> | undefined;
  /** What the others read: the row as it was, or nothing where it is new; undefined where it was not changed. */
  before: Row | null | undefined;
}

const NOBODY: readonly Holder[] = [];

/** One entry a row held, each booked to its holder: a holder that may hold no more leaves its rows free, and what it changes is seen. */
export class RowLocks {
  readonly #locks = new Map<Row, RowLock>();
  /** Those of rows their owners made, changed or removed: most only hold what they have read. */
  readonly #changed = new Map<Row, RowLock>();
  /** The rows of each holder, so that one that ends need not look at those of others. */
  readonly #rows = new Map<Holder, Set<Row>>();
  /** Rows their owners removed, which may yet be put back. */
  readonly #gone = new Set<Row>();
  /** Transactions that have read or changed the table: its definition stays while they last. */
  readonly #users = new Set<Holder>();
  /** What rows were before changes that are committed. */
  readonly versions = new RowVersions();

  /** A transaction uses the table. */
  use(holder: Holder): void {
    this.#users.add(holder);
  }

  #belongs(row: Row, holder: Holder): void {
    const rows = this.#rows.get(holder);
    if (rows) rows.add(row);
    else this.#rows.set(holder, new Set([row]));
  }

  /** The lock of a row `holder` comes to own; undefined where it may hold no more. */
  #owned(row: Row, holder: Holder): RowLock | undefined {
    const known = this.#locks.get(row);
    if (known?.owner === holder) return known;
    if (!holder.mayHold()) return undefined;
    const lock = known ?? { owner: undefined, sharers: undefined, before: undefined };
    lock.owner = holder;
    this.#locks.set(row, lock);
    this.#belongs(row, holder);
    return lock;
  }

  /** The other transactions that hold the row in a way that keeps `holder` from it. */
  blockers(row: Row, holder: Holder, exclusive: boolean): readonly Holder[] {
    const lock = this.#locks.get(row);
    if (!lock) return NOBODY;
    if (lock.owner && lock.owner !== holder) return [lock.owner];
    return exclusive && lock.sharers ? [...lock.sharers].filter((other) => other !== holder) : NOBODY;
  }

  hold(row: Row, holder: Holder, exclusive: boolean): void {
    if (exclusive) {
      this.#owned(row, holder);
      return;
    }
    const known = this.#locks.get(row);
    if (known?.owner === holder || known?.sharers?.has(holder) || !holder.mayHold()) return;
    const lock = known ?? { owner: undefined, sharers: undefined, before: undefined };
    lock.sharers ??= new Set();
    lock.sharers.add(holder);
    this.#locks.set(row, lock);
    this.#belongs(row, holder);
  }

  /** A change of a row: `before` is what it was, null where it is new. Only the first change of a transaction counts. */
  changed(row: Row, holder: Holder, before: Row | null): void {
    const lock = this.#owned(row, holder);
    if (lock && lock.before === undefined) this.#change(row, lock, before);
  }

  #change(row: Row, lock: RowLock, before: Row | null): void {
    lock.before = before;
    this.#changed.set(row, lock);
  }

  /** A removal, after which the row is no row of the table. */
  removed(row: Row, holder: Holder): void {
    const lock = this.#owned(row, holder);
    if (!lock) return;
    if (lock.before === undefined) this.#change(row, lock, row);
    if (lock.before !== null) this.#gone.add(row);
  }

  /** A row was removed for good: nobody can put it back. */
  letGo(row: Row): void {
    const { owner, sharers = [] } = this.#locks.get(row) ?? {};
    for (const holder of owner ? [owner, ...sharers] : sharers) this.#rows.get(holder)?.delete(row);
    this.#locks.delete(row);
    this.#changed.delete(row);
    this.#gone.delete(row);
  }

  /** A removal is taken back: the row is one of the table's again. */
  restored(row: Row): void {
    this.#gone.delete(row);
    this.versions.forget(row);
  }

  /** The rows other transactions removed and may yet put back, as they are read until then. */
  gone(holder: Holder): readonly Row[] {
    if (this.#gone.size === 0) return [];
    return [...this.#gone].flatMap((row) => {
      const lock = this.#locks.get(row);
      return lock?.before && lock.owner !== holder ? [row] : [];
    });
  }

  /** Rows other transactions changed and may yet change back, each with what it was. */
  replaced(holder: Holder): readonly (readonly [row: Row, before: Row])[] {
    return [...this.#changed].flatMap(([row, { owner, before }]) =>
      before && before !== row && owner && owner !== holder ? [[row, before] as const] : [],
    );
  }

  /** The transactions besides `holder` that use the table or hold any row of it. */
  busy(holder: Holder): readonly Holder[] {
    const others = new Set([...this.#users].filter((other) => other !== holder));
    for (const { owner, sharers } of this.#locks.values()) {
      if (owner && owner !== holder) others.add(owner);
      for (const sharer of sharers ?? NOBODY) if (sharer !== holder) others.add(sharer);
    }
    return [...others];
  }

  /** A transaction ends at the moment `at`. */
  release(holder: Holder, views: ReadViews, at: number): void {
    this.#users.delete(holder);
    const rows = this.#rows.get(holder) ?? [];
    this.#rows.delete(holder);
    for (const row of rows) {
      const lock = this.#locks.get(row);
      if (!lock) continue;
      lock.sharers?.delete(holder);
      if (lock.owner === holder) {
        if (lock.before !== undefined) this.versions.add(row, lock.before, holder, at, views);
        lock.owner = undefined;
        lock.before = undefined;
        this.#changed.delete(row);
        this.#gone.delete(row);
      }
      if (!lock.owner && !lock.sharers?.size) this.#locks.delete(row);
    }
  }

  /**
   * Rows as `holder` reads them: what others have not committed is left out, and so is what they committed after `view`.
   * `rows` may be those alone that an index leads to: others that were among them come last, as `within` tells, and rows that are none of
   * the table's any more.
   */
  seen<R extends Row>(
    rows: readonly R[],
    holder: Holder,
    view: ReadView | undefined,
    within?: (row: Row) => boolean,
  ): readonly R[] {
    const old = this.versions.since(view, holder);
    if (old.size === 0 && !this.#othersChanged(holder)) return rows;
    const seen: R[] = [];
    const take = (row: Row) => {
      const found = this.#seenAs(row, holder, old);
      if (found && (!within || within(found))) seen.push(found as R);
    };
    for (const row of rows) {
      if (this.#changed.has(row) || old.has(row)) take(row);
      else if (!within || within(row)) seen.push(row);
    }
    const gone = this.gone(holder);
    for (const row of gone) take(row);
    if (old.size === 0 && !within) return seen;
    const met = new Set<Row>([...rows, ...gone]);
    for (const row of old.keys()) if (!met.has(row)) take(row);
    if (within)
      for (const [row, { owner }] of this.#changed) if (owner !== holder && !met.has(row) && !old.has(row)) take(row);
    return seen;
  }

  /** One row as `holder` reads it; null where it reads none. */
  #seenAs(row: Row, holder: Holder, old: ReadonlyMap<Row, Row | null>): Row | null {
    const lock = this.#locks.get(row);
    const changed = lock?.before !== undefined;
    if (changed && lock.owner === holder) return this.#gone.has(row) ? null : row;
    const before = old.get(row);
    if (before !== undefined) return before;
    return changed && lock.owner ? (lock.before ?? null) : row;
  }

  /** Whether other transactions made, changed or removed a row. */
  #othersChanged(holder: Holder): boolean {
    for (const { owner } of this.#changed.values()) if (owner && owner !== holder) return true;
    return false;
  }

  /** Rows `holder` holds and how: for change, to be read, or new and so seen by nobody else. */
  of(holder: Holder): { readonly row: Row; readonly how: 'change' | 'read' | 'new' }[] {
    const held: { row: Row; how: 'change' | 'read' | 'new' }[] = [];
    for (const [row, lock] of this.#locks) {
      if (lock.owner === holder) held.push({ row, how: lock.before === null ? 'new' : 'change' });
      else if (lock.sharers?.has(holder)) held.push({ row, how: 'read' });
    }
    return held;
  }

  /** True where no transaction holds any row. */
  get none(): boolean {
    return this.#locks.size === 0;
  }
}
