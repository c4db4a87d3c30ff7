// CAST and CONVERT: types of their results, and values turned into them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/cast-functions.html
import type { Session } from '../session/session.ts';
import type { CastType } from './ast/expression.ts';
import { exactOf, realOf, shown, wholeOf } from './coerce.ts';
import { sqlError } from './errors.ts';
import { type Execution, JSON_BYTES_A_STEP } from './execution.ts';
import { dateOf, timeOf } from './functions/time-argument.ts';
import { decodeText, encodeText, findCharset, findCollation, invalidBytes } from './value/charset.ts';
import { Decimal, MAX_SCALE, pow10, rescale } from './value/decimal.ts';
import { roundedTo } from './value/interval.ts';
import { Json, Opaque, parseJson } from './value/json.ts';
import { Temporal } from './value/temporal.ts';
import {
  bytesType,
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  intType,
  jsonType,
  type SqlType,
  textLength,
  textType,
  timeType,
  yearType,
} from './value/type.ts';
import { toBytes, toInteger, toText, type Value } from './value/value.ts';

const DEFAULT_PRECISION = 10;

/** Bytes the widest character of a text's set takes. */
function characterBytes(type: SqlType): number {
  return findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 4;
}

function checkPrecision(cast: CastType): void {
  if ((cast.decimals ?? 0) > 6) throw sqlError('ER_TOO_BIG_PRECISION', cast.decimals as number, 'CAST', 6);
}

const MAX_PRECISION = 65;
const MAX_FLOAT_BITS = 53;

/** A decimal's digits; none asked for is as many as by default. Throws 1425 to 1427 where there are too many. */
function decimalOf(cast: CastType, nullable: boolean, print: () => string): SqlType {
  const precision = cast.length || DEFAULT_PRECISION;
  const scale = cast.decimals ?? 0;
  if (precision > MAX_PRECISION) throw sqlError('ER_TOO_BIG_PRECISION', precision, print(), MAX_PRECISION);
  if (scale > MAX_SCALE && scale <= precision) throw sqlError('ER_TOO_BIG_SCALE', scale, print(), MAX_SCALE);
  if (scale > precision) throw sqlError('ER_M_BIGGER_THAN_D', '');
  return decimalType(precision, scale, { nullable });
}

/** The type a cast gives; `print` is what is cast, as messages show it. */
export function castType(cast: CastType, from: SqlType, session: Session, print: () => string = () => '...'): SqlType {
  const { nullable } = from;
  switch (cast.base) {
    case 'signed':
      return intType(21, { nullable });
    case 'unsigned':
      return intType(21, { unsigned: true, nullable });
    case 'char': {
      const charset = cast.charset ? findCharset(cast.charset) : undefined;
      if (cast.charset && !charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', cast.charset);
      if (charset?.name === 'binary') return bytesType(cast.length ?? textLength(from) * 4);
      return textType(cast.length ?? textLength(from), {
        collation: charset?.defaultCollation ?? session.connectionCollation(),
      });
    }
    case 'binary':
      return bytesType(cast.length ?? (from.text ? textLength(from) * characterBytes(from) : from.length));
    case 'date':
      return dateType();
    case 'time':
      checkPrecision(cast);
      return timeType(cast.decimals ?? 0);
    case 'datetime':
      checkPrecision(cast);
      return datetimeType(cast.decimals ?? 0);
    case 'year':
      return yearType();
    case 'decimal':
      return decimalOf(cast, nullable, print);
    case 'float':
      if ((cast.length ?? 0) > MAX_FLOAT_BITS)
        throw sqlError('ER_TOO_BIG_PRECISION', BigInt.asUintN(32, BigInt(cast.length ?? 0)), 'CAST', MAX_FLOAT_BITS);
      return { ...doubleType({ nullable }), type: (cast.length ?? 0) > 24 ? 5 : 4 };
    case 'double':
      return doubleType({ nullable });
    default:
      return jsonType();
  }
}

const MAX_SIGNED = 2n ** 63n - 1n;
const MIN_SIGNED = -(2n ** 63n);
const MAX_UNSIGNED = 2n ** 64n - 1n;

/** The integer a text begins with; what is more than 64 bits is cut, with a warning as for text left over. */
function integerOfText(given: string, x: Execution): bigint {
  const found = /^\s*([+-]?)(\d{0,64})(\s*)/.exec(given.slice(0, 128));
  const digits = found?.[2] ?? '';
  const negative = found?.[1] === '-';
  const magnitude = BigInt(digits || '0');
  const over = negative ? -magnitude < MIN_SIGNED : magnitude > MAX_UNSIGNED;
  if (digits === '' || found?.[0].length !== given.length || over)
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'INTEGER', given.slice(0, 128));
  if (over) return negative ? MIN_SIGNED : MAX_UNSIGNED;
  return negative ? -magnitude : magnitude;
}

