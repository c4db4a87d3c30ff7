// Dates and times written by a format: DATE_FORMAT, TIME_FORMAT, GET_FORMAT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html#function_date-format

import { type LocaleNames, localeNames } from '../../persona/locale-names.ts';
import type { Execution } from '../execution.ts';
import { dayOfYear, weekday, weekOf } from '../value/calendar.ts';
import { Temporal } from '../value/temporal.ts';
import { type SqlType, textLength, textType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';
import { dateOf, momentOf } from './time-argument.ts';

function ordinal(day: number): string {
  const teen = day >= 11 && day <= 13;
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

const pad2 = (value: number): string => String(value).padStart(2, '0');

const FORMATS: Readonly<Record<string, (d: Temporal, names: LocaleNames) => string>> = {
  a: (d, names) => names.dayShort[weekday(d)] as string,
  b: (d, names) => names.monthShort[d.month - 1] ?? '',
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
  M: (d, names) => names.months[d.month - 1] ?? '',
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
  W: (d, names) => names.days[weekday(d)] as string,
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
export function formatDate(date: Temporal, format: string, x?: Execution): string | null {
  x?.spend(1 + (format.length >> 4));
  if (date.month === 0 && /%[Mb]/.test(format)) return null;
  if ((date.day === 0 || date.month === 0) && date.kind !== 'time' && /%[WawjUuVvXx]/.test(format)) return null;
  const names = localeNames(x?.session.text('lc_time_names') ?? '');
  return format.replace(/%(.)/gs, (_, letter: string) => FORMATS[letter]?.(date, names) ?? letter);
}

function formatLength(letter: string): number {
  return FORMAT_CHARACTERS[letter] ?? (FORMATS[letter] ? 2 : 1);
}

export function formatType(args: readonly SqlType[], constants: readonly Value[]): SqlType {
  const format = constants[1];
  if (typeof format !== 'string') return textType(textLength(args[1] as SqlType) * 10);
  let length = 0;
  for (let at = 0; at < format.length; at++) {
    if (format[at] === '%' && at + 1 < format.length) length += formatLength(format[++at] as string);
    else length++;
  }
  return textType(length);
}

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

/** Specifiers a time has nothing to say to. */
const NO_TIME = /%[aDjUuVvWwXx]/;

export const DATE_FORMAT_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
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
      const time = momentOf(value as Value, x, true);
      if (time === null) return null;
      const pattern = toText(format as Value) as string;
      if (NO_TIME.test(pattern)) return null;
      const text = formatDate(new Temporal({ ...time, kind: 'time' }), pattern, x);
      return text !== null && time.negative ? `-${text}` : text;
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
};
