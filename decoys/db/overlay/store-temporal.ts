// Dates, times and years made to fit their columns: rounded, cut to their range, zero where sql_mode lets them be.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-types.html; errors as recorded from 9.7.
import { sqlError } from '../sql/errors.ts';
import { tellOdd, zoned } from '../sql/functions/time-argument.ts';
import { Decimal } from '../sql/value/decimal.ts';
import { fromMs, Temporal } from '../sql/value/temporal.ts';
import { dateOfNumber, LARGEST_TIME, timeOfNumber } from '../sql/value/temporal-number.ts';
import { nextSecond, readDate, readTime } from '../sql/value/temporal-text.ts';
import { leadingNumber, toInteger, toText, type Value } from '../sql/value/value.ts';
import type { TableColumn } from './column.ts';
import { refuse, type Store } from './store.ts';

const VALUE_CHARACTERS = 64;
const DAY_MS = 86_400_000;
/** First and last moment of a TIMESTAMP, in ms since the epoch. */
const TIMESTAMPS = [1_000, 2_147_483_647_999] as const;

type Kind = 'date' | 'time' | 'datetime';

/** What is no such value is refused; where it is bent to zero it is told as cut, or as out of range where it only is no such day. */
function incorrect(store: Store, kind: Kind, text: string, column: TableColumn, outOfRange = false): Temporal {
  const bent = outOfRange ? 'ER_WARN_DATA_OUT_OF_RANGE' : 'ER_WARN_DATA_TRUNCATED';
  if (store.strict)
    throw sqlError('ER_INCORRECT_VALUE_FOR_COLUMN', kind, text.slice(0, VALUE_CHARACTERS), column.name, store.row);
  store.x.warn(bent, column.name, store.row);
  return new Temporal({ kind });
}

/** A note that part of a whole value was left out. */
function noteLoss(store: Store, kind: Kind, text: string, column: TableColumn): void {
  if (store.strict)
    store.x.note('ER_INCORRECT_VALUE_FOR_COLUMN', kind, text.slice(0, VALUE_CHARACTERS), column.name, store.row);
  else store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
}

/** Zero dates and dates with zero parts are refused as sql_mode has it. */
function zeroRefused(store: Store, value: Temporal): boolean {
  if (store.settled) return false;
  const mode = store.x.session.sqlMode();
  if (value.month !== 0 && value.day !== 0) return false;
  const zero = value.year === 0 && value.month === 0 && value.day === 0;
  return mode.includes(zero ? 'NO_ZERO_DATE' : 'NO_ZERO_IN_DATE');
}

function rounded(value: Temporal, decimals: number, truncates: boolean): Temporal {
  const unit = 10 ** (6 - decimals);
  const micro = (truncates ? Math.floor(value.micro / unit) : Math.round(value.micro / unit)) * unit;
  if (micro < 1_000_000) return new Temporal({ ...value, micro });
  if (value.kind === 'time') {
    const total = value.hour * 3600 + value.minute * 60 + value.second + 1;
    return new Temporal({
      ...value,
      hour: Math.floor(total / 3600),
      minute: Math.floor(total / 60) % 60,
      second: total % 60,
      micro: 0,
    });
  }
  if (value.month === 0 || value.day === 0) return new Temporal({ ...value, micro: 0 });
  return nextSecond(value);
}

type Read = ReturnType<typeof readDate>;

const WHOLE: Read = { value: undefined, truncated: false, odd: [], dateOnly: false };
const LONGEST_TIME = { kind: 'time', hour: 838, minute: 59, second: 59 } as const;

/** A number as a date or time; one past the longest time is cut to it. */
function readNumber(number: number, kind: Kind, anyDay: boolean): Read {
  if (kind !== 'time') {
    const value = dateOfNumber(number, false, anyDay);
    return { ...WHOLE, value, truncated: !value };
  }
  const value = timeOfNumber(number);
  if (value) return { ...WHOLE, value };
  const over = Math.abs(number) > LARGEST_TIME;
  const longest = over ? new Temporal({ ...LONGEST_TIME, negative: number < 0 }) : undefined;
  return { ...WHOLE, value: longest, truncated: true, outOfRange: true };
}

function readText(text: string, kind: Kind, anyDay: boolean): Read {
  if (kind === 'time') {
    if (text === '') return { ...WHOLE, value: new Temporal({ kind }) };
    return { dateOnly: false, ...readTime(text) };
  }
  const read = readDate(text, anyDay);
  // A single zero is no date but is told as one that is out of range.
  return !read.value && /^0+$/.test(text) ? { ...read, outOfRange: true } : read;
}

