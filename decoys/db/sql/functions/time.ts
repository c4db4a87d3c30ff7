// Date and time functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { Decimal } from '../value/decimal.ts';
import {
  addInterval,
  daysInMonth,
  fromDays,
  fromMs,
  parseDate,
  parseTime,
  Temporal,
  timeFromSeconds,
  toDays,
} from '../value/temporal.ts';
import {
  countType,
  dateType,
  datetimeType,
  decimalType,
  intType,
  isDecimal,
  isInteger,
  isNull,
  isTemporal,
  type SqlType,
  textLength,
  textType,
  timeType,
  yearType,
} from '../value/type.ts';
import { toInteger, toNumber, toText, type Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionEntry, type FunctionTable } from './function.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const SECONDS_A_DAY = 86_400;
/** Day numbers of 0001-01-01 and 9999-12-31. */
const FIRST_DAY = 366;
const LAST_DAY = 3_652_424;
const MAX_UNIX_SECONDS = 32_536_771_199;

/** Digits of the fraction a time read from an argument may have: of a literal those it has, of other text all six. */
function fractionOf(type: SqlType, constant: Value | undefined): number {
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

function timeOf(value: Value, x: Execution): Temporal | null {
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

function seconds(value: Temporal): Temporal {
  return new Temporal({ ...value, micro: 0 });
}

/** The clock's value cut to `decimals` digits of the fraction. */
function cut(value: Temporal, decimals: number): Temporal {
  const unit = 10 ** (6 - Math.min(6, Math.max(0, decimals)));
  return new Temporal({ ...value, micro: Math.floor(value.micro / unit) * unit });
}

function clock(kind: 'date' | 'time' | 'datetime', utc: boolean, live: boolean, name = ''): FunctionEntry {
  return {
    args: [0, 1],
    type: (_args, constants) => {
      const decimals = constantNumber(constants, 0) ?? 0;
      if (decimals > 6) throw sqlError('ER_TOO_BIG_PRECISION_FUNCTION', decimals, name, 6);
      if (kind === 'date') return dateType({ nullable: false });
      if (kind === 'time')
        return timeType(decimals, { nullable: false, length: 8 + (decimals > 0 ? decimals + 1 : 0) });
      return datetimeType(decimals, { nullable: false });
    },
    evaluate: ([decimals], x) => {
      const ms = x.startedMs + (live ? x.delayMs : 0) + (utc ? 0 : x.session.timezoneOffsetMs());
      return cut(fromMs(ms, kind), decimals === undefined ? 0 : Number(toInteger(decimals)));
    },
  };
}

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

function part(length: number, of: DatePart, kind: 'date' | 'time' = 'date'): FunctionEntry {
  return {
    args: [1, 1],
    strict: true,
    type: () => intType(length),
    evaluate: ([value], x) => {
      const found = kind === 'date' ? dateOf(value as Value, x) : timeOf(value as Value, x);
      return found === null ? null : BigInt(of(found));
    },
  };
}

function weekday(date: Temporal): number {
  return new Date(new Temporal({ ...date, kind: 'date', hour: 0, minute: 0, second: 0, micro: 0 }).toMs()).getUTCDay();
}

function dayOfYear(date: Temporal): number {
  return toDays(date) - toDays(new Temporal({ kind: 'date', year: date.year, month: 1, day: 1 })) + 1;
}

/** Week number and its year, by MySQL's modes 0 to 7. */
export function weekOf(date: Temporal, mode: number): { readonly week: number; readonly year: number } {
  const mondayFirst = (mode & 1) !== 0;
  let weekYear = (mode & 2) !== 0;
  const firstWeekday = (mode & 4) !== 0 ? !mondayFirst : mondayFirst;
  const startDay = (year: number) => {
    const day = weekday(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
    return mondayFirst ? (day + 6) % 7 : day;
  };
  let { year } = date;
  let days = dayOfYear(date) - 1;
  let first = startDay(year);
  // firstWeekday: week 1 is the first with four or more days of the year; else the first that begins in it.
  const early = (start: number) => (firstWeekday ? start <= 3 : start === 0);
  if (date.month === 1 && date.day <= 7 - first) {
    if (!weekYear && !early(first)) return { week: 0, year };
    if (!early(first)) {
      weekYear = true;
      year--;
      const length =
        toDays(new Temporal({ kind: 'date', year: year + 1, month: 1, day: 1 })) -
        toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
      days += length;
      first = startDay(year);
    }
  }
  const offset = early(first) ? days + first : days - (7 - first);
  if (weekYear && offset >= 52 * 7) {
    const next = startDay(year + 1);
    const length =
      toDays(new Temporal({ kind: 'date', year: year + 1, month: 1, day: 1 })) -
      toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
    if (days >= length - next && early(next)) return { week: 1, year: year + 1 };
  }
  return { week: Math.floor(offset / 7) + 1, year };
}

function ordinal(day: number): string {
  const teen = day >= 11 && day <= 13;
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

const pad2 = (value: number): string => String(value).padStart(2, '0');

const FORMATS: Readonly<Record<string, (d: Temporal) => string>> = {
  a: (d) => (DAYS[weekday(d)] as string).slice(0, 3),
  b: (d) => (MONTHS[d.month - 1] ?? '').slice(0, 3),
  c: (d) => String(d.month),
  D: (d) => ordinal(d.day),
  d: (d) => pad2(d.day),
  e: (d) => String(d.day),
  f: (d) => String(d.micro).padStart(6, '0'),
  H: (d) => pad2(d.hour),
  h: (d) => pad2(d.hour % 12 === 0 ? 12 : d.hour % 12),
  I: (d) => pad2(d.hour % 12 === 0 ? 12 : d.hour % 12),
  i: (d) => pad2(d.minute),
  j: (d) => String(dayOfYear(d)).padStart(3, '0'),
  k: (d) => String(d.hour),
  l: (d) => String(d.hour % 12 === 0 ? 12 : d.hour % 12),
  M: (d) => MONTHS[d.month - 1] ?? '',
  m: (d) => pad2(d.month),
  p: (d) => (d.hour % 24 < 12 ? 'AM' : 'PM'),
  r: (d) =>
    `${pad2(d.hour % 12 === 0 ? 12 : d.hour % 12)}:${pad2(d.minute)}:${pad2(d.second)} ${d.hour % 24 < 12 ? 'AM' : 'PM'}`,
  S: (d) => pad2(d.second),
  s: (d) => pad2(d.second),
  T: (d) => `${pad2(d.hour)}:${pad2(d.minute)}:${pad2(d.second)}`,
  U: (d) => pad2(weekOf(d, 0).week),
  u: (d) => pad2(weekOf(d, 1).week),
  V: (d) => pad2(weekOf(d, 2).week),
  v: (d) => pad2(weekOf(d, 3).week),
  W: (d) => DAYS[weekday(d)] as string,
  w: (d) => String(weekday(d)),
  X: (d) => String(weekOf(d, 2).year).padStart(4, '0'),
  x: (d) => String(weekOf(d, 3).year).padStart(4, '0'),
  Y: (d) => String(d.year).padStart(4, '0'),
  y: (d) => pad2(d.year % 100),
};
/** Longest text of each specifier, in characters, as lengths are told. */
const FORMAT_CHARACTERS: Readonly<Record<string, number>> = {
  a: 32,
  b: 32,
  M: 64,
  W: 64,
  r: 11,
  w: 1,
  '%': 1,
  T: 8,
  f: 6,
  D: 4,
  j: 3,
  X: 4,
  x: 4,
  Y: 4,
  H: 7,
  k: 7,
};

/** NULL where a name is asked of a date that has no such month or day. */
function formatDate(date: Temporal, format: string, x?: Execution): string | null {
  x?.spend(1 + (format.length >> 4));
  if (date.month === 0 && /%[Mb]/.test(format)) return null;
  if ((date.day === 0 || date.month === 0) && date.kind !== 'time' && /%[WawjUuVvXx]/.test(format)) return null;
  return format.replace(/%(.)/gs, (_, letter: string) => FORMATS[letter]?.(date) ?? letter);
}

function formatLength(letter: string): number {
  return FORMAT_CHARACTERS[letter] ?? (FORMATS[letter] ? 2 : 1);
}

function formatType(args: readonly SqlType[], constants: readonly Value[]): SqlType {
  const format = constants[1];
  if (typeof format !== 'string') return textType(textLength(args[1] as SqlType) * 10);
  let length = 0;
  for (let at = 0; at < format.length; at++) {
    if (format[at] === '%' && at + 1 < format.length) length += formatLength(format[++at] as string);
    else length++;
  }
  return textType(length);
}

const PARSERS: Readonly<Record<string, readonly [RegExp, string]>> = {
  Y: [/^\d{1,4}/, 'year'],
  y: [/^\d{1,2}/, 'shortYear'],
  m: [/^\d{1,2}/, 'month'],
  c: [/^\d{1,2}/, 'month'],
  d: [/^\d{1,2}/, 'day'],
  e: [/^\d{1,2}/, 'day'],
  H: [/^\d{1,2}/, 'hour'],
  k: [/^\d{1,2}/, 'hour'],
  h: [/^\d{1,2}/, 'hour12'],
  I: [/^\d{1,2}/, 'hour12'],
  l: [/^\d{1,2}/, 'hour12'],
  i: [/^\d{1,2}/, 'minute'],
  s: [/^\d{1,2}/, 'second'],
  S: [/^\d{1,2}/, 'second'],
  f: [/^\d{1,6}/, 'fraction'],
  p: [/^[AaPp][Mm]/, 'half'],
  M: [/^[A-Za-z]{3,9}/, 'monthName'],
  b: [/^[A-Za-z]{3}/, 'monthName'],
  W: [/^[A-Za-z]{3,9}/, 'weekday'],
  a: [/^[A-Za-z]{3}/, 'weekday'],
  X: [/^\d{4}/, 'weekYear'],
  x: [/^\d{4}/, 'weekYear'],
  V: [/^\d{1,2}/, 'week'],
  v: [/^\d{1,2}/, 'week'],
  D: [/^\d{1,2}(?:st|nd|rd|th)/, 'day'],
  j: [/^\d{1,3}/, 'dayOfYear'],
};

/** The date or time a text holds by a format, and whether text is left over. */
function parseFormatted(text: string, format: string): { readonly value: Temporal; readonly rest: boolean } | null {
  const parts = new Map<string, string>();
  let rest = text;
  const expanded = format.replace(/%T/g, '%H:%i:%S').replace(/%r/g, '%h:%i:%S %p');
  for (let at = 0; at < expanded.length; at++) {
    const c = expanded[at] as string;
    if (c === '%' && at + 1 < expanded.length) {
      rest = rest.trimStart();
      const parser = PARSERS[expanded[++at] as string];
      const found = parser?.[0].exec(rest);
      if (!parser || !found) return null;
      parts.set(parser[1], found[0]);
      rest = rest.slice(found[0].length);
    } else if (/\s/.test(c)) rest = rest.trimStart();
    else {
      if (rest[0] !== c) return null;
      rest = rest.slice(1);
    }
  }
  const get = (name: string) => Number.parseInt(parts.get(name) ?? '0', 10);
  const monthName = parts.get('monthName')?.toLowerCase();
  const month = monthName ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(monthName)) + 1 : get('month');
  const short = parts.get('shortYear');
  const year = short === undefined ? get('year') : Number(short) + (Number(short) < 70 ? 2000 : 1900);
  const afternoon = parts.get('half')?.toLowerCase() === 'pm';
  const hour = parts.has('hour12') ? (get('hour12') % 12) + (afternoon ? 12 : 0) : get('hour');
  const hasDate = ['year', 'shortYear', 'month', 'monthName', 'day', 'dayOfYear'].some((name) => parts.has(name));
  const hasTime = ['hour', 'hour12', 'minute', 'second', 'fraction'].some((name) => parts.has(name));
  if (month > 12 || get('day') > 31 || hour > 23 || get('minute') > 59 || get('second') > 59) return null;
  const left = rest.trim() !== '';
  const dated = (days: number) => ({ value: fromDays(days), rest: left });
  if (parts.has('dayOfYear'))
    return dated(toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 })) + get('dayOfYear') - 1);
  const weekday = parts.get('weekday')?.toLowerCase();
  if (parts.has('weekYear') && parts.has('week') && weekday !== undefined) {
    const day = DAYS.findIndex((name) => name.toLowerCase().startsWith(weekday));
    return day < 0 ? null : dated(dayOfWeek(get('weekYear'), get('week'), day));
  }
  const micro = parts.has('fraction') ? Number((parts.get('fraction') as string).padEnd(6, '0')) : 0;
  const kind = hasDate && hasTime ? 'datetime' : hasTime ? 'time' : 'date';
  if (hasDate && get('day') > 0 && month > 0 && get('day') > daysInMonth(year, month)) return null;
  const value = new Temporal({
    kind,
    year,
    month,
    day: get('day'),
    hour,
    minute: get('minute'),
    second: get('second'),
    micro,
  });
  return { value, rest: left };
}

