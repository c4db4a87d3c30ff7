// Parts of a date or time: YEAR, WEEK, HOUR, DAYNAME, EXTRACT and their kin.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html

import { localeNames } from '../../persona/locale-names.ts';
import type { Execution } from '../execution.ts';
import { dayOfYear, weekday, weekOf } from '../value/calendar.ts';
import { Temporal, toDays } from '../value/temporal.ts';
import { intType, textType, yearType } from '../value/type.ts';
import { toInteger, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { dateOf, momentOf, timeOf } from './time-argument.ts';

export const SECONDS_A_DAY = 86_400;

type DatePart = (date: Temporal) => number;

/** Parts of a date that a date without month or day still has. */
function zeroPart(length: number, of: DatePart): FunctionEntry {
  return {
    args: [1, 1],
    strict: true,
    type: () => intType(length),
    evaluate: ([value], x) => {
      const found = dateOf(value as Value, x, 'date', true);
      return found === null ? null : BigInt(of(found));
    },
  };
}

function part(length: number, of: DatePart, kind: 'date' | 'datetime' | 'time' = 'date'): FunctionEntry {
  return {
    args: [1, 1],
    strict: true,
    type: () => intType(length),
    evaluate: ([value], x) => {
      const found = kind === 'time' ? timeOf(value as Value, x) : dateOf(value as Value, x, kind);
      return found === null ? null : BigInt(of(found));
    },
  };
}

/** How WEEK numbers weeks that is not told. */
const weekFormat = (x: Execution): Value => x.session.readVariable('default_week_format', '').value;

/** The name of a day or month in the session's locale; as wide as the widest of them. */
function nameOf(list: 'days' | 'months', place: DatePart, zeros: boolean): FunctionEntry {
  const names = (x: Execution) => localeNames(x.session.text('lc_time_names'))[list];
  return {
    args: [1, 1],
    strict: true,
    type: (_args, _constants, x) => textType(Math.max(...(x ? names(x) : [WIDEST_NAME]).map((name) => name.length))),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x, 'date', zeros);
      return d === null ? null : (names(x)[place(d)] ?? null);
    },
  };
}

/** The widest name in the usual locale. */
const WIDEST_NAME = 'September';

const EXTRACTED: Readonly<Record<string, (d: Temporal) => number>> = {
  YEAR: (d) => d.year,
  QUARTER: (d) => Math.ceil(d.month / 3),
  MONTH: (d) => d.month,
  WEEK: (d) => weekOf(d, 0).week,
  DAY: (d) => d.day,
  HOUR: (d) => d.hour,
  MINUTE: (d) => d.minute,
  SECOND: (d) => d.second,
  MICROSECOND: (d) => d.micro,
  YEAR_MONTH: (d) => d.year * 100 + d.month,
  DAY_HOUR: (d) => d.day * 100 + d.hour,
  DAY_MINUTE: (d) => d.day * 10_000 + d.hour * 100 + d.minute,
  DAY_SECOND: (d) => d.day * 1_000_000 + d.hour * 10_000 + d.minute * 100 + d.second,
  DAY_MICROSECOND: (d) => (d.day * 1_000_000 + d.hour * 10_000 + d.minute * 100 + d.second) * 1_000_000 + d.micro,
  HOUR_MINUTE: (d) => d.hour * 100 + d.minute,
  HOUR_SECOND: (d) => d.hour * 10_000 + d.minute * 100 + d.second,
  HOUR_MICROSECOND: (d) => (d.hour * 10_000 + d.minute * 100 + d.second) * 1_000_000 + d.micro,
  MINUTE_SECOND: (d) => d.minute * 100 + d.second,
  MINUTE_MICROSECOND: (d) => (d.minute * 100 + d.second) * 1_000_000 + d.micro,
  SECOND_MICROSECOND: (d) => d.second * 1_000_000 + d.micro,
};

