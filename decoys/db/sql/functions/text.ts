// String functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { compareText, encodeText } from '../value/charset.ts';
import { Decimal, rescale } from '../value/decimal.ts';
import {
  bytesType,
  countType,
  DEFAULT_COLLATION,
  intType,
  isInteger,
  isString,
  type SqlType,
  textLength,
  textType,
} from '../value/type.ts';
import { compareValues, fromBoolean, toBytes, toDecimal, toInteger, toText, type Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionTable, MANY } from './function.ts';

const text = (value: Value): string => toText(value) as string;
const number = (value: Value): number => Number(toInteger(value));

/** Text or bytes as long as `length`, after the first argument. */
function like(args: readonly SqlType[], length: number): SqlType {
  return args.some((type) => !type.text && isString(type))
    ? bytesType(length)
    : textType(length, { collation: args.find((type) => type.text)?.collation ?? DEFAULT_COLLATION });
}

const same = (args: readonly SqlType[]): SqlType => like(args, textLength(args[0] as SqlType));

/** Applies a text operation to text and, byte by byte, to bytes. */
function onText(value: Value, operation: (text: string) => string): Value {
  if (Buffer.isBuffer(value)) return Buffer.from(operation(value.toString('latin1')), 'latin1');
  return operation(text(value));
}

/** Code points, cheap where there are no surrogates. */
function points(value: string): readonly string[] | string {
  for (let at = 0; at < value.length; at++) if ((value.charCodeAt(at) & 0xf800) === 0xd800) return [...value];
  return value;
}

function slicePoints(value: string, from: number, to?: number): string {
  const list = points(value);
  return typeof list === 'string' ? list.slice(from, to) : list.slice(from, to).join('');
}

export function charLength(value: string): number {
  return points(value).length;
}

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

function concat(parts: readonly Value[], x: Execution, name: string): Value {
  const bytes = parts.reduce<number>((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : text(part).length), 0);
  if (!x.fits(bytes, name)) return null;
  if (parts.some(Buffer.isBuffer)) return Buffer.concat(parts.map((part) => toBytes(part) as Buffer));
  return parts.map(text).join('');
}

function pad(args: readonly Value[], x: Execution, left: boolean): Value {
  const [value, count, filler] = [
    text(args[0] as Value),
    number(args[1] as Value),
    args[2] === undefined ? ' ' : text(args[2]),
  ];
  if (count < 0) return null;
  const length = charLength(value);
  if (length >= count) return slicePoints(value, 0, count);
  if (filler === '') return '';
  if (!x.fits(count, left ? 'lpad' : 'rpad')) return null;
  const padding = filler.repeat(Math.ceil((count - length) / filler.length)).slice(0, count - length);
  return left ? padding + value : value + padding;
}

function padType(args: readonly SqlType[], constants: readonly Value[]): SqlType {
  return like(args, constantNumber(constants, 1) ?? 16_777_216);
}

function locate(needle: string, hay: string, from: number): bigint {
  if (from < 1) return 0n;
  const [a, b] = [hay.toLowerCase(), needle.toLowerCase()];
  return BigInt(a.indexOf(b, from - 1) + 1);
}

function trimEnds(value: string, what: string, sides: 'both' | 'leading' | 'trailing'): string {
  if (what === '') return value;
  let [start, end] = [0, value.length];
  if (sides !== 'trailing') while (start + what.length <= end && value.startsWith(what, start)) start += what.length;
  if (sides !== 'leading') while (end - what.length >= start && value.endsWith(what, end)) end -= what.length;
  return value.slice(start, end);
}

function trimmer(sides: 'both' | 'leading' | 'trailing'): FunctionTable[string] {
  return {
    args: [1, 2],
    strict: true,
    type: same,
    evaluate: ([value, what]) =>
      onText(value as Value, (t) => trimEnds(t, what === undefined ? ' ' : text(what), sides)),
  };
}

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
    at =
      at === 0
        ? -1
        : value.lastIndexOf(delimiter, at - 1 - (found === 0 ? delimiter.length - 1 : delimiter.length - 1));
    if (at < 0) return value;
  }
  return value.slice(at + delimiter.length);
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

