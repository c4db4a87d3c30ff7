// Numeric functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/numeric-functions.html; RAND(n) is mysys' two-seed generator.
import { zlib } from '../../on-demand.ts';
import { type SqlError, sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { Decimal, MAX_SCALE, rescale, truncate } from '../value/decimal.ts';
import {
  countType,
  decimalType,
  digitsOf,
  doubleOf,
  doubleType,
  intType,
  isDecimal,
  isInteger,
  isNull,
  isTemporal,
  type SqlType,
} from '../value/type.ts';
import { toBytes, toInteger, toNumber, type Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionEntry, type FunctionTable } from './function.ts';

const number = (value: Value): number => toNumber(value) as number;

function finite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function real(operation: (x: number) => number): FunctionEntry {
  return {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([x]) => finite(operation(number(x as Value))),
  };
}

const shownAll = (printed: readonly (() => string)[]): string => printed.map((print) => print()).join(',');

/** Throws 1690 where a whole number fits no BIGINT. */
function checkRange(value: bigint, unsigned: boolean, print: () => string): void {
  const fits = unsigned ? value < 2n ** 64n : value >= -(2n ** 63n) && value < 2n ** 63n;
  if (!fits) throw sqlError('ER_DATA_OUT_OF_RANGE', unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', print());
}

function outOfRange(name: string, printed: readonly (() => string)[]): SqlError {
  return sqlError('ER_DATA_OUT_OF_RANGE', 'DOUBLE', `${name}(${shownAll(printed)})`);
}

/** NULL with warning 3020 where there is no logarithm. */
function logarithm(operation: (x: number) => number): FunctionEntry {
  return {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([value], x) => {
      const argument = number(value as Value);
      return argument > 0 ? operation(argument) : noLogarithm(x);
    },
  };
}

function noLogarithm(x: Execution): null {
  x.warn('ER_INVALID_ARGUMENT_FOR_LOGARITHM');
  return null;
}

/** Turning one measure of an angle into another is NULL for NULL only. */
function angle(operation: (x: number) => number): FunctionEntry {
  return { ...real(operation), type: (args) => doubleType({ nullable: anyNullable(args) }) };
}

/** The double nearest, ties to even, as the C library rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const RAND_MODULUS = 0x3fff_ffff;

/** MySQL's RAND(seed): first number of the sequence that seed starts. */
export function seededRandom(seed: number): { next(): number } {
  let first = Number(BigInt.asUintN(32, BigInt(seed) * 0x10001n + 55_555_555n)) % RAND_MODULUS;
  let second = Number(BigInt.asUintN(32, BigInt(seed) * 0x10000001n)) % RAND_MODULUS;
  return {
    next() {
      first = (first * 3 + second) % RAND_MODULUS;
      second = (first + second + 33) % RAND_MODULUS;
      return first / RAND_MODULUS;
    },
  };
}

function wholeType(args: readonly SqlType[]): SqlType {
  const [arg] = args as [SqlType];
  if (isDecimal(arg) && digitsOf(arg).whole > 18)
    return decimalType(digitsOf(arg).whole + (arg.decimals > 0 ? 1 : 0), 0, { nullable: arg.nullable });
  if (isTemporal(arg)) return doubleType({ nullable: arg.nullable });
  if (isInteger(arg) || isDecimal(arg)) return intType(21, { nullable: arg.nullable, unsigned: arg.unsigned });
  return doubleOf(arg);
}

function toWhole(value: Value, round: (x: number) => number, up: boolean): Value {
  if (typeof value === 'bigint') return value;
  if (value instanceof Decimal) {
    const cut = truncate(value, 0);
    const exact = rescale(cut, value.scale).units === value.units;
    if (exact) return cut.units;
    if (up) return value.units > 0n ? cut.units + 1n : cut.units;
    return value.units < 0n ? cut.units - 1n : cut.units;
  }
  return round(number(value));
}

/** Places beyond any number's digits are all the same. */
function placesOf(value: Value): number {
  return Math.max(-400, Math.min(400, number(value)));
}

function roundType(args: readonly SqlType[], constants: readonly Value[], rounds: boolean): SqlType {
  const [arg] = args as [SqlType];
  const places = args.length < 2 || isNull(args[1] as SqlType) ? 0 : constantNumber(constants, 1);
  if (isInteger(arg)) return intType(21, { nullable: anyNullable(args), unsigned: arg.unsigned });
  if (isDecimal(arg)) {
    const { whole, scale } = digitsOf(arg);
    const kept = places === undefined ? scale : Math.max(0, Math.min(places, scale));
    const carry = rounds && kept < scale ? 1 : 0;
    return decimalType(whole + kept + carry, kept, { nullable: anyNullable(args) });
  }
  return doubleType({ nullable: anyNullable(args), length: 23 });
}

function roundValue(value: Value, places: number, rounds: boolean): Value {
  if (typeof value === 'bigint') {
    if (places >= 0) return value;
    const unit = 10n ** BigInt(Math.min(40, -places));
    const shifted = rounds ? (value < 0n ? value - unit / 2n : value + unit / 2n) : value;
    return (shifted / unit) * unit;
  }
  if (value instanceof Decimal) {
    if (places < 0) return new Decimal(roundValue(truncate(value, 0).units, places, rounds) as bigint, 0);
    const kept = Math.min(places, MAX_SCALE);
    return kept >= value.scale ? value : rounds ? rescale(value, kept) : truncate(value, kept);
  }
  const x = number(value);
  const factor = 10 ** Math.max(-300, Math.min(300, places));
  const scaled = x * factor;
  if (!Number.isFinite(scaled)) return x;
  return (rounds ? roundHalfEven(scaled) : Math.trunc(scaled)) / factor;
}

export const NUMBER_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ABS: {
    args: [1, 1],
    takes: 'n',
    strict: true,
    type: ([arg]) =>
      isInteger(arg as SqlType) || isDecimal(arg as SqlType)
        ? { ...(arg as SqlType), flags: 0, exactFlags: false, type: isInteger(arg as SqlType) ? 8 : 246 }
        : doubleOf(arg as SqlType),
    evaluate: ([value], _x, _types, printed) => {
      if (typeof value === 'bigint') {
        if (value === -(2n ** 63n)) throw sqlError('ER_DATA_OUT_OF_RANGE', 'BIGINT', `abs(${printed[0]?.()})`);
        return value < 0n ? -value : value;
      }
      if (value instanceof Decimal) return new Decimal(value.units < 0n ? -value.units : value.units, value.scale);
      return Math.abs(number(value as Value));
    },
  },
  CEILING: {
    args: [1, 1],
    takes: 'n',
    strict: true,
    type: wholeType,
    evaluate: ([value]) => toWhole(value as Value, Math.ceil, true),
  },
  FLOOR: {
    args: [1, 1],
    takes: 'n',
    strict: true,
    type: wholeType,
    evaluate: ([value]) => toWhole(value as Value, Math.floor, false),
  },
  ROUND: {
    args: [1, 2],
    sizedBy: [1],
    takes: 'ni',
    strict: true,
    type: (args, constants) => roundType(args, constants, true),
    evaluate: ([value, places], _x, [type], printed) => {
      const made = roundValue(value as Value, places === undefined ? 0 : placesOf(places), true);
      if (typeof made === 'bigint') checkRange(made, type?.unsigned ?? false, () => `round(${shownAll(printed)})`);
      return made;
    },
  },
  TRUNCATE: {
    args: [2, 2],
    sizedBy: [1],
    takes: 'ni',
    strict: true,
    type: (args, constants) => roundType(args, constants, false),
    evaluate: ([value, places]) => roundValue(value as Value, placesOf(places as Value), false),
  },
  SIGN: {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([x]) => BigInt(Math.sign(number(x as Value)) || 0),
  },
  POW: {
    args: [2, 2],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([x, y], _x, _types, printed) => {
      const result = number(x as Value) ** number(y as Value);
      if (!Number.isFinite(result)) throw outOfRange('pow', printed);
      return result;
    },
  },
  SQRT: real((x) => (x < 0 ? Number.NaN : Math.sqrt(x))),
  EXP: {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([x], _x, _types, printed) => {
      const result = Math.exp(number(x as Value));
      if (!Number.isFinite(result)) throw outOfRange('exp', printed);
      return result;
    },
  },
  LN: logarithm(Math.log),
  LOG2: logarithm(Math.log2),
  LOG10: logarithm(Math.log10),
  LOG: {
    args: [1, 2],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([a, b], x) => {
      const first = number(a as Value);
      if (b === undefined) return first > 0 ? Math.log(first) : noLogarithm(x);
      const second = number(b);
      return first <= 0 || second <= 0 || first === 1 ? noLogarithm(x) : Math.log(second) / Math.log(first);
    },
  },
  SIN: real(Math.sin),
  COS: real(Math.cos),
  TAN: real(Math.tan),
  COT: {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([x], _x, _types, printed) => {
      if (number(x as Value) === 0) throw outOfRange('cot', printed);
      return 1 / Math.tan(number(x as Value));
    },
  },
  ASIN: real(Math.asin),
  ACOS: real(Math.acos),
  ATAN: {
    args: [1, 2],
    takes: 'r',
    strict: true,
    type: () => doubleType(),
    evaluate: ([y, x]) => (x === undefined ? Math.atan(number(y as Value)) : Math.atan2(number(y as Value), number(x))),
  },
  DEGREES: angle((x) => x * (180 / Math.PI)),
  RADIANS: angle((x) => x * (Math.PI / 180)),
  PI: { args: [0, 0], type: () => doubleType({ length: 8, decimals: 6, nullable: false }), evaluate: () => Math.PI },
  CRC32: {
    args: [1, 1],
    ofBytes: true,
    takes: 't',
    strict: true,
    type: (args) => intType(10, { unsigned: true, nullable: anyNullable(args) }),
    evaluate: ([value]) => BigInt(zlib().crc32(toBytes(value as Value) as Buffer)),
  },
  BIT_COUNT: {
    args: [1, 1],
    takes: 'b',
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value]) => {
      if (Buffer.isBuffer(value))
        return BigInt(value.reduce((sum, byte) => sum + byte.toString(2).replace(/0/g, '').length, 0));
      return BigInt(
        BigInt.asUintN(64, toInteger(value as Value) as bigint)
          .toString(2)
          .replace(/0/g, '').length,
      );
    },
  },
  INTERVAL: {
    args: [2, 65_535],
    takes: 'r',
    type: () => countType(2),
    evaluate: ([value, ...list]) => {
      if (value === null) return -1n;
      const x = number(value as Value);
      let at = 0;
      while (at < list.length && (list[at] === null || number(list[at] as Value) <= x)) at++;
      return BigInt(at);
    },
  },
};
