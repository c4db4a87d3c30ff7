// GET_LOCK and its kin.
// Source: https://dev.mysql.com/doc/refman/9.7/en/locking-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { countType, intType } from '../value/type.ts';
import { fromBoolean, toNumber, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';
import { fact, text } from './info.ts';

const LOCK_CHARACTERS = 64;

/** A lock's name in any case. Throws 3057 where it is empty, NULL or too long. */
function lockName(value: Value): string {
  const name = value === null ? 'NULL' : text(value);
  if ([...name].length > LOCK_CHARACTERS) throw sqlError('ER_USER_LOCK_OVERLONG_NAME', name, LOCK_CHARACTERS);
  if (value === null || name === '') throw sqlError('ER_USER_LOCK_WRONG_NAME', name);
  return name.toLowerCase();
}

/** Longest a statement waits for a lock, in s. */
const LONGEST_WAIT_S = 3_600;

/** The other connection of the source that holds a lock. */
function holderOf({ session }: Execution, lock: string): number | undefined {
  return session.server.sessionsOf(session.overlay).find((other) => other !== session && other.locks.holds(lock))
    ?.connectionId;
}

export const LOCK_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  GET_LOCK: {
    args: [2, 2],
    takes: ' i',
    type: () => intType(1),
    evaluate: ([name, seconds], x) => {
      const lock = lockName(name as Value);
      if (holderOf(x, lock) === undefined) return x.session.locks.take(lock) ? 1n : 0n;
      const wait = toNumber(seconds as Value) ?? 0;
      if (x.awake) throw sqlError('ER_QUERY_INTERRUPTED');
      x.waitsFor = 'User lock';
      x.delayMs += (wait < 0 ? LONGEST_WAIT_S : Math.min(wait, LONGEST_WAIT_S)) * 1_000;
      return 0n;
    },
  },
  RELEASE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => {
      const lock = lockName(name as Value);
      return fromBoolean(x.session.locks.release(lock) ?? (holderOf(x, lock) === undefined ? null : false));
    },
  },
  RELEASE_ALL_LOCKS: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.locks.releaseAll(),
  ),
  IS_FREE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => {
      const lock = lockName(name as Value);
      return fromBoolean(!x.session.locks.holds(lock) && holderOf(x, lock) === undefined);
    },
  },
  IS_USED_LOCK: {
    args: [1, 1],
    type: () => intType(21, { unsigned: true }),
    evaluate: ([name], x) => {
      const lock = lockName(name as Value);
      const holder = x.session.locks.holds(lock) ? x.session.connectionId : holderOf(x, lock);
      return holder === undefined ? null : BigInt(holder);
    },
  },
};
