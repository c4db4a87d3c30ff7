// What functions of dates and times read from an argument, with the warning where it holds none.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html

import { shown } from '../coerce.ts';
import type { Execution } from '../execution.ts';
import { Decimal, truncate } from '../value/decimal.ts';
import { Json } from '../value/json.ts';
import { fromMs, microsOf, Temporal } from '../value/temporal.ts';
import { dateOfNumber, timeOfNumber } from '../value/temporal-number.ts';
import { type OddDelimiter, parseDate, parseTime, readDate, readTime } from '../value/temporal-text.ts';
import { isDecimal, isInteger, isNull, isTemporal, type SqlType } from '../value/type.ts';
import { toNumber, toText, type Value } from '../value/value.ts';

/** Digits of the fraction a time read from an argument may have: of a literal those it has, of other text all six; `timed` where a time will do. */
export function fractionOf(type: SqlType, constant: Value | undefined, timed = false): number {
  if (isTemporal(type) || isInteger(type) || isDecimal(type)) return Math.min(6, type.decimals);
  const text = Buffer.isBuffer(constant) ? constant.toString('latin1') : constant;
  if (typeof text !== 'string') return isNull(type) ? 0 : 6;
  if (!parseDate(text) && !(timed && parseTime(text))) return 6;
  return Math.min(6, /\.(\d+)\s*$/.exec(text.slice(0, 64))?.[1]?.length ?? 0);
}

/** Warnings for delimiters that still work: 4095 for another than the usual one, 4096 for one too many. */
export function tellOdd(text: string, odd: readonly OddDelimiter[], x: Execution, row = 1): void {
  for (const { character, at, usual } of odd) {
    if (usual === undefined) x.warn('ER_WARN_SUPERFLUOUS_DELIMITER', character, at, text, row);
    else x.warn('ER_WARN_DEPRECATED_DELIMITER', character, at, text, row, usual);
  }
}

/** A moment told with its own time zone, in the session's. */
export function zoned(value: Temporal, zone: number | undefined, x: Execution): Temporal {
  if (zone === undefined) return value;
  const ms = value.toMs() - zone * 60_000;
  return fromMs(ms + x.session.timezoneOffsetMs(ms), 'datetime', value.micro);
}

const JSON_DATE = /^"(\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?)"$/;

type Wanted = 'date' | 'datetime';

/** Whether the session's modes let a date be without month or day, or without both and a year. */
export function takesZeros({ session }: Execution, { year, month, day }: Temporal): boolean {
  const nothing = year === 0 && month === 0 && day === 0;
  return !session.sqlMode().includes(nothing ? 'NO_ZERO_DATE' : 'NO_ZERO_IN_DATE');
}

/** Whether a date may be without month or day: as the session's modes have it, or in any case. */
type Zeros = boolean | 'by-mode';

/** Whether a date whose parts may be zero will do. */
function fits(value: Temporal, zeros: Zeros, exact: boolean, x: Execution): boolean {
  const nothing = value.year === 0 && value.month === 0 && value.day === 0;
  if (nothing && zeros) return exact || takesZeros(x, value);
  if (value.month > 0 && value.day > 0) return true;
  return zeros === 'by-mode' ? takesZeros(x, value) : zeros;
}

/** A date read from text; failing is told as the function that asks tells it. */
function dateOfText(text: string, value: Value, x: Execution, as: Wanted, zeros: Zeros): Temporal | null {
  const read = readDate(text, x.session.sqlMode().includes('ALLOW_INVALID_DATES'));
  const found = read.value;
  if (!found || !fits(found, zeros, false, x)) {
    if (as === 'date') x.warn('ER_TRUNCATED_WRONG_VALUE', 'date', shown(value));
    else x.warn('ER_INCORRECT_VALUE', 'datetime', shown(value));
    return null;
  }
  const number = value instanceof Decimal;
  if (read.truncated && !(number && as === 'date'))
    x.warn('ER_TRUNCATED_WRONG_VALUE', as === 'date' ? 'date' : found.kind, shown(value));
  tellOdd(text, read.odd, x);
  return zoned(found, read.zone, x);
}

/**
 * A date or date-time of a value, with warning 1292 where it is none; what follows a whole one is cut with it too.
 * `as` is what is wanted; a date without month or day is one as `zeros` says.
 */
