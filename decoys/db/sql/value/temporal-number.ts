// Dates and times read from numbers: 20200131, 200131101112, 101112.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html
import { MAX_TIME_HOURS, Temporal } from './temporal.ts';
import { validDate } from './temporal-text.ts';

const MILLION = 1_000_000;
/** Numbers of two-digit years, as dates and as date-times: 20xx up to the first, 19xx from the second to the third. */
const DATES = [691_231, 700_101, 991_231] as const;
const MOMENTS = [691_231_235_959, 700_101_000_000, 991_231_235_959] as const;

/** The number with its year whole and its time; undefined where no date is written so. */
function whole(number: number): number | undefined {
  if (number === 0) return 0;
  if (number >= 10_000_101_000_000) return number > 99_999_999_999_999 ? undefined : number;
  if (number < 101) return undefined;
  if (number <= DATES[0]) return (number + 20_000_000) * MILLION;
  if (number < DATES[1]) return undefined;
  if (number <= DATES[2]) return (number + 19_000_000) * MILLION;
  if (number <= 99_991_231) return number * MILLION;
  if (number < 101_000_000) return undefined;
  if (number <= MOMENTS[0]) return number + 20_000_000_000_000;
  if (number < MOMENTS[1]) return undefined;
  return number <= MOMENTS[2] ? number + 19_000_000_000_000 : number;
}

/**
 * A date or date-time of a number; with `dateWanted` its time need not be one,
 * `loose` lets a month have 31 days and a date no month. Undefined where it is none.
 */
export function dateOfNumber(number: number, dateWanted: boolean, loose = false): Temporal | undefined {
  const hollow = loose && dateWanted && number > 0 && number < 101;
  const full =
    number < 0 ? undefined : hollow ? (20_000_000 + Math.floor(number)) * MILLION : whole(Math.floor(number));
  if (full === undefined) return undefined;
  const [date, time] = [Math.floor(full / MILLION), full % MILLION];
  const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
  const [hour, minute, second] = [Math.floor(time / 10_000), Math.floor(time / 100) % 100, time % 100];
  if (month > 12 || day > 31 || (!loose && !validDate(year, month, day))) return undefined;
  if (dateWanted) return new Temporal({ kind: 'date', year, month, day });
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const kind = number < 101_000_000 && number > 0 ? 'date' : 'datetime';
  const micro = Math.round((number - Math.floor(number)) * MILLION) % MILLION;
  return new Temporal({ kind, year, month, day, hour, minute, second, micro });
}

/** A number from this on is a whole date-time where a time is wanted. */
const DATE_NUMBER = 10_000_000_000;
/** The longest time as a number HHMMSS. */
export const LARGEST_TIME = 8_385_959;

/** A time of a number HHMMSS; undefined where it is none. */
export function timeOfNumber(number: number): Temporal | undefined {
  const magnitude = Math.floor(Math.abs(number));
  if (number > LARGEST_TIME) return number >= DATE_NUMBER ? dateOfNumber(number, false, true) : undefined;
  const hour = Math.floor(magnitude / 10_000);
  const [minute, second] = [Math.floor(magnitude / 100) % 100, magnitude % 100];
  if (hour > MAX_TIME_HOURS || minute > 59 || second > 59) return undefined;
  const micro = Math.round((Math.abs(number) - magnitude) * MILLION) % MILLION;
  return new Temporal({ kind: 'time', negative: number < 0, hour, minute, second, micro });
}