/** Day number of a weekday in a week that begins on Sunday, %V of the year %X. */
function dayOfWeek(year: number, week: number, weekdayNumber: number): number {
  const first = toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
  const start = weekday(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
  return first + (start === 0 ? 0 : 7 - start) + (week - 1) * 7 + weekdayNumber;
}

/** Seconds of the longest time there is. */
const MAX_TIME_SECONDS = 838 * 3600 + 59 * 60 + 59;

function fullYear(year: number): number {
  return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
}

/** A period YYMM or YYYYMM with its year whole. Throws 1210 where its month is none. */
function periodOf(value: Value, name: string): number {
  const period = Number(toInteger(value));
  const month = period % 100;
  if (period < 0 || month < 1 || month > 12) throw sqlError('ER_WRONG_ARGUMENTS', name);
  return fullYear(Math.floor(period / 100)) * 100 + month;
}

/** A time as long as so many microseconds, cut where no time is as long. */
function timeFromMicros(micros: bigint): Temporal {
  const negative = micros < 0n;
  const size = negative ? -micros : micros;
  const whole = Number(size / 1_000_000n);
  if (whole > MAX_TIME_SECONDS) return timeFromSeconds(negative ? -whole : whole);
  return new Temporal({
    kind: 'time',
    negative,
    hour: Math.floor(whole / 3600),
    minute: Math.floor(whole / 60) % 60,
    second: whole % 60,
    micro: Number(size % 1_000_000n),
  });
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  SECOND: 1,
  MINUTE: 60,
  HOUR: 3600,
  DAY: SECONDS_A_DAY,
  WEEK: 7 * SECONDS_A_DAY,
};
const UNIT_MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

function difference(unit: string, from: Temporal, to: Temporal): bigint {
  const months = UNIT_MONTHS[unit];
  if (months !== undefined) {
    const [low, high, sign] = from.toMs() <= to.toMs() ? [from, to, 1] : [to, from, -1];
    let count = (high.year - low.year) * 12 + high.month - low.month;
    const within = (d: Temporal) => d.day * 86_400 + d.hour * 3600 + d.minute * 60 + d.second + d.micro / 1e6;
    if (within(high) < within(low)) count--;
    return BigInt(sign * Math.trunc(count / months));
  }
  const ms = to.toMs() - from.toMs();
  if (unit === 'MICROSECOND') return BigInt(Math.round(ms * 1000));
  return BigInt(Math.trunc(ms / 1000 / (UNIT_SECONDS[unit] as number)));
}

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

const GET_FORMATS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DATE: { USA: '%m.%d.%Y', JIS: '%Y-%m-%d', ISO: '%Y-%m-%d', EUR: '%d.%m.%Y', INTERNAL: '%Y%m%d' },
  DATETIME: {
    USA: '%Y-%m-%d %H.%i.%s',
    JIS: '%Y-%m-%d %H:%i:%s',
    ISO: '%Y-%m-%d %H:%i:%s',
    EUR: '%Y-%m-%d %H.%i.%s',
    INTERNAL: '%Y%m%d%H%i%s',
  },
  TIME: { USA: '%h:%i:%s %p', JIS: '%H:%i:%s', ISO: '%H:%i:%s', EUR: '%H.%i.%s', INTERNAL: '%H%i%s' },
};

