// String functions between numbers and texts: HEX, CONV, FORMAT, CHAR, base64.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html

import { Decimal } from '../value/decimal.ts';
import { bytesType, intType, isNull, isString, type SqlType, textLength, textType } from '../value/type.ts';
import { toBytes, toInteger, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable, MANY } from './function.ts';
import { number, slicePoints, text } from './text-argument.ts';

function toHex(value: Value): string {
  if (typeof value === 'bigint') return BigInt.asUintN(64, value).toString(16).toUpperCase();
  if (typeof value === 'number' || value instanceof Decimal)
    return BigInt.asUintN(64, toInteger(value) as bigint)
      .toString(16)
      .toUpperCase();
  return (toBytes(value) as Buffer).toString('hex').toUpperCase();
}

function unhex(value: string): Buffer | null {
  if (!/^[0-9a-fA-F]*$/.test(value)) return null;
  return Buffer.from(value.length % 2 === 1 ? `0${value}` : value, 'hex');
}

function conv(input: string, from: number, to: number): string | null {
  if (Math.abs(from) < 2 || Math.abs(from) > 36 || Math.abs(to) < 2 || Math.abs(to) > 36) return null;
  const base = BigInt(Math.abs(from));
  const negative = input.trim().startsWith('-');
  let total = 0n;
  for (const character of input.trim().replace(/^[+-]/, '').slice(0, 100)) {
    const digit = Number.parseInt(character, 36);
    if (Number.isNaN(digit) || BigInt(digit) >= base) break;
    total = total * base + BigInt(digit);
  }
  const value = BigInt.asUintN(64, negative ? -total : total);
  return (to < 0 ? BigInt.asIntN(64, value) : value).toString(Math.abs(to)).toUpperCase();
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
      return textType(isString(arg) || arg.text ? (arg.text ? arg.length * 8 : arg.length * 2) : 16);
    },
    evaluate: ([value]) => toHex(value as Value),
  },
  UNHEX: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: ([arg]) => bytesType(Math.ceil((textLength(arg as SqlType) * ((arg as SqlType).text ? 4 : 1)) / 2)),
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
    evaluate: ([value, from, to]) => conv(text(value as Value), number(from as Value), number(to as Value)),
  },
  BIN: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => textType(65),
    evaluate: ([value]) => BigInt.asUintN(64, toInteger(value as Value) as bigint).toString(2),
  },
  OCT: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => textType(65),
    evaluate: ([value]) => BigInt.asUintN(64, toInteger(value as Value) as bigint).toString(8),
  },
  TO_BASE64: {
    args: [1, 1],
    ofBytes: true,
    takes: 't',
    strict: true,
    type: (args) => {
      const bytes = (args[0] as SqlType).text ? (args[0] as SqlType).length * 4 : textLength(args[0] as SqlType);
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
