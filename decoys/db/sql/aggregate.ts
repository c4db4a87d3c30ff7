// Aggregate functions: their types, and one value from the rows of a group.
// Source: https://dev.mysql.com/doc/refman/9.7/en/aggregate-functions.html

import { VALUE_BYTES } from '../limits.ts';
import type { Session } from '../session/session.ts';
import { FLAG, TYPE } from '../wire/constants.ts';
import { realOf, wholeOf } from './coerce.ts';
import { sqlError } from './errors.ts';
import type { Execution } from './execution.ts';
import { toJsonData } from './functions/json-argument.ts';
import { keySteps, sortSteps } from './query/rows.ts';
import type { AggregateSlot, Row } from './scope.ts';
import { mapped, type Steps, sorted } from './steps.ts';
import { findCharset, findCollation } from './value/charset.ts';
import { addDecimals, Decimal, divideDecimals, MAX_SCALE, rescale } from './value/decimal.ts';
import { Json, type JsonData } from './value/json.ts';
import {
  bytesType,
  countType,
  decimalType,
  digitsOf,
  doubleOf,
  doubleType,
  intType,
  isDecimal,
  isInteger,
  isJson,
  isNull,
  isString,
  isTemporal,
  jsonType,
  type SqlType,
  textType,
} from './value/type.ts';
import { compareValues, toBytes, toDecimal, toText, type Value } from './value/value.ts';

export function aggregateType(name: string, args: readonly SqlType[], session: Session): SqlType {
  const [arg] = args as [SqlType];
  switch (name) {
    case 'COUNT':
      return countType(21);
    case 'SUM':
    case 'AVG': {
      if (!isInteger(arg) && !isDecimal(arg) && !(isTemporal(arg) && arg.decimals === 0))
        return { ...doubleOf(arg), nullable: true };
      const { whole, scale } = digitsOf(isTemporal(arg) ? intType(15) : arg);
      if (name === 'AVG') {
        const decimals = Math.min(MAX_SCALE, scale + divisionDigits(session));
        return decimalType(Math.min(65, whole + decimals), decimals);
      }
      return decimalType(Math.min(65, whole + scale + 22 - (whole + scale > 43 ? whole + scale - 43 : 0)), scale);
    }
    case 'MIN':
    case 'MAX':
      if (isJson(arg)) return jsonType();
      return {
        ...arg,
        members: undefined,
        nullable: true,
        flags: 0,
        exactFlags: false,
        decimals: isString(arg) ? 31 : arg.decimals,
      };
    case 'GROUP_CONCAT':
      return groupConcatType(args, session);
    case 'BIT_AND':
    case 'BIT_OR':
    case 'BIT_XOR':
      return countType(21, { unsigned: true });
    case 'JSON_ARRAYAGG':
    case 'JSON_OBJECTAGG':
      return jsonType();
    default:
      return doubleType();
  }
}

/** Digits a quotient has more than its dividend. */
function divisionDigits(session: Session): number {
  return Number(session.readVariable('div_precision_increment', '').value);
}

/** As long as group_concat_max_len counts: bytes of binary strings; of text, each as the widest character. */
function groupConcatType(args: readonly SqlType[], session: Session): SqlType {
  const limit = Number(session.readVariable('group_concat_max_len', '').value);
  const short = limit <= VARCHAR_CHARACTERS;
  if (args.every(isNull) || args.some((arg) => isString(arg) && !arg.text))
    return { ...bytesType(limit), type: short ? TYPE.VAR_STRING : TYPE.LONG_BLOB };
  const text = args.find((arg) => isString(arg) && arg.text);
  const collation = text?.collation ?? session.connectionCollation();
  if (short) return { ...textType(limit), collation };
  const widest = findCharset(findCollation(collation)?.charset ?? '')?.maxBytes ?? 1;
  return { ...textType(limit * widest), type: TYPE.LONG_BLOB, collation };
}

/** Characters a list may have to be told as a VARCHAR. */
const VARCHAR_CHARACTERS = 512;

/** What taking one row into an aggregate costs. */
const INPUT_STEPS = 5;

