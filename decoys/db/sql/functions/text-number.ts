// String functions between numbers and texts: HEX, CONV, FORMAT, CHAR, base64.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html

import { TYPE } from '../../wire/constants.ts';
import { shown } from '../coerce.ts';
import type { Execution } from '../execution.ts';
import { Decimal } from '../value/decimal.ts';
import { bytesType, intType, isNull, isString, isTemporal, type SqlType, textLength, textType } from '../value/type.ts';
import { toBytes, toInteger, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable, MANY } from './function.ts';
import { bytesIn, number, slicePoints, text } from './text-argument.ts';

function toHex(value: Value): string {
  if (typeof value === 'bigint') return BigInt.asUintN(64, value).toString(16).toUpperCase();
  if (typeof value === 'number' || value instanceof Decimal)
    return BigInt.asUintN(64, bigintOf(value)).toString(16).toUpperCase();
  return (toBytes(value) as Buffer).toString('hex').toUpperCase();
}

const LARGEST = 2n ** 63n - 1n;

/** A number with a fraction as the BIGINT nearest. */
function bigintOf(value: number | Decimal): bigint {
  const whole = toInteger(value) as bigint;
  return whole > LARGEST ? LARGEST : whole < -LARGEST - 1n ? -LARGEST - 1n : whole;
}

function unhex(value: string): Buffer | null {
  if (!/^[0-9a-fA-F]*$/.test(value)) return null;
  return Buffer.from(value.length % 2 === 1 ? `0${value}` : value, 'hex');
}

interface Digits {
  readonly value: bigint;
  /** No digit was there, or more than 64 bits hold. */
  readonly cut: boolean;
}

/** The whole number a text begins with, of 64 bits; signed where `from` is negative. */
function digitsOf(input: string, from: number): Digits {
  const base = BigInt(Math.abs(from));
  const text = input.trimStart();
  const negative = text.startsWith('-');
  let total = 0n;
  let count = 0;
  for (const character of text.replace(/^[+-]/, '').slice(0, DIGITS_READ)) {
    const digit = Number.parseInt(character, 36);
    if (Number.isNaN(digit) || BigInt(digit) >= base) break;
    total = total * base + BigInt(digit);
    count++;
  }
  const signed = from < 0;
  const limit = signed ? (negative ? LARGEST + 1n : LARGEST) : 2n ** 64n - 1n;
  const over = total > limit;
  const magnitude = over ? (signed || !negative ? limit : 0n) : total;
  return { value: BigInt.asUintN(64, negative ? -magnitude : magnitude), cut: over || count === 0 };
}

/** Digits of a number in another base that are looked at. */
const DIGITS_READ = 100;

/** A number from one base in another; warning 1292 where the text holds none, or one too large. */
function conv(given: Value, from: number, to: number, x: Execution): string | null {
  const bases = [from, to].map(Math.abs) as [number, number];
  if (bases.some((base) => base < 2 || base > 36)) return null;
  const input = text(given);
  if (input === '') return null;
  const { value, cut } = digitsOf(input, from);
  if (cut) x.warn('ER_TRUNCATED_WRONG_VALUE', 'DECIMAL', shown(given));
  return (to < 0 ? BigInt.asIntN(64, value) : value).toString(bases[1]).toUpperCase();
}

function charBytes(args: readonly Value[]): Buffer {
  const bytes: number[] = [];
  for (const arg of args) {
    if (arg === null) continue;
    const code = Number(BigInt.asUintN(32, toInteger(arg) as bigint));
    const parts = [code >>> 24, (code >>> 16) & 255, (code >>> 8) & 255, code & 255];
    const first = parts.findIndex((part) => part !== 0);
    bytes.push(...(first < 0 ? [0] : parts.slice(first)));
  }
  return Buffer.from(bytes);
}

const BASE64_LINE = 76;

/** Longest binary string a function tells of. */
const MAX_BINARY = 16_777_216;

export const TEXT_NUMBER_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ASCII: {
    args: [1, 1],
    ofBytes: true,
    takes: 't',
    strict: true,
    type: (args) => intType(4, { nullable: anyNullable(args) }),
    evaluate: ([value]) => BigInt((toBytes(value as Value) as Buffer)[0] ?? 0),
  },
  ORD: {
    args: [1, 1],
    ofBytes: true,
    takes: 't',
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value]) => {
      const bytes = Buffer.isBuffer(value)
        ? value.subarray(0, 1)
        : Buffer.from(slicePoints(text(value as Value), 0, 1));
      return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    },
  },
  CHAR: {
    takes: 'i',
    args: [1, MANY],
    type: (args) => bytesType(args.length * 4),
    evaluate: (args) => charBytes(args),
  },
  HEX: {
    args: [1, 1],
    ofBytes: true,
    strict: true,
    type: (args) => {
      const [arg] = args as [SqlType];
      if (isNull(arg)) return textType(0);
      if (isTemporal(arg) && arg.type !== TYPE.YEAR) return textType(textLength(arg) * 2);
      return textType(isString(arg) || arg.text ? bytesIn(arg) * 2 : 16);
    },
    evaluate: ([value]) => toHex(value as Value),
  },
  UNHEX: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: ([arg]) => bytesType(Math.ceil(bytesIn(arg as SqlType) / 2)),
    evaluate: ([value], x, _types, printed) => {
      const bytes = unhex(text(value as Value));
      if (!bytes) x.warn('ER_WRONG_VALUE_FOR_TYPE', 'string', printed[0]?.() ?? '', 'unhex');
      return bytes;
    },
  },
  CONV: {
    args: [3, 3],
    takes: 'tii',
    strict: true,
    type: () => textType(65),
    evaluate: ([value, from, to], x) => conv(value as Value, number(from as Value), number(to as Value), x),
  },
  BIN: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => textType(65),
    evaluate: ([value], x) => conv(value as Value, 10, 2, x),
  },
  OCT: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => textType(65),
    evaluate: ([value], x) => conv(value as Value, 10, 8, x),
  },
  TO_BASE64: {
    args: [1, 1],
    ofBytes: true,
    takes: 't',
    strict: true,
    type: (args) => {
      const bytes = bytesIn(args[0] as SqlType);
      const length = Math.ceil(bytes / 3) * 4;
      return textType(length + Math.floor(Math.max(0, length - 1) / BASE64_LINE));
    },
    evaluate: ([value], x) => {
      const bytes = toBytes(value as Value) as Buffer;
      if (!x.fits(bytes.length * 1.4, 'to_base64')) return null;
      return (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\n');
    },
  },
  FROM_BASE64: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: ([arg]) => {
      const bytes = textLength(arg as SqlType) * ((arg as SqlType).text ? 4 : 1);
      const length = Math.floor((bytes * 3) / 4);
      return length > MAX_BINARY ? { ...bytesType(MAX_BINARY), type: 251 } : bytesType(length);
    },
    evaluate: ([value]) => {
      const clean = text(value as Value).replace(/\s/g, '');
      return clean.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(clean) ? Buffer.from(clean, 'base64') : null;
    },
  },
};
