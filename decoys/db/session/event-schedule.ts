// When an event is due next, by its schedule and what became of it so far.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-event.html; moments as a live 9.7.4 kept them.
import type { Routine } from '../overlay/routine.ts';
import { addInterval, type Interval, parseInterval } from '../sql/value/interval.ts';
import { fromMs } from '../sql/value/temporal.ts';

const SECOND_MS = 1000;
/** Mean length of a month, by which the number of intervals since the start is guessed; and how many it may be off. */
const MONTH_MS = 2_629_746_000;
const OFF_BY = 2;
/** How long after its moment an event begins, in ms. */
const LATE_MS = 3;

/** `count` intervals after `startsMs`; undefined past year 9999. */
function momentAfter(startsMs: number, interval: Interval, count: number): number | undefined {
  if (interval.months === 0) return startsMs + count * interval.ms;
  const by = { months: count * interval.months, ms: count * interval.ms };
  return addInterval(fromMs(startsMs, 'datetime'), by, 1, false)?.toMs();
}

/** The first moment of EVERY that is none before `fromMs`; undefined where there is none. */
function firstFrom(startsMs: number, interval: Interval, from: number): number | undefined {
  if (from <= startsMs) return startsMs;
  const lengthMs = interval.months * MONTH_MS + interval.ms;
  if (!(lengthMs > 0)) return undefined;
  let count = Math.max(0, Math.floor((from - startsMs) / lengthMs) - OFF_BY);
  for (;;) {
    const moment = momentAfter(startsMs, interval, count);
    if (moment === undefined || moment >= from) return moment;
    count++;
  }
}

/** The moment an enabled event is due next, ms since the epoch, of those after `seenMs`; undefined where it never is again. */
export function nextMoment({ event, alteredMs }: Routine, seenMs: number): number | undefined {
  if (event?.status !== 'ENABLED') return undefined;
  const { schedule, lastMs } = event;
  if ('atMs' in schedule) return lastMs === undefined ? schedule.atMs : undefined;
  const interval = parseInterval(schedule.value.replaceAll("'", ''), schedule.unit);
  if (!interval) return undefined;
  const told = Math.floor(alteredMs / SECOND_MS) * SECOND_MS;
  const from = Math.max(told, seenMs + 1, lastMs === undefined ? 0 : lastMs + 1);
  const moment = firstFrom(schedule.startsMs, interval, from);
  return moment !== undefined && moment <= (schedule.endsMs ?? moment) ? moment : undefined;
}

/** When what is due at `moment` begins: moments are whole seconds, which the scheduler counts from when it was told of the event. */
export function beginsMs({ alteredMs }: Routine, moment: number): number {
  return Math.max(moment + (alteredMs % SECOND_MS), alteredMs) + LATE_MS;
}