/** The rows an aggregate takes: NULLs left out, each value once under DISTINCT. */
function* inputs(slot: AggregateSlot, rows: readonly Row[], x: Execution): Steps<Value[][]> {
  const found: { values: Value[]; row: Row }[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    if (x.turnIsOver) yield;
    const values = slot.args.map((arg) => arg.get(row));
    x.spend(INPUT_STEPS + (slot.expression.distinct ? keySteps(values) : 0));
    const keepsNull = slot.expression.name.startsWith('JSON_');
    if (!keepsNull && values.includes(null)) continue;
    if (slot.expression.distinct) {
      const key = values
        .map((value) => (typeof value === 'string' ? value.toLowerCase() : toText(value)))
        .join('\u0000');
      if (seen.has(key)) continue;
      seen.add(key);
    }
    found.push({ values, row });
  }
  if (slot.order.length > 0) {
    const keyed = yield* mapped(x, found, ({ values, row }) => ({
      values,
      keys: slot.order.map((item) => item.node.get(row)),
    }));
    x.spend(sortSteps(keyed.length));
    // Of equal ones the last stands first.
    const inOrder = yield* sorted(x, keyed.reverse(), (a, b) => compareKeys(a.keys, b.keys, slot.order));
    return inOrder.map((entry) => entry.values);
  }
  return found.map((entry) => entry.values);
}

/** Order of two lists of sort keys; NULL comes first. */
export function compareKeys(
  a: readonly Value[],
  b: readonly Value[],
  order: readonly { readonly node: { readonly type: SqlType }; readonly descending: boolean }[],
): number {
  // A sort comes here tens of thousands of times: nothing is allocated.
  for (let at = 0; at < order.length; at++) {
    const item = order[at] as (typeof order)[number];
    const x = a[at] as Value;
    const y = b[at] as Value;
    const { collation, members } = item.node.type;
    const result =
      x === null
        ? y === null
          ? 0
          : -1
        : y === null
          ? 1
          : members
            ? placeOf(x, item.node.type, members) - placeOf(y, item.node.type, members)
            : (compareValues(x, y, collation) as number);
    if (result !== 0) return item.descending ? -result : result;
  }
  return 0;
}

/** The number an ENUM's value is stored as, or a SET's bits. */
function placeOf(value: Value, type: SqlType, members: readonly string[]): number {
  const text = toText(value) ?? '';
  if (((type.flags ?? 0) & FLAG.SET) === 0) return members.indexOf(text) + 1;
  return text.split(',').reduce((bits, part) => bits + (members.includes(part) ? 2 ** members.indexOf(part) : 0), 0);
}

function sum(values: readonly Value[], type: SqlType, x: Execution): Value {
  if (values.length === 0) return null;
  if (!isDecimal(type)) return values.reduce<number>((total, value) => total + (realOf(value, x) as number), 0);
  const total = values.reduce<Decimal>(
    (all, value) => addDecimals(all, toDecimal(value) as Decimal),
    new Decimal(0n, 0),
  );
  return rescale(total, type.decimals);
}

function average(values: readonly Value[], type: SqlType, x: Execution): Value {
  const division = divisionDigits(x.session);
  const total = sum(values, isDecimal(type) ? { ...type, decimals: Math.max(0, type.decimals - division) } : type, x);
  if (total === null) return null;
  if (typeof total === 'number') return total / values.length;
  const quotient = divideDecimals(
    rescale(total as Decimal, Math.min(MAX_SCALE, (total as Decimal).scale)),
    new Decimal(BigInt(values.length), 0),
    division,
  ) as Decimal;
  return rescale(quotient, type.decimals);
}

function variance(values: readonly Value[], sample: boolean, x: Execution): number | null {
  const numbers = values.map((value) => realOf(value, x) as number);
  if (numbers.length === 0 || (sample && numbers.length < 2)) return null;
  // One value after the other moves the mean, as the server reckons it.
  let mean = 0;
  let squares = 0;
  for (const [at, value] of numbers.entries()) {
    const before = mean;
    mean = at === 0 ? value : mean + (value - mean) / (at + 1);
    if (at > 0) squares += (value - before) * (value - mean);
  }
  return squares / (sample ? numbers.length - 1 : numbers.length);
}

function extreme(values: readonly Value[], sign: 1 | -1, collation: string): Value {
  return values.reduce<Value>(
    (best, value) => (best === null || (compareValues(value, best, collation) as number) * sign > 0 ? value : best),
    null,
  );
}