/** Digits of EXTRACT's result and its sign. */
const EXTRACT_DIGITS: Readonly<Record<string, number>> = {
  YEAR: 5,
  YEAR_MONTH: 7,
  QUARTER: 2,
  MONTH: 3,
  WEEK: 3,
  DAY: 3,
  DAY_HOUR: 9,
  DAY_MINUTE: 11,
  DAY_SECOND: 13,
  DAY_MICROSECOND: 20,
  HOUR: 4,
  HOUR_MINUTE: 6,
  HOUR_SECOND: 8,
  HOUR_MICROSECOND: 14,
  MINUTE_MICROSECOND: 11,
  SECOND_MICROSECOND: 9,
  MICROSECOND: 7,
  MINUTE: 3,
  MINUTE_SECOND: 5,
  SECOND: 3,
};

/** How a date begins. */
const DATE_START = /^\s*\d{1,8}-\d{1,8}-\d/;

/** A time, or the day and time of a date-time. */
function dayTimeOf(value: Value, x: Execution): Temporal | null {
  const text = typeof value === 'string' ? value : '';
  if (DATE_START.test(text) || typeof value === 'bigint') return dateOf(value, x, 'datetime');
  const dated = text.length >= 12 ? momentOf(value, x, false, 'time') : null;
  if (dated && dated.kind === 'datetime') return dated;
  return value instanceof Temporal ? value : timeOf(value, x);
}

export const DATE_PART_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  YEAR: {
    args: [1, 1],
    strict: true,
    type: () => yearType(),
    evaluate: ([value], x) => {
      if (value === 0n) return 2000n;
      const d = dateOf(value as Value, x, 'date', true);
      return d === null ? null : BigInt(d.year);
    },
  },
  QUARTER: zeroPart(2, (d) => Math.ceil(d.month / 3)),
  MONTH: zeroPart(3, (d) => d.month),
  DAY: zeroPart(3, (d) => d.day),
  DAYOFWEEK: part(2, (d) => weekday(d) + 1),
  WEEKDAY: part(2, (d) => (weekday(d) + 6) % 7),
  DAYOFYEAR: part(4, dayOfYear),
  HOUR: part(4, (d) => d.hour, 'time'),
  MINUTE: part(3, (d) => d.minute, 'time'),
  SECOND: part(3, (d) => d.second, 'time'),
  MICROSECOND: part(21, (d) => d.micro, 'time'),
  TO_DAYS: part(8, toDays),
  TO_SECONDS: part(21, (d) => toDays(d) * SECONDS_A_DAY + d.hour * 3600 + d.minute * 60 + d.second, 'datetime'),
  TIME_TO_SEC: part(10, (d) => (d.negative ? -1 : 1) * (d.hour * 3600 + d.minute * 60 + d.second), 'time'),
  WEEK: {
    args: [1, 2],
    takes: ' i',
    type: () => intType(3),
    evaluate: ([value, mode], x) => {
      const date = dateOf(value as Value, x, 'date');
      if (date === null) return null;
      if (mode === null) return 0n;
      return BigInt(weekOf(date, Number(toInteger(mode ?? weekFormat(x))) & 7).week);
    },
  },
  WEEKOFYEAR: part(3, (d) => weekOf(d, 3).week),
  YEARWEEK: {
    args: [1, 2],
    takes: ' i',
    type: () => intType(7),
    evaluate: ([value, mode], x) => {
      const date = dateOf(value as Value, x, 'date');
      if (date === null) return null;
      if (mode === null) return 0n;
      const { week, year } = weekOf(date, (Number(toInteger(mode ?? 0n)) & 7) | 2);
      return BigInt(year * 100 + week);
    },
  },
  DAYNAME: nameOf('days', (d) => weekday(d), false),
  MONTHNAME: nameOf('months', (d) => d.month - 1, true),
  EXTRACT: {
    args: [2, 2],
    strict: true,
    type: (_args, constants) => intType(EXTRACT_DIGITS[constants[0] as string] ?? 21),
    evaluate: ([unit, value], x) => {
      const name = unit as string;
      const found = name.startsWith('DAY_')
        ? dayTimeOf(value as Value, x)
        : /HOUR|MINUTE|SECOND/.test(name) && typeof value !== 'bigint'
          ? momentOf(value as Value, x, false, 'time')
          : dateOf(value as Value, x, 'datetime', true);
      if (found === null) return null;
      return BigInt((found.negative ? -1 : 1) * (EXTRACTED[name]?.(found) ?? 0));
    },
  },
};