/** Numbers with a fraction are cut to the range of their type. */
function cutTo(value: Decimal | number, low: bigint, high: bigint, x: Execution): bigint {
  const made = toInteger(value) as bigint;
  const whole = value instanceof Decimal ? rescale(value, 0).units : made;
  if (whole >= low && whole <= high) return whole;
  if (value instanceof Decimal) x.warn('ER_TRUNCATED_WRONG_VALUE', 'DECIMAL', value.toString());
  return whole < low ? low : high;
}

function signedOf(value: Value, x: Execution): bigint {
  if (typeof value === 'number' || value instanceof Decimal) return cutTo(value, MIN_SIGNED, MAX_SIGNED, x);
  if (typeof value !== 'string') return BigInt.asIntN(64, wholeOf(value, x, x.label) as bigint);
  const made = integerOfText(value, x);
  if (made > MAX_SIGNED && !exceeds(value))
    x.session.addWarning(
      'Warning',
      1105,
      'Cast to signed converted positive out-of-range integer to its negative complement',
    );
  return BigInt.asIntN(64, made);
}

/** Whether the digits a text begins with are more than 64 bits hold. */
function exceeds(text: string): boolean {
  const digits = /^\s*\+?(\d{1,64})/.exec(text)?.[1];
  return digits !== undefined && BigInt(digits) > MAX_UNSIGNED;
}

function unsignedOf(value: Value, x: Execution): bigint {
  if (typeof value === 'number') return BigInt.asUintN(64, cutTo(value, MIN_SIGNED, MAX_SIGNED, x));
  if (value instanceof Decimal) return BigInt.asUintN(64, cutTo(value, MIN_SIGNED, MAX_UNSIGNED, x));
  if (typeof value !== 'string') return BigInt.asUintN(64, wholeOf(value, x, x.label) as bigint);
  const made = integerOfText(value, x);
  if (made < 0n)
    x.session.addWarning('Warning', 1105, 'Cast to unsigned converted negative integer to its positive complement');
  return BigInt.asUintN(64, made);
}

function yearOf(value: Value, x: Execution): Value {
  if (value instanceof Temporal)
    return value.kind === 'time' ? BigInt((dateOf(value, x, 'date') as Temporal).year) : BigInt(value.year);
  if (value instanceof Json) return yearOf(wholeOf(value, x, x.label), x);
  const textual = typeof value === 'string' || Buffer.isBuffer(value);
  const found = textual ? /^\s*(-?\d+)/.exec(String(value).slice(0, 32)) : null;
  const whole = textual ? Number(found?.[1] ?? Number.NaN) : Number(toInteger(value));
  if (textual && !found) x.warn('ER_WRONG_VALUE', 'YEAR', shown(value));
  else if (textual && String(value).trim() !== found?.[1]) x.warn('ER_TRUNCATED_WRONG_VALUE', 'YEAR', shown(value));
  if (Number.isNaN(whole)) return null;
  if (whole < 0 || (whole > 99 && whole < 1901) || whole > 2155) {
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'YEAR', textual ? String(whole) : shown(value));
    return null;
  }
  if (whole === 0 && !textual) return 0n;
  return BigInt(whole < 70 ? 2000 + whole : whole < 100 ? 1900 + whole : whole);
}

/** A number cut to the digits its type has, with warning 1264. */
function toFixed(value: Value, cast: CastType, x: Execution, print: () => string): Decimal {
  const scale = cast.decimals ?? 0;
  const called = x.label !== '' && typeof value === 'string';
  const made = rescale(exactOf(value, x, x.label, called) as Decimal, scale);
  const limit = pow10(cast.length || DEFAULT_PRECISION) - 1n;
  if (made.units <= limit && made.units >= -limit) return made;
  x.warn('ER_WARN_DATA_OUT_OF_RANGE', print(), 1);
  return new Decimal(made.units < 0n ? -limit : limit, scale);
}