function* groupConcat(slot: AggregateSlot, rows: readonly Value[][], x: Execution): Steps<Value> {
  if (rows.length === 0) return null;
  const separator = slot.expression.separator ?? Buffer.from(',');
  const limit = Math.min(VALUE_BYTES, Number(x.session.readVariable('group_concat_max_len', '').value));
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const [at, values] of rows.entries()) {
    if (x.turnIsOver) yield;
    const piece = Buffer.concat([...(at > 0 ? [separator] : []), ...values.map((value) => toBytes(value) as Buffer)]);
    if (bytes + piece.length > limit || !x.fits(piece.length, 'group_concat')) {
      parts.push(piece.subarray(0, Math.max(0, limit - bytes)));
      x.session.addWarning('Warning', 1260, `Row ${at + 1} was cut by GROUP_CONCAT()`);
      break;
    }
    parts.push(piece);
    bytes += piece.length;
  }
  const all = Buffer.concat(parts);
  return slot.type.text ? all.toString('utf8').replace(/\ufffd+$/, '') : all;
}

function bits(
  values: readonly Value[],
  start: bigint,
  x: Execution,
  operation: (a: bigint, b: bigint) => bigint,
): bigint {
  return values.reduce<bigint>((all, value) => operation(all, BigInt.asUintN(64, wholeOf(value, x) as bigint)), start);
}

type Fold = (values: readonly Value[], rows: readonly Value[][], slot: AggregateSlot, x: Execution) => Value;

const root = (value: number | null): number | null => (value === null ? null : Math.sqrt(value));

const FOLDS: Readonly<Record<string, Fold>> = {
  COUNT: (_values, rows) => BigInt(rows.length),
  SUM: (values, _rows, slot, x) => sum(values, slot.type, x),
  AVG: (values, _rows, slot, x) => average(values, slot.type, x),
  MIN: (values, _rows, slot) => extreme(values, -1, slot.type.collation),
  MAX: (values, _rows, slot) => extreme(values, 1, slot.type.collation),
  BIT_AND: (values, _rows, _slot, x) => bits(values, 2n ** 64n - 1n, x, (a, b) => a & b),
  BIT_OR: (values, _rows, _slot, x) => bits(values, 0n, x, (a, b) => a | b),
  BIT_XOR: (values, _rows, _slot, x) => bits(values, 0n, x, (a, b) => a ^ b),
  STD: (values, _rows, _slot, x) => root(variance(values, false, x)),
  STDDEV: (values, _rows, _slot, x) => root(variance(values, false, x)),
  STDDEV_POP: (values, _rows, _slot, x) => root(variance(values, false, x)),
  STDDEV_SAMP: (values, _rows, _slot, x) => root(variance(values, true, x)),
  VARIANCE: (values, _rows, _slot, x) => variance(values, false, x),
  VAR_POP: (values, _rows, _slot, x) => variance(values, false, x),
  VAR_SAMP: (values, _rows, _slot, x) => variance(values, true, x),
  JSON_ARRAYAGG: (values) => (values.length === 0 ? null : new Json(values.map(toJsonData))),
  JSON_OBJECTAGG: (_values, rows) => {
    if (rows.length === 0) return null;
    const object: Record<string, JsonData> = Object.create(null);
    for (const [key, value] of rows) {
      if (key === null) throw sqlError('ER_JSON_NULL_KEY');
      object[toText(key as Value) as string] = toJsonData(value as Value);
    }
    return new Json(object);
  },
};

/** One value of a group; COUNT(*) counts its rows. */
export function* aggregate(slot: AggregateSlot, rows: readonly Row[], x: Execution): Steps<Value> {
  if (slot.expression.star) return BigInt(rows.length);
  const { name } = slot.expression;
  if (name === 'GROUP_CONCAT') return yield* groupConcat(slot, yield* inputs(slot, rows, x), x);
  const fold = FOLDS[name];
  if (!fold) throw sqlError('ER_INVALID_GROUP_FUNC_USE');
  const taken = yield* inputs(slot, rows, x);
  if (x.turnIsOver) yield;
  return fold(
    taken.map((values) => values[0] as Value),
    taken,
    slot,
    x,
  );
}
