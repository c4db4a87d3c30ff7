// Differences, sums and conversions of dates and times.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html
import { TYPE } from '../../wire/constants.ts';
import { shown } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import type { Decimal } from '../value/decimal.ts';
import { addInterval } from '../value/interval.ts';
import { daysInMonth, fromDays, Temporal, timeFromSeconds, toDays } from '../value/temporal.ts';
import { dateType, datetimeType, intType, isTemporal, type SqlType, textType, timeType } from '../value/type.ts';
import { toDecimal, toInteger, toNumber, type Value } from '../value/value.ts';
import { SECONDS_A_DAY } from './date-part.ts';
import { anyNullable, type FunctionEntry, type FunctionTable } from './function.ts';
import { dateOf, fractionOf, fullYear, momentOf, takesZeros, timeOf } from './time-argument.ts';

/** Day number of 9999-12-31. */
const LAST_DAY = 3_652_424;

/** Seconds of the longest time there is. */
const MAX_TIME_SECONDS = 838 * 3600 + 59 * 60 + 59;

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

/** Microseconds of a time, or of a moment since 1970. */
function microsOf(value: Temporal): bigint {
  const whole = new Temporal({ ...value, micro: 0 });
  return BigInt(Math.round(whole.toMs())) * 1000n + BigInt(value.negative ? -value.micro : value.micro);
}

/** A span of any length as HH:MM:SS. */
function spanText(micros: bigint): string {
  const magnitude = micros < 0n ? -micros : micros;
  const seconds = magnitude / 1_000_000n;
  const pad = (value: bigint) => String(value).padStart(2, '0');
  const fraction = magnitude % 1_000_000n === 0n ? '' : `.${String(magnitude % 1_000_000n).padStart(6, '0')}`;
  return `${micros < 0n ? '-' : ''}${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}${fraction}`;
}

/** Digits of the fraction of a sum: as many as the longer of the two has. */
function sumType(first: SqlType, second: SqlType, constant: Value | undefined): SqlType {
  if (!isTemporal(first)) return { ...textType(29), type: TYPE.STRING };
  const decimals = Math.max(first.decimals, fractionOf(second, constant, true));
  return first.type === TYPE.TIME ? timeType(decimals) : datetimeType(decimals);
}

