// What functions of dates and times read from an argument, with the warning where it holds none.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html
import type { Execution } from '../execution.ts';
import { fromMs, Temporal } from '../value/temporal.ts';
import { parseDate, parseTime } from '../value/temporal-text.ts';
import { isDecimal, isInteger, isNull, isTemporal, type SqlType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';

/** Digits of the fraction a time read from an argument may have: of a literal those it has, of other text all six. */
export function fractionOf(type: SqlType, constant: Value | undefined): number {
  if (isTemporal(type) || isInteger(type) || isDecimal(type)) return Math.min(6, type.decimals);
  if (typeof constant !== 'string') return isNull(type) ? 0 : 6;
  if (!parseDate(constant) && !(/^\d/.test(constant) && parseTime(constant))) return 6;
  return Math.min(6, /\.(\d+)\s*$/.exec(constant.slice(0, 64))?.[1]?.length ?? 0);
}

/**
 * A date or date-time of a value, with warning 1292 where it is none; what follows a whole one is cut with it too.
 * `as` is how the warning names what was wanted; a date without month or day is one only where `zeros` says so.
 */
export function dateOf(
  value: Value,
  x: Execution,
  as: 'date' | 'datetime' = 'datetime',
  zeros = false,
): Temporal | null {
  if (value === null) return null;
  if (value instanceof Temporal)
    return value.kind === 'time'
      ? fromMs(Math.floor(now(x).toMs() / 86_400_000) * 86_400_000 + value.toMs(), 'datetime')
      : value;
  const text = toText(value) as string;
  const found = parseDate(typeof value === 'bigint' && text.length < 6 ? text.padStart(6, '0') : text);
  const hollow = found && !zeros && (found.month === 0 || found.day === 0);
  if (!found || hollow) {
    if (as === 'date') x.warn('ER_TRUNCATED_WRONG_VALUE', 'date', text.slice(0, 128));
    else x.warn('ER_INCORRECT_VALUE', 'datetime', text.slice(0, 128));
  }
  return hollow ? null : (found ?? null);
}

export function timeOf(value: Value, x: Execution): Temporal | null {
  if (value === null) return null;
  if (value instanceof Temporal)
    return value.kind === 'date'
      ? new Temporal({ kind: 'time' })
      : new Temporal({ ...value, kind: 'time', year: 0, month: 0, day: 0 });
  const text = toText(value) as string;
  const dated = /^\d{4}-/.test(text.trim()) ? parseDate(text) : undefined;
  const found = dated ? new Temporal({ ...dated, kind: 'time', year: 0, month: 0, day: 0 }) : parseTime(text);
  if (!found) x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', text.slice(0, 128));
  return found ?? null;
}

export function now(x: Execution): Temporal {
  return fromMs(x.startedMs + x.session.timezoneOffsetMs(), 'datetime');
}

export function fullYear(year: number): number {
  return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
}
