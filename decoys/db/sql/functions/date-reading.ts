// Dates and times read by a format: STR_TO_DATE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html#function_str-to-date

import type { Execution } from '../execution.ts';
import { DAYS, dayOfIsoWeek, dayOfWeek, MONTHS } from '../value/calendar.ts';
import { daysInMonth, fromDays, Temporal, type TemporalKind, toDays } from '../value/temporal.ts';
import { dateType, datetimeType, isNull, type SqlType, timeType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';
import { takesZeros } from './time-argument.ts';

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

/** What a specifier passes over. */
const SKIPPED: Readonly<Record<string, RegExp>> = {
  __proto__: null as never,
  '#': /^\d{1,64}/,
  '@': /^[A-Za-z]{1,64}/,
  '.': /^[!-/:-@[-`{-~]{1,64}/,
};

const DATE_PARTS = /%[YymcdeMbjDaWUuVvXx]/;
const TIME_PARTS = /%[HkhIlisSfpTr]/;

/** What a format reads: by its specifiers, whether the text has them or not. */
function kindOf(format: string): TemporalKind {
  if (!TIME_PARTS.test(format)) return 'date';
  return DATE_PARTS.test(format) ? 'datetime' : 'time';
}

/** The date or time a text holds by a format, and whether text is left over. */
function parseFormatted(text: string, format: string): { readonly value: Temporal; readonly rest: boolean } | null {
  const parts = new Map<string, string>();
  let rest = text;
  const expanded = format.replace(/%T/g, '%H:%i:%S').replace(/%r/g, '%h:%i:%S %p');
  for (let at = 0; at < expanded.length && rest !== ''; at++) {
    const c = expanded[at] as string;
    if (c === '%' && at + 1 < expanded.length) {
      rest = rest.trimStart();
      if (rest === '') break;
      const skipped = SKIPPED[expanded[at + 1] as string];
      if (skipped) {
        rest = rest.replace(skipped, '');
        at++;
        continue;
      }
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
  if (parts.has('hour12') && (get('hour12') < 1 || get('hour12') > 12)) return null;
  if (parts.has('half') && !parts.has('hour12')) return null;
  if (month > 12 || get('day') > 31 || hour > 23 || get('minute') > 59 || get('second') > 59) return null;
  const left = rest.trim() !== '';
  const dated = (days: number) => ({ value: fromDays(days), rest: left });
  if (parts.has('dayOfYear'))
    return dated(toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 })) + get('dayOfYear') - 1);
  const weekday = parts.get('weekday')?.toLowerCase();
  if (parts.has('weekYear') && parts.has('week') && weekday !== undefined) {
    const day = DAYS.findIndex((name) => name.toLowerCase().startsWith(weekday));
    if (day < 0) return null;
    const monday = /%[xv]/.test(expanded);
    return dated(
      monday ? dayOfIsoWeek(get('weekYear'), get('week'), day) : dayOfWeek(get('weekYear'), get('week'), day),
    );
  }
  const micro = parts.has('fraction') ? Number((parts.get('fraction') as string).padEnd(6, '0')) : 0;
  if (kindOf(format) !== 'time' && get('day') > 0 && month > 0 && get('day') > daysInMonth(year, month)) return null;
  const value = new Temporal({
    kind: kindOf(format),
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

/** A format that is a constant, though no text. */
const isKnown = (format: Value | undefined): boolean => format !== undefined && format !== null;

/** Whether the modes let what is read lack a part: one that refuses zero dates refuses any zero here. */
function lacksParts(x: Execution, value: Temporal): boolean {
  return !x.session.sqlMode().includes('NO_ZERO_DATE') && takesZeros(x, value);
}

function isWhole({ year, month, day }: Temporal): boolean {
  return year > 0 && month > 0 && day > 0;
}

export const DATE_READING_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  STR_TO_DATE: {
    args: [2, 2],
    strict: true,
    type: (args, constants) => {
      const format = constants[1];
      if (typeof format !== 'string')
        return isNull(args[1] as SqlType) || !isKnown(format) ? datetimeType(6) : dateType();
      const decimals = format.includes('%f') ? 6 : 0;
      const kind = kindOf(format);
      return kind === 'date' ? dateType() : kind === 'time' ? timeType(decimals) : datetimeType(decimals);
    },
    evaluate: ([value, format], x) => {
      const given = toText(value as Value) as string;
      const read = parseFormatted(given, toText(format as Value) as string);
      const found =
        read && (read.value.kind === 'time' || isWhole(read.value) || lacksParts(x, read.value)) ? read : null;
      if (!found) x.warn('ER_WRONG_VALUE_FOR_TYPE', 'datetime', given.slice(0, 128), 'str_to_date');
      else if (found.rest) x.warn('ER_TRUNCATED_WRONG_VALUE', found.value.kind, given.slice(0, 128));
      return found ? found.value : null;
    },
  },
};
