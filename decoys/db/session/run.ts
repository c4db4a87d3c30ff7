// Runs one statement on a session: parses it, finds who runs its kind, and keeps the session's counts and warnings.
import { collectMade, countMade } from '../garbage.ts';
import { PARSED_BYTES_A_BYTE } from '../limits.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import { tokenizeLong } from '../sql/lexer.ts';
import { Deadlock } from '../sql/lock-wait.ts';
import type { ParseContext } from '../sql/parse/cursor.ts';
import { type Parsed, parseRoutineBody, parseStatement } from '../sql/parse/statement.ts';
import { isSpace, type LexerOptions } from '../sql/token.ts';
import type { SqlType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { inTurn, nextTurn } from '../turn.ts';
import { authorize } from './authorize.ts';
import { runExplain } from './explain/explain.ts';
import type { Outcome } from './outcome.ts';
import type { Session } from './session.ts';
import { alterUser, createUser, dropUser, renameUser, setPasswordFor } from './statements/account.ts';
import * as admin from './statements/admin.ts';
import { runDelete } from './statements/change/delete.ts';
import { runInsert } from './statements/change/insert.ts';
import { runLoad } from './statements/change/load.ts';
import { runUpdate } from './statements/change/update.ts';
import { alterTable, createIndex, dropIndex } from './statements/define/alter.ts';
import { createTable } from './statements/define/create.ts';
import { alterDatabase, createDatabase, dropDatabase } from './statements/define/database.ts';
import { dropTables, renameTables, truncate } from './statements/define/drop.ts';
import { createView } from './statements/define/view.ts';
import { runGetDiagnostics, runResignal, runSignal } from './statements/diagnostics.ts';
import { runGrant } from './statements/grant.ts';
import { closeHandler, openHandler, readHandler } from './statements/handler.ts';
import * as plugin from './statements/plugin.ts';
import { runDo, runQuery } from './statements/query.ts';
import { runSetDefaultRole, runSetRole } from './statements/role.ts';
import { type BodyRunner, createRoutine, dropRoutine, routineRunner, runCall } from './statements/routine.ts';
import { runSet } from './statements/set.ts';
import { runShow } from './statements/show.ts';
import { refuseReadOnly, runBegin, runCommit, runRollback, runSavepoint } from './statements/transaction.ts';
import { refuseInXa } from './statements/xa.ts';
import { marksOf } from './transaction-marks.ts';

type Runner<K extends Statement['kind']> = (x: Execution, statement: Extract<Statement, { kind: K }>) => Outcome;

const RUNNERS: { readonly [K in Statement['kind']]: Runner<K> } = {
  query: (x, s) => runQuery(x, s.query),
  explain: runExplain,
  set: runSet,
  'set-password': setPasswordFor,
  use: admin.runUse,
  show: runShow,
  'create-database': createDatabase,
  'alter-database': alterDatabase,
  'drop-database': dropDatabase,
  'create-table': createTable,
  'create-index': createIndex,
  'drop-index': dropIndex,
  'alter-table': alterTable,
  'drop-table': dropTables,
  truncate: truncate,
  'rename-table': renameTables,
  'create-view': createView,
  insert: (x, s) => runInsert(x, s, bodyRunner(x)),
  update: (x, s) => runUpdate(x, s, bodyRunner(x)),
  delete: (x, s) => runDelete(x, s, bodyRunner(x)),
  'load-data': runLoad,
  'create-user': createUser,
  'alter-user': alterUser,
  'drop-user': dropUser,
  'rename-user': renameUser,
  grant: runGrant,
  begin: runBegin,
  commit: runCommit,
  rollback: runRollback,
  savepoint: runSavepoint,
  'create-routine': createRoutine,
  'drop-routine': dropRoutine,
  'create-udf': plugin.runCreateUdf,
  'install-plugin': plugin.runInstallPlugin,
  'uninstall-plugin': plugin.runUninstallPlugin,
  'install-component': plugin.runInstallComponent,
  signal: runSignal,
  resignal: runResignal,
  'get-diagnostics': runGetDiagnostics,
  'handler-open': openHandler,
  'handler-read': readHandler,
  'handler-close': closeHandler,
  call: (x, s) => runCall(x, s, bodyRunner(x)),
  do: runDo,
  prepare: (x, s) =>
    admin.runPrepare(x, s, (text) => {
      if (UNPREPARABLE.has(parse(x.session, text, false).statement.kind)) throw sqlError('ER_UNSUPPORTED_PS');
    }),
  execute: runExecute,
  deallocate: admin.runDeallocate,
  kill: admin.runKill,
  'lock-tables': admin.runLockTables,
  'unlock-tables': admin.runUnlockTables,
  'set-role': runSetRole,
  'set-default-role': runSetDefaultRole,
  flush: admin.runFlush,
  'table-maintenance': admin.runMaintenance,
  shutdown: admin.runShutdown,
  empty: () => ({ kind: 'ok' }),
  administration: admin.runAdministration,
};

/** Statements PREPARE refuses. */
const UNPREPARABLE: ReadonlySet<Statement['kind']> = new Set([
  'prepare',
  'execute',
  'deallocate',
  'get-diagnostics',
  'signal',
  'resignal',
  'handler-open',
  'handler-read',
  'handler-close',
  'create-routine',
  'load-data',
  'lock-tables',
  'unlock-tables',
  'savepoint',
  'begin',
  'use',
]);

/** Statements that cannot run while tables are locked. */
const DATABASES: ReadonlySet<Statement['kind']> = new Set(['create-database', 'alter-database', 'drop-database']);

/** Statements that change rows. */
const WRITES: ReadonlySet<Statement['kind']> = new Set(['insert', 'update', 'delete', 'load-data']);

/** Statements that end a transaction before they run. */
const COMMITS: ReadonlySet<Statement['kind']> = new Set([
  'create-database',
  'alter-database',
  'drop-database',
  'create-table',
  'create-index',
  'drop-index',
  'alter-table',
  'drop-table',
  'truncate',
  'rename-table',
  'create-view',
  'create-user',
  'alter-user',
  'drop-user',
  'rename-user',
  'grant',
  'set-password',
  'create-routine',
  'drop-routine',
  'create-udf',
  'install-plugin',
  'uninstall-plugin',
  'flush',
  'table-maintenance',
]);

/** Statements that leave the warnings of the one before as they are. */
function keepsWarnings(statement: Statement): boolean {
  if (statement.kind === 'get-diagnostics' || statement.kind === 'resignal') return true;
  if (statement.kind === 'show')
    return ['warnings', 'errors', 'count-warnings', 'count-errors'].includes(statement.what);
  return false;
}

/** What SHOW reads from the dictionary's own tables, which are transactional. */
const SHOWN_FROM_DICTIONARY: ReadonlySet<string> = new Set([
  'databases',
  'tables',
  'table-status',
  'columns',
  'index',
  'triggers',
  'events',
  'procedure-status',
  'function-status',
  'charset',
  'collation',
]);

/** Statements that read or lock transactional tables; most tell by the tables they named. */
function opensTransaction(statement: Statement, named: boolean): boolean {
  if (statement.kind === 'show') return SHOWN_FROM_DICTIONARY.has(statement.what);
  return named && statement.kind !== 'handler-open';
}

/** How the session's sql_mode and the persona's version have a statement read. */
function grammarOf(session: Session): [LexerOptions, ParseContext] {
  const mode = session.sqlMode();
  const ansiQuotes = mode.includes('ANSI_QUOTES');
  const lexing = {
    ansiQuotes,
    noBackslashEscapes: mode.includes('NO_BACKSLASH_ESCAPES'),
    version: session.server.options.persona.number,
  };
  return [lexing, { ansiQuotes, pipesAsConcat: mode.includes('PIPES_AS_CONCAT'), version: lexing.version }];
}

/** Short statements parsed last, by grammar and text: tools say the same over and over. Past the cap all are forgotten. */
const parsedStatements = new Map<string, Parsed>();
const PARSED_STATEMENTS = 64;
const PARSED_STATEMENT_BYTES = 128;
const SEMICOLON = 59;

/** What is read of a statement: semicolons and spaces at its end are taken away first. */
function trimmed(text: Buffer): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === SEMICOLON || isSpace(text[end - 1] as number))) end--;
  return text.toString('latin1', 0, end);
}

