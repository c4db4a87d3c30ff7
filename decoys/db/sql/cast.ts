// CAST and CONVERT: types of their results, and values turned into them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/cast-functions.html
import { isUtf8 } from 'node:buffer';
import type { Session } from '../session/session.ts';
import type { CastType } from './ast/expression.ts';
import { exactOf, realOf, shown } from './coerce.ts';
import { sqlError } from './errors.ts';
import { type Execution, JSON_BYTES_A_STEP } from './execution.ts';
import { dateOf, timeOf } from './functions/time-argument.ts';
import { findCharset, findCollation } from './value/charset.ts';
import { Decimal, pow10, rescale } from './value/decimal.ts';
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

/** Hexadecimal digits of an invalid text that are told. */
const INVALID_DIGITS = 12;

/** Bytes the widest character of a text's set takes. */
function characterBytes(type: SqlType): number {
  return findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 4;
}

function checkPrecision(cast: CastType): void {
  if ((cast.decimals ?? 0) > 6) throw sqlError('ER_TOO_BIG_PRECISION', cast.decimals as number, 'CAST', 6);
}

export function castType(cast: CastType, from: SqlType, session: Session): SqlType {
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
      return bytesType(cast.length ?? (from.text ? from.length * characterBytes(from) : from.length));
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
    case 'decimal': {
      const precision = cast.length ?? DEFAULT_PRECISION;
      const scale = cast.decimals ?? 0;
      if (precision > 65) throw sqlError('ER_TOO_BIG_PRECISION', precision, '...', 65);
      if (scale > precision) throw sqlError('ER_M_BIGGER_THAN_D', '');
      return decimalType(precision, scale, { nullable });
    }
    case 'float':
      return { ...doubleType({ nullable }), type: (cast.length ?? 0) > 24 ? 5 : 4 };
    case 'double':
      return doubleType({ nullable });
    default:
      return jsonType();
  }
}

function warnInteger(value: Value, x: Execution): void {
  if (typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value.slice(0, 128)))
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'INTEGER', value.slice(0, 128));
}

/** Text gives the digits it begins with; everything else is rounded. */
function leadingInteger(value: Value): bigint {
  if (typeof value !== 'string') return toInteger(value) as bigint;
  const digits = /^\s*([+-]?\d{1,30})/.exec(value.slice(0, 64))?.[1];
  return digits === undefined ? 0n : (toInteger(digits) as bigint);
}

const MAX_SIGNED = 2n ** 63n - 1n;
const MIN_SIGNED = -(2n ** 63n);

/** Numbers with a fraction are cut to the range of BIGINT; integers keep their bits. */
function signedOf(value: Value, x: Execution): bigint {
  const made = leadingInteger(value);
  if (!(value instanceof Decimal) && typeof value !== 'number') return BigInt.asIntN(64, made);
  if (made >= MIN_SIGNED && made <= MAX_SIGNED) return made;
  if (value instanceof Decimal) x.warn('ER_TRUNCATED_WRONG_VALUE', 'DECIMAL', value.toString());
  return made < 0n ? MIN_SIGNED : MAX_SIGNED;
}

function yearOf(value: Value, x: Execution): Value {
  if (value instanceof Temporal)
    return value.kind === 'time' ? BigInt((dateOf(value, x, 'date') as Temporal).year) : BigInt(value.year);
  const textual = typeof value === 'string' || Buffer.isBuffer(value);
  const found = textual ? /^\s*(-?\d+)/.exec(String(value).slice(0, 32)) : null;
  const whole = textual ? Number(found?.[1] ?? Number.NaN) : Number(toInteger(value));
  if (textual && (!found || String(value).trim() !== found[1]))
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'YEAR', shown(value));
  if (Number.isNaN(whole)) return null;
  if (whole < 0 || (whole > 99 && whole < 1901) || whole > 2155) {
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'YEAR', textual ? String(whole) : shown(value));
    return null;
  }
  if (whole === 0 && !textual) return 0n;
  return BigInt(whole < 70 ? 2000 + whole : whole < 100 ? 1900 + whole : whole);
}

function toFixed(value: Value, cast: CastType, x: Execution): Decimal {
  const scale = cast.decimals ?? 0;
  const made = rescale(exactOf(value, x, x.label) as Decimal, scale);
  const limit = pow10(cast.length ?? DEFAULT_PRECISION) - 1n;
  if (made.units > limit) return new Decimal(limit, scale);
  return made.units < -limit ? new Decimal(-limit, scale) : made;
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

export function castValue(value: Value, cast: CastType, type: SqlType, x: Execution): Value {
  if (value === null) return null;
  switch (cast.base) {
    case 'signed':
      warnInteger(value, x);
      return signedOf(value, x);
    case 'unsigned':
      warnInteger(value, x);
      if (typeof value === 'string' && /^\s*-\s*\d/.test(value))
        x.session.addWarning('Warning', 1105, 'Cast to unsigned converted negative integer to its positive complement');
      return BigInt.asUintN(64, leadingInteger(value));
    case 'char': {
      if (!type.text) return toBytes(value);
      if (Buffer.isBuffer(value) && !isUtf8(value)) {
        x.warn('ER_INVALID_CHARACTER_STRING', 'utf8mb4', value.toString('hex').toUpperCase().slice(0, INVALID_DIGITS));
        return null;
      }
      const text = toText(value) as string;
      if (cast.length === undefined || text.length <= cast.length) return text;
      x.warn('ER_TRUNCATED_WRONG_VALUE', `CHAR(${cast.length})`, text.slice(0, 128));
      return [...text].slice(0, cast.length).join('');
    }
    case 'binary': {
      const bytes = toBytes(value) as Buffer;
      if (cast.length === undefined) return bytes;
      if (bytes.length > cast.length) x.warn('ER_TRUNCATED_WRONG_VALUE', `BINARY(${cast.length})`, shown(value));
      return bytes.length >= cast.length
        ? bytes.subarray(0, cast.length)
        : Buffer.concat([bytes, Buffer.alloc(Math.min(cast.length, 65_535) - bytes.length)]);
    }
    case 'date': {
      const date = dateOf(value, x, 'date');
      return date && new Temporal({ kind: 'date', year: date.year, month: date.month, day: date.day });
    }
    case 'datetime': {
      const date = dateOf(value, x, 'datetime');
      return date && roundedTo(new Temporal({ ...date, kind: 'datetime' }), cast.decimals ?? 0);
    }
    case 'time': {
      const time = timeOf(value, x);
      return time && roundedTo(time, cast.decimals ?? 0);
    }
    case 'year':
      return yearOf(value, x);
    case 'decimal':
      return toFixed(value, cast, x);
    case 'double':
      return realOf(value, x, x.label);
    case 'float':
      return Math.fround(realOf(value, x, x.label) as number);
    default:
      return toJson(value, x);
  }
}
