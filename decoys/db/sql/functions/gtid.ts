// Sets of global transaction ids: whether one holds another, and what is left of one without another.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gtid-functions.html
import { sqlError } from '../errors.ts';
import { type GtidSet, readGtidSet, subtractGtids, writeGtidSet } from '../value/gtid-set.ts';
import { countType, intType, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable } from './function.ts';

/** Characters the server makes ready for what is left of one set without another, as measured on 9.7.4. */
function remainderLength(from: number, taken: number): number {
  return Math.max(0, 4 * from + 10 * taken - 90);
}

/** Throws 1772 where the text is no set. */
function setOf(value: Value): GtidSet {
  const found = readGtidSet(toText(value) as string);
  if (typeof found === 'string') throw sqlError('ER_MALFORMED_GTID_SET_SPECIFICATION', found);
  return found;
}

const waits = (): SqlType => intType(21);

export const GTID_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  GTID_SUBSET: {
    args: [2, 2],
    type: (args) => (anyNullable(args) ? intType(21) : countType(21)),
    evaluate: ([a, b]) => {
      // The first is read before the second is asked for.
      const first = a === null ? null : setOf(a as Value);
      if (first === null || b === null) return null;
      return fromBoolean(subtractGtids(first, setOf(b as Value)).size === 0);
    },
  },
  GTID_SUBTRACT: {
    args: [2, 2],
    strict: true,
    type: ([a, b]) => textType(remainderLength(textLength(a as SqlType), textLength(b as SqlType))),
    evaluate: ([a, b]) => writeGtidSet(subtractGtids(setOf(a as Value), setOf(b as Value))),
  },
  WAIT_FOR_EXECUTED_GTID_SET: {
    args: [1, 2],
    strict: true,
    type: waits,
    evaluate: ([set]) => {
      const text = toText(set as Value) as string;
      if (typeof readGtidSet(text) === 'string') throw sqlError('ER_MALFORMED_GTID_SET_SPECIFICATION', text);
      return 0n;
    },
  },
  SOURCE_POS_WAIT: { args: [2, 4], type: waits, evaluate: () => null },
  MASTER_POS_WAIT: {
    args: [2, 4],
    type: waits,
    evaluate: (_args, x) => {
      x.warn('ER_WARN_DEPRECATED_SYNTAX', 'MASTER_POS_WAIT', 'SOURCE_POS_WAIT');
      return null;
    },
  },
};
