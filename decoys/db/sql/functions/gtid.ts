// Sets of global transaction ids: whether one holds another, and what is left of one without another.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gtid-functions.html
import { sqlError } from '../errors.ts';
import { countType, intType, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable } from './function.ts';

type Interval = readonly [number, number];
type GtidSet = Map<string, Interval[]>;

const SET_CHARACTERS = 8_192;
const SOURCE = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

function malformed(reason: string): never {
  throw sqlError('ER_MALFORMED_GTID_SET_SPECIFICATION', reason);
}

/** Reads a set. Throws 1772 where the text is none. */
function parseSet(text: string): GtidSet {
  const set: GtidSet = new Map();
  for (const part of text.slice(0, SET_CHARACTERS).split(',')) {
    const [uuid = '', ...intervals] = part.trim().split(':');
    if (uuid === '') continue;
    if (!/^[0-9a-f]/i.test(uuid)) malformed(`Expected hex digit at the beginning of the string: "${text}"`);
    const found = SOURCE.exec(uuid);
    if (!found) malformed(`Expected UUID at the beginning of the string: "${text}"`);
    const key = found.slice(1).join('-').toLowerCase();
    const kept = set.get(key) ?? [];
    for (const interval of intervals) {
      const bounds = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(interval.trim());
      if (!bounds) malformed(text);
      kept.push([Number(bounds[1]), Number(bounds[2] ?? bounds[1])]);
    }
    set.set(key, kept);
  }
  return set;
}

/** Intervals of `a` without those of `b`. */
function without(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return b.reduce<Interval[]>(
    (left, [low, high]) =>
      left.flatMap(([start, end]): Interval[] => [
        ...(start < low ? [[start, Math.min(end, low - 1)] as const] : []),
        ...(end > high ? [[Math.max(start, high + 1), end] as const] : []),
      ]),
    [...a],
  );
}

function subtract(a: GtidSet, b: GtidSet): GtidSet {
  const left: GtidSet = new Map();
  for (const [source, intervals] of a) {
    const rest = without(intervals, b.get(source) ?? []);
    if (rest.length > 0) left.set(source, rest);
  }
  return left;
}

function write(set: GtidSet): string {
  return [...set]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, intervals]) =>
      [source, ...intervals.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`))].join(':'),
    )
    .join(',\n');
}

/** Characters the server makes ready for what is left of one set without another, as measured on 9.7.4. */
function remainderLength(from: number, taken: number): number {
  return Math.max(0, 4 * from + 10 * taken - 90);
}

const setOf = (value: Value): GtidSet => parseSet(toText(value) as string);
const waits = (): SqlType => intType(21);

export const GTID_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  GTID_SUBSET: {
    args: [2, 2],
    strict: true,
    type: (args) => (anyNullable(args) ? intType(21) : countType(21)),
    evaluate: ([a, b]) => fromBoolean(subtract(setOf(a as Value), setOf(b as Value)).size === 0),
  },
  GTID_SUBTRACT: {
    args: [2, 2],
    strict: true,
    type: ([a, b]) => textType(remainderLength(textLength(a as SqlType), textLength(b as SqlType))),
    evaluate: ([a, b]) => write(subtract(setOf(a as Value), setOf(b as Value))),
  },
  WAIT_FOR_EXECUTED_GTID_SET: {
    args: [1, 2],
    strict: true,
    type: waits,
    evaluate: ([set]) => {
      setOf(set as Value);
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
