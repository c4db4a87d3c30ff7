// Events of a source's own: what was due since it asked last is run before it is answered, each as of its moment. Nobody else sees that it
// was not run then, and an event of a source that went costs nothing.
// Source: https://dev.mysql.com/doc/refman/9.7/en/events-overview.html; names and errors as a live 9.7.4 told them.
import { accountKey } from '../overlay/account.ts';
import { type Routine, routineKey } from '../overlay/routine.ts';
import { Budget } from '../sql/budget.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import type { Steps } from '../sql/steps.ts';
import { logCommitted } from './binary-logging.ts';
import { bodyRunner } from './dispatch.ts';
import { beginsMs, nextMoment } from './event-schedule.ts';
import { inOrder, inPaces } from './pacing.ts';
import { asSqlError, type RunOptions } from './run.ts';
import { Session } from './session.ts';
import { routineRunner, runEventBody } from './statements/routine.ts';

/** Runs of events before one statement is answered; what is due beyond is run before the next. */
const MAX_RUNS = 200;

interface Due {
  readonly event: Routine;
  readonly moment: number;
  readonly beginsMs: number;
}

function isOn(session: Session): boolean {
  return session.readVariable('event_scheduler', 'global').value === 'ON';
}

/** The event that is due first; undefined where none is. */
function firstDue(session: Session, nowMs: number): Due | undefined {
  const { routines, eventsSeenMs } = session.overlay;
  let first: Due | undefined;
  for (const event of routines.values()) {
    const moment = event.type === 'EVENT' ? nextMoment(event, eventsSeenMs) : undefined;
    if (moment === undefined) continue;
    const begins = beginsMs(event, moment);
    if (begins <= nowMs && begins < (first?.beginsMs ?? Number.POSITIVE_INFINITY))
      first = { event, moment, beginsMs: begins };
  }
  return first;
}

/** True where events of the session's source are due; those a stopped scheduler missed are no more. */
function eventsAreDue(session: Session, nowMs: number): boolean {
  const { overlay } = session;
  if (overlay.routines.size === 0) return false;
  if (isOn(session)) return firstDue(session, nowMs) !== undefined;
  overlay.eventsSeenMs = nowMs;
  return false;
}

/** The session an event runs in, as nobody's connection. */
function eventSession(asker: Session, { definer, under, schema }: Routine, atMs: number): Session {
  const { server, overlay } = asker;
  const connectionId = server.nextConnectionId();
  const session = new Session({ server, overlay, connectionId, address: 'localhost', port: 0, connectedMs: atMs });
  session.user = 'event_scheduler';
  session.loggedIn(overlay.accounts.get(accountKey(...definer)));
  session.database = schema;
  session.variables.set('sql_mode', under.sqlMode);
  session.variables.set('character_set_client', under.charset);
  session.variables.set('collation_connection', under.connection);
  return session;
}

/** What is left of an event after its run at `moment`, unless it dropped or changed itself. */
function finish(session: Session, event: Routine, moment: number): void {
  const { routines, eventsSeenMs } = session.overlay;
  const key = routineKey('EVENT', event.schema, event.name);
  if (!event.event || routines.get(key) !== event) return;
  const run = { ...event, event: { ...event.event, lastMs: moment } };
  if (nextMoment(run, eventsSeenMs) !== undefined) routines.set(key, run);
  else if (event.event.preserve) routines.set(key, { ...run, event: { ...run.event, status: 'DISABLED' } });
  else routines.delete(key);
}

function* runEvent(asker: Session, { event, moment, beginsMs: atMs }: Due, random: () => number, budget: Budget) {
  const session = eventSession(asker, event, atMs);
  const x = new Execution(session, atMs, random, budget);
  const runner = bodyRunner(x);
  x.routines = routineRunner(x, runner);
  session.routines = x.routines;
  let error: SqlError | undefined;
  try {
    yield* runEventBody(x, event, runner);
  } catch (thrown) {
    error = asSqlError(thrown);
    const [user, host] = event.definer;
    const thread = BigInt(session.connectionId);
    session.overlay.logEventError(atMs, thread, `[${user}@${host}][${event.schema}.${event.name}] ${error.message}`);
  } finally {
    session.transaction.commit();
    logCommitted(session);
    session.kept.release();
    session.end();
    finish(asker, event, moment);
  }
  return error;
}

/** Runs what is due, in its order, on one budget: what does not fit is left for the next time. */
function* runDueEvents(session: Session, nowMs: number, random: () => number, budget: Budget): Steps<void> {
  const exhausted = sqlError('ER_QUERY_TIMEOUT').code;
  for (let runs = 0; runs < MAX_RUNS; runs++) {
    const due = firstDue(session, nowMs);
    if (!due) return;
    const error = yield* runEvent(session, due, random, budget);
    if (error?.code === exhausted) return;
    if (budget.turnIsOver) yield;
  }
}

/** Does `begin` once what is due of the source's events was run; at once where nothing is. */
export function afterEvents<T>(
  session: Session,
  { nowMs, random }: RunOptions,
  begin: () => T | Promise<T>,
): T | Promise<T> {
  if (!eventsAreDue(session, nowMs)) return begin();
  const budget = new Budget(true);
  const ran = inOrder(session, undefined, () => inPaces(session, budget, runDueEvents(session, nowMs, random, budget)));
  return ran instanceof Promise ? ran.then(begin) : begin();
}
