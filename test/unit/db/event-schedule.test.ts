// When an event is due: its moments counted from its start, by units of days and of months.
import { expect, test } from 'vitest';
import type { Routine, Schedule } from '../../../decoys/db/overlay/routine.ts';
import { nextMoment } from '../../../decoys/db/session/event-schedule.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const shown = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 19));

function due(schedule: Schedule, alteredMs: number, lastMs?: number, seenMs = 0): string | undefined {
  const event = { schedule, preserve: false, status: 'ENABLED', ...(lastMs !== undefined && { lastMs }) };
  return shown(nextMoment({ event, alteredMs } as Routine, seenMs));
}

const every = (value: string, unit: string, starts: string, ends?: string): Schedule => ({
  value,
  unit,
  startsMs: at(starts),
  endsMs: ends === undefined ? undefined : at(ends),
});

test.each([
  ['1', 'HOUR', '2020-01-01T00:30:00', '2026-11-24T03:07:25', '2026-11-24T03:30:00'],
  ['1', 'MONTH', '2026-01-31T12:00:00', '2026-02-01T00:00:00', '2026-02-28T12:00:00'],
  ['1', 'MONTH', '2026-01-31T12:00:00', '2026-03-01T00:00:00', '2026-03-31T12:00:00'],
  ['1', 'YEAR', '2024-02-29T00:00:00', '2025-03-01T00:00:00', '2026-02-28T00:00:00'],
  ["'1:30'", 'MINUTE_SECOND', '2026-01-01T00:00:00', '2026-01-01T00:02:00', '2026-01-01T00:03:00'],
  ['2', 'WEEK', '2026-01-01T00:00:00', '2026-01-01T00:00:00', '2026-01-01T00:00:00'],
])('every %s %s from %s, told at %s, is due at %s', (value, unit, starts, told, expected) => {
  expect(due(every(value, unit, starts), at(told))).toBe(expected);
});

test('is due after what was run last, and after what a stopped scheduler missed', () => {
  const schedule = every('10', 'SECOND', '2026-01-01T00:00:00', '2026-01-01T00:01:00');
  const told = at('2026-01-01T00:00:00');
  expect(due(schedule, told, at('2026-01-01T00:00:20'))).toBe('2026-01-01T00:00:30');
  expect(due(schedule, told, at('2026-01-01T00:00:20'), at('2026-01-01T00:00:41'))).toBe('2026-01-01T00:00:50');
  expect(due(schedule, told, at('2026-01-01T00:00:50'))).toBe('2026-01-01T00:01:00');
  expect(due(schedule, told, at('2026-01-01T00:01:00'))).toBeUndefined();
});

test('is due once where it is told a moment, and never where it is disabled', () => {
  const schedule = { atMs: at('2026-01-01T00:00:10') };
  expect(due(schedule, at('2026-01-01T00:00:00'))).toBe('2026-01-01T00:00:10');
  expect(due(schedule, at('2026-01-01T00:00:00'), at('2026-01-01T00:00:10'))).toBeUndefined();
  const event = { schedule, preserve: true, status: 'DISABLED' };
  expect(nextMoment({ event, alteredMs: 0 } as Routine, 0)).toBeUndefined();
});
