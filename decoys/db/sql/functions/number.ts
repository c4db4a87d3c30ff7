// Numeric functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/numeric-functions.html; RAND(n) is mysys' two-seed generator.
import { zlib } from '../../on-demand.ts';
import { type SqlError, sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { Decimal } from '../value/decimal.ts';
import { countType, doubleOf, doubleType, intType, isDecimal, isInteger, type SqlType } from '../value/type.ts';
import { toBytes, toInteger, toNumber, type Value } from '../value/value.ts';
import { anyNullable, type FunctionEntry, type FunctionTable } from './function.ts';

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

function outOfRange(name: string, printed: readonly (() => string)[]): SqlError {
  return sqlError('ER_DATA_OUT_OF_RANGE', 'DOUBLE', `${name}(${printed.map((print) => print()).join(',')})`);
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

const RAND_MODULUS = 0x3fff_ffff;

/** MySQL's RAND(seed): first number of the sequence that seed starts. */
export function seededRandom(seed: number): { next(): number } {
  const first = Number(BigInt.asUintN(32, BigInt(seed) * 0x10001n + 55_555_555n)) % RAND_MODULUS;
  const second = Number(BigInt.asUintN(32, BigInt(seed) * 0x10000001n)) % RAND_MODULUS;
  const state = { first, second };
  return { next: () => nextRandom(state) };
}

/** The next number of a sequence, 0 to 1; its state moves on. */
export function nextRandom(state: { first: number; second: number }): number {
  state.first = (state.first * 3 + state.second) % RAND_MODULUS;
  state.second = (state.first + state.second + 33) % RAND_MODULUS;
  return state.first / RAND_MODULUS;
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
