// Dates and times read from text and from numbers.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html
import { daysInMonth, MAX_TIME_HOURS, Temporal } from './temporal.ts';

function validDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && day <= daysInMonth(year, month);
}

function twoDigitYear(year: number, digits: number): number {
  if (digits > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function microOf(fraction: string | undefined): number {
  return fraction ? Number(fraction.slice(0, 6).padEnd(6, '0')) : 0;
}

export const DATE_TEXT_CHARACTERS = 64;

/** A date or date-time from text or digits; undefined where it is none. Delimiters may be any punctuation. */
export function parseDate(input: string): Temporal | undefined {
  const text = input.trim().slice(0, DATE_TEXT_CHARACTERS);
  if (/^\d{6}$|^\d{8}$|^\d{12}$|^\d{14}$/.test(text)) return fromDigits(text);
  const found =
    /^(\d{1,4})[^\w\s](\d{1,2})[^\w\s](\d{1,2})(?:[T ]+(\d{1,2})(?:[^\w\s](\d{1,2})(?:[^\w\s](\d{1,2})(?:\.(\d{0,9}))?)?)?)?/.exec(
      text,
    );
  if (!found) return undefined;
  const [, y, mo, d, h, mi, s, fraction] = found;
  const [year, month, day] = [twoDigitYear(Number(y), (y as string).length), Number(mo), Number(d)];
  const [hour, minute, second] = [Number(h ?? 0), Number(mi ?? 0), Number(s ?? 0)];
  const zero = year === 0 && month === 0 && day === 0;
  if ((!zero && !validDate(year, month, day)) || hour > 23 || minute > 59 || second > 59) return undefined;
  return new Temporal({
    kind: h === undefined ? 'date' : 'datetime',
    year,
    month,
    day,
    hour,
    minute,
    second,
    micro: microOf(fraction),
  });
}

function fromDigits(text: string): Temporal | undefined {
  const long = text.length === 8 || text.length === 14;
  const width = long ? 4 : 2;
  const year = twoDigitYear(Number(text.slice(0, width)), width);
  const rest = text.slice(width);
  const at = (index: number) => Number(rest.slice(index * 2, index * 2 + 2) || 0);
  const [month, day, hour, minute, second] = [at(0), at(1), at(2), at(3), at(4)];
  if (!validDate(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  return new Temporal({ kind: text.length > 8 ? 'datetime' : 'date', year, month, day, hour, minute, second });
}

/** A time from text: `[-][D ]HH:MM[:SS[.frac]]` or digits HHMMSS; undefined where it is none. */
export function parseTime(input: string): Temporal | undefined {
  const text = input.trim().slice(0, DATE_TEXT_CHARACTERS);
  const found = /^(-?)(?:(\d{1,2}) )?(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?/.exec(text);
  if (found) {
    const [, sign, days, h, mi, s, fraction] = found;
    return clampTime(sign === '-', Number(days ?? 0) * 24 + Number(h), Number(mi), Number(s ?? 0), microOf(fraction));
  }
  const digits = /^(-?)(\d{1,7})(?:\.(\d{0,9}))?$/.exec(text);
  if (!digits) return undefined;
  const number = Number(digits[2]);
  return clampTime(
    digits[1] === '-',
    Math.floor(number / 10_000),
    Math.floor(number / 100) % 100,
    number % 100,
    microOf(digits[3]),
  );
}

function clampTime(
  negative: boolean,
  hour: number,
  minute: number,
  second: number,
  micro: number,
): Temporal | undefined {
  if (minute > 59 || second > 59) return undefined;
  if (hour > MAX_TIME_HOURS)
    return new Temporal({ kind: 'time', negative, hour: MAX_TIME_HOURS, minute: 59, second: 59 });
  return new Temporal({ kind: 'time', negative, hour, minute, second, micro });
}