function addTime(sign: 1 | -1): FunctionEntry {
  return {
    args: [2, 2],
    early: true,
    moment: true,
    knows: [1],
    type: ([first, second], [, constant]) => sumType(first as SqlType, second as SqlType, constant),
    evaluate: ([value, amount], x) => {
      const base = momentOf(value as Value, x, true);
      const added = base && timeOf(amount as Value, x);
      if (!base || !added) return null;
      if (base.kind !== 'time' && !(base.month > 0 && base.day > 0 && base.day <= daysInMonth(base.year, base.month))) {
        x.warn('ER_TRUNCATED_WRONG_VALUE', 'date', shown(value as Value));
        return null;
      }
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
  DATE: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x, 'date', 'by-mode');
      return d === null ? null : new Temporal({ kind: 'date', year: d.year, month: d.month, day: d.day });
    },
  },
  TIME: {
    args: [1, 1],
    strict: true,
    type: ([arg], [constant]) => timeType(fractionOf(arg as SqlType, constant, true)),
    evaluate: ([value], x) => timeOf(value as Value, x),
  },
  TIMESTAMP: {
    args: [1, 2],
    strict: true,
    type: ([arg, added], [constant, other]) =>
      datetimeType(
        Math.max(
          fractionOf(arg as SqlType, constant),
          added && other !== undefined ? fractionOf(added, other, true) : 0,
        ),
      ),
    evaluate: ([value, added], x) => {
      const date = dateOf(value as Value, x, 'datetime', added === undefined ? 'by-mode' : false);
      if (date === null) return null;
      const base = new Temporal({ ...date, kind: 'datetime' });
      const time = added === undefined ? undefined : timeOf(added, x);
      if (time === null) return null;
      return time ? (addInterval(base, { months: 0, ms: time.toMs() }, 1, false) ?? null) : base;
    },
  },
  LAST_DAY: {
    args: [1, 1],
    strict: true,
    type: () => dateType(),
    evaluate: ([value], x) => {
      const d = dateOf(value as Value, x, 'date', true);
      if (d && (d.month === 0 || (d.day === 0 && !takesZeros(x, d)))) {
        x.warn('ER_TRUNCATED_WRONG_VALUE', 'date', d.dateText());
        return null;
      }
      return d === null
        ? null
        : new Temporal({ kind: 'date', year: d.year, month: d.month, day: daysInMonth(d.year, d.month) });
    },
  },
  FROM_DAYS: {
    args: [1, 1],
    takes: 'i',
    strict: true,
    type: () => dateType(),
    evaluate: ([days], x, _types, printed) => {
      const number = Number(toInteger(days as Value));
      if (number > 0 && number <= LAST_DAY) return fromDays(number);
      x.warn('ER_DATE_OUT_OF_RANGE', 'DATE', `from_days(${printed[0]?.() ?? ''})`);
      return null;
    },
  },
  DATEDIFF: {
    args: [2, 2],
    type: () => intType(9),
    evaluate: ([a, b], x) => {
      const first = dateOf(a as Value, x, 'date');
      const second = first && dateOf(b as Value, x, 'date');
      return first && second ? BigInt(toDays(first) - toDays(second)) : null;
    },
  },
  TIMESTAMPDIFF: {
    args: [3, 3],
    type: () => intType(21),
    evaluate: ([unit, a, b], x) => {
      const first = dateOf(a as Value, x, 'datetime');
      const second = first && dateOf(b as Value, x, 'datetime');
      return first && second ? difference(unit as string, first, second) : null;
    },
  },
  TIMEDIFF: {
    args: [2, 2],
    strict: true,
    type: ([a, b], [first, second]) =>
      timeType(Math.max(fractionOf(a as SqlType, first, true), fractionOf(b as SqlType, second, true))),
    evaluate: ([a, b], x) => {
      const first = momentOf(a as Value, x);
      const second = first && momentOf(b as Value, x);
      if (!first || !second || (first.kind === 'time') !== (second.kind === 'time')) return null;
      const micros = microsOf(first) - microsOf(second);
      const limit = BigInt(MAX_TIME_SECONDS) * 1_000_000n;
      if (micros > limit || micros < -limit) x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', spanText(micros));
      return timeFromMicros(micros);
    },
  },
  ADDTIME: addTime(1),
  SUBTIME: addTime(-1),
  SEC_TO_TIME: {
    args: [1, 1],
    takes: 'x',
    strict: true,
    type: ([arg]) => timeType(fractionOf(arg as SqlType, undefined)),
    evaluate: ([value], x) => {
      const given = toNumber(value as Value) as number;
      if (Math.abs(given) >= MAX_TIME_SECONDS + 1)
        x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', (toDecimal(value as Value) ?? '').toString());
      return timeFromSeconds(given);
    },
  },
  MAKETIME: {
    args: [3, 3],
    takes: 'iix',
    strict: true,
    type: ([, , arg]) => timeType(fractionOf(arg as SqlType, undefined)),
    evaluate: ([h, m, s], x) => {
      const [hour, minute] = [h, m].map((value) => Number(toInteger(value as Value))) as [number, number];
      const exact = toDecimal(s as Value) as Decimal;
      const second = exact.toNumber();
      if (minute < 0 || minute > 59 || second < 0 || second >= 60) return null;
      const total = Math.abs(hour) * 3600 + minute * 60 + second;
      if (total <= MAX_TIME_SECONDS) return timeFromSeconds(hour < 0 ? -total : total);
      const fraction = exact.scale > 0 ? `.${exact.toString().split('.')[1]}` : '';
      const two = (value: number) => String(value).padStart(2, '0');
      const told = `${(toInteger(h as Value) as bigint).toString().replace('-', '')}:${two(minute)}:${two(Math.floor(second))}${fraction}`;
      x.warn('ER_TRUNCATED_WRONG_VALUE', 'time', told);
      return timeFromSeconds(hour < 0 ? -MAX_TIME_SECONDS : MAX_TIME_SECONDS);
    },
  },
  MAKEDATE: {
    args: [2, 2],
    takes: 'i',
    strict: true,
    type: () => dateType(),
    evaluate: ([given, day]) => {
      const [year, days] = [given, day].map((value) => Number(toInteger(value as Value))) as [number, number];
      if (days < 1 || days > LAST_DAY || year < 0 || year > 9999) return null;
      const total = toDays(new Temporal({ kind: 'date', year: fullYear(year), month: 1, day: 1 })) + days - 1;
      return total > LAST_DAY ? null : fromDays(total);
    },
  },
  PERIOD_ADD: {
    args: [2, 2],
    takes: 'i',
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
    takes: 'i',
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
};
