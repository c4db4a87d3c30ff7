// COM_QUERY: one statement, or several where the client may send several; each leaves its touch and its reply.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html

import { ticksMs } from '../../touch/ticks.ts';
import { countUse } from '../session/account-use.ts';
import { isPaced } from '../session/dispatch.ts';
import { afterEvents } from '../session/event-scheduler.ts';
import { LONG_STATEMENT_BYTES, longStatementTurn } from '../session/long-statements.ts';
import { inOrder, inPaces } from '../session/pacing.ts';
import { parse, parseFirst, parseLong } from '../session/reading.ts';
import { asSqlError, noteError, type Ran, run, runSteps } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { isDiagnostic } from '../session/statement-kinds.ts';
import { logGeneral, logsGeneral } from '../session/statement-logging.ts';
import { nameOf } from '../session/statement-name.ts';
import { warmColumns } from '../session/system-values.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { Budget } from '../sql/budget.ts';
import { sqlError } from '../sql/errors.ts';
import type { Parsed } from '../sql/parse/statement.ts';
import { readName } from '../sql/value/client-text.ts';
import type { Value } from '../sql/value/value.ts';
import { nextTurn, spendTurn, turnIsOver, turnOf } from '../turn.ts';
import { ByteReader } from '../wire/bytes.ts';
import { CLIENT, STATUS } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import { readQueryAttributes } from '../wire/parameters.ts';
import { type Asked, hashOf, metadataFlag, recordStatement, rowsOf, statementFacts, withoutFinalNul } from './asked.ts';
import type { CommandContext } from './command-context.ts';
import { endsConnection, holdBack, sleepsAlone } from './held-back.ts';
import { afterLock, waitOf } from './lock-wait.ts';
import { isOfLiterals, REPEATABLE_COMMAND_BYTES, REPEATABLE_REPLY_BYTES, wholeTouch } from './repeatable.ts';
import { sendError, sendOutcome } from './results.ts';

/** Bytes of a statement that error 1064 shows. */
const NEAR_BYTES = 80;
/** Names the one table whose rows take long to make. */
const NAMES_COLUMNS = /columns/i;
/** Bytes of a statement the process list shows. */
const INFO_BYTES = 65_536;

/**
 * Answers COM_QUERY; a promise where it waits for its turn or goes on in slices. One that is asked again word for word may be answered
 * without being read anew.
 */
export function comQuery(c: CommandContext, payload: Buffer, message: Message): Promise<void> | void {
  const { session, repeatable } = c;
  const again = repeatable?.command.equals(payload) === true;
  if (again && repeatable.known) {
    countQuery(session);
    session.work.count('Com_select');
    c.touches.again(c.now(), repeatable.known.touch);
    c.say(repeatable.known.reply);
    return;
  }
  c.repeatable = undefined;
  const reader = new ByteReader(payload, 1);
  let attributes: ReadonlyMap<string, Value> | undefined;
  if (c.capabilities & CLIENT.QUERY_ATTRIBUTES) attributes = readQueryAttributes(reader, session.clientCharset());
  const text = withoutFinalNul(reader.rest());
  const asked: Asked = { command: 'COM_QUERY', text, ...hashOf(text, message), attributes };
  const multi = (c.capabilities & CLIENT.MULTI_STATEMENTS) !== 0;
  if (text.length > LONG_STATEMENT_BYTES) return runList(c, asked, multi);
  const parsed = readStatement(c, asked, multi);
  if (!parsed) return;
  if (parsed.end < text.length) return runList(c, asked, multi, parsed);
  return runOnly(c, asked, parsed, payload, again);
}

function countQuery(session: Session): void {
  session.work.count('Questions');
  session.server.count('Queries');
  session.tracker.statement();
}

function refuseUnread(c: CommandContext, asked: Asked, error: unknown): void {
  const known = asSqlError(error);
  c.session.clearWarnings();
  noteError(c.session, known);
  c.session.work.begin();
  c.session.work.name = 'error';
  recordStatement(c, asked, c.now(), c.session.database, { error: known });
  sendError(c, known);
}

