// Numeric functions that round: CEILING, FLOOR, ROUND, TRUNCATE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/mathematical-functions.html; types as recorded from 9.7.
import { sqlError } from '../errors.ts';
import { Decimal, MAX_SCALE, rescale, truncate } from '../value/decimal.ts';
import {
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
import { toNumber, type Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionTable } from './function.ts';

const number = (value: Value): number => toNumber(value) as number;

/** The double nearest, ties to even, as the C library rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const shownAll = (printed: readonly (() => string)[]): string => printed.map((print) => print()).join(',');

/** Throws 1690 where a whole number fits no BIGINT. */
function checkRange(value: bigint, unsigned: boolean, print: () => string): void {
  const fits = unsigned ? value < 2n ** 64n : value >= -(2n ** 63n) && value < 2n ** 63n;
  if (!fits) throw sqlError('ER_DATA_OUT_OF_RANGE', unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', print());
}

function wholeType(args: readonly SqlType[]): SqlType {
  const [arg] = args as [SqlType];
  if (isDecimal(arg) && digitsOf(arg).whole > 18)
    return decimalType(digitsOf(arg).whole + (arg.decimals > 0 ? 1 : 0), 0, { nullable: arg.nullable });
  if (isTemporal(arg) || isNull(arg)) return doubleType({ nullable: arg.nullable });
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

export const ROUNDING_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
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
};
