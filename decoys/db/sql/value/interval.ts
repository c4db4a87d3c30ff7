// Intervals read from a text and their unit, and added to dates and times.
// Source: https://dev.mysql.com/doc/refman/9.7/en/expressions.html#temporal-intervals

import { DAY_MS, daysInMonth, fromMs, Temporal, timeFromSeconds } from './temporal.ts';
import { DATE_TEXT_CHARACTERS } from './temporal-text.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  MICROSECOND: 0.001,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};

const UNIT_MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** Parts of a compound unit, from the last: ms of each, or months. */
const COMPOUND: Readonly<Record<string, readonly string[]>> = {
  SECOND_MICROSECOND: ['SECOND', 'MICROSECOND'],
  MINUTE_MICROSECOND: ['MINUTE', 'SECOND', 'MICROSECOND'],
  MINUTE_SECOND: ['MINUTE', 'SECOND'],
  HOUR_MICROSECOND: ['HOUR', 'MINUTE', 'SECOND', 'MICROSECOND'],
  HOUR_SECOND: ['HOUR', 'MINUTE', 'SECOND'],
  HOUR_MINUTE: ['HOUR', 'MINUTE'],
  DAY_MICROSECOND: ['DAY', 'HOUR', 'MINUTE', 'SECOND', 'MICROSECOND'],
  DAY_SECOND: ['DAY', 'HOUR', 'MINUTE', 'SECOND'],
  DAY_MINUTE: ['DAY', 'HOUR', 'MINUTE'],
  DAY_HOUR: ['DAY', 'HOUR'],
  YEAR_MONTH: ['YEAR', 'MONTH'],
};

export interface Interval {
  readonly months: number;
  readonly ms: number;
}

/** Digits of a part of an interval that is still a number of 64 bits. */
const LONGEST_PART = 19;
/** Digits of a fraction of a second. */
const MICRO_DIGITS = 6;

/** An interval from its amount as text and its unit; undefined where the text has more parts than the unit, or longer ones than a number. */
export function parseInterval(amount: string, unit: string): Interval | undefined {
  const compound = COMPOUND[unit];
  if (!compound) {
    const number = Number.parseFloat(amount) || 0;
    const months = UNIT_MONTHS[unit];
    if (months !== undefined) return { months: months * Math.round(number), ms: 0 };
    return {
      months: 0,
      ms: (unit === 'SECOND' || unit === 'MICROSECOND' ? number : Math.round(number)) * (UNIT_MS[unit] ?? 0),
    };
  }
  const digits = amount.slice(0, DATE_TEXT_CHARACTERS).match(/\d+/g) ?? [];
  if (digits.length > compound.length || digits.some((part) => part.length > LONGEST_PART)) return undefined;
  const units = compound.slice(Math.max(0, compound.length - digits.length));
  const sign = amount.trim().startsWith('-') ? -1 : 1;
  let months = 0;
  let ms = 0;
  for (const [at, part] of units.entries()) {
    const given = digits[at] ?? '0';
    // The last part is a fraction: its digits count from the point.
    const number =
      sign * Number(part === 'MICROSECOND' ? given.slice(0, MICRO_DIGITS).padEnd(MICRO_DIGITS, '0') : given);
    months += number * (UNIT_MONTHS[part] ?? 0);
    ms += number * (UNIT_MS[part] ?? 0);
  }
  return { months, ms };
}

const MAX_YEAR = 9999;

/** The moment `interval` later; undefined where it leaves years 0 to 9999. */
export function addInterval(
  value: Temporal,
  interval: Interval,
  sign: 1 | -1,
  keepsDate: boolean,
): Temporal | undefined {
  if (value.kind === 'time') return timeFromSeconds((value.toMs() + sign * interval.ms) / 1000);
  let { year, month, day } = value;
  if (interval.months !== 0) {
    const total = year * 12 + month - 1 + sign * interval.months;
    year = Math.floor(total / 12);
    month = (total % 12) + 1;
    if (total < 0 || year > MAX_YEAR) return undefined;
    day = Math.min(day, daysInMonth(year, month));
  }
  const moved = new Temporal({
    kind: 'datetime',
    year,
    month,
    day,
    hour: value.hour,
    minute: value.minute,
    second: value.second,
    micro: value.micro,
  });
  const microTotal = value.micro + sign * (interval.ms - Math.trunc(interval.ms)) * 1000;
  const ms =
    moved.toMs() - Math.floor(value.micro / 1000) + sign * Math.trunc(interval.ms) + Math.floor(microTotal / 1000);
  const result = fromMs(ms, value.kind === 'date' && keepsDate ? 'date' : 'datetime');
  if (!(result.year >= 0 && result.year <= MAX_YEAR)) return undefined;
  if (result.kind === 'date') return result;
  const micro = ((Math.floor(ms) % 1000) + 1000) % 1000;
  return new Temporal({ ...result, micro: micro * 1000 + Math.round(((microTotal % 1000) + 1000) % 1000) });
}

/** The value rounded, or with `cuts` cut, to `decimals` digits of its fraction. */
export function roundedTo(value: Temporal, decimals: number, cuts = false): Temporal {
  const unit = 10 ** (6 - Math.min(6, decimals));
  const micro = Math.floor(value.micro / unit) * unit;
  const cut = new Temporal({ ...value, micro });
  if (cuts || value.micro - micro < unit / 2 || value.kind === 'date') return cut;
  const carried = { months: 0, ms: unit / 1000 };
  return (
    (value.kind === 'time'
      ? addInterval(cut, carried, value.negative ? -1 : 1, false)
      : addInterval(cut, carried, 1, false)) ?? cut
  );
}
