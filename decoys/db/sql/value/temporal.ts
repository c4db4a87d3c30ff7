// Dates, times and date-times as MySQL reads, writes and reckons with them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html

export type TemporalKind = 'date' | 'time' | 'datetime';

export interface TemporalParts {
  readonly kind: TemporalKind;
  readonly negative?: boolean;
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  /** Up to 838 for a time. */
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly micro?: number;
}

const MAX_TIME_HOURS = 838;
const DAY_MS = 86_400_000;

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

export class Temporal {
  readonly kind: TemporalKind;
  readonly negative: boolean;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micro: number;

  constructor(parts: TemporalParts) {
    this.kind = parts.kind;
    this.negative = parts.negative ?? false;
    this.year = parts.year ?? 0;
    this.month = parts.month ?? 0;
    this.day = parts.day ?? 0;
    this.hour = parts.hour ?? 0;
    this.minute = parts.minute ?? 0;
    this.second = parts.second ?? 0;
    this.micro = parts.micro ?? 0;
  }

  dateText(): string {
    return `${pad(this.year, 4)}-${pad(this.month, 2)}-${pad(this.day, 2)}`;
  }

  timeText(decimals: number): string {
    const fraction = decimals > 0 ? `.${pad(this.micro, 6).slice(0, decimals)}` : '';
    return `${this.negative ? '-' : ''}${pad(this.hour, 2)}:${pad(this.minute, 2)}:${pad(this.second, 2)}${fraction}`;
  }

  /** `decimals` is how many digits of the fraction are shown. */
  format(decimals: number): string {
    if (this.kind === 'date') return this.dateText();
    if (this.kind === 'time') return this.timeText(decimals);
    return `${this.dateText()} ${this.timeText(decimals)}`;
  }

  toString(): string {
    return this.format(this.micro === 0 ? 0 : 6);
  }

  /** The number MySQL makes of it: 20200102, 150405 or 20200102150405. */
  toNumber(): number {
    const time = this.hour * 10_000 + this.minute * 100 + this.second;
    if (this.kind === 'time') return (this.negative ? -1 : 1) * (time + this.micro / 1e6);
    const date = this.year * 10_000 + this.month * 100 + this.day;
    return this.kind === 'date' ? date : date * 1_000_000 + time + this.micro / 1e6;
  }

  /** ms since the epoch, the parts taken as UTC; NaN for a zero date. */
  toMs(): number {
    if (this.kind === 'time')
      return (this.negative ? -1 : 1) * ((this.hour * 60 + this.minute) * 60 + this.second) * 1000 + this.micro / 1000;
    return (
      utcMs(this.year, this.month, this.day) +
      ((this.hour * 60 + this.minute) * 60 + this.second) * 1000 +
      Math.floor(this.micro / 1000)
    );
  }
}

function utcMs(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

export function daysInMonth(year: number, month: number): number {
  return new Date(utcMs(year, month + 1, 0)).getUTCDate();
}

export function fromMs(ms: number, kind: TemporalKind, micro = 0): Temporal {
  const date = new Date(ms);
  const parts = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  if (kind === 'date') return new Temporal({ kind, ...parts });
  return new Temporal({
    kind,
    ...(kind === 'datetime' ? parts : {}),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    micro: micro === 0 ? date.getUTCMilliseconds() * 1000 : micro,
  });
}

/** Days since year 0, as TO_DAYS. */
export function toDays(value: Temporal): number {
  return Math.floor(utcMs(value.year, value.month, value.day) / DAY_MS) + 719_528;
}

export function fromDays(days: number): Temporal {
  return fromMs((days - 719_528) * DAY_MS, 'date');
}

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

const DATE_TEXT_CHARACTERS = 64;

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

export function timeFromSeconds(seconds: number): Temporal {
  const whole = Math.min(Math.floor(Math.abs(seconds)), MAX_TIME_HOURS * 3600 + 3599);
  const micro = Math.round((Math.abs(seconds) - Math.floor(Math.abs(seconds))) * 1e6);
  return new Temporal({
    kind: 'time',
    negative: seconds < 0,
    hour: Math.floor(whole / 3600),
    minute: Math.floor(whole / 60) % 60,
    second: whole % 60,
    micro,
  });
}

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

/** An interval from its amount as text and its unit. */
export function parseInterval(amount: string, unit: string): Interval {
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
  const numbers = (amount.slice(0, DATE_TEXT_CHARACTERS).match(/\d+/g) ?? []).map(Number);
  const units = compound.slice(Math.max(0, compound.length - numbers.length));
  const sign = amount.trim().startsWith('-') ? -1 : 1;
  let months = 0;
  let ms = 0;
  for (const [at, part] of units.entries()) {
    const number = sign * (numbers[at] ?? 0);
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
