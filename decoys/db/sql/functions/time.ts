// Date and time functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html
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
  isTemporal,
  type SqlType,
  textLength,
  textType,
  timeType,
  yearType,
} from '../value/type.ts';
import { toInteger, toNumber, toText, type Value } from '../value/value.ts';
import { constantNumber, type FunctionEntry, type FunctionTable } from './function.ts';

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
const MAX_UNIX_SECONDS = 32_536_771_199;

/** A date or date-time of a value, with warning 1292 where it is none. */
export function dateOf(value: Value, x: Execution): Temporal | null {
  if (value === null) return null;
  if (value instanceof Temporal)
    return value.kind === 'time'
      ? fromMs(Math.floor(now(x).toMs() / 86_400_000) * 86_400_000 + value.toMs(), 'datetime')
      : value;
  const text = toText(value) as string;
  const found = parseDate(typeof value === 'bigint' && text.length < 6 ? text.padStart(6, '0') : text);
  if (!found) x.warn('ER_INCORRECT_VALUE', 'datetime', text);
  return found ?? null;
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
  if (!found) x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', text);
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

function clock(kind: 'date' | 'time' | 'datetime', utc: boolean, live: boolean): FunctionEntry {
  return {
    args: [0, 1],
    type: (_args, constants) => {
      const decimals = constantNumber(constants, 0) ?? 0;
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

function formatDate(date: Temporal, format: string): string {
  return format.replace(/%(.)/gs, (_, letter: string) => FORMATS[letter]?.(date) ?? letter);
}

function formatType(args: readonly SqlType[], constants: readonly Value[]): SqlType {
  const format = constants[1];
  if (typeof format !== 'string') return textType(textLength(args[1] as SqlType) * 10);
  let length = 0;
  for (let at = 0; at < format.length; at++) {
    if (format[at] === '%' && at + 1 < format.length) length += FORMAT_CHARACTERS[format[++at] as string] ?? 2;
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
  W: [/^[A-Za-z]{3,9}/, 'ignored'],
  a: [/^[A-Za-z]{3}/, 'ignored'],
  j: [/^\d{1,3}/, 'dayOfYear'],
};

function parseFormatted(text: string, format: string): Temporal | null {
  const parts = new Map<string, string>();
  let rest = text;
  const expanded = format.replace(/%T/g, '%H:%i:%S').replace(/%r/g, '%h:%i:%S %p');
  for (let at = 0; at < expanded.length; at++) {
    const c = expanded[at] as string;
    if (c === '%' && at + 1 < expanded.length) {
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
  const get = (name: string) => Number(parts.get(name) ?? 0);
  const monthName = parts.get('monthName')?.toLowerCase();
  const month = monthName ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(monthName)) + 1 : get('month');
  const short = parts.get('shortYear');
  const year = short === undefined ? get('year') : Number(short) + (Number(short) < 70 ? 2000 : 1900);
  const afternoon = parts.get('half')?.toLowerCase() === 'pm';
  const hour = parts.has('hour12') ? (get('hour12') % 12) + (afternoon ? 12 : 0) : get('hour');
  const hasDate = ['year', 'shortYear', 'month', 'monthName', 'day', 'dayOfYear'].some((name) => parts.has(name));
  const hasTime = ['hour', 'hour12', 'minute', 'second', 'fraction'].some((name) => parts.has(name));
  if (month > 12 || get('day') > 31 || hour > 23 || get('minute') > 59 || get('second') > 59) return null;
  if (parts.has('dayOfYear'))
    return fromDays(toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 })) + get('dayOfYear') - 1);
  const micro = parts.has('fraction') ? Number((parts.get('fraction') as string).padEnd(6, '0')) : 0;
  const kind = hasDate && hasTime ? 'datetime' : hasTime ? 'time' : 'date';
  if (hasDate && get('day') > 0 && month > 0 && get('day') > daysInMonth(year, month)) return null;
  return new Temporal({
    kind,
    year,
    month,
    day: get('day'),
    hour,
    minute: get('minute'),
    second: get('second'),
    micro,
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
  QUARTER: 3,
  MONTH: 3,
  WEEK: 3,
  DAY: 3,
  DAY_HOUR: 6,
  DAY_MINUTE: 8,
  DAY_SECOND: 10,
  HOUR: 4,
  HOUR_MINUTE: 6,
  HOUR_SECOND: 8,
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
  NOW: clock('datetime', false, false),
  SYSDATE: clock('datetime', false, true),
  CURDATE: clock('date', false, false),
  CURTIME: clock('time', false, false),
  UTC_DATE: clock('date', true, false),
  UTC_TIME: clock('time', true, false),
  UTC_TIMESTAMP: clock('datetime', true, false),
  YEAR: {
    args: [1, 1],
    strict: true,
    type: () => yearType(),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x);
      return d === null ? null : BigInt(d.year);
    },
  },
  QUARTER: part(2, (d) => Math.ceil(d.month / 3)),
  MONTH: part(3, (d) => d.month),
  DAY: part(3, (d) => d.day),
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
      const d = dateOf(value as Value, x);
      return d === null ? null : (MONTHS[d.month - 1] ?? null);
    },
  },
  DATE: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x);
      return d === null ? null : new Temporal({ kind: 'date', year: d.year, month: d.month, day: d.day });
    },
  },
  TIME: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => timeType(isTemporal(arg as SqlType) ? (arg as SqlType).decimals : 0),
    evaluate: ([value], x) => timeOf(value as Value, x),
  },
  TIMESTAMP: {
    args: [1, 2],
    strict: true,
    type: ([arg]) => datetimeType(isTemporal(arg as SqlType) ? (arg as SqlType).decimals : 0),
    evaluate: ([value, added], x) => {
      const date = dateOf(value as Value, x);
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
      const d = dateOf(value as Value, x);
      return d === null
        ? null
        : new Temporal({ kind: 'date', year: d.year, month: d.month, day: daysInMonth(d.year, d.month) });
    },
  },
  FROM_DAYS: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([days]) => fromDays(Number(toInteger(days as Value))),
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
      const [first, second] = [dateOf(a as Value, x), dateOf(b as Value, x)];
      return first && second ? difference(unit as string, first, second) : null;
    },
  },
  TIMEDIFF: {
    args: [2, 2],
    strict: true,
    type: () => timeType(0),
    evaluate: ([a, b]) => {
      const read = (value: Value) =>
        value instanceof Temporal
          ? value
          : /^\d{4}-/.test(toText(value) as string)
            ? parseDate(toText(value) as string)
            : parseTime(toText(value) as string);
      const [first, second] = [read(a as Value), read(b as Value)];
      return first && second ? timeFromSeconds((first.toMs() - second.toMs()) / 1000) : null;
    },
  },
  ADDTIME: addTime(1),
  SUBTIME: addTime(-1),
  SEC_TO_TIME: {
    args: [1, 1],
    strict: true,
    type: () => timeType(0),
    evaluate: ([value]) => timeFromSeconds(toNumber(value as Value) as number),
  },
  MAKETIME: {
    args: [3, 3],
    strict: true,
    type: () => timeType(0),
    evaluate: ([h, m, s]) => {
      const [hour, minute, second] = [h, m, s].map((value) => Number(toInteger(value as Value))) as [
        number,
        number,
        number,
      ];
      return minute < 0 || minute > 59 || second < 0 || second > 59
        ? null
        : timeFromSeconds((Math.abs(hour) * 3600 + minute * 60 + second) * (hour < 0 ? -1 : 1));
    },
  },
  MAKEDATE: {
    args: [2, 2],
    strict: true,
    type: () => dateType(),
    evaluate: ([year, day]) =>
      Number(toInteger(day as Value)) < 1
        ? null
        : fromDays(
            toDays(new Temporal({ kind: 'date', year: Number(toInteger(year as Value)), month: 1, day: 1 })) +
              Number(toInteger(day as Value)) -
              1,
          ),
  },
  PERIOD_ADD: {
    args: [2, 2],
    strict: true,
    type: () => intType(7),
    evaluate: ([period, months]) => {
      const p = Number(toInteger(period as Value));
      const total = Math.floor(p / 100) * 12 + (p % 100) - 1 + Number(toInteger(months as Value));
      return BigInt(Math.floor(total / 12) * 100 + (total % 12) + 1);
    },
  },
  PERIOD_DIFF: {
    args: [2, 2],
    strict: true,
    type: () => intType(7),
    evaluate: ([a, b]) => {
      const months = (v: Value) => {
        const p = Number(toInteger(v));
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
      const date = dateOf(value as Value, x);
      return date === null ? null : formatDate(date, toText(format as Value) as string);
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
      return date && !time ? dateType() : time && !date ? timeType(0) : datetimeType(format.includes('%f') ? 6 : 0);
    },
    evaluate: ([value, format], x) => {
      const found = parseFormatted(toText(value as Value) as string, toText(format as Value) as string);
      if (!found) x.warn('ER_WRONG_VALUE_FOR_TYPE', 'datetime', toText(value as Value) as string, 'str_to_date');
      return found;
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
      const timed = /^(HOUR|MINUTE|SECOND|MICROSECOND)/.test(name);
      const date = timed ? timeOf(value as Value, x) : dateOf(value as Value, x);
      return date === null ? null : BigInt(EXTRACTED[name]?.(date) ?? 0);
    },
  },
  UNIX_TIMESTAMP: {
    args: [0, 1],
    strict: true,
    type: (args, constants) => {
      const [arg] = args;
      if (!arg) return countType(21);
      if (typeof constants[0] === 'string' && !constants[0].includes('.')) return countType(21);
      if (isTemporal(arg) && arg.decimals === 0) return intType(21);
      return isTemporal(arg) ? decimalType(17 - 6 + arg.decimals + 6, arg.decimals) : decimalType(17, 6);
    },
    evaluate: ([value], x) => {
      if (value === undefined) return BigInt(Math.floor(x.startedMs / 1000));
      const date = dateOf(value, x);
      return date === null ? null : unixSeconds(date, x);
    },
  },
  FROM_UNIXTIME: {
    args: [1, 2],
    strict: true,
    type: (args, constants) => (args.length === 2 ? formatType(args, constants) : datetimeType(0)),
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
    type: () => datetimeType(0),
    evaluate: ([value, from, to], x) => {
      const date = dateOf(value as Value, x);
      const [a, b] = [
        x.session.zoneOffsetMs(toText(from as Value) as string),
        x.session.zoneOffsetMs(toText(to as Value) as string),
      ];
      if (date === null || a === undefined || b === undefined) return null;
      return fromMs(date.toMs() - a + b, 'datetime', date.micro);
    },
  },
};
