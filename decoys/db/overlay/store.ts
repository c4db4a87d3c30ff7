// How a value that does not fit its column is told of: as an error under strict mode, else as a warning.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-mode.html#sql-mode-strict
import { type ErrorName, sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';

export interface Store {
  readonly x: Execution;
  readonly row: number;
  /** Strict mode makes errors of what are warnings otherwise. */
  readonly strict: boolean;
  /** A default, which was looked at when it was defined: it is taken as it is. */
  readonly settled?: boolean;
  /** ALTER tells of a value that no longer fits as cut. */
  readonly cut?: boolean;
  /** The column's table, which errors of JSON name. */
  readonly table?: string;
}

/** Throws where sql_mode is strict, else warns. */
export function refuse(store: Store, name: ErrorName, ...args: readonly (string | number)[]): void {
  if (store.settled) return;
  if (store.strict) throw sqlError(name, ...args);
  store.x.warn(name, ...args);
}

/** A text too long is told of as such where it is refused, and as cut where it is bent. */
export function refuseLength(store: Store, column: string): void {
  refuse(store, store.strict && !store.cut ? 'ER_DATA_TOO_LONG' : 'ER_WARN_DATA_TRUNCATED', column, store.row);
}