function soundex(value: string): string {
  const codes: Readonly<Record<string, string>> = {
    B: '1',
    F: '1',
    P: '1',
    V: '1',
    C: '2',
    G: '2',
    J: '2',
    K: '2',
    Q: '2',
    S: '2',
    X: '2',
    Z: '2',
    D: '3',
    T: '3',
    L: '4',
    M: '5',
    N: '5',
    R: '6',
  };
  const letters = value.toUpperCase().replace(/[^A-Z]/g, '');
  if (letters === '') return '';
  let out = letters[0] as string;
  let last = codes[out] ?? '';
  for (const letter of letters.slice(1)) {
    const code = codes[letter] ?? '';
    if (code !== '' && code !== last) out += code;
    if (letter !== 'H' && letter !== 'W') last = code;
  }
  return out.padEnd(4, '0');
}

function formatNumber(value: Value, decimals: number): string {
  const scaled = rescale(toDecimal(value) as Decimal, Math.max(0, Math.min(30, decimals))).toString();
  const [whole, fraction] = scaled.split('.');
  const grouped = (whole as string).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function quote(value: string): string {
  return `'${value.replace(/['\\\0\x1a]/g, (c) => (c === '\0' ? '\\0' : c === '\x1a' ? '\\Z' : `\\${c}`))}'`;
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

export const TEXT_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  CONCAT: {
    args: [1, MANY],
    strict: true,
    type: (args) =>
      like(
        args,
        args.reduce((sum, type) => sum + textLength(type), 0),
      ),
    evaluate: (args, x) => concat(args, x, 'concat'),
  },
  CONCAT_WS: {
    args: [2, MANY],
    type: (args) =>
      like(
        args,
        args.slice(1).reduce((sum, type) => sum + textLength(type), 0) +
          textLength(args[0] as SqlType) * Math.max(0, args.length - 2),
      ),
    evaluate: ([separator, ...rest], x) => {
      if (separator === null) return null;
      const parts = rest.filter((part) => part !== null);
      return concat(
        parts.flatMap((part, at) => (at === 0 ? [part] : [separator as Value, part])),
        x,
        'concat_ws',
      );
    },
  },
  LENGTH: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value], x) => byteLength(value as Value, x),
  },
  BIT_LENGTH: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value], x) => byteLength(value as Value, x) * 8n,
  },
  CHAR_LENGTH: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value]) => BigInt(Buffer.isBuffer(value) ? value.length : charLength(text(value as Value))),
  },
  UPPER: {
    args: [1, 1],
    strict: true,
    type: same,
    evaluate: ([value]) => (Buffer.isBuffer(value) ? value : text(value as Value).toUpperCase()),
  },
  LOWER: {
    args: [1, 1],
    strict: true,
    type: same,
    evaluate: ([value]) => (Buffer.isBuffer(value) ? value : text(value as Value).toLowerCase()),
  },
  SUBSTRING: {
    args: [2, 3],
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
  LPAD: { args: [2, 3], strict: true, type: padType, evaluate: (args, x) => pad(args, x, true) },
  RPAD: { args: [2, 3], strict: true, type: padType, evaluate: (args, x) => pad(args, x, false) },
  REPEAT: {
    args: [2, 2],
    strict: true,
    type: (args, constants) =>
      like(
        [args[0] as SqlType],
        constantNumber(constants, 1) === undefined
          ? 16_777_216
          : Math.min(16_777_216, textLength(args[0] as SqlType) * Math.max(0, constantNumber(constants, 1) as number)),
      ),
    evaluate: ([value, count], x) => {
      const times = Math.max(0, number(count as Value));
      const bytes = (Buffer.isBuffer(value) ? value.length : text(value as Value).length) * times;
      if (times === 0 || bytes === 0) return '';
      if (!x.fits(bytes, 'repeat')) return null;
      return onText(value as Value, (t) => t.repeat(times));
    },
  },
  SPACE: {
    args: [1, 1],
    strict: true,
    type: (_args, constants) => textType(Math.max(0, constantNumber(constants, 0) ?? 16_777_216)),
    evaluate: ([count], x) =>
      x.fits(Math.max(0, number(count as Value)), 'space') ? ' '.repeat(Math.max(0, number(count as Value))) : null,
  },
  REVERSE: {
    args: [1, 1],
    strict: true,
    type: same,
    evaluate: ([value]) => onText(value as Value, (t) => [...t].reverse().join('')),
  },
  TRIM: trimmer('both'),
  'TRIM LEADING': trimmer('leading'),
  'TRIM TRAILING': trimmer('trailing'),
  LTRIM: trimmer('leading'),
  RTRIM: trimmer('trailing'),
  REPLACE: {
    args: [3, 3],
    strict: true,
    type: (args) => {
      const [whole, from, to] = args.map(textLength) as [number, number, number];
      // The server divides characters by bytes here.
      return like(args, whole + Math.floor(whole / Math.max(1, from * 4)) * Math.max(0, to - from) * 4);
    },
    evaluate: ([value, from, to], x) => {
      const [t, f, r] = [text(value as Value), text(from as Value), text(to as Value)];
      if (f === '') return value as Value;
      const times = t.split(f).length - 1;
      if (!x.fits(t.length + times * (r.length - f.length), 'replace')) return null;
      return t.replaceAll(f, () => r);
    },
  },
  INSERT: {
    args: [4, 4],
    strict: true,
    type: (args) => like(args, textLength(args[0] as SqlType) + textLength(args[3] as SqlType)),
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
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([needle, hay, from]) =>
      locate(text(needle as Value), text(hay as Value), from === undefined ? 1 : number(from)),
  },
  INSTR: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([hay, needle]) => locate(text(needle as Value), text(hay as Value), 1),
  },
  ASCII: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(4, { nullable: anyNullable(args) }),
    evaluate: ([value]) => BigInt((toBytes(value as Value) as Buffer)[0] ?? 0),
  },
  ORD: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value]) => {
      const bytes = Buffer.isBuffer(value)
        ? value.subarray(0, 1)
        : Buffer.from(slicePoints(text(value as Value), 0, 1));
      return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    },
  },
  CHAR: { args: [1, MANY], type: (args) => bytesType(args.length * 4), evaluate: (args) => charBytes(args) },
  HEX: {
    args: [1, 1],
    strict: true,
    type: (args) => {
      const [arg] = args as [SqlType];
      return textType(isString(arg) || arg.text ? (arg.text ? arg.length * 8 : arg.length * 2) : 16);
    },
    evaluate: ([value]) => toHex(value as Value),
  },
  UNHEX: {
    args: [1, 1],
    strict: true,
    type: (args) => bytesType(Math.ceil((textLength(args[0] as SqlType) * 4) / 2)),
    evaluate: ([value]) => unhex(text(value as Value)),
  },
  STRCMP: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(2, { nullable: anyNullable(args) }),
    evaluate: ([a, b]) => BigInt(compareText(text(a as Value), text(b as Value), DEFAULT_COLLATION)),
  },
  FIELD: {
    args: [2, MANY],
    type: () => countType(11),
    evaluate: ([value, ...list]) =>
      value === null
        ? 0n
        : BigInt(list.findIndex((item) => compareValues(value as Value, item, DEFAULT_COLLATION) === 0) + 1),
  },
  ELT: {
    args: [2, MANY],
    type: (args) => like(args.slice(1), Math.max(...args.slice(1).map(textLength))),
    evaluate: ([at, ...list]) => (at === null ? null : toTextOrBytes(list[number(at as Value) - 1] ?? null)),
  },
  FIND_IN_SET: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value, set]) => {
      const [needle, list] = [text(value as Value), text(set as Value)];
      if (list === '' || needle.includes(',')) return 0n;
      return BigInt(list.split(',').findIndex((item) => compareText(item, needle, DEFAULT_COLLATION) === 0) + 1);
    },
  },
  MAKE_SET: {
    args: [2, MANY],
    type: (args) => textType(args.slice(1).reduce((sum, type) => sum + textLength(type) + 1, -1)),
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
    strict: true,
    type: () => textType(16_777_216),
    evaluate: ([bits, on, off, separator, count]) => {
      const size = Math.min(64, count === undefined ? 64 : number(count));
      const flags = toInteger(bits as Value) as bigint;
      const parts = Array.from({ length: size }, (_, at) => text(((flags >> BigInt(at)) & 1n ? on : off) as Value));
      return parts.join(separator === undefined ? ',' : text(separator));
    },
  },
  SUBSTRING_INDEX: {
    args: [3, 3],
    strict: true,
    type: (args) => like([args[0] as SqlType], textLength(args[0] as SqlType)),
    evaluate: ([value, delimiter, count]) =>
      substringIndex(text(value as Value), text(delimiter as Value), number(count as Value)),
  },
  FORMAT: {
    args: [2, 3],
    strict: true,
    type: (args) => {
      const digits = textLength(args[0] as SqlType);
      return textType(digits + Math.floor(digits / 3) + 2 + 30);
    },
    evaluate: ([value, decimals]) => formatNumber(value as Value, number(decimals as Value)),
  },
  CONV: {
    args: [3, 3],
    strict: true,
    type: () => textType(65),
    evaluate: ([value, from, to]) => conv(text(value as Value), number(from as Value), number(to as Value)),
  },
  BIN: {
    args: [1, 1],
    strict: true,
    type: () => textType(65),
    evaluate: ([value]) => BigInt.asUintN(64, toInteger(value as Value) as bigint).toString(2),
  },
  OCT: {
    args: [1, 1],
    strict: true,
    type: () => textType(65),
    evaluate: ([value]) => BigInt.asUintN(64, toInteger(value as Value) as bigint).toString(8),
  },
  QUOTE: {
    args: [1, 1],
    type: (args) => textType(textLength(args[0] as SqlType) * 2 + 2),
    evaluate: ([value], x) =>
      value === null ? 'NULL' : x.fits(text(value as Value).length * 2, 'quote') ? quote(text(value as Value)) : null,
  },
  SOUNDEX: {
    args: [1, 1],
    strict: true,
    type: (args) => textType(Math.max(4, textLength(args[0] as SqlType))),
    evaluate: ([value]) => soundex(text(value as Value)),
  },
  TO_BASE64: {
    args: [1, 1],
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
    strict: true,
    type: (args) => bytesType((textLength(args[0] as SqlType) * 3 * 4) / 4),
    evaluate: ([value]) => {
      const clean = text(value as Value).replace(/\s/g, '');
      return clean.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(clean) ? Buffer.from(clean, 'base64') : null;
    },
  },
  WEIGHT_STRING: {
    args: [1, 1],
    strict: true,
    type: (args) => bytesType(textLength(args[0] as SqlType) * 4),
    evaluate: ([value]) => toBytes(value as Value),
  },
  CHARSET: {
    args: [1, 1],
    type: () => textType(64),
    evaluate: (_args, x, types) =>
      (types[0] as SqlType).text ? x.session.charsetOf((types[0] as SqlType).collation) : 'binary',
  },
  COLLATION: {
    args: [1, 1],
    type: () => textType(64),
    evaluate: (_args, _x, types) => ((types[0] as SqlType).text ? (types[0] as SqlType).collation : 'binary'),
  },
  COERCIBILITY: {
    args: [1, 1],
    type: () => countType(10),
    evaluate: (_args, _x, types) => ((types[0] as SqlType).text ? 4n : isInteger(types[0] as SqlType) ? 5n : 6n),
  },
  REGEXP_LIKE: {
    args: [2, 3],
    strict: true,
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value, pattern, flags], x) =>
      fromBoolean(search(text(value as Value), text(pattern as Value), flags, x) !== undefined),
  },
  REGEXP_INSTR: {
    args: [2, 6],
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value, pattern], x) =>
      BigInt((search(text(value as Value), text(pattern as Value), undefined, x)?.[0] ?? -1) + 1),
  },
  REGEXP_SUBSTR: {
    args: [2, 5],
    strict: true,
    type: (args) => textType(textLength(args[0] as SqlType)),
    evaluate: ([value, pattern], x) => {
      const found = search(text(value as Value), text(pattern as Value), undefined, x);
      return found ? text(value as Value).slice(found[0], found[1]) : null;
    },
  },
  REGEXP_REPLACE: {
    args: [3, 6],
    strict: true,
    type: () => ({ ...textType(16_777_216), type: 251 }),
    evaluate: ([value, pattern, replacement], x) => {
      let [rest, out, rounds] = [text(value as Value), '', 0];
      for (
        let found = search(rest, text(pattern as Value), undefined, x);
        found && rounds < 10_000;
        found = search(rest, text(pattern as Value), undefined, x), rounds++
      ) {
        out += rest.slice(0, found[0]) + text(replacement as Value);
        if (found[1] === found[0]) {
          out += rest.slice(found[1], found[1] + 1);
          rest = rest.slice(found[1] + 1);
        } else rest = rest.slice(found[1]);
        if (rest === '' || !x.fits(out.length, 'regexp_replace')) break;
      }
      return out + rest;
    },
  },
};

function toTextOrBytes(value: Value): Value {
  return Buffer.isBuffer(value) ? value : toText(value);
}

const PATTERN_CHARACTERS = 1024;

/** Bounds of the first match. Patterns run on the decoy's own matcher, whose steps cost fuel. */
export function search(
  value: string,
  pattern: string,
  flags: Value | undefined,
  x: Execution,
): readonly [number, number] | undefined {
  if (pattern.length > PATTERN_CHARACTERS) throw sqlError('ER_REGEXP_TIME_OUT');
  const sensitive = flags !== undefined && /c/.test(text(flags as Value));
  return x.session.regexp(pattern, !sensitive, value, (steps) => x.spend(steps));
}
