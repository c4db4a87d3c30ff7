// String functions that search, cut, join and change texts.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html
import type { Execution } from '../execution.ts';
import { compareText, encodeText } from '../value/charset.ts';
import { DEFAULT_COLLATION, intType, isNull, isString, type SqlType, textLength } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionEntry, type FunctionTable } from './function.ts';
import { charLength, like, number, onText, same, slicePoints, text } from './text-argument.ts';
import { letterByLetter, lowerCase, REVERSED_BYTES_A_STEP, reversed, upperCase } from './text-case.ts';

function substring(value: string, position: number, count: number): string {
  const length = charLength(value);
  const start = position > 0 ? position - 1 : position < 0 ? length + position : -1;
  if (start < 0 || count <= 0) return '';
  return slicePoints(value, start, start + count);
}

function byteLength(value: Value, x: Execution): bigint {
  if (Buffer.isBuffer(value)) return BigInt(value.length);
  return BigInt(encodeText(text(value), x.session.connectionCharset()).length);
}

/** Place of the first needle under the arguments' collation, in characters from 1; 0 where there is none. */
function locate(needle: string, hay: string, from: number, types: readonly SqlType[], x: Execution): bigint {
  const length = charLength(hay);
  if (from < 1 || from > length + 1) return 0n;
  const bytes = types.some((type) => !type.text && isString(type));
  const collation = types.find((type) => type.text && type.collation.endsWith('_bin'))?.collation;
  const plain = ASCII_ONLY.test(hay) && ASCII_ONLY.test(needle);
  if (bytes || collation) return charactersTo(hay, hay.indexOf(needle, unitsTo(hay, from - 1)));
  if (plain) return BigInt(hay.toLowerCase().indexOf(needle.toLowerCase(), from - 1) + 1);
  const [points, sought] = [[...hay], [...needle]];
  x.spend(points.length + sought.length);
  const name = types.find((type) => type.text)?.collation ?? DEFAULT_COLLATION;
  for (let at = from - 1; at + sought.length <= points.length; at++) {
    let alike = 0;
    while (alike < sought.length && sameLetter(sought[alike] as string, points[at + alike] as string, name)) alike++;
    x.spend(1 + alike);
    if (alike === sought.length) return BigInt(at + 1);
  }
  return 0n;
}

const ASCII_ONLY = /^[\0-\x7f]*$/;

const sameLetter = (a: string, b: string, collation: string): boolean => a === b || compareText(a, b, collation) === 0;

/** Code units of so many characters. */
function unitsTo(value: string, characters: number): number {
  return slicePoints(value, 0, characters).length;
}

/** A place in code units as one in characters, from 1. */
function charactersTo(value: string, units: number): bigint {
  return units < 0 ? 0n : BigInt(charLength(value.slice(0, units)) + 1);
}

function trimEnds(value: string, what: string, sides: 'both' | 'leading' | 'trailing'): string {
  if (what === '') return value;
  let [start, end] = [0, value.length];
  if (sides !== 'trailing') while (start + what.length <= end && value.startsWith(what, start)) start += what.length;
  if (sides !== 'leading') while (end - what.length >= start && value.endsWith(what, end)) end -= what.length;
  return value.slice(start, end);
}

function trimmer(sides: 'both' | 'leading' | 'trailing'): FunctionEntry {
  return {
    args: [1, 2],
    takes: 't',
    strict: true,
    type: same,
    evaluate: ([value, what]) =>
      onText(value as Value, (t) => trimEnds(t, what === undefined ? ' ' : text(what), sides)),
  };
}

function substringIndex(value: string, delimiter: string, count: number): string {
  if (delimiter === '' || count === 0) return '';
  let at = -1;
  if (count > 0) {
    for (let found = 0; found < count; found++) {
      at = value.indexOf(delimiter, found === 0 ? 0 : at + delimiter.length);
      if (at < 0) return value;
    }
    return value.slice(0, at);
  }
  at = value.length;
  for (let found = 0; found > count; found--) {
    at = at < delimiter.length ? -1 : value.lastIndexOf(delimiter, at - delimiter.length);
    if (at < 0) return value;
  }
  return value.slice(at + delimiter.length);
}

function lengthOf(measure: (value: Value, x: Execution) => bigint): FunctionEntry {
  return {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value], x) => measure(value as Value, x),
  };
}

/** Text in other letters; bytes have none. */
function inLetters(change: (text: string) => string): FunctionEntry {
  return {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: same,
    evaluate: ([value]) => (Buffer.isBuffer(value) ? value : letterByLetter(text(value as Value), change)),
  };
}

/** Parts put together at once: text made of more pieces takes tens of bytes a piece until it is read. */
const PARTS_AT_ONCE = 1_024;

/** A text with each `from` of it, which is not empty, made `to`. */
function replaced(x: Execution, value: string, from: string, to: string): string {
  let made = '';
  let parts: string[] = [];
  let begun = 0;
  for (let at = value.indexOf(from); at >= 0; at = value.indexOf(from, begun)) {
    parts.push(value.slice(begun, at), to);
    begun = at + from.length;
    if (parts.length < PARTS_AT_ONCE) continue;
    made += parts.join('');
    parts = [];
    x.look();
  }
  return made + parts.join('') + value.slice(begun);
}

