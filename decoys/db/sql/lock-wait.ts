// A statement that has to wait for another transaction: it is tried again once the lock is free, until its time is up.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-parameters.html (innodb_lock_wait_timeout)
import type { Holder } from '../overlay/row-locks.ts';
import { errorCode, errorText, SqlError } from './errors.ts';

/** Error 1205 of a lock somebody else holds; whoever can wait does so before telling it. */
export class LockWait extends SqlError {
  readonly seconds: number;
  readonly blockers: () => readonly Holder[];

  /** `blockers` gives those that hold the lock still; it is asked again and again. */
  constructor(seconds: number, blockers: () => readonly Holder[]) {
    super(errorCode('ER_LOCK_WAIT_TIMEOUT'), 'HY000', errorText('ER_LOCK_WAIT_TIMEOUT'));
    this.seconds = seconds;
    this.blockers = blockers;
  }
}

/** Error 1213: two transactions wait for each other; the one that closed the circle is rolled back. */
export class Deadlock extends SqlError {
  constructor() {
    super(errorCode('ER_LOCK_DEADLOCK'), '40001', errorText('ER_LOCK_DEADLOCK'));
  }
}

const OF_LOCKS: ReadonlySet<number> = new Set(
  (['ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_DEADLOCK', 'ER_LOCK_NOWAIT'] as const).map(errorCode),
);

/** Errors of locks: no IGNORE makes a warning of one, and they are told before any column is. */
export function isOfLocks({ code }: SqlError): boolean {
  return OF_LOCKS.has(code);
}
