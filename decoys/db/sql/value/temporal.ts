// Dates, times and date-times as MySQL reads, writes and reckons with them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html

export type TemporalKind = 'date' | 'time' | 'datetime';

interface TemporalParts {
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
  /** A TIMESTAMP as a row keeps it: its parts are UTC's, whoever reads it. */
  readonly utc?: boolean;
}

export const MAX_TIME_HOURS = 838;

export const DAY_MS = 86_400_000;

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
  readonly utc: boolean;

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
    this.utc = parts.utc ?? false;
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
      return (
        (this.negative ? -1 : 1) * (((this.hour * 60 + this.minute) * 60 + this.second) * 1000 + this.micro / 1000)
      );
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

/** MySQL's year 0 has no 29th of February. */
export function daysInMonth(year: number, month: number): number {
  if (year === 0 && month === 2) return 28;
  return new Date(utcMs(year, month + 1, 0)).getUTCDate();
}

/** A moment of `ms` since the epoch, in UTC; `micro` are the microseconds of its second where ms do not tell them. */
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

/** The fraction of a second, in microseconds, of a moment in ms that was so many microseconds after it. */
export function microsOf(ms: number, after: number): number {
  return Math.round((ms % 1_000) * 1_000) + after;
}

/** Days since year 0, as TO_DAYS. */
export function toDays(value: Temporal): number {
  const early = value.year === 0 && value.month <= 2 ? 1 : 0;
  return Math.floor(utcMs(value.year, value.month, value.day) / DAY_MS) + 719_528 + early;
}

/** A date by TO_DAYS' count. */
export function fromDays(days: number): Temporal {
  return fromMs((days - 719_528 - (days <= 59 ? 1 : 0)) * DAY_MS, 'date');
}

/** A time of so many seconds, cut to the longest there is. */
export function timeFromSeconds(seconds: number): Temporal {
  const cut = Math.floor(Math.abs(seconds));
  const rounded = Math.round((Math.abs(seconds) - cut) * 1e6);
  const whole = Math.min(cut + (rounded === 1e6 ? 1 : 0), MAX_TIME_HOURS * 3600 + 3599);
  const micro = rounded === 1e6 ? 0 : rounded;
  return new Temporal({
    kind: 'time',
    negative: seconds < 0,
    hour: Math.floor(whole / 3600),
    minute: Math.floor(whole / 60) % 60,
    second: whole % 60,
    micro,
  });
}