/** A float of four bytes, or with more than 24 bits asked for of eight. Throws 1690 where it is too large. */
function floatOf(value: Value, cast: CastType, x: Execution, print: () => string): number {
  const made = realOf(value, x, x.label) as number;
  if ((cast.length ?? 0) > 24) return made;
  const single = Math.fround(made);
  if (!Number.isFinite(single)) throw sqlError('ER_DATA_OUT_OF_RANGE', 'DOUBLE', print());
  return single;
}

/** Text of bytes in a character set; NULL with warning 1300 where they are none. */
export function textOfBytes(bytes: Buffer, charset: string, x: Execution): string | null {
  const text = decodeText(bytes, charset);
  if (text === undefined) x.warn('ER_INVALID_CHARACTER_STRING', charset, invalidBytes(bytes, charset));
  return text ?? null;
}

/** Text as its type's character set holds it. */
function toCharacters(value: Value, cast: CastType, type: SqlType, x: Execution): Value {
  if (!type.text) return toBytes(value);
  const charset = findCollation(type.collation)?.charset ?? 'utf8mb4';
  const given = Buffer.isBuffer(value) ? textOfBytes(value, charset, x) : (toText(value) as string);
  if (given === null) return null;
  const text = charset.startsWith('utf8') ? given : (decodeText(encodeText(given, charset), charset) ?? given);
  if (cast.length === undefined || text.length <= cast.length) return text;
  const characters = [...text];
  if (characters.length <= cast.length) return text;
  const kept = characters.slice(0, cast.length).join('');
  // The length told is that of what is kept, in bytes.
  x.warn('ER_TRUNCATED_WRONG_VALUE', `CHAR(${encodeText(kept, charset).length})`, shown(text));
  return kept;
}

function toJson(value: Value, x: Execution): Json {
  if (value instanceof Json) return value;
  x.examine([value], JSON_BYTES_A_STEP);
  if (typeof value === 'bigint' || typeof value === 'number') return new Json(value);
  if (value instanceof Decimal || value instanceof Temporal) return new Json(value);
  if (Buffer.isBuffer(value)) return new Json(new Opaque(value));
  const parsed = parseJson(toText(value) as string);
  if ('data' in parsed) return new Json(parsed.data);
  throw sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', 1, 'cast_as_json', parsed.reason, parsed.position);
}

/** Fractions are cut, not rounded. */
const cutsFractions = (x: Execution): boolean => x.session.sqlMode().includes('TIME_TRUNCATE_FRACTIONAL');

/** A value as a cast makes it; `print` is the cast, as messages show it. */
export function castValue(
  value: Value,
  cast: CastType,
  type: SqlType,
  x: Execution,
  print: () => string = () => '',
): Value {
  if (value === null) return null;
  switch (cast.base) {
    case 'signed':
      return signedOf(value, x);
    case 'unsigned':
      return unsignedOf(value, x);
    case 'char':
      return toCharacters(value, cast, type, x);
    case 'binary': {
      const bytes = toBytes(value) as Buffer;
      if (cast.length === undefined) return bytes;
      if (bytes.length > cast.length) x.warn('ER_TRUNCATED_WRONG_VALUE', `BINARY(${cast.length})`, shown(value));
      return bytes.length >= cast.length
        ? bytes.subarray(0, cast.length)
        : Buffer.concat([bytes, Buffer.alloc(Math.min(cast.length, 65_535) - bytes.length)]);
    }
    case 'date': {
      const date = dateOf(value, x, 'date', 'by-mode');
      return date && new Temporal({ kind: 'date', year: date.year, month: date.month, day: date.day });
    }
    case 'datetime': {
      const date = dateOf(value, x, 'datetime', 'by-mode');
      return date && roundedTo(new Temporal({ ...date, kind: 'datetime' }), cast.decimals ?? 0, cutsFractions(x));
    }
    case 'time': {
      const time = timeOf(value, x);
      return time && roundedTo(time, cast.decimals ?? 0, cutsFractions(x));
    }
    case 'year':
      return yearOf(value, x);
    case 'decimal':
      return toFixed(value, cast, x, print);
    case 'double':
      return realOf(value, x, x.label);
    case 'float':
      return floatOf(value, cast, x, print);
    default:
      return toJson(value, x);
  }
}
