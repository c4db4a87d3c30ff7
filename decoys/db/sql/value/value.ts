// A value of the interpreter and how MySQL turns one kind into another: to number, to text, to truth, and comparing two.
// Source: https://dev.mysql.com/doc/refman/9.7/en/type-conversion.html
import { compareText, decodeText } from './charset.ts';
import { compareDecimals, Decimal, MAX_SCALE, parseDecimal, truncate } from './decimal.ts';
import { Json, type JsonData, Opaque } from './json.ts';
import { compareJson } from './json-order.ts';
import { Temporal } from './temporal.ts';
import { parseDate, parseTime } from './temporal-text.ts';

/** bigint: integers; number: DOUBLE; string: text; Buffer: bytes (charset binary). */
export type Value = null | bigint | Decimal | number | string | Buffer | Temporal | Json;

const MAX_EXPONENT_PLAIN = 15;

/** A DOUBLE as MySQL writes it: shortest digits, exponent from 1e15 and below 1e-5. */
export function doubleText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 10 ** MAX_EXPONENT_PLAIN || magnitude < 1e-15) {
    const [digits, exponent] = value.toExponential().split('e');
    return `${digits}e${(exponent as string).replace('+', '')}`;
  }
  const text = String(value);
  if (!text.includes('e')) return text;
  const [, exponent] = value.toExponential().split('e');
  return value.toFixed(Math.min(100, -Number(exponent) + text.replace(/e.*/, '').replace(/[-.]/g, '').length - 1));
}

/** Text of a value; null stays null. `decimals` is the digits of a time's fraction. */
export function toText(value: Value, decimals?: number): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return doubleText(value);
  if (Buffer.isBuffer(value)) return decodeText(value, 'utf8mb4') ?? value.toString('latin1');
  if (value instanceof Temporal) return decimals === undefined ? value.toString() : value.format(decimals);
  return value.toString();
}

/** Decimals of a double whose fraction is as long as it needs. */
const FREE_FRACTION = 31;
/** A double from here on is written with an exponent. */
const FIXED_BELOW = 1e21;

/** A value written out as its type has it: text stays text, bytes stay bytes. */
export function written(value: Value, type: { readonly decimals: number }): string | Buffer | null {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value as string | Buffer | null;
  if (typeof value === 'number' && type.decimals < FREE_FRACTION && Math.abs(value) < FIXED_BELOW)
    return value.toFixed(type.decimals);
  return toText(value, value instanceof Temporal && type.decimals <= 6 ? type.decimals : undefined);
}

/** Bytes of a value, text as UTF-8. */
export function toBytes(value: Value): Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value as Buffer | null;
  return Buffer.from(toText(value) as string);
}

const NUMBER_PREFIX = /^[ \t\n\r\v\f]*([+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?)/;

/** The leading number of a text as a double, and whether the text was nothing else. */
export function leadingNumber(text: string): { readonly number: number; readonly whole: boolean } {
  const found = NUMBER_PREFIX.exec(text.length > 1024 ? text.slice(0, 1024) : text);
  if (!found) return { number: 0, whole: false };
  return { number: Number(found[1]), whole: text.trim().length === (found[1] as string).length };
}

/** A double; what begins a text counts, nothing is 0. */
export function toNumber(value: Value): number | null {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal || value instanceof Temporal) return value.toNumber();
  if (value instanceof Json)
    return typeof value.data === 'number' || typeof value.data === 'bigint'
      ? Number(value.data)
      : typeof value.data === 'string'
        ? leadingNumber(value.data).number
        : typeof value.data === 'boolean'
          ? Number(value.data)
          : 0;
  return leadingNumber(toText(value) as string).number;
}

/** A large number's shortest digits and as many zeros as it takes. */
function expanded(number: number): string {
  const [digits = '', exponent] = number.toExponential().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  return whole + fraction.padEnd(Number(exponent), '0');
}

/** A value made a decimal has no more digits after the point than a column may have. */
function cutTo(value: Decimal): Decimal {
  return value.scale > MAX_SCALE ? truncate(value, MAX_SCALE) : value;
}

