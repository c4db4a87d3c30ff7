// CREATE and ALTER EVENT: when an event runs, what becomes of it afterwards, and its body.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-event.html, alter-event.html; places of error 1064 as answered by a live 9.7.4.
import type { AccountName } from '../ast/account.ts';
import type { EventSpec, ScheduleSpec } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import type { StatementParser } from './body-scope.ts';
import type { Cursor } from './cursor.ts';
import { parseBody } from './flow.ts';
import { parseRoutineName } from './names.ts';
import { INTERVAL_UNITS } from './words.ts';

function parseSchedule(c: Cursor): ScheduleSpec {
  if (c.accept('AT')) return { at: c.parseExpression(c) };
  c.expect('EVERY');
  const every = c.parseExpression(c);
  const unit = c.acceptOne(...INTERVAL_UNITS);
  if (!unit) throw c.fail();
  const starts = c.accept('STARTS') ? c.parseExpression(c) : undefined;
  const ends = c.accept('ENDS') ? c.parseExpression(c) : undefined;
  return { every, unit, starts, ends };
}

function parseStatus(c: Cursor): string | undefined {
  if (c.accept('ENABLE')) return 'ENABLED';
  if (!c.accept('DISABLE')) return undefined;
  if (!c.accept('ON')) return 'DISABLED';
  if (c.accept('SLAVE')) c.warn('ER_WARN_DEPRECATED_SYNTAX', 'DISABLE ON SLAVE', 'DISABLE ON REPLICA');
  else c.expect('REPLICA');
  return 'REPLICA_SIDE_DISABLED';
}

function parseCompletion(c: Cursor): boolean {
  c.expect('COMPLETION');
  const preserve = !c.accept('NOT');
  c.expect('PRESERVE');
  return preserve;
}

/** What follows the schedule, up to DO. */
function parseRest(c: Cursor, schedule: ScheduleSpec | undefined, preserve: boolean | undefined): EventSpec {
  const status = parseStatus(c);
  const comment = c.accept('COMMENT') ? c.string() : undefined;
  return { schedule, preserve, status, comment };
}

/** What follows CREATE EVENT's name, up to its body. */
export function parseEventHead(c: Cursor): EventSpec {
  c.expect('ON', 'SCHEDULE');
  const schedule = parseSchedule(c);
  const event = parseRest(c, schedule, c.accept('ON') ? parseCompletion(c) : undefined);
  c.expect('DO');
  return event;
}

/** What follows ALTER EVENT. Throws 1064 where it changes nothing. */
export function parseAlterEvent(c: Cursor, definer: AccountName | undefined, parse: StatementParser): Statement {
  const name = parseRoutineName(c);
  const { at } = c;
  let schedule: ScheduleSpec | undefined;
  let preserve: boolean | undefined;
  if (c.acceptAll('ON', 'SCHEDULE')) schedule = parseSchedule(c);
  if (c.accept('ON')) preserve = parseCompletion(c);
  const rename = c.acceptAll('RENAME', 'TO') ? parseRoutineName(c) : undefined;
  const event = parseRest(c, schedule, preserve);
  if (!c.accept('DO')) {
    if (c.at === at) throw c.fail();
    return { kind: 'alter-event', name, definer, event, rename, body: undefined, sets: [] };
  }
  const { start } = c.token;
  if (c.ended) throw c.fail();
  const { sets } = parseBody(c, parse, 'EVENT', []);
  return { kind: 'alter-event', name, definer, event, rename, body: c.source(start), sets };
}
