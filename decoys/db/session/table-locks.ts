// LOCK TABLES and the read locks of FLUSH TABLES, as far as the session that holds them is held to them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/lock-tables.html; refusals as recorded from 9.7.
import { sqlError } from '../sql/errors.ts';

export interface TableLock {
  readonly schema: string;
  readonly name: string;
  readonly alias: string;
  readonly write: boolean;
}

/** Locks kept of one statement; what it names past them is as if it were not named. */
const MAX_TABLE_LOCKS = 256;

export class TableLocks {
  #locks: ReadonlyMap<string, TableLock> | undefined;
  /** FLUSH TABLES WITH READ LOCK: nothing may be changed. */
  global = false;

  get held(): boolean {
    return this.#locks !== undefined;
  }

  /** Takes these locks in place of those held before; throws 1066 where a name stands twice. */
  take(locks: readonly TableLock[]): void {
    const taken = new Map<string, TableLock>();
    for (const lock of locks.slice(0, MAX_TABLE_LOCKS)) {
      if (taken.has(lock.alias)) throw sqlError('ER_NONUNIQ_TABLE', lock.alias);
      taken.set(lock.alias, lock);
    }
    this.#locks = taken;
  }

  /** Whether a table is among those locked. */
  names(schema: string, name: string): boolean {
    for (const lock of this.all()) if (lock.schema === schema && lock.name === name) return true;
    return false;
  }

  /** The locks of LOCK TABLES. */
  all(): Iterable<TableLock> {
    return this.#locks?.values() ?? [];
  }

  release(): void {
    this.#locks = undefined;
  }

  #find(schema: string, name: string, alias: string): TableLock {
    const lock = this.#locks?.get(alias);
    if (lock?.schema !== schema || lock.name !== name) throw sqlError('ER_TABLE_NOT_LOCKED', alias);
    return lock;
  }

  /** True where these locks keep other sessions from reading, or from changing, a table. */
  keeps(schema: string, name: string, change: boolean): boolean {
    if (change && this.global) return true;
    for (const lock of this.#locks?.values() ?? [])
      if (lock.schema === schema && lock.name === name && (change || lock.write)) return true;
    return false;
  }

  /** Throws 1100 where tables are locked and this is none of them. */
  checkRead(schema: string, name: string, alias: string): void {
    if (this.#locks && schema !== 'information_schema') this.#find(schema, name, alias);
  }

  /** Throws 1100 as for reading, 1099 where the table is locked to be read only. */
  checkWrite(schema: string, name: string, alias: string): void {
    if (this.#locks && !this.#find(schema, name, alias).write) throw sqlError('ER_TABLE_NOT_LOCKED_FOR_WRITE', alias);
  }
}