export const TEXT_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  LENGTH: { ...lengthOf((value, x) => byteLength(value, x)), ofBytes: true },
  BIT_LENGTH: { ...lengthOf((value, x) => byteLength(value, x) * 8n), ofBytes: true },
  CHAR_LENGTH: lengthOf((value) => BigInt(Buffer.isBuffer(value) ? value.length : charLength(text(value)))),
  UPPER: inLetters(upperCase),
  LOWER: inLetters(lowerCase),
  SUBSTRING: {
    args: [2, 3],
    sizedBy: [1, 2],
    takes: 'ti',
    strict: true,
    type: (args, constants) => {
      const whole = textLength(args[0] as SqlType);
      const from = constantNumber(constants, 1);
      const count = constantNumber(constants, 2);
      let length = whole;
      if (from !== undefined) length = from > 0 ? Math.max(0, whole - from + 1) : from < 0 ? Math.min(whole, -from) : 0;
      if (count !== undefined) length = Math.min(length, Math.max(0, count));
      return like([args[0] as SqlType], length);
    },
    evaluate: ([value, from, count]) =>
      onText(value as Value, (t) =>
        substring(t, number(from as Value), count === undefined ? Number.MAX_SAFE_INTEGER : number(count)),
      ),
  },
  LEFT: {
    args: [2, 2],
    sizedBy: [1],
    takes: 'ti',
    strict: true,
    type: (args, constants) =>
      like(
        [args[0] as SqlType],
        Math.min(textLength(args[0] as SqlType), Math.max(0, constantNumber(constants, 1) ?? Infinity)),
      ),
    evaluate: ([value, count]) => onText(value as Value, (t) => slicePoints(t, 0, Math.max(0, number(count as Value)))),
  },
  RIGHT: {
    args: [2, 2],
    sizedBy: [1],
    takes: 'ti',
    strict: true,
    type: (args, constants) =>
      like(
        [args[0] as SqlType],
        Math.min(textLength(args[0] as SqlType), Math.max(0, constantNumber(constants, 1) ?? Infinity)),
      ),
    evaluate: ([value, count]) =>
      onText(value as Value, (t) =>
        number(count as Value) <= 0 ? '' : slicePoints(t, Math.max(0, charLength(t) - number(count as Value))),
      ),
  },
  REVERSE: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: same,
    evaluate: ([value], x) => {
      x.examine([value as Value], REVERSED_BYTES_A_STEP);
      return Buffer.isBuffer(value) ? Buffer.from(value).reverse() : reversed(text(value as Value));
    },
  },
  TRIM: trimmer('both'),
  'TRIM LEADING': trimmer('leading'),
  'TRIM TRAILING': trimmer('trailing'),
  LTRIM: trimmer('leading'),
  RTRIM: trimmer('trailing'),
  REPLACE: {
    args: [3, 3],
    takes: 't',
    strict: true,
    type: (args) => {
      const [whole, , to] = args.map(textLength) as [number, number, number];
      // Each character may be replaced, whatever is looked for.
      return like(args.slice(0, 1), whole * Math.max(1, to - 1));
    },
    evaluate: ([value, from, to], x) => {
      const [t, f, r] = [text(value as Value), text(from as Value), text(to as Value)];
      if (f === '') return value as Value;
      let times = 0;
      for (let at = t.indexOf(f); at >= 0; at = t.indexOf(f, at + f.length)) times++;
      x.spend(times);
      if (!x.fits(t.length + times * (r.length - f.length), 'replace')) return null;
      return replaced(x, t, f, r);
    },
  },
  INSERT: {
    args: [4, 4],
    takes: 'tiit',
    strict: true,
    type: (args) => {
      const [whole, piece] = [args[0] as SqlType, args[3] as SqlType];
      const bytes = isNull(whole) && piece.text ? 4 : 1;
      return like([whole], textLength(whole) + textLength(piece) * bytes);
    },
    evaluate: ([value, position, count, insertion], x) => {
      const [t, at, n, piece] = [
        text(value as Value),
        number(position as Value),
        number(count as Value),
        text(insertion as Value),
      ];
      if (at < 1 || at > charLength(t)) return t;
      if (!x.fits(t.length + piece.length, 'insert')) return null;
      const end = n < 0 ? charLength(t) : at - 1 + n;
      return slicePoints(t, 0, at - 1) + piece + slicePoints(t, end);
    },
  },
  LOCATE: {
    args: [2, 3],
    takes: 'tti',
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([needle, hay, from], x, types) =>
      locate(text(needle as Value), text(hay as Value), from === undefined ? 1 : number(from), types.slice(0, 2), x),
  },
  INSTR: {
    args: [2, 2],
    takes: 't',
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([hay, needle], x, types) => locate(text(needle as Value), text(hay as Value), 1, types, x),
  },
  SUBSTRING_INDEX: {
    args: [3, 3],
    takes: 'tti',
    strict: true,
    type: (args) => like([args[0] as SqlType], textLength(args[0] as SqlType)),
    evaluate: ([value, delimiter, count]) =>
      substringIndex(text(value as Value), text(delimiter as Value), number(count as Value)),
  },
};
