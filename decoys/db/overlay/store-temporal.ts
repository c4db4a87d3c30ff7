// Dates, times and years made to fit their columns: rounded, cut to their range, zero where sql_mode lets them be.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-types.html; errors as recorded from 9.7.
import { fromMs, Temporal } from '../sql/value/temporal.ts';
import { nextSecond, readDate, readTime } from '../sql/value/temporal-text.ts';
import { leadingNumber, toInteger, toText, type Value } from '../sql/value/value.ts';
import type { TableColumn } from './column.ts';
import { refuse, type Store } from './store.ts';

const VALUE_CHARACTERS = 64;
const DAY_MS = 86_400_000;
/** First and last moment of a TIMESTAMP, in ms since the epoch. */
const TIMESTAMPS = [1_000, 2_147_483_647_999] as const;

type Kind = 'date' | 'time' | 'datetime';

function incorrect(store: Store, kind: Kind, text: string, column: TableColumn): Temporal {
  // Where a text is bent to zero rather than refused, the server tells of it as cut.
  if (store.strict || kind === 'time')
    refuse(store, 'ER_INCORRECT_VALUE_FOR_COLUMN', kind, text.slice(0, VALUE_CHARACTERS), column.name, store.row);
  else store.x.warn('ER_WARN_DATA_TRUNCATED', column.name, store.row);
  return new Temporal({ kind });
}

/** Zero dates and dates with zero parts are refused as sql_mode has it. */
function zeroRefused(store: Store, value: Temporal): boolean {
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

function readValue(
  value: Value,
  text: string,
  kind: Kind,
): { readonly value: Temporal | undefined; readonly truncated: boolean } {
  if (value instanceof Temporal) return { value, truncated: false };
  return kind === 'time' ? readTime(text) : readDate(text);
}

/** A time on its own takes the day the statement began. */
function dated(store: Store, value: Temporal): Temporal {
  const today = new Date(store.x.startedMs - (store.x.startedMs % DAY_MS));
  const ms =
    today.getTime() + (value.negative ? -1 : 1) * (value.hour * 3600 + value.minute * 60 + value.second) * 1000;
  return fromMs(ms, 'datetime', value.micro);
}

/** A value as a column of dates or times keeps it. Throws 1292 where it is none, or warns where sql_mode is lax. */
export function storeTemporal(given: Value, column: TableColumn, kind: Kind, store: Store): Value {
  const text = toText(given) as string;
  const { value, truncated } = readValue(given, text, kind);
  if (!value) return incorrect(store, kind, text, column);
  const found = value.kind === 'time' && kind !== 'time' ? dated(store, value) : value;
  if (kind === 'time') return storeTime(found, truncated, text, column, store);
  if (zeroRefused(store, found)) {
    const shown = given instanceof Temporal && kind !== 'date' && given.kind === 'datetime' ? given.format(0) : text;
    if (store.strict) return incorrect(store, kind, shown, column);
    store.x.warn('ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
    return new Temporal({ kind });
  }
  if (truncated) {
    if (store.strict && kind === 'datetime') return incorrect(store, kind, text, column);
    refuse({ ...store, strict: false }, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
  }
  if (kind === 'date') {
    if (found.hour + found.minute + found.second + found.micro > 0)
      store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
    return new Temporal({ kind, year: found.year, month: found.month, day: found.day });
  }
  const truncates = store.x.session.sqlMode().includes('TIME_TRUNCATE_FRACTIONAL');
  const made = rounded(new Temporal({ ...found, kind }), column.spec.type.length ?? 0, truncates);
  if (column.base !== 'timestamp') return made;
  return inTimestamps(made, text, column, store);
}

/** A moment a TIMESTAMP can hold, read in the session's time zone. */
function inTimestamps(made: Temporal, text: string, column: TableColumn, store: Store): Temporal {
  if (made.year === 0 && made.month === 0) return made;
  const ms = made.toMs() - store.x.session.timezoneOffsetMs();
  if (ms >= TIMESTAMPS[0] && ms <= TIMESTAMPS[1]) return made;
  if (store.strict) return incorrect(store, 'datetime', text, column);
  store.x.warn('ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return new Temporal({ kind: 'datetime' });
}

function storeTime(found: Temporal, truncated: boolean, text: string, column: TableColumn, store: Store): Value {
  const over = truncated && found.hour === 838 && found.minute === 59 && found.second === 59;
  if (over) {
    if (store.strict) return incorrect(store, 'time', text, column);
    store.x.warn('ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  } else if (truncated) {
    if (store.strict) return incorrect(store, 'time', text, column);
    store.x.warn('ER_WARN_DATA_TRUNCATED', column.name, store.row);
  }
  const { negative, hour, minute, second, micro } = found;
  if (found.kind !== 'time') store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
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