function readGiven(value: Value, text: string, kind: Kind, anyDay: boolean): Read {
  if (value instanceof Temporal) return { ...WHOLE, value };
  if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal)
    return readNumber(Number(text), kind, anyDay);
  return readText(text, kind, anyDay);
}

/** A time on its own takes the day the statement began. */
function dated(store: Store, value: Temporal): Temporal {
  const today = new Date(store.x.startedMs - (store.x.startedMs % DAY_MS));
  const ms =
    today.getTime() + (value.negative ? -1 : 1) * (value.hour * 3600 + value.minute * 60 + value.second) * 1000;
  return fromMs(ms, 'datetime', value.micro);
}

/** A value as a column of dates or times keeps it. Throws 1292 where it is none, or warns where sql_mode is lax. */
export function storeTemporal(stored: Value, column: TableColumn, kind: Kind, store: Store): Value {
  const { x, row } = store;
  const given = x.session.atZone(stored);
  const text = toText(given) as string;
  const read = readGiven(given, text, kind, x.session.sqlMode().includes('ALLOW_INVALID_DATES'));
  const { value, truncated, outOfRange } = read;
  if (!value) return incorrect(store, kind, text, column, outOfRange);
  tellOdd(text, read.odd, x, row);
  if (kind === 'time') return storeTime(value, read, text, column, store);
  const found = value.kind === 'time' ? dated(store, value) : zoned(value, read.zone, x);
  if (zeroRefused(store, found)) {
    const shown = given instanceof Temporal && kind !== 'date' && given.kind === 'datetime' ? given.format(0) : text;
    return incorrect(store, kind, shown, column, true);
  }
  if (truncated) {
    if (store.strict) return incorrect(store, kind, text, column);
    x.warn('ER_WARN_DATA_TRUNCATED', column.name, row);
  }
  if (kind === 'date') {
    if (found.hour + found.minute + found.second + found.micro > 0) noteLoss(store, kind, text, column);
    return new Temporal({ kind, year: found.year, month: found.month, day: found.day });
  }
  const truncates = x.session.sqlMode().includes('TIME_TRUNCATE_FRACTIONAL');
  const made = rounded(new Temporal({ ...found, kind }), column.spec.type.length ?? 0, truncates);
  if (column.base !== 'timestamp') return made;
  return inTimestamps(made, text, column, store);
}

/** A moment a TIMESTAMP can hold, read in the session's time zone and kept in UTC. */
function inTimestamps(made: Temporal, text: string, column: TableColumn, store: Store): Temporal {
  if (made.year === 0 && made.month === 0) return made;
  const { ms, skipped } = store.x.session.momentOf(made);
  if (ms < TIMESTAMPS[0] || ms > TIMESTAMPS[1] || (skipped && store.strict))
    return incorrect(store, 'datetime', text, column, true);
  if (skipped) store.x.warn('ER_WARN_INVALID_TIMESTAMP', column.name, store.row);
  return new Temporal({ ...fromMs(ms, 'datetime', skipped ? 0 : made.micro), utc: true });
}

function storeTime(found: Temporal, read: Read, text: string, column: TableColumn, store: Store): Value {
  if (read.truncated) incorrect(store, 'time', text, column, read.outOfRange);
  const { negative, hour, minute, second, micro } = found;
  if (found.kind !== 'time') noteLoss(store, 'time', text, column);
  const truncates = store.x.session.sqlMode().includes('TIME_TRUNCATE_FRACTIONAL');
  return rounded(
    new Temporal({ kind: 'time', negative, hour, minute, second, micro }),
    column.spec.type.length ?? 0,
    truncates,
  );
}

/** A year: 1901 to 2155, 0, or two digits that stand for one. */
export function storeYear(given: Value, column: TableColumn, store: Store): Value {
  const text = typeof given === 'string';
  if (text && !leadingNumber(given).whole) {
    const digits = /^\s*\d/.test(given);
    if (digits) refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
    else
      refuse(
        store,
        'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
        'integer',
        given.slice(0, VALUE_CHARACTERS),
        column.name,
        store.row,
      );
  }
  const year = given instanceof Temporal ? BigInt(given.year) : (toInteger(given) ?? 0n);
  if (year === 0n) return text && (given as string).trim().length < 4 ? 2000n : 0n;
  if (year > 0n && year < 70n) return year + 2000n;
  if (year >= 70n && year < 100n) return year + 1900n;
  if (year >= 1901n && year <= 2155n) return year;
  refuse(store, 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return 0n;
}
