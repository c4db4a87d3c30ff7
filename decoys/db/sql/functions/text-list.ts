// String functions of lists and of order: FIELD, ELT, MAKE_SET, STRCMP, SOUNDEX, WEIGHT_STRING, COLLATION.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html

import { realOf } from '../coerce.ts';
import type { Execution } from '../execution.ts';
import { compareText } from '../value/charset.ts';
import {
  bytesType,
  countType,
  DEFAULT_COLLATION,
  intType,
  isDecimal,
  isInteger,
  isNull,
  isString,
  isTemporal,
  type SqlType,
  SYSTEM_COLLATION,
  textLength,
  textType,
} from '../value/type.ts';
import { compareValues, toBytes, toInteger, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable, MANY } from './function.ts';
import { like, number, text, toTextOrBytes } from './text-argument.ts';

/** SOUNDEX's digit of each letter from A to Z; 0 is none. */
const SOUNDEX_DIGITS = Buffer.from('01230120022455012623010202');
const [LETTER_A, LETTER_H, LETTER_W, NO_DIGIT] = [...Buffer.from('AHW0')] as [number, number, number, number];
/** Characters of the shortest code. */
const SOUNDEX_LENGTH = 4;

/** A text without a letter from A to Z begins with the first letter it has. */
function firstLetter(value: string): string {
  const found = /\p{L}/u.exec(value.slice(0, SOUNDEX_SOUGHT))?.[0];
  return found === undefined ? '' : found + '0'.repeat(SOUNDEX_LENGTH - 1);
}

/** Characters looked through for a letter. */
const SOUNDEX_SOUGHT = 1_024;

/** Written into bytes: a text that grows digit by digit takes thirty times its length. */
function soundex(value: string): string {
  const upper = value.toUpperCase();
  const out = Buffer.alloc(upper.length + SOUNDEX_LENGTH, NO_DIGIT);
  let length = 0;
  let last = NO_DIGIT;
  for (let at = 0; at < upper.length; at++) {
    const letter = upper.charCodeAt(at);
    const digit = SOUNDEX_DIGITS[letter - LETTER_A];
    if (digit === undefined) continue;
    const first = length === 0;
    if (first) out[length++] = letter;
    else if (digit !== NO_DIGIT && digit !== last) out[length++] = digit;
    if (first || (letter !== LETTER_H && letter !== LETTER_W)) last = digit;
  }
  if (length === 0) return firstLetter(value);
  return out.toString('latin1', 0, Math.max(length, SOUNDEX_LENGTH));
}

/** Primary weights of the letters a to z in UCA 9.0. */
const LETTER_WEIGHTS = Buffer.from(
  '1c471c601c7a1c8f1caa1ce51cf41d181d321d4c1d651d771daa1db91ddd1e0c1e211e331e711e951eb51ee31ef51eff1f0b1f21',
  'hex',
);

const DIGIT_WEIGHT = 0x1c3d;

function characterWeight(letter: string): number {
  const code = letter.toLowerCase().codePointAt(0) as number;
  if (code >= 97 && code <= 122) return LETTER_WEIGHTS.readUInt16BE((code - 97) * 2);
  return code >= 48 && code <= 57 ? DIGIT_WEIGHT + code - 48 : code;
}

/** Weights a text sorts by: of letters those of UCA, of everything else its code. */
function weight(value: Value, type: SqlType): Value {
  if (typeof value === 'bigint') {
    const out = Buffer.alloc(8);
    out.writeBigUInt64BE(BigInt.asUintN(64, value ^ (1n << 63n)));
    return out;
  }
  if (!type.text) return toBytes(value);
  const out: number[] = [];
  for (const letter of [...text(value)].slice(0, 64)) {
    const found = characterWeight(letter);
    out.push((found >> 8) & 255, found & 255);
  }
  return Buffer.from(out);
}

/** The collation texts compare by: the first that is no default, or that of bytes. */
function collationOf(types: readonly SqlType[]): string {
  if (types.some((type) => isString(type) && !type.text)) return 'binary';
  const texts = types.filter((type) => type.text).map((type) => type.collation);
  return (
    texts.find((name) => name.endsWith('_bin')) ?? texts.find((name) => name !== DEFAULT_COLLATION) ?? DEFAULT_COLLATION
  );
}

/** Texts of so many characters together, as a power of two, are compared in one step. */
const COMPARED_SHIFT = 6;

