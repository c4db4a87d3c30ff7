// Weekdays, days of the year and MySQL's eight ways to number weeks.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html#function_week
import { Temporal, toDays } from './temporal.ts';

export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** 0 for Sunday. */
export function weekday(date: Temporal): number {
  return new Date(new Temporal({ ...date, kind: 'date', hour: 0, minute: 0, second: 0, micro: 0 }).toMs()).getUTCDay();
}

/** 1 for the first of January. */
export function dayOfYear(date: Temporal): number {
  return toDays(date) - toDays(new Temporal({ kind: 'date', year: date.year, month: 1, day: 1 })) + 1;
}

/** Week number and its year, by MySQL's modes 0 to 7. */
export function weekOf(date: Temporal, mode: number): { readonly week: number; readonly year: number } {
  const mondayFirst = (mode & 1) !== 0;
  let weekYear = (mode & 2) !== 0;
  const firstWeekday = (mode & 4) !== 0 ? !mondayFirst : mondayFirst;
  const startDay = (year: number) => {
    const day = weekday(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
    return mondayFirst ? (day + 6) % 7 : day;
  };
  let { year } = date;
  let days = dayOfYear(date) - 1;
  let first = startDay(year);
  // firstWeekday: week 1 is the first with four or more days of the year; else the first that begins in it.
  const early = (start: number) => (firstWeekday ? start <= 3 : start === 0);
  if (date.month === 1 && date.day <= 7 - first) {
    if (!weekYear && !early(first)) return { week: 0, year };
    if (!early(first)) {
      weekYear = true;
      year--;
      const length =
        toDays(new Temporal({ kind: 'date', year: year + 1, month: 1, day: 1 })) -
        toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
      days += length;
      first = startDay(year);
    }
  }
  const offset = early(first) ? days + first : days - (7 - first);
  if (weekYear && offset >= 52 * 7) {
    const next = startDay(year + 1);
    const length =
      toDays(new Temporal({ kind: 'date', year: year + 1, month: 1, day: 1 })) -
      toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
    if (days >= length - next && early(next)) return { week: 1, year: year + 1 };
  }
  return { week: Math.floor(offset / 7) + 1, year };
}

/** Day number of a weekday in a week that begins on Sunday, %V of the year %X. */
export function dayOfWeek(year: number, week: number, weekdayNumber: number): number {
  const first = toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
  const start = weekday(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
  return first + (start === 0 ? 0 : 7 - start) + (week - 1) * 7 + weekdayNumber;
}

/** Day number of a weekday, Sunday 0, in a week that begins on Monday, %v of the year %x. */
export function dayOfIsoWeek(year: number, week: number, weekdayNumber: number): number {
  const first = toDays(new Temporal({ kind: 'date', year, month: 1, day: 1 }));
  const start = (weekday(new Temporal({ kind: 'date', year, month: 1, day: 1 })) + 6) % 7;
  return first - start + (start > 3 ? 7 : 0) + (week - 1) * 7 + ((weekdayNumber + 6) % 7);
}
