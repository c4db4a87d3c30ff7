// A statement that has to wait for another transaction: it is tried again once the lock is free, until its time is up.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-parameters.html (innodb_lock_wait_timeout)
import { errorCode, errorText, SqlError } from './errors.ts';

/** Error 1205 of a lock somebody else holds; whoever can wait does so before telling it. */
export class LockWait extends SqlError {
  readonly seconds: number;
  readonly held: () => boolean;

  /** `held` says whether the lock still is; it is asked again and again. */
  constructor(seconds: number, held: () => boolean) {
    super(errorCode('ER_LOCK_WAIT_TIMEOUT'), 'HY000', errorText('ER_LOCK_WAIT_TIMEOUT'));
    this.seconds = seconds;
    this.held = held;
  }
}