/** Place of a text among those between commas, from 1; 0 where it is none of them. */
function placeInSet(needle: string, list: string, collation: string, x: Execution): bigint {
  let place = 1n;
  for (let start = 0; ; place++) {
    const comma = list.indexOf(',', start);
    const end = comma < 0 ? list.length : comma;
    x.spend(1 + ((end - start + needle.length) >> COMPARED_SHIFT));
    if (compareText(list.slice(start, end), needle, collation) === 0) return place;
    if (comma < 0) return 0n;
    start = comma + 1;
  }
}

export const TEXT_LIST_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  STRCMP: {
    args: [2, 2],
    takes: 't',
    strict: true,
    type: (args) => intType(2, { nullable: anyNullable(args) }),
    evaluate: ([a, b], _x, types) => BigInt(compareText(text(a as Value), text(b as Value), collationOf(types))),
  },
  FIELD: {
    args: [2, MANY],
    type: () => countType(11),
    evaluate: ([value, ...list], x, types) => {
      if (value === null) return 0n;
      const texts = types.every((type) => isString(type) || type.text || isTemporal(type) || isNull(type));
      const exact = types.every((type) => isInteger(type) || isDecimal(type));
      const key = texts || exact ? (value as Value) : realOf(value as Value, x);
      const collation = collationOf(types);
      for (const [at, item] of list.entries()) {
        if (item === null) continue;
        const other = texts || exact ? item : realOf(item, x);
        if (compareValues(key, other, collation) === 0) return BigInt(at + 1);
      }
      return 0n;
    },
  },
  ELT: {
    args: [2, MANY],
    takes: 'it',
    type: (args) => like(args.slice(1), Math.max(...args.slice(1).map(textLength))),
    evaluate: ([at, ...list]) => (at === null ? null : toTextOrBytes(list[number(at as Value) - 1] ?? null)),
  },
  FIND_IN_SET: {
    args: [2, 2],
    takes: 't',
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value, set], x, types) => {
      const [needle, list] = [text(value as Value), text(set as Value)];
      if (list === '' || needle.includes(',')) return 0n;
      return placeInSet(needle, list, collationOf(types), x);
    },
  },
  MAKE_SET: {
    args: [2, MANY],
    takes: 'it',
    type: (args) => ({
      ...textType(args.slice(1).reduce((sum, type) => sum + textLength(type) + 1, -1)),
      nullable: args.some((type) => type.nullable),
    }),
    evaluate: ([bits, ...list]) =>
      bits === null
        ? null
        : list
            .filter((item, at) => item !== null && ((toInteger(bits as Value) as bigint) >> BigInt(at)) & 1n)
            .map(text)
            .join(','),
  },
  EXPORT_SET: {
    args: [3, 5],
    takes: 'ittti',
    strict: true,
    type: ([, on, off, separator]) => {
      const word = Math.max(textLength(on as SqlType), textLength(off as SqlType));
      return textType(64 * word + 63 * (separator ? textLength(separator) : 1));
    },
    evaluate: ([bits, on, off, separator, count], x) => {
      const size = Math.min(64, count === undefined ? 64 : number(count));
      const word = Math.max(text(on as Value).length, text(off as Value).length);
      if (!x.fits(size * word, 'export_set')) return null;
      const flags = toInteger(bits as Value) as bigint;
      const parts = Array.from({ length: size }, (_, at) => text(((flags >> BigInt(at)) & 1n ? on : off) as Value));
      return parts.join(separator === undefined ? ',' : text(separator));
    },
  },
  SOUNDEX: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: (args) => like(args.slice(0, 1), Math.max(4, textLength(args[0] as SqlType))),
    evaluate: ([value]) => soundex(text(value as Value)),
  },
  WEIGHT_STRING: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => bytesType(isString(arg as SqlType) && (arg as SqlType).text ? 128 : 8),
    evaluate: ([value], _x, types) => weight(value as Value, types[0] as SqlType),
  },
  CHARSET: {
    args: [1, 1],
    type: () => textType(64, { collation: SYSTEM_COLLATION }),
    evaluate: (_args, x, types) =>
      (types[0] as SqlType).text ? x.session.charsetOf((types[0] as SqlType).collation) : 'binary',
  },
  COLLATION: {
    args: [1, 1],
    type: () => textType(64, { collation: SYSTEM_COLLATION }),
    evaluate: (_args, _x, types) => ((types[0] as SqlType).text ? (types[0] as SqlType).collation : 'binary'),
  },
  COERCIBILITY: {
    args: [1, 1],
    type: () => countType(10),
    // The compiler knows: it answers by itself.
    evaluate: () => null,
  },
};