/** The statement that stands last ends where its text does, with what was taken away. */
function endedAt(parsed: Parsed, latin1: string, text: Buffer): Parsed {
  return parsed.end < latin1.length || latin1.length === text.length ? parsed : { ...parsed, end: text.length };
}

export function parse(session: Session, text: Buffer, multi: boolean): Parsed {
  const latin1 = trimmed(text);
  if (text.length > PARSED_STATEMENT_BYTES)
    return endedAt(parseStatement(latin1, ...grammarOf(session), multi), latin1, text);
  const key = `${multi ? 'm' : 's'} ${session.sqlMode()} ${latin1}`;
  const known = parsedStatements.get(key);
  if (known) return endedAt(known, latin1, text);
  const parsed = parseStatement(latin1, ...grammarOf(session), multi);
  if (parsedStatements.size >= PARSED_STATEMENTS) parsedStatements.clear();
  parsedStatements.set(key, parsed);
  return endedAt(parsed, latin1, text);
}

/** The long statement that is read last; the tokens of one are megabytes, so they are read one after the other. */
let reading: Promise<void> = Promise.resolve();

/** As `parse`, with other clients answered between reading the tokens and reading the grammar. */
export function parseLong(session: Session, text: Buffer, multi: boolean): Promise<Parsed> {
  const parsed = reading.then(() => readLong(session, text, multi));
  reading = parsed.then(
    () => undefined,
    () => undefined,
  );
  return parsed;
}

