// A parameter's value as the type derived for it holds it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types).
import { TYPE } from '../../wire/constants.ts';
import { shown as shownBytes } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { documentOf } from '../functions/json-argument.ts';
import { Decimal, MAX_SCALE, rescale } from '../value/decimal.ts';
import { Json } from '../value/json.ts';
import { Temporal } from '../value/temporal.ts';
import { dateOfNumber, timeOfNumber } from '../value/temporal-number.ts';
import { parseDate, parseTime } from '../value/temporal-text.ts';
import { isDecimal, isDouble, isInteger, isJson, isString, isTemporal, type SqlType } from '../value/type.ts';
import { leadingNumber, toDecimal, toInteger, toNumber, toText, type Value } from '../value/value.ts';
import { ANY_TEXT, DOCUMENT } from './parameter-types.ts';

/** Characters of a value a warning shows. */
const SHOWN_CHARACTERS = 128;

/**
 * A value as the type derived for its parameter holds it; undefined where it cannot, and keeps its own, `told` by its
 * client. What is not wholly read warns, or throws 1292 where rows are changed.
 */
export function boundValue(x: Execution, value: Value, type: SqlType, told: SqlType | undefined): Value | undefined {
  if (value === null) return null;
  if (type === ANY_TEXT) return Buffer.isBuffer(value) ? value : toText(value);
  const text = typeof value === 'string';
  if (type === DOCUMENT && text) return new Json(documentOf(value, 1, 'cast_as_json'));
  if (type.type === TYPE.YEAR || type.type === TYPE.BIT || isJson(type) || (isString(type) && !type.text))
    return undefined;
  const short = text && !leadingNumber(value).whole;
  if (isInteger(type)) {
    if (typeof value === 'bigint') return type.unsigned || (value <= LARGEST && !told?.unsigned) ? value : undefined;
    if (!text || (!short && !/^\s*[+-]?\d+\s*$/.test(value))) return undefined;
    if (short) x.truncated('INTEGER', shown(value));
    return toInteger(value);
  }
  if (isDecimal(type)) {
    if (typeof value !== 'bigint' && !(value instanceof Decimal) && !text) return undefined;
    if (short) x.truncated('DECIMAL', shown(value));
    return rescale(toDecimal(value) as Decimal, Math.min(MAX_SCALE, type.decimals));
  }
  if (isDouble(type)) {
    if (value instanceof Temporal || value instanceof Json) return undefined;
    if (short) x.truncated('DOUBLE', shown(value));
    return toNumber(value);
  }
  if (isTemporal(type)) {
    if (value instanceof Temporal) return (value.kind === 'time') === (type.type === TYPE.TIME) ? value : undefined;
    return boundTime(x, value, type);
  }
  return text ? value : undefined;
}

/** A text or a number read as a date or a time; NULL where it is none, with a warning. */
function boundTime(x: Execution, value: Value, type: SqlType): Value | undefined {
  const time = type.type === TYPE.TIME;
  if (typeof value === 'string') {
    const read = time ? parseTime(value) : parseDate(value);
    if (read) return read;
  } else if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal) {
    const number = Number(toNumber(value));
    const read = time ? timeOfNumber(number) : dateOfNumber(number, type.type === TYPE.DATE);
    if (read) return read;
  } else return undefined;
  const whole = typeof value === 'bigint' || type.type === TYPE.DATETIME;
  if (x.refusesTruncated && !whole) x.truncated(time ? 'time' : 'date', toText(value) ?? '');
  else if (x.refusesTruncated) throw sqlError('ER_WRONG_VALUE', 'datetime', toText(value) ?? '');
  else if (whole && !time) x.warn('ER_WRONG_VALUE', 'datetime', (toText(value) ?? '').slice(0, SHOWN_CHARACTERS));
  else x.truncated(time ? 'time' : 'date', (toText(value) ?? '').slice(0, SHOWN_CHARACTERS));
  return null;
}

/** As warnings of numbers show a text: bytes that are no ASCII as \xNN. */
const shown = (value: string): string => shownBytes(Buffer.from(value.slice(0, SHOWN_CHARACTERS)));

/** Largest signed integer of eight bytes. */
const LARGEST = 2n ** 63n - 1n;
