// String functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html
import { TYPE } from '../../wire/constants.ts';
import type { Execution } from '../execution.ts';
import { compareText, encodeText } from '../value/charset.ts';
import { Decimal, rescale } from '../value/decimal.ts';
import {
  bytesType,
  countType,
  DEFAULT_COLLATION,
  intType,
  isNull,
  isString,
  type SqlType,
  textLength,
  textType,
} from '../value/type.ts';
import { compareValues, toBytes, toDecimal, toInteger, toText, type Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionTable, MANY } from './function.ts';

const text = (value: Value): string => toText(value) as string;
const number = (value: Value): number => Number(toInteger(value));

/** Text or bytes as long as `length`, after the first argument. */
function like(args: readonly SqlType[], length: number): SqlType {
  return args.some((type) => !type.text && isString(type)) || args.every(isNull)
    ? bytesType(length)
    : textType(length, { collation: args.find((type) => type.text)?.collation ?? DEFAULT_COLLATION });
}

const same = (args: readonly SqlType[]): SqlType => like(args.slice(0, 1), textLength(args[0] as SqlType));

const upperCase = (letter: string): string => letter.toUpperCase();
const lowerCase = (letter: string): string => (letter === '\u0130' ? 'i' : letter.toLowerCase());

/** Case by single characters: one whose other case is longer stays as it is. */
function letterByLetter(value: string, change: (letter: string) => string): string {
  if (/^[\0-\x7f]*$/.test(value)) return change(value);
  return [...value]
    .map((letter) => {
      const changed = change(letter);
      return [...changed].length === 1 ? changed : letter;
    })
    .join('');
}

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
  if (filler === '') return value;
  if (!x.fits(count, left ? 'lpad' : 'rpad')) return null;
  const padding = filler.repeat(Math.ceil((count - length) / filler.length)).slice(0, count - length);
  return left ? padding + value : value + padding;
}

/** Characters of the longest text there may be. */
const LONGEST_CHARACTERS = 67_108_864;

function padType(args: readonly SqlType[], constants: readonly Value[]): SqlType {
  const length = constantNumber(constants, 1);
  if (length === undefined) return { ...like(args.slice(0, 1), LONGEST_CHARACTERS), type: TYPE.LONG_BLOB };
  if (length < 0) return { ...like(args.slice(0, 1), 16_777_216), type: TYPE.LONG_BLOB };
  return like(args.slice(0, 1), length);
}