function unixSeconds(value: Temporal, x: Execution): Value {
  const ms = value.toMs() - x.session.timezoneOffsetMs();
  const whole = Math.floor(ms / 1000);
  if (whole < 0 || whole > MAX_UNIX_SECONDS || Number.isNaN(whole)) return 0n;
  return value.micro === 0 ? BigInt(whole) : new Decimal(BigInt(whole) * 1_000_000n + BigInt(value.micro), 6);
}

function addTime(sign: 1 | -1): FunctionEntry {
  return {
    args: [2, 2],
    strict: true,
    type: ([first]) =>
      isTemporal(first as SqlType)
        ? first?.type === 11
          ? timeType(first.decimals)
          : datetimeType((first as SqlType).decimals)
        : { ...textType(29), type: 254 },
    evaluate: ([value, amount], x) => {
      const text = toText(value as Value) as string;
      const base = value instanceof Temporal ? value : /^\d{4}-/.test(text) ? parseDate(text) : parseTime(text);
      const added = timeOf(amount as Value, x);
      if (!base || !added) return null;
      const moved = addInterval(
        base.kind === 'date' ? new Temporal({ ...base, kind: 'datetime' }) : base,
        { months: 0, ms: added.toMs() },
        sign,
        false,
      );
      return moved ? (value instanceof Temporal ? moved : moved.toString()) : null;
    },
  };
}