export function dateOf(value: Value, x: Execution, as: Wanted = 'datetime', zeros: Zeros = false): Temporal | null {
  if (value === null) return null;
  if (value instanceof Temporal) {
    if (value.kind !== 'time') {
      if (fits(value, zeros, true, x)) return value;
      x.warn('ER_INCORRECT_VALUE', 'datetime', value.toString());
      return null;
    }
    const today = Math.floor(now(x).toMs() / DAY_MS) * DAY_MS;
    return as === 'date'
      ? fromMs(today, 'date')
      : fromMs(today + Math.floor(value.toMs()), 'datetime', value.negative ? 0 : value.micro);
  }
  const loose = zeros === true || (zeros === 'by-mode' && !x.session.sqlMode().includes('NO_ZERO_IN_DATE'));
  if (value instanceof Decimal && truncate(value, 0).units === 0n && loose) return dateOf(0n, x, as, zeros);
  if (typeof value === 'bigint' || typeof value === 'number') {
    const found = dateOfNumber(Number(value), as === 'date', loose);
    if (found && fits(found, zeros, true, x)) return found;
    const told = as === 'date' && typeof value === 'number' ? Math.trunc(value) : value;
    x.warn('ER_INCORRECT_VALUE', 'datetime', String(toText(typeof told === 'number' ? told : value)));
    return null;
  }
  if (value instanceof Json) {
    const text = JSON_DATE.exec(value.toString())?.[1];
    if (text !== undefined) return dateOfText(text, text, x, as, zeros);
    x.warn('ER_INVALID_JSON_VALUE_FOR_CAST', as === 'date' ? 'DATE' : 'DATETIME/TIMESTAMP', x.label, 1);
    return null;
  }
  return dateOfText(Buffer.isBuffer(value) ? value.toString('latin1') : String(toText(value)), value, x, as, zeros);
}

export function timeOf(value: Value, x: Execution): Temporal | null {
  if (value === null) return null;
  const timed = (of: Temporal) => new Temporal({ ...of, kind: 'time', year: 0, month: 0, day: 0 });
  if (value instanceof Temporal) return value.kind === 'date' ? new Temporal({ kind: 'time' }) : timed(value);
  if (value instanceof Json) {
    x.warn('ER_INVALID_JSON_VALUE_FOR_CAST', 'TIME', x.label, 1);
    return null;
  }
  if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal) {
    const found = timeOfNumber(toNumber(value) as number);
    if (!found) x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', shown(value));
    return found ? timed(found) : null;
  }
  const text = Buffer.isBuffer(value) ? value.toString('latin1') : value;
  const read = readTime(text);
  if (!read.value || read.truncated) x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', shown(value));
  if (!read.value) return null;
  tellOdd(text, read.odd, x);
  return timed(zoned(read.value, read.zone, x));
}

/**
 * A time, or else a date-time, as functions of both take text: what is whole as either is that, what is cut is a time.
 * `loose` takes any day up to 31 of a month.
 */
export function momentOf(
  value: Value,
  x: Execution,
  loose = false,
  as: 'datetime' | 'time' = 'datetime',
): Temporal | null {
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) {
    if (value === null || value instanceof Temporal) return value;
    if (value instanceof Json) return refuseMoment(value, x, as);
    const number = toNumber(value) as number;
    return timeOfNumber(number) ?? dateOfNumber(number, false, true) ?? refuseMoment(value, x, as);
  }
  const text = Buffer.isBuffer(value) ? value.toString('latin1') : value;
  const timed = readTime(text);
  if (timed.value?.kind === 'time' && !timed.truncated) return timed.value;
  const dated = readDate(text);
  if (dated.value) {
    tellOdd(text, dated.odd, x);
    return dated.value;
  }
  const day = loose ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) : null;
  if (day && Number(day[2]) <= 12 && Number(day[3]) <= 31)
    return new Temporal({ kind: 'date', year: Number(day[1]), month: Number(day[2]), day: Number(day[3]) });
  if (!timed.value || /^\d+-\d+-\d+/.test(text)) return refuseMoment(value, x, as);
  x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', shown(value));
  return timed.value;
}

function refuseMoment(value: Value, x: Execution, as: 'datetime' | 'time'): null {
  if (as === 'time') x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', shown(value));
  else x.warn('ER_INCORRECT_VALUE', 'datetime', shown(value));
  return null;
}

const DAY_MS = 86_400_000;

/** When the statement began, in the session's time zone. */
export function now(x: Execution): Temporal {
  const ms = x.startedMs + x.session.timezoneOffsetMs();
  return fromMs(ms, 'datetime', microsOf(ms, x.micros));
}

/** A year of two digits as the server reads it: 70 to 99 are of the last century. */
export function fullYear(year: number): number {
  return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
}