/** Parses a short statement; one that cannot be read is refused, and gives undefined. */
function readStatement(c: CommandContext, asked: Asked, multi: boolean): Parsed | undefined {
  countQuery(c.session);
  try {
    return parse(c.session, asked.text, multi);
  } catch (error) {
    refuseUnread(c, asked, error);
    return undefined;
  }
}

/** What is called once a statement has run, for others that wait until then. */
type Ended = () => void;
const NOBODY_WAITS: Ended = () => undefined;

interface Read {
  readonly parsed: Parsed;
  readonly ended: Ended;
}

/** As `readStatement`, for one of many bytes, or the first of many: other clients are answered in between. */
async function readLongStatement(c: CommandContext, asked: Asked, multi: boolean): Promise<Read | undefined> {
  countQuery(c.session);
  const first = multi ? parseFirst(c.session, asked.text) : undefined;
  if (first) return { parsed: first, ended: NOBODY_WAITS };
  let ended = NOBODY_WAITS;
  try {
    ended = await longStatementTurn(c.session.address, asked.text.length);
    const parsed = await parseLong(c.session, asked.text, multi);
    await nextTurn();
    return { parsed, ended };
  } catch (error) {
    ended();
    refuseUnread(c, asked, error);
    return undefined;
  }
}

/** Runs a statement that came alone; with `again` the one before it was the same. */
function runOnly(
  c: CommandContext,
  asked: Asked,
  parsed: Parsed,
  payload: Buffer,
  again: boolean,
): Promise<void> | void {
  if (parsed.parameters > 0) {
    refuseParameter(c, asked);
    return;
  }
  countStatement(c.session, parsed.statement);
  const startedMs = c.now();
  const done = runAsked(c, asked, parsed.statement, 0);
  if (done instanceof Promise) return done.then(() => undefined);
  if (!done || payload.length > REPEATABLE_COMMAND_BYTES || c.session.warningCount > 0) return;
  if (c.session.profiling || c.session.limits || logsGeneral(c.session)) return;
  if (!c.session.tracker.steady || !isOfLiterals(parsed.statement) || c.reply.out.length > REPEATABLE_REPLY_BYTES)
    return;
  if (!again) {
    c.repeatable = { command: Buffer.from(payload) };
    return;
  }
  const reply = c.reply.out.take();
  const facts = statementFacts(c, asked, startedMs, c.session.database, { rows: 1 });
  const touch = wholeTouch(c.touches.statementTouch(startedMs, facts));
  c.repeatable = { command: Buffer.from(payload), known: { reply, touch } };
  c.say(reply);
}

/** Runs statements one after the other until one fails. */
async function runList(c: CommandContext, whole: Asked, multi: boolean, first?: Parsed): Promise<void> {
  let { text } = whole;
  let read: Read | undefined = first && { parsed: first, ended: NOBODY_WAITS };
  for (;;) {
    const asked = text === whole.text ? whole : { ...whole, text, bytes: text.length };
    const begunMs = ticksMs();
    if (text.length > LONG_STATEMENT_BYTES) read ??= await readLongStatement(c, asked, multi);
    else {
      const parsed = read ? undefined : readStatement(c, asked, multi);
      read ??= parsed && { parsed, ended: NOBODY_WAITS };
    }
    if (!read) return;
    const { parsed, ended } = read;
    const last = parsed.end >= text.length;
    try {
      const own = last ? asked : { ...asked, text: text.subarray(0, parsed.end), bytes: parsed.end };
      if (parsed.parameters > 0) {
        refuseParameter(c, own);
        return;
      }
      countStatement(c.session, parsed.statement);
      if (!(await runAsked(c, own, parsed.statement, last ? 0 : STATUS.MORE_RESULTS, false, ended)) || last) return;
    } finally {
      ended();
    }
    // Each result leaves by itself.
    await c.flush(0);
    if (ended === NOBODY_WAITS) spendTurn(ticksMs() - begunMs);
    if (turnIsOver()) await turnOf(c.session.address);
    text = text.subarray(parsed.end);
    read = undefined;
  }
}

/**
 * Runs a statement, leaves its touch, writes its reply; gives false where an error ends a list of statements. `ended` is called once it ran,
 * or waits for another's lock.
 */