/** An exact number; what begins a text counts, nothing is 0. */
export function toDecimal(value: Value): Decimal | null {
  if (value === null) return null;
  if (value instanceof Decimal) return value;
  if (typeof value === 'bigint') return new Decimal(value, 0);
  if (typeof value === 'string') {
    const found = /^\s*([+-]?\d{0,65}(?:\.\d{1,65})?)/.exec(value.slice(0, 200))?.[1];
    if (found && /\d/.test(found) && !/^\s*[+-]?\d*\.?\d*[eE]/.test(value.slice(0, 200)))
      return cutTo(parseDecimal(found.replace('+', '')));
  }
  const number = toNumber(value) as number;
  if (!Number.isFinite(number)) return new Decimal(0n, 0);
  if (value instanceof Temporal && Number.isInteger(number)) return new Decimal(BigInt(number), 0);
  const text = Math.abs(number) < 1e21 ? String(number) : expanded(number);
  return cutTo(parseDecimal(text.includes('e') ? number.toFixed(20) : text));
}

const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;

/** The whole number nearest, ties to the even one, as the C library rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** An integer; doubles and decimals are rounded, text takes its leading digits. */
export function toInteger(value: Value): bigint | null {
  if (value === null || typeof value === 'bigint') return value;
  if (value instanceof Decimal) {
    const half = value.units < 0n ? -5n : 5n;
    return value.scale === 0
      ? value.units
      : (value.units + half * 10n ** BigInt(value.scale - 1)) / 10n ** BigInt(value.scale);
  }
  if (typeof value === 'string') {
    const digits = /^\s*([+-]?\d{1,30})/.exec(value.slice(0, 64))?.[1];
    if (digits !== undefined && !/^\s*[+-]?\d+[.eE]/.test(value.slice(0, 64))) return clampInteger(BigInt(digits));
  }
  if (Buffer.isBuffer(value)) return toInteger(value.toString('latin1'));
  const number = toNumber(value) as number;
  if (Number.isNaN(number)) return 0n;
  if (number >= 2 ** 64) return MAX_UINT;
  if (number <= -(2 ** 63)) return MIN_INT;
  return BigInt(roundHalfEven(number));
}

function clampInteger(value: bigint): bigint {
  return value < MIN_INT ? MIN_INT : value > MAX_UINT ? MAX_UINT : value;
}

/** Truth as SQL has it: null is unknown. */
export function toBoolean(value: Value): boolean | null {
  if (value === null) return null;
  if (typeof value === 'bigint') return value !== 0n;
  if (value instanceof Decimal) return value.units !== 0n;
  return toNumber(value) !== 0;
}

/** 1, 0 or NULL. */
export function fromBoolean(value: boolean | null): bigint | null {
  return value === null ? null : value ? 1n : 0n;
}

function isText(value: Value): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function asTemporal(value: Value, kind: Temporal['kind']): Temporal | undefined {
  if (value instanceof Temporal) return value;
  const text = typeof value === 'bigint' ? String(value) : isText(value) ? (toText(value) as string) : undefined;
  if (text === undefined) return undefined;
  return kind === 'time' ? parseTime(text) : parseDate(text);
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareTemporals(a: Temporal, b: Temporal): number {
  if (a.kind === 'time' && b.kind === 'time')
    return compareNumbers(a.toMs() + (a.micro % 1000) / 1000, b.toMs() + (b.micro % 1000) / 1000);
  return compareNumbers(a.toNumber() * (a.kind === 'date' ? 1e6 : 1), b.toNumber() * (b.kind === 'date' ? 1e6 : 1));
}

/** -1, 0 or 1; null where either is null. Kinds that differ compare as MySQL's conversion rules say. */
export function compareValues(a: Value, b: Value, collation: string): number | null {
  if (a === null || b === null) return null;
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof Json || b instanceof Json) return compareJson(jsonOf(a), jsonOf(b));
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b, collation);
  if (isText(a) && isText(b)) return Math.sign(Buffer.compare(toBytes(a) as Buffer, toBytes(b) as Buffer));
  if (a instanceof Temporal || b instanceof Temporal) {
    const kind = a instanceof Temporal ? a.kind : (b as Temporal).kind;
    const [x, y] = [asTemporal(a, kind), asTemporal(b, kind)];
    if (x && y) return compareTemporals(x, y);
  }
  const exact = (value: Value) => typeof value === 'bigint' || value instanceof Decimal;
  if (exact(a) && exact(b)) return compareDecimals(toDecimal(a) as Decimal, toDecimal(b) as Decimal);
  return compareNumbers(toNumber(a) as number, toNumber(b) as number);
}

/** A value as JSON compares it: text is a string there, and no document. */
export function jsonOf(value: Exclude<Value, null>): JsonData {
  if (value instanceof Json) return value.data;
  return Buffer.isBuffer(value) ? new Opaque(value) : value;
}
