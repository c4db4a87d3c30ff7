// When an event runs, as CREATE and ALTER EVENT say it: moments and intervals worked out once, and refused as the server does.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-event.html; errors as answered by a live 9.7.4.
import type { EventFacts, Schedule } from '../../overlay/routine.ts';
import type { Expression } from '../../sql/ast/expression.ts';
import type { EventSpec, ScheduleSpec } from '../../sql/ast/routine.ts';
import { compile } from '../../sql/compile.ts';
import { type ErrorName, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { Temporal } from '../../sql/value/temporal.ts';
import { readDate } from '../../sql/value/temporal-text.ts';
import { toInteger, toText, type Value } from '../../sql/value/value.ts';

/** Longest interval the server keeps, in its unit. */
const MAX_INTERVAL = 2_147_483_647n;
/** Parts of units written as one text, and how many of each make one of the part before. */
const PARTS: Readonly<Record<string, readonly (readonly [separator: string, size: number])[]>> = {
  __proto__: null as never,
  YEAR_MONTH: [['-', 12]],
  DAY_HOUR: [[' ', 24]],
  DAY_MINUTE: [
    [' ', 24],
    [':', 60],
  ],
  DAY_SECOND: [
    [' ', 24],
    [':', 60],
    [':', 60],
  ],
  HOUR_MINUTE: [[':', 60]],
  HOUR_SECOND: [
    [':', 60],
    [':', 60],
  ],
  MINUTE_SECOND: [[':', 60]],
};
const INTERVAL_CHARACTERS = 64;

function given(x: Execution, e: Expression): Value {
  return compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] });
}

/** A moment in ms since the epoch; undefined where the value is none. */
function momentOf(x: Execution, value: Value): number | undefined {
  const offset = x.session.timezoneOffsetMs();
  const read = value instanceof Temporal ? value : readDate(toText(value) ?? '').value;
  if (!read || read.kind === 'time' || read.year === 0 || read.month === 0 || read.day === 0) return undefined;
  const ms = Math.floor(read.toMs() / 1000) * 1000 - offset;
  return ms < 0 ? undefined : ms;
}

/** Throws 1525 where the value is no moment. */
function expectMoment(x: Execution, e: Expression, word: string): number {
  const value = given(x, e);
  const ms = momentOf(x, value);
  if (ms === undefined) throw sqlError('ER_WRONG_VALUE', word, toText(value) ?? 'NULL');
  return ms;
}

/** An interval as EVERY shows it. Throws 1235 for microseconds and 1542 for what is no length of time. */
function intervalText(value: Value, unit: string): string {
  if (unit.includes('MICROSECOND')) throw sqlError('ER_NOT_SUPPORTED_YET', 'MICROSECOND');
  const parts = PARTS[unit];
  if (!parts) {
    const whole = toInteger(value) ?? 0n;
    if (whole <= 0n || whole > MAX_INTERVAL) throw sqlError('ER_EVENT_INTERVAL_NOT_POSITIVE_OR_TOO_BIG');
    return String(whole);
  }
  const text = (toText(value) ?? '').slice(0, INTERVAL_CHARACTERS);
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  const given = [...Array(Math.max(0, parts.length + 1 - numbers.length)).fill(0), ...numbers] as number[];
  const total = parts.reduce((sum, [, size], at) => sum * size + (given[at + 1] ?? 0), given[0] ?? 0);
  if (total <= 0 || text.trim().startsWith('-')) throw sqlError('ER_EVENT_INTERVAL_NOT_POSITIVE_OR_TOO_BIG');
  let rest = total;
  let shown = '';
  for (const [separator, size] of [...parts].reverse()) {
    shown = `${separator}${rest % size}${shown}`;
    rest = Math.floor(rest / size);
  }
  return `'${rest}${shown}'`;
}

function scheduleOf(x: Execution, spec: ScheduleSpec): Schedule {
  if ('at' in spec) return { atMs: expectMoment(x, spec.at, 'AT') };
  const value = intervalText(given(x, spec.every), spec.unit);
  const startsMs = spec.starts ? expectMoment(x, spec.starts, 'STARTS') : Math.floor(x.startedMs / 1000) * 1000;
  const endsMs = spec.ends && momentOf(x, given(x, spec.ends));
  if (spec.ends && (endsMs === undefined || endsMs < startsMs)) throw sqlError('ER_EVENT_ENDS_BEFORE_STARTS');
  return { value, unit: spec.unit, startsMs, endsMs };
}

/** What CREATE EVENT makes. */
export function eventOf(x: Execution, spec: EventSpec): EventFacts {
  const schedule = scheduleOf(x, spec.schedule as ScheduleSpec);
  return disabledInPast(x, { schedule, preserve: spec.preserve ?? false, status: spec.status ?? 'ENABLED' });
}

/** What ALTER EVENT makes of one that is there. */
export function alteredEvent(x: Execution, event: EventFacts, spec: EventSpec): EventFacts {
  const altered = {
    ...event,
    schedule: spec.schedule ? scheduleOf(x, spec.schedule) : event.schedule,
    preserve: spec.preserve ?? event.preserve,
    status: spec.status ?? event.status,
  };
  return spec.schedule ? disabledInPast(x, altered) : altered;
}

function lastMs(schedule: Schedule): number {
  return 'atMs' in schedule ? schedule.atMs : (schedule.endsMs ?? Number.POSITIVE_INFINITY);
}

/** An event whose time is over is kept, where it is to be kept, as one that is disabled. */
function disabledInPast(x: Execution, event: EventFacts): EventFacts {
  if (!event.preserve || lastMs(event.schedule) >= x.startedMs) return event;
  x.note('ER_EVENT_EXEC_TIME_IN_THE_PAST');
  return { ...event, status: 'DISABLED' };
}

/** True, with a note that says so, where an event's time is over and it is not to be kept. */
export function isOver(x: Execution, event: EventFacts, note: ErrorName): boolean {
  const over = !event.preserve && lastMs(event.schedule) < x.startedMs;
  if (over) x.note(note);
  return over;
}
