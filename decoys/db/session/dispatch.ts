// Finds who runs a statement, by its kind, once the account, its locks and its transaction let it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-statements.html
import type { Statement } from '../sql/ast/statement.ts';
import { sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import { parseRoutineBody } from '../sql/parse/statement.ts';
import { finished, type Steps } from '../sql/steps.ts';
import { Decimal } from '../sql/value/decimal.ts';
import { toBytes, type Value } from '../sql/value/value.ts';
import { authorize } from './authorize.ts';
import { logCommitted } from './binary-logging.ts';
import { runExplain } from './explain/explain.ts';
import { lookThrough } from './look-through.ts';
import type { Outcome } from './outcome.ts';
import { grammarOf, parse } from './reading.ts';
import { refuseOnReadOnlyServer } from './server-read-only.ts';
import { CHANGES, COMMITS, commits, DATABASES, refusesTruncated, WRITES } from './statement-kinds.ts';
import { alterUser, createUser, dropUser, renameUser, setPasswordFor } from './statements/account.ts';
import { runAdministration } from './statements/admin.ts';
import { runDelete } from './statements/change/delete.ts';
import { runInsert } from './statements/change/insert.ts';
import { runLoad } from './statements/change/load.ts';
import { runUpdate } from './statements/change/update.ts';
import { runKill, runShutdown, runUse } from './statements/control.ts';
import { alterTable, createIndex, dropIndex } from './statements/define/alter.ts';
import { createTable } from './statements/define/create.ts';
import { alterDatabase, createDatabase, dropDatabase } from './statements/define/database.ts';
import { dropTables, renameTables, truncate } from './statements/define/drop.ts';
import { createView } from './statements/define/view.ts';
import { runGetDiagnostics, runResignal, runSignal } from './statements/diagnostics.ts';
import { runGrant } from './statements/grant.ts';
import { closeHandler, openHandler, readHandler } from './statements/handler.ts';
import { runFlush, runLockTables, runUnlockTables } from './statements/lock-tables.ts';
import { runMaintenance } from './statements/maintenance.ts';
import * as plugin from './statements/plugin.ts';
import { preparedText, runDeallocate, runPrepare } from './statements/prepare.ts';
import { runDo, runQuery } from './statements/query.ts';
import { runSetDefaultRole, runSetRole } from './statements/role.ts';
import { type BodyRunner, runCall } from './statements/routine.ts';
import { alterEvent, alterRoutine, createRoutine, dropRoutine } from './statements/routine-definition.ts';
import { runSet } from './statements/set.ts';
import { runShow } from './statements/show.ts';
import { refuseReadOnly, runBegin, runCommit, runRollback, runSavepoint } from './statements/transaction.ts';
import { refuseInXa } from './statements/xa.ts';

type Runner<K extends Statement['kind']> = (x: Execution, statement: Extract<Statement, { kind: K }>) => Outcome;

const RUNNERS: { readonly [K in Statement['kind']]: Runner<K> } = {
  query: (x, s) => finished(runQuery(x, s.query)),
  explain: runExplain,
  set: (x, s) => finished(runSet(x, s)),
  'set-password': setPasswordFor,
  use: runUse,
  show: runShow,
  'create-database': createDatabase,
  'alter-database': alterDatabase,
  'drop-database': dropDatabase,
  'create-table': (x, s) => finished(createTable(x, s)),
  'create-index': (x, s) => finished(createIndex(x, s)),
  'drop-index': (x, s) => finished(dropIndex(x, s)),
  'alter-table': (x, s) => finished(alterTable(x, s)),
  'drop-table': dropTables,
  truncate: truncate,
  'rename-table': renameTables,
  'create-view': createView,
  insert: (x, s) => finished(runInsert(x, s, bodyRunner(x))),
  update: (x, s) => finished(runUpdate(x, s, bodyRunner(x))),
  delete: (x, s) => finished(runDelete(x, s, bodyRunner(x))),
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
  'alter-routine': alterRoutine,
  'alter-event': alterEvent,
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
  call: (x, s) => finished(runCall(x, s, bodyRunner(x))),
  do: (x, s) => finished(runDo(x, s)),
  prepare: (x, s) =>
    runPrepare(x, s, (text) => {
      const { statement, parameters } = parse(x.session, text, false);
      for (const { code, message } of statement.told ?? []) x.session.addWarning('Warning', code, message);
      const looking = new Execution(x.session, x.wallMs, x.random, x.budget);
      looking.names = x.names;
      looking.routines = x.routines;
      lookThrough(looking, statement, parameters);
    }),
  execute: (x, s) => finished(executeSteps(x, s)),
  deallocate: runDeallocate,
  kill: runKill,
  'lock-tables': runLockTables,
  'unlock-tables': runUnlockTables,
  'set-role': runSetRole,
  'set-default-role': runSetDefaultRole,
  flush: runFlush,
  'table-maintenance': runMaintenance,
  shutdown: runShutdown,
  empty: () => ({ kind: 'ok' }),
  administration: runAdministration,
};

/** Statements that go through rows, and let others have their turn in between. */
type Paced =
  | 'call'
  | 'create-table'
  | 'alter-table'
  | 'create-index'
  | 'drop-index'
  | 'query'
  | 'insert'
  | 'update'
  | 'delete'
  | 'execute'
  | 'set'
  | 'do';

const PACED: {
  readonly [K in Paced]: (x: Execution, statement: Extract<Statement, { kind: K }>) => Steps<Outcome>;
} = {
  call: (x, s) => runCall(x, s, bodyRunner(x)),
  'create-table': createTable,
  'alter-table': alterTable,
  'create-index': createIndex,
  'drop-index': dropIndex,
  query: (x, s) => runQuery(x, s.query),
  insert: (x, s) => runInsert(x, s, bodyRunner(x)),
  update: (x, s) => runUpdate(x, s, bodyRunner(x)),
  delete: (x, s) => runDelete(x, s, bodyRunner(x)),
  execute: executeSteps,
  set: runSet,
  do: runDo,
};

/** True for a statement that lets others have their turn while it runs. */
export function isPaced({ kind }: Statement): boolean {
  return Object.hasOwn(PACED, kind);
}

function* executeSteps(x: Execution, s: Extract<Statement, { kind: 'execute' }>): Steps<Outcome> {
  const text = preparedText(x, s.name, 'EXECUTE');
  x.session.work.inner = text;
  const parsed = parse(x.session, text, false);
  if (parsed.parameters !== s.using.length) throw sqlError('ER_WRONG_ARGUMENTS', 'EXECUTE');
  const values = s.using.map((name) => x.session.userVariables.get(name));
  x.bind(values, x.session.prepared.pins(s.name));
  x.refusesTruncated = refusesTruncated(x.session, parsed.statement);
  const outcome = yield* statementSteps(x, parsed.statement);
  const out = (outcome.kind === 'ok' && outcome.out) || [];
  for (const { index, value } of out) x.session.userVariables.set(s.using[index] as string, asParameter(value));
  return outcome;
}

/** A parameter holds all that is no number as bytes. */
function asParameter(value: Value): Value {
  const isNumber = typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal;
  return isNumber ? value : toBytes(value);
}

/** What routines and triggers read and run their bodies by. */
export function bodyRunner(x: Execution): BodyRunner {
  return {
    parse: (routine) => parseRoutineBody(routine, routine.body, ...grammarOf(x.session)),
    run: (statement) => statementSteps(x, statement),
  };
}

/** FLUSH LOGS changes nothing that is locked. */
function flushesLogs(statement: Statement): boolean {
  return statement.kind === 'flush' && statement.what.every((what) => what.endsWith('LOGS'));
}

/** Refuses what this session's own locks or its expired password stand against, whatever table is named. */
function refuseLocked(x: Execution, statement: Statement): void {
  const { kind } = statement;
  const { passwordExpired, tableLocks } = x.session;
  if (passwordExpired && kind !== 'alter-user' && kind !== 'set-password') throw sqlError('ER_MUST_CHANGE_PASSWORD');
  if (tableLocks.held && DATABASES.has(kind)) throw sqlError('ER_LOCK_OR_ACTIVE_TRANSACTION');
  const changes = WRITES.has(kind) || COMMITS.has(kind);
  if (tableLocks.global && changes && !flushesLogs(statement)) throw sqlError('ER_CANT_UPDATE_WITH_READLOCK');
}

/** Runs a statement of any kind; also those of routines and triggers. Throws SqlError. */
export function* statementSteps(x: Execution, statement: Statement): Steps<Outcome> {
  authorize(x, statement);
  refuseOnReadOnlyServer(x.session, statement);
  refuseInXa(x, statement);
  refuseLocked(x, statement);
  if (commits(statement)) {
    x.session.transaction.commit();
    logCommitted(x.session);
    refuseReadOnly(x);
  } else if (CHANGES.has(statement.kind) || (statement.kind === 'query' && statement.query.locking)) refuseReadOnly(x);
  const { raises, changesRows } = x;
  x.raises = raisesWarnings(x, statement);
  x.changesRows = statement.kind !== 'query' && statement.kind !== 'execute';
  try {
    if (isPaced(statement))
      return yield* (PACED[statement.kind as Paced] as (x: Execution, statement: Statement) => Steps<Outcome>)(
        x,
        statement,
      );
    return (RUNNERS[statement.kind] as (x: Execution, statement: Statement) => Outcome)(x, statement);
  } finally {
    x.raises = raises;
    x.changesRows = changesRows;
  }
}

/** Changes of rows under strict mode, unless they are told to go on. */
function raisesWarnings({ session }: Execution, s: Statement): boolean {
  if (s.kind !== 'insert' && s.kind !== 'update' && s.kind !== 'delete') return false;
  return !s.ignore && session.strict();
}