export function runAsked(
  c: CommandContext,
  asked: Asked,
  statement: Statement,
  more: number,
  binary = false,
  ended = NOBODY_WAITS,
): Promise<boolean> | boolean {
  c.session.info = asked.text.toString('utf8', 0, INFO_BYTES);
  logGeneral(c.session, binary ? 'Execute' : 'Query', c.session.info);
  if (NAMES_COLUMNS.test(c.session.info))
    return warmColumns().then(() => runNow(c, asked, statement, more, binary, ended));
  return runNow(c, asked, statement, more, binary, ended);
}

function runNow(
  c: CommandContext,
  asked: Asked,
  statement: Statement,
  more: number,
  binary: boolean,
  ended: Ended,
): Promise<boolean> | boolean {
  const { session } = c;
  const startedMs = c.now();
  const { database } = session;
  const { parameters, types, pins } = asked;
  const options = { nowMs: startedMs, random: c.random, parameters, types, pins };
  const attempt = (): Ran | Promise<Ran> =>
    afterEvents(session, options, () =>
      inOrder(session, statement, () => {
        if (!isPaced(statement)) return run(session, statement, options);
        const budget = new Budget(true);
        return inPaces(session, budget, runSteps(session, statement, options, budget));
      }),
    );
  // A sleep that is nothing's condition tells that it was interrupted, and is no error.
  const awoken = (): void => {
    if (!sleepsAlone(statement)) sendError(c, sqlError('ER_QUERY_INTERRUPTED'));
    else sendOutcome(c, run(session, statement, { ...options, awake: true }), more, isDiagnostic(statement), binary);
  };
  const refused = (error: unknown): false => {
    sendError(c, asSqlError(error));
    return false;
  };
  const tell = (ran: Ran): Promise<boolean> | boolean => {
    const error = ran.outcome.error && asSqlError(ran.outcome.error);
    const changed = ran.outcome.kind === 'rows' ? metadataFlag(asked.known, ran.outcome.columns.length) : 0;
    const sent = sendOutcome(c, ran, more | changed, isDiagnostic(statement), binary);
    if (sent || ran.delayMs > 0 || endsConnection(statement))
      return holdBack(c, statement, ran, sent, awoken).then((whole) => whole && error === undefined);
    return error === undefined;
  };
  const failed = (error: unknown): Promise<boolean> | boolean => {
    const wait = waitOf(error, statement);
    // Like a sleep, a wait is recorded as it begins: nobody need end it for the touch to be told.
    recordStatement(c, asked, startedMs, database, wait ? {} : { error: asSqlError(error) });
    if (!wait) return refused(error);
    return afterLock(c, attempt, wait).then((after) => after !== undefined && tell(after), refused);
  };
  const done = (ran: Ran): Promise<boolean> | boolean => {
    const error = ran.outcome.error && asSqlError(ran.outcome.error);
    recordStatement(c, asked, startedMs, database, { error, rows: rowsOf(ran.outcome), delayMs: ran.delayMs });
    return tell(ran);
  };
  const used = binary ? undefined : countUse(session, statement, startedMs);
  if (used) {
    ended();
    session.clearWarnings();
    noteError(session, used);
    return failed(used);
  }
  let ran: Ran | Promise<Ran>;
  try {
    ran = attempt();
  } catch (error) {
    ended();
    return failed(error);
  }
  return ran instanceof Promise ? ran.finally(ended).then(done, failed) : done(ran);
}

/** `?` outside a prepared statement is a syntax error at the `?`. */
function refuseParameter(c: CommandContext, asked: Asked): void {
  const at = asked.text.indexOf('?');
  const near = readName(asked.text.subarray(at, at + NEAR_BYTES), 'utf8mb4');
  const line = asked.text.subarray(0, at).filter((byte) => byte === 10).length + 1;
  const error = sqlError('ER_PARSE_ERROR', near, line);
  c.session.clearWarnings();
  noteError(c.session, error);
  recordStatement(c, asked, c.now(), c.session.database, { error });
  sendError(c, error);
}

/** Counts a statement in the Com_ counters of SHOW STATUS. */
export function countStatement(session: Session, statement: Statement): void {
  const name = nameOf(statement);
  session.work.name = name;
  session.work.count(`Com_${name}`);
}