function locate(needle: string, hay: string, from: number, types: readonly SqlType[]): bigint {
  if (from < 1) return 0n;
  if (types.some((type) => !type.text && isString(type)) || types.some((type) => type.collation.endsWith('_bin')))
    return BigInt(hay.indexOf(needle, from - 1) + 1);
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

/** Decimal point and thousands separator of locales that have others than en_US. */
const MARKS: Readonly<Record<string, readonly [string, string]>> = {
  __proto__: null as never,
  ...Object.fromEntries(
    [
      'de_DE',
      'da_DK',
      'es_AR',
      'id_ID',
      'is_IS',
      'it_CH_',
      'nl_',
      'ro_RO_',
      'sl_',
      'tr_TR',
      'vi_VN',
      'de_BE',
      'de_LU',
    ].map((name) => [name, [',', '.']]),
  ),
  ...Object.fromEntries(
    ['fr_FR', 'pt_BR', 'pt_PT', 'it_IT', 'es_ES', 'nl_NL', 'nl_BE', 'pl_PL', 'de_AT', 'el_GR', 'fr_BE', 'fr_LU'].map(
      (name) => [name, [',', '']],
    ),
  ),
  ...Object.fromEntries(
    ['ru_RU', 'cs_CZ', 'fi_FI', 'nb_NO', 'no_NO', 'sv_SE', 'sk_SK', 'uk_UA', 'bg_BG', 'et_EE', 'lv_LV'].map((name) => [
      name,
      [',', ' '],
    ]),
  ),
  de_CH: ['.', "'"],
};
const INDIAN_GROUPS = /\B(?=(?:\d{2})*\d{3}$)/g;
const KNOWN_LOCALE = /^[a-z]{2}_[A-Z]{2}$/;

/** The locale FORMAT is given; en_US with a warning where there is none of the name. */
function localeOf(value: Value | undefined, x: Execution): string {
  if (value === undefined) return 'en_US';
  const name = text(value);
  if (KNOWN_LOCALE.test(name)) return name;
  x.warn('ER_UNKNOWN_LOCALE', name);
  return 'en_US';
}

function formatNumber(value: Value, decimals: number, locale: string): string {
  const scaled = rescale(toDecimal(value) as Decimal, Math.max(0, Math.min(30, decimals))).toString();
  const [whole, fraction] = scaled.split('.');
  const [point, comma] = MARKS[locale] ?? ['.', ','];
  const grouping = locale === 'en_IN' || locale === 'hi_IN' ? INDIAN_GROUPS : /\B(?=(\d{3})+(?!\d))/g;
  const grouped = (whole as string).replace(grouping, comma);
  return fraction === undefined ? grouped : `${grouped}${point}${fraction}`;
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
    evaluate: ([value]) => (Buffer.isBuffer(value) ? value : letterByLetter(text(value as Value), upperCase)),
  },
  LOWER: {
    args: [1, 1],
    strict: true,
    type: same,
    evaluate: ([value]) => (Buffer.isBuffer(value) ? value : letterByLetter(text(value as Value), lowerCase)),
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
        (constantNumber(constants, 1) ?? -1) < 0
          ? constants[1] === null
            ? LONGEST_CHARACTERS
            : 16_777_216
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
      // Characters of the whole are divided by bytes of what is replaced.
      const times = from === 0 ? 0 : Math.floor(whole / from);
      return like(args.slice(0, 1), isNull(args[1] as SqlType) ? whole : whole + times * Math.max(0, to - from));
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
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([needle, hay, from], _x, types) =>
      locate(text(needle as Value), text(hay as Value), from === undefined ? 1 : number(from), types.slice(0, 2)),
  },
  INSTR: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([hay, needle], _x, types) => locate(text(needle as Value), text(hay as Value), 1, types),
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
      if (isNull(arg)) return textType(0);
      return textType(isString(arg) || arg.text ? (arg.text ? arg.length * 8 : arg.length * 2) : 16);
    },
    evaluate: ([value]) => toHex(value as Value),
  },
  UNHEX: {
    args: [1, 1],
    strict: true,
    type: (args) => bytesType(Math.ceil((textLength(args[0] as SqlType) * 4) / 2)),
    evaluate: ([value], x, _types, printed) => {
      const bytes = unhex(text(value as Value));
      if (!bytes) x.warn('ER_WRONG_VALUE_FOR_TYPE', 'string', printed[0]?.() ?? '', 'unhex');
      return bytes;
    },
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
    strict: true,
    type: ([, on, off, separator]) => {
      const word = Math.max(textLength(on as SqlType), textLength(off as SqlType));
      return textType(64 * word + 63 * (separator ? textLength(separator) : 1));
    },
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
    evaluate: ([value, decimals, locale], x) =>
      formatNumber(value as Value, number(decimals as Value), localeOf(locale, x)),
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
    type: ([arg]) => textType(isNull(arg as SqlType) ? 4 : textLength(arg as SqlType) * 2 + 2),
    evaluate: ([value], x) =>
      value === null ? 'NULL' : x.fits(text(value as Value).length * 2, 'quote') ? quote(text(value as Value)) : null,
  },
  SOUNDEX: {
    args: [1, 1],
    strict: true,
    type: (args) => like(args.slice(0, 1), Math.max(4, textLength(args[0] as SqlType))),
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
    type: ([arg]) => bytesType(isString(arg as SqlType) && (arg as SqlType).text ? 128 : 8),
    evaluate: ([value], _x, types) => weight(value as Value, types[0] as SqlType),
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
    // The compiler knows: it answers by itself.
    evaluate: () => null,
  },
};

function toTextOrBytes(value: Value): Value {
  return Buffer.isBuffer(value) ? value : toText(value);
}
