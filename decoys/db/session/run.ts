// Runs one parsed statement on a session, and keeps the session's counts, warnings and what its client is told of.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-statements.html
import { collectMade, countMade } from '../garbage.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { Budget } from '../sql/budget.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import { Deadlock } from '../sql/lock-wait.ts';
import { finished, type Steps } from '../sql/steps.ts';
import type { SqlType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { turnOf } from '../turn.ts';
import { STATUS } from '../wire/constants.ts';
import { logCommitted, logDefinition } from './binary-logging.ts';
import { bodyRunner, statementSteps } from './dispatch.ts';
import { applyHints } from './hinted-settings.ts';
import type { Outcome } from './outcome.ts';
import type { Session } from './session.ts';
import { keepsWarnings, opensTransaction, refusesTruncated } from './statement-kinds.ts';
import { logSlow } from './statement-logging.ts';
import { routineRunner } from './statements/routine.ts';
import { marksOf } from './transaction-marks.ts';

export interface Ran {
  readonly outcome: Outcome;
  /** How long the reply is held back, in ms. */
  readonly delayMs: number;
  /** What it waits for meanwhile, as the process list has it. */
  readonly waitsFor: string;
  readonly flags: number;
}

/** What a client is told that logged in with CLIENT_NO_SCHEMA. */
const NO_SCHEMAS =
  'The client is using a deprecated CLIENT_NO_SCHEMA client option. CLIENT_NO_SCHEMA will be removed in a future release.';

export interface RunOptions {
  readonly nowMs: number;
  readonly random: () => number;
  readonly parameters?: readonly Value[];
  readonly types?: readonly SqlType[];
  /** Types parameters keep from one EXECUTE to the next; what is prepared anew for others adds to them. */
  readonly pins?: Map<number, SqlType> | undefined;
  /** Its sleeps were interrupted. */
  readonly awake?: boolean;
}

/** Runs a parsed statement through; throws SqlError where MySQL answers one. Nothing else escapes. */
export function run(session: Session, statement: Statement, options: RunOptions): Ran {
  return finished(runSteps(session, statement, options));
}

/** As `run`, for whoever can wait: then `budget` is a paced one. */
export function* runSteps(
  session: Session,
  statement: Statement,
  options: RunOptions,
  budget = new Budget(),
): Steps<Ran> {
  const x = new Execution(session, options.nowMs, options.random, budget);
  if (options.parameters) x.parameters = options.parameters;
  x.hasParameters = x.parameters.length > 0;
  if (options.types) x.parameterTypes = options.types;
  x.pin(options.pins);
  x.awake = options.awake === true;
  x.refusesTruncated = refusesTruncated(session, statement);
  x.routines = routineRunner(x, bodyRunner(x));
  session.routines = x.routines;
  if (!keepsWarnings(statement)) session.clearWarnings();
  if (session.wantsNoSchemas) session.addWarning('Warning', 4128, NO_SCHEMAS);
  for (const { code, message } of statement.told ?? []) session.addWarning('Warning', code, message);
  session.work.begin();
  session.profiling = (session.variables.get('profiling') ?? session.overlay.globals.get('profiling')) === 1n;
  const unhint = statement.hints ? applyHints(x, statement.hints) : undefined;
  try {
    session.readsTransactional = false;
    const outcome = yield* statementSteps(x, statement);
    if (x.prepares && statement.kind !== 'call') session.lastStatementId++;
    noteScan(session, statement, outcome, x.statusFlags);
    if (!session.autocommit && opensTransaction(statement, session.readsTransactional)) session.transaction.open = true;
    if (!session.transaction.open) logCommitted(session);
    session.work.ends(session.readsTransactional, session.transaction.open);
    if (!outcome.error) logDefinition(session, statement);
    settle(session, outcome);
    session.tracker.transaction.mark(marksOf(session, statement, outcome));
    if (outcome.error) noteError(session, outcome.error);
    return { outcome, delayMs: x.delayMs, waitsFor: x.waitsFor, flags: x.statusFlags | slowFlag(session, x, outcome) };
  } catch (error) {
    const known = asSqlError(error);
    if (known instanceof Deadlock) {
      session.transaction.rollback();
      session.transaction.commit();
    }
    noteError(session, known);
    session.rowCount = -1n;
    session.tracker.forget();
    throw known;
  } finally {
    unhint?.();
    session.patterns.forget();
    if (countMade(x.madeBytes)) void turnOf(session.address).then(collectMade);
  }
}

/** The least any statement takes, in seconds. */
const LEAST_SECONDS = 0.000_05;
const SLOW_SECONDS = 10;

/** A statement that took longer than long_query_time is told as slow, and counted; the server reckons in seconds. */
function slowFlag(session: Session, x: Execution, outcome: Outcome): number {
  const limit = session.variables.get('long_query_time') ?? session.overlay.globals.get('long_query_time');
  const seconds = Math.max(LEAST_SECONDS, (Date.now() - x.wallMs + x.delayMs) / 1000);
  if (seconds < Number(limit ?? SLOW_SECONDS)) return 0;
  session.work.count('Slow_queries');
  logSlow(session, seconds * 1000, outcome.kind === 'rows' ? outcome.rows.length : 0);
  return STATUS.QUERY_WAS_SLOW;
}

/** A statement that used no index is counted; SHOW STATUS only for the server, as it tells its own session's counts. */
function noteScan(session: Session, statement: Statement, outcome: Outcome, flags: number): void {
  const own = outcome.kind === 'rows' ? (outcome.flags ?? 0) : 0;
  if (((own | flags) & STATUS.NO_INDEX) === 0) return;
  if (statement.kind === 'show' && statement.what === 'status') session.server.count('Select_scan');
  else session.work.scan();
}

function settle(session: Session, outcome: Outcome): void {
  session.rowCount = outcome.kind === 'ok' ? (outcome.affected ?? 0n) : -1n;
}

/** An error is the last of a statement's conditions, which SHOW ERRORS tells. */
export function noteError(session: Session, error: Error): void {
  if (!(error instanceof SqlError)) return;
  const { code, message, sqlstate, items } = error;
  session.addCondition({ level: 'Error', code, message, sqlstate, items });
}

/** A stack that ran out, or a bug, is told as what MySQL tells when it runs out; the process goes on. */
export function asSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  if (error instanceof RangeError) return sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  process.stderr.write(`db: a statement could not be run: ${error instanceof Error ? error.stack : String(error)}\n`);
  return sqlError('ER_UNKNOWN_ERROR');
}