export const TIME_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  NOW: clock('datetime', false, false, 'now'),
  SYSDATE: clock('datetime', false, true, 'sysdate'),
  CURDATE: clock('date', false, false),
  CURTIME: clock('time', false, false, 'curtime'),
  UTC_DATE: clock('date', true, false),
  UTC_TIME: clock('time', true, false, 'utc_time'),
  UTC_TIMESTAMP: clock('datetime', true, false, 'utc_timestamp'),
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
  TO_SECONDS: part(21, (d) => toDays(d) * SECONDS_A_DAY + d.hour * 3600 + d.minute * 60 + d.second),
  TIME_TO_SEC: part(10, (d) => (d.negative ? -1 : 1) * (d.hour * 3600 + d.minute * 60 + d.second), 'time'),
  WEEK: {
    args: [1, 2],
    strict: true,
    type: () => intType(3),
    evaluate: ([value, mode], x) => {
      const date = dateOf(value as Value, x);
      return date === null ? null : BigInt(weekOf(date, mode === undefined ? 0 : Number(toInteger(mode)) & 7).week);
    },
  },
  WEEKOFYEAR: part(3, (d) => weekOf(d, 3).week),
  YEARWEEK: {
    args: [1, 2],
    strict: true,
    type: () => intType(7),
    evaluate: ([value, mode], x) => {
      const date = dateOf(value as Value, x);
      if (date === null) return null;
      const { week, year } = weekOf(date, ((mode === undefined ? 0 : Number(toInteger(mode))) & 7) | 2);
      return BigInt(year * 100 + week);
    },
  },
  DAYNAME: {
    args: [1, 1],
    strict: true,
    type: () => textType(9),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x);
      return d === null ? null : (DAYS[weekday(d)] as string);
    },
  },
  MONTHNAME: {
    args: [1, 1],
    strict: true,
    type: () => textType(9),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x, 'date', true);
      return d === null ? null : (MONTHS[d.month - 1] ?? null);
    },
  },
  DATE: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x, 'date');
      return d === null ? null : new Temporal({ kind: 'date', year: d.year, month: d.month, day: d.day });
    },
  },
  TIME: {
    args: [1, 1],
    strict: true,
    type: ([arg], [constant]) => timeType(fractionOf(arg as SqlType, constant)),
    evaluate: ([value], x) => timeOf(value as Value, x),
  },
  TIMESTAMP: {
    args: [1, 2],
    strict: true,
    type: ([arg, added], [constant, other]) =>
      datetimeType(
        Math.max(fractionOf(arg as SqlType, constant), added && other !== undefined ? fractionOf(added, other) : 0),
      ),
    evaluate: ([value, added], x) => {
      const date = dateOf(value as Value, x, 'datetime');
      if (date === null) return null;
      const base = new Temporal({ ...date, kind: 'datetime' });
      const time = added === undefined ? undefined : timeOf(added, x);
      return time ? (addInterval(base, { months: 0, ms: time.toMs() }, 1, false) ?? null) : base;
    },
  },
  LAST_DAY: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x, 'date', true);
      return d === null || d.month === 0
        ? null
        : new Temporal({ kind: 'date', year: d.year, month: d.month, day: daysInMonth(d.year, d.month) });
    },
  },
  FROM_DAYS: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([days], x) => {
      const number = Number(toInteger(days as Value));
      if (number >= FIRST_DAY && number <= LAST_DAY) return fromDays(number);
      x.warn('ER_INCORRECT_VALUE', 'datetime', '0000-00-00');
      return null;
    },
  },
  DATEDIFF: {
    args: [2, 2],
    strict: true,
    type: () => intType(9),
    evaluate: ([a, b], x) => {
      const [first, second] = [dateOf(a as Value, x), dateOf(b as Value, x)];
      return first && second ? BigInt(toDays(first) - toDays(second)) : null;
    },
  },
  TIMESTAMPDIFF: {
    args: [3, 3],
    strict: true,
    type: () => intType(21),
    evaluate: ([unit, a, b], x) => {
      const [first, second] = [dateOf(a as Value, x, 'datetime'), dateOf(b as Value, x, 'datetime')];
      return first && second ? difference(unit as string, first, second) : null;
    },
  },
  TIMEDIFF: {
    args: [2, 2],
    strict: true,
    type: ([a, b], [first, second]) =>
      timeType(Math.max(fractionOf(a as SqlType, first), fractionOf(b as SqlType, second))),
    evaluate: ([a, b]) => {
      const read = (value: Value) =>
        value instanceof Temporal
          ? value
          : /^\d{4}-/.test(toText(value) as string)
            ? parseDate(toText(value) as string)
            : parseTime(toText(value) as string);
      const [first, second] = [read(a as Value), read(b as Value)];
      if (!first || !second || (first.kind === 'time') !== (second.kind === 'time')) return null;
      const micros =
        BigInt(Math.floor(first.toMs())) * 1000n +
        BigInt(first.micro % 1000) -
        BigInt(Math.floor(second.toMs())) * 1000n -
        BigInt(second.micro % 1000);
      return timeFromMicros(micros);
    },
  },
  ADDTIME: addTime(1),
  SUBTIME: addTime(-1),
  SEC_TO_TIME: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => timeType(fractionOf(arg as SqlType, undefined)),
    evaluate: ([value], x) => {
      const given = toNumber(value as Value) as number;
      if (Math.abs(given) > MAX_TIME_SECONDS)
        x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', toText(value as Value) as string);
      return timeFromSeconds(given);
    },
  },
  MAKETIME: {
    args: [3, 3],
    strict: true,
    type: ([, , arg]) => timeType(fractionOf(arg as SqlType, undefined)),
    evaluate: ([h, m, s]) => {
      const [hour, minute] = [h, m].map((value) => Number(toInteger(value as Value))) as [number, number];
      const second = toNumber(s as Value) as number;
      return minute < 0 || minute > 59 || second < 0 || second >= 60
        ? null
        : timeFromSeconds((Math.abs(hour) * 3600 + minute * 60 + second) * (hour < 0 ? -1 : 1));
    },
  },
  MAKEDATE: {
    args: [2, 2],
    strict: true,
    type: () => dateType(),
    evaluate: ([year, day]) =>
      Number(toInteger(day as Value)) < 1 || Number(toInteger(year as Value)) > 9999
        ? null
        : fromDays(
            toDays(new Temporal({ kind: 'date', year: fullYear(Number(toInteger(year as Value))), month: 1, day: 1 })) +
              Number(toInteger(day as Value)) -
              1,
          ),
  },
  PERIOD_ADD: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([period, months]) => {
      const p = periodOf(period as Value, 'period_add');
      const total = Math.floor(p / 100) * 12 + (p % 100) - 1 + Number(toInteger(months as Value));
      return BigInt(Math.floor(total / 12) * 100 + (total % 12) + 1);
    },
  },
  PERIOD_DIFF: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([a, b]) => {
      const months = (v: Value) => {
        const p = periodOf(v, 'period_diff');
        return Math.floor(p / 100) * 12 + (p % 100);
      };
      return BigInt(months(a as Value) - months(b as Value));
    },
  },
  DATE_FORMAT: {
    args: [2, 2],
    strict: true,
    type: formatType,
    evaluate: ([value, format], x) => {
      const pattern = toText(format as Value) as string;
      if (pattern === '') return null;
      const date = dateOf(value as Value, x, 'datetime', true);
      return date === null ? null : formatDate(date, pattern, x);
    },
  },
  TIME_FORMAT: {
    args: [2, 2],
    strict: true,
    type: formatType,
    evaluate: ([value, format], x) => {
      const time = timeOf(value as Value, x);
      return time === null ? null : formatDate(time, toText(format as Value) as string);
    },
  },
  STR_TO_DATE: {
    args: [2, 2],
    strict: true,
    type: (_args, constants) => {
      const format = typeof constants[1] === 'string' ? constants[1] : '';
      const [date, time] = [/%[YymcdeMbjDaWUuVvXx]/.test(format), /%[HkhIlisSfpTr]/.test(format)];
      return !time && format !== ''
        ? dateType()
        : time && !date
          ? timeType(format.includes('%f') ? 6 : 0)
          : datetimeType(format.includes('%f') ? 6 : 0);
    },
    evaluate: ([value, format], x) => {
      const given = toText(value as Value) as string;
      const read = parseFormatted(given, toText(format as Value) as string);
      const found = read && (read.value.kind === 'time' || (read.value.month > 0 && read.value.day > 0)) ? read : null;
      if (!found) x.warn('ER_WRONG_VALUE_FOR_TYPE', 'datetime', given.slice(0, 128), 'str_to_date');
      else if (found.rest) x.warn('ER_TRUNCATED_WRONG_VALUE', found.value.kind, given.slice(0, 128));
      return found ? found.value : null;
    },
  },
  GET_FORMAT: {
    args: [2, 2],
    strict: true,
    type: () => textType(17),
    evaluate: ([what, style]) =>
      GET_FORMATS[what === 'TIMESTAMP' ? 'DATETIME' : (what as string)]?.[
        (toText(style as Value) as string).toUpperCase()
      ] ?? null,
  },
  EXTRACT: {
    args: [2, 2],
    strict: true,
    type: (_args, constants) => intType(EXTRACT_DIGITS[constants[0] as string] ?? 21),
    evaluate: ([unit, value], x) => {
      const name = unit as string;
      const timed = /HOUR|MINUTE|SECOND/.test(name) && !/^DAY_/.test(name);
      const date = timed ? timeOf(value as Value, x) : dateOf(value as Value, x, 'datetime');
      return date === null ? null : BigInt(EXTRACTED[name]?.(date) ?? 0);
    },
  },
  UNIX_TIMESTAMP: {
    args: [0, 1],
    strict: true,
    type: (args, constants) => {
      const [arg] = args;
      if (!arg) return countType(21);
      const decimals = fractionOf(arg, constants[0]);
      return decimals === 0
        ? intType(21, { nullable: arg.nullable })
        : decimalType(11 + decimals, decimals, { nullable: arg.nullable });
    },
    evaluate: ([value], x) => {
      if (value === undefined) return BigInt(Math.floor(x.startedMs / 1000));
      const date = dateOf(value, x, 'datetime', true);
      return date === null || date.month === 0 || date.day === 0 ? 0n : unixSeconds(date, x);
    },
  },
  FROM_UNIXTIME: {
    args: [1, 2],
    strict: true,
    type: (args, constants) =>
      args.length === 2 ? formatType(args, constants) : datetimeType(fractionOf(args[0] as SqlType, undefined)),
    evaluate: ([value, format], x) => {
      const at = toNumber(value as Value) as number;
      if (at < 0 || at > MAX_UNIX_SECONDS) return null;
      const date = fromMs(Math.floor(at * 1000) + x.session.timezoneOffsetMs(), 'datetime');
      return format === undefined
        ? Number.isInteger(at)
          ? seconds(date)
          : date
        : formatDate(date, toText(format) as string);
    },
  },
  CONVERT_TZ: {
    args: [3, 3],
    strict: true,
    type: ([arg], [constant]) => datetimeType(fractionOf(arg as SqlType, constant)),
    evaluate: ([value, from, to], x) => {
      const date = dateOf(value as Value, x, 'datetime');
      const [a, b] = [
        x.session.zoneOffsetMs(toText(from as Value) as string),
        x.session.zoneOffsetMs(toText(to as Value) as string),
      ];
      if (date === null || a === undefined || b === undefined) return null;
      return fromMs(date.toMs() - a + b, 'datetime', date.micro);
    },
  },
};
