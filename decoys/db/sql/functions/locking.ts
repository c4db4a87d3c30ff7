// GET_LOCK and its kin.
// Source: https://dev.mysql.com/doc/refman/9.7/en/locking-functions.html
import { sqlError } from '../errors.ts';
import { countType, intType } from '../value/type.ts';
import { fromBoolean, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';
import { fact, text } from './info.ts';

const LOCK_CHARACTERS = 64;

/** A lock's name in any case. Throws 3057 where it is empty, NULL or too long. */
function lockName(value: Value): string {
  const name = value === null ? 'NULL' : text(value);
  if (value === null || name === '' || name.length > LOCK_CHARACTERS) throw sqlError('ER_USER_LOCK_WRONG_NAME', name);
  return name.toLowerCase();
}

export const LOCK_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  GET_LOCK: {
    args: [2, 2],
    type: () => intType(1),
    evaluate: ([name], x) => {
      return x.session.locks.take(lockName(name as Value)) ? 1n : 0n;
    },
  },
  RELEASE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => fromBoolean(x.session.locks.release(lockName(name as Value)) ?? null),
  },
  RELEASE_ALL_LOCKS: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.locks.releaseAll(),
  ),
  IS_FREE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => fromBoolean(!x.session.locks.holds(lockName(name as Value))),
  },
  IS_USED_LOCK: {
    args: [1, 1],
    type: () => intType(21, { unsigned: true }),
    evaluate: ([name], x) => (x.session.locks.holds(lockName(name as Value)) ? BigInt(x.session.connectionId) : null),
  },
};