async function readLong(session: Session, text: Buffer, multi: boolean): Promise<Parsed> {
  const [lexing, context] = grammarOf(session);
  // What it is read into takes tens of times its length.
  if (countMade(text.length * PARSED_BYTES_A_BYTE)) collectMade();
  const latin1 = trimmed(text);
  const tokens = await tokenizeLong(latin1, lexing);
  await nextTurn();
  return endedAt(parseStatement(latin1, lexing, context, multi, tokens), latin1, text);
}

function runExecute(x: Execution, s: Extract<Statement, { kind: 'execute' }>): Outcome {
  const parsed = parse(x.session, admin.preparedText(x, s.name, 'EXECUTE'), false);
  if (parsed.parameters !== s.using.length) throw sqlError('ER_WRONG_ARGUMENTS', 'EXECUTE');
  x.parameters = s.using.map((name) => x.session.userVariable(name));
  x.hasParameters = s.using.length > 0;
  return runStatement(x, parsed.statement);
}

/** What routines and triggers read and run their bodies by. */
function bodyRunner(x: Execution): BodyRunner {
  return {
    parse: (body) => parseRoutineBody(body, ...grammarOf(x.session)),
    run: (statement) => runStatement(x, statement),
  };
}

/** Refuses what this session's own locks or its expired password stand against, whatever table is named. */
function refuseLocked(x: Execution, { kind }: Statement): void {
  const { passwordExpired, tableLocks } = x.session;
  if (passwordExpired && kind !== 'alter-user' && kind !== 'set-password') throw sqlError('ER_MUST_CHANGE_PASSWORD');
  if (tableLocks.held && DATABASES.has(kind)) throw sqlError('ER_LOCK_OR_ACTIVE_TRANSACTION');
  if (tableLocks.global && (WRITES.has(kind) || COMMITS.has(kind))) throw sqlError('ER_CANT_UPDATE_WITH_READLOCK');
}

export function runStatement(x: Execution, statement: Statement): Outcome {
  authorize(x, statement);
  refuseInXa(x, statement);
  refuseLocked(x, statement);
  if (COMMITS.has(statement.kind)) {
    x.session.transaction.commit();
    refuseReadOnly(x);
  } else if (WRITES.has(statement.kind) || (statement.kind === 'query' && statement.query.locking)) refuseReadOnly(x);
  return (RUNNERS[statement.kind] as (x: Execution, statement: Statement) => Outcome)(x, statement);
}

export interface Ran {
  readonly outcome: Outcome;
  /** How long the reply is held back, in ms. */
  readonly delayMs: number;
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
}

/** Runs a parsed statement; throws SqlError where MySQL answers one. Nothing else escapes. */
export function run(session: Session, statement: Statement, options: RunOptions): Ran {
  const x = new Execution(session, options.nowMs, options.random);
  if (options.parameters) x.parameters = options.parameters;
  x.hasParameters = x.parameters.length > 0;
  if (options.types) x.parameterTypes = options.types;
  x.routines = routineRunner(x, bodyRunner(x));
  if (!keepsWarnings(statement)) session.clearWarnings();
  if (session.wantsNoSchemas) session.addWarning('Warning', 4128, NO_SCHEMAS);
  for (const { code, message } of statement.told ?? []) session.addWarning('Warning', code, message);
  try {
    session.readsTransactional = false;
    const outcome = runStatement(x, statement);
    if (!session.autocommit && opensTransaction(statement, session.readsTransactional)) session.transaction.open = true;
    settle(session, outcome);
    session.tracker.transaction.mark(marksOf(session, statement, outcome));
    if (outcome.error) noteError(session, outcome.error);
    return { outcome, delayMs: x.delayMs, flags: x.statusFlags };
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
    if (countMade(x.madeBytes)) inTurn(session.address, collectMade);
  }
}

function settle(session: Session, outcome: Outcome): void {
  session.rowCount = outcome.kind === 'ok' ? (outcome.affected ?? 0n) : -1n;
}

export function noteError(session: Session, error: Error): void {
  if (error instanceof SqlError) session.addWarning('Error', error.code, error.message);
}

/** A stack that ran out, or a bug, is told as what MySQL tells when it runs out; the process goes on. */
export function asSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  if (error instanceof RangeError) return sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  process.stderr.write(`db: a statement could not be run: ${error instanceof Error ? error.stack : String(error)}\n`);
  return sqlError('ER_UNKNOWN_ERROR');
}
