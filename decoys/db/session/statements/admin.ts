// Everything else: USE, PREPARE, KILL, LOCK, FLUSH, plugins and UDFs, table maintenance, SHUTDOWN.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-server-administration-statements.html; errors as recorded from 9.7.
import { type SystemTable, systemTable } from '../../persona/catalogue.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import type { TableName } from '../../sql/ast/table.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { toBytes, toInteger, type Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { expectIdle, expectUnlocked } from '../row-locking.ts';
import { canonicalSchema, identifierError, schemaExists, tableExists } from '../schemas.ts';
import { runHelp } from './help.ts';
import { shown } from './result.ts';
import { alterRoutine } from './routine.ts';
import { STORAGE_STATEMENTS } from './storage.ts';
import { xaEnd, xaFinish, xaPrepare, xaRecovered, xaStart } from './xa.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const MAX_PREPARED = 64;

export function runUse(x: Execution, s: Of<'use'>): Outcome {
  const wrong = s.schema === '' ? sqlError('ER_NO_DB_ERROR') : identifierError(s.schema);
  if (wrong) throw wrong;
  const schema = canonicalSchema(s.schema);
  if (!schemaExists(x.session, schema)) throw sqlError('ER_BAD_DB_ERROR', s.schema);
  x.session.database = schema;
  x.session.tracker.schema(schema);
  return OK;
}

export function runPrepare(x: Execution, s: Of<'prepare'>, check: (text: Buffer) => void): Outcome {
  const { session } = x;
  const text = compile(compilerOf(x), s.from, new Scope([], undefined)).get({ values: [] });
  const bytes = toBytes(text) ?? Buffer.from('NULL');
  session.forgetPrepared(s.name.toLowerCase());
  check(bytes);
  if (session.prepared.size >= MAX_PREPARED || !session.keepPrepared(s.name.toLowerCase(), bytes))
    throw new SqlError(
      1461,
      '42000',
      "Can't create more than max_prepared_stmt_count statements (current value: 16382)",
    );
  session.tracker.changed();
  return { kind: 'ok', info: 'Statement prepared' };
}

export function preparedText(x: Execution, name: string, command: string): Buffer {
  const found = x.session.prepared.get(name.toLowerCase());
  if (!found) throw sqlError('ER_UNKNOWN_STMT_HANDLER', name, command);
  return found;
}

export function runDeallocate(x: Execution, s: Of<'deallocate'>): Outcome {
  preparedText(x, s.name, 'DEALLOCATE PREPARE');
  x.session.forgetPrepared(s.name.toLowerCase());
  x.session.tracker.changed();
  return OK;
}

export function runKill(x: Execution, s: Of<'kill'>): Outcome {
  const { session } = x;
  const id = toInteger(compile(compilerOf(x), s.id, new Scope([], undefined)).get({ values: [] })) ?? 0n;
  const found = session.server.sessions.get(Number(id));
  if (!found || found.overlay !== session.overlay) throw sqlError('ER_NO_SUCH_THREAD', BigInt.asUintN(32, id));
  if (s.explains)
    throw new SqlError(
      3012,
      'HY000',
      'EXPLAIN FOR CONNECTION command is supported only for SELECT/UPDATE/INSERT/DELETE/REPLACE',
    );
  if (found === session && !s.query) throw sqlError('ER_QUERY_INTERRUPTED');
  found.kill(s.query);
  return OK;
}

export function runLockTables(x: Execution, s: Of<'lock-tables'>): Outcome {
  const { session } = x;
  session.tableLocks.release();
  for (const table of s.tables) {
    const source = session.table(table.schema, table.name);
    if (source.schema === 'information_schema')
      throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', source.schema);
    if (source.schema === 'performance_schema')
      throw sqlError('ER_TABLEACCESS_DENIED_ERROR', 'SELECT, LOCK TABLES', session.user, session.address, source.name);
  }
  session.transaction.commit();
  const locks = s.tables.map((table) => ({ ...table, schema: schemaOf(x, table) }));
  for (const { schema, name, write } of locks) {
    expectUnlocked(session, schema, name, write);
    const own = session.overlay.databases.get(schema)?.tables.get(name);
    if (own && write) expectIdle(session, own);
  }
  session.tableLocks.take(locks);
  session.overlay.keepers.add(session);
  session.tracker.transaction.lock();
  return OK;
}

function schemaOf(x: Execution, table: TableName): string {
  return canonicalSchema(table.schema || x.session.database);
}

export function runUnlockTables(x: Execution): Outcome {
  const { tableLocks, transaction, tracker } = x.session;
  if (tableLocks.held) transaction.commit();
  tracker.transaction.unlock();
  tableLocks.release();
  tableLocks.global = false;
  return OK;
}

export function runFlush(x: Execution, s: Of<'flush'>): Outcome {
  if (s.what.some((what) => what.startsWith('TABLES '))) {
    for (const table of s.tables) x.session.table(table.schema, table.name);
    const locks = s.tables.map((table) => ({ ...table, schema: schemaOf(x, table), alias: table.name, write: false }));
    x.session.overlay.keepers.add(x.session);
    if (locks.length === 0) x.session.tableLocks.global = true;
    else x.session.tableLocks.take(locks);
  }
  if (s.what.includes('PRIVILEGES'))
    x.session.addWarning('Warning', 1681, "'FLUSH PRIVILEGES' is deprecated and will be removed in a future release.");
  return OK;
}

const DONE: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  check: [['status', 'OK']],
  analyze: [['status', 'OK']],
  optimize: [
    ['note', 'Table does not support optimize, doing recreate + analyze instead'],
    ['status', 'OK'],
  ],
  repair: [['note', "The storage engine for the table doesn't support repair"]],
};

/** What maintenance of the server's own views and of engines other than InnoDB is answered with; undefined where as of others. */
function specialMaintenance({ type, engine }: SystemTable, operation: string, name: string): Value[][] | undefined {
  if (type === 'VIEW' && operation !== 'check' && operation !== 'checksum')
    return [
      [name, operation, 'Error', `'${name}' is not BASE TABLE`],
      [name, operation, 'status', 'Operation failed'],
    ];
  const unsupported = [[name, operation, 'note', `The storage engine for the table doesn't support ${operation}`]];
  if (engine === 'PERFORMANCE_SCHEMA' && operation !== 'checksum') return unsupported;
  if (engine === 'CSV' && operation === 'optimize') return unsupported;
  if (engine === 'CSV' && operation === 'repair') return [[name, operation, 'status', 'OK']];
  return undefined;
}

export function runMaintenance(x: Execution, s: Of<'table-maintenance'>): Outcome {
  const { session } = x;
  const rows: Value[][] = [];
  for (const table of s.tables) {
    const schema = canonicalSchema(table.schema || session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const name = `${schema}.${table.name}`;
    const there = tableExists(session, schema, table.name);
    if (schema === 'information_schema' && there && s.operation !== 'check' && s.operation !== 'checksum')
      throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
    const system = systemTable(schema, table.name);
    const special = system && specialMaintenance(system, s.operation, name);
    if (special) rows.push(...special);
    else if (s.operation === 'checksum') {
      if (!there) session.addWarning('Error', 1146, `Table '${name}' doesn't exist`);
      const empty = there && session.table(schema, table.name).rows(x).length === 0;
      rows.push([name, there ? (empty ? 0n : BigInt(session.server.hash(name))) : null]);
    } else if (there) for (const [type, text] of DONE[s.operation] ?? []) rows.push([name, s.operation, type, text]);
    else if (schemaExists(session, schema))
      rows.push(
        [name, s.operation, 'Error', `Table '${name}' doesn't exist`],
        [name, s.operation, 'status', 'Operation failed'],
      );
    else
      rows.push(
        [name, s.operation, 'Error', `Unknown database '${schema}'`],
        s.operation === 'check'
          ? [name, s.operation, 'error', 'Corrupt']
          : [name, s.operation, 'status', 'Operation failed'],
      );
  }
  return shown(session, s.operation === 'checksum' ? 'checksum' : 'table-maintenance', rows);
}

/** How long the server a source shut down stays away for it, in ms. */
const DOWN_MS = 4_000;

export function runShutdown(x: Execution, s: Of<'shutdown'>): Outcome {
  if (s.restart)
    throw new SqlError(3707, 'HY000', 'Restart server failed (mysqld is not managed by supervisor process).');
  x.session.overlay.downUntilMs = x.startedMs + DOWN_MS;
  return OK;
}

type AdminHandler = (x: Execution, s: Of<'administration'>) => Outcome;

const ok: AdminHandler = () => OK;
const failing =
  (code: number, sqlstate: string, message: string): AdminHandler =>
  () => {
    throw new SqlError(code, sqlstate, message);
  };

/** What naming a user or password of a replication source is answered with. */
const SOURCE_NOTES: readonly (readonly [number, string])[] = [
  [1759, 'Sending passwords in plain text without SSL/TLS is extremely insecure.'],
  [
    1760,
    "Storing MySQL user name or password information in the connection metadata repository is not secure and is therefore not recommended. Please consider using the USER and PASSWORD connection options for START REPLICA; see the 'START REPLICA Syntax' in the MySQL Manual for more information.",
  ],
];

/** Key caches are MyISAM's: for a table of any other engine one note says so. */
function unsupportedByEngine(x: Execution, s: Of<'administration'>, operation: string): Outcome {
  const rows = s.tables.map((table): Value[] => {
    const schema = canonicalSchema(table.schema || x.session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const name = `${schema}.${table.name}`;
    if (!tableExists(x.session, schema, table.name)) return [name, operation, 'Error', `Table '${name}' doesn't exist`];
    return [name, operation, 'note', `The storage engine for the table doesn't support ${operation}`];
  });
  return shown(x.session, 'table-maintenance', rows);
}

/** Forgets what SET PERSIST kept of one variable, or of all where none is named. */
function resetPersisted(x: Execution, name: string, missing: (message: string) => void): void {
  const { persisted } = x.session.overlay;
  if (name === '') persisted.clear();
  else if (!persisted.delete(name.toLowerCase())) missing(`Variable ${name} does not exist in persisted config file`);
}

const ADMINISTRATION: Readonly<Record<string, AdminHandler>> = {
  'set-resource-group': (_x, s) => {
    throw new SqlError(3651, 'HY000', `Resource Group '${s.text}' does not exist.`);
  },
  ...STORAGE_STATEMENTS,
  'alter-instance': ok,
  'rotate-master-key': failing(
    3185,
    'HY000',
    "Can't find master key from keyring, please check in the server log if a keyring is loaded and initialized successfully.",
  ),
  'alter-event': (_x, s) => {
    throw sqlError('ER_EVENT_DOES_NOT_EXIST', s.tables[0]?.name ?? '');
  },
  'alter-function': (x, s) => alterRoutine(x, 'FUNCTION', s.tables[0] as TableName),
  'alter-procedure': (x, s) => alterRoutine(x, 'PROCEDURE', s.tables[0] as TableName),
  'start-replica': (x) => {
    if (x.session.overlay.replica) return OK;
    throw new SqlError(
      1200,
      'HY000',
      'The server is not configured as replica; fix in config file or with CHANGE REPLICATION SOURCE TO',
    );
  },
  'group-replication': failing(
    3092,
    'HY000',
    'The server is not configured properly to be an active member of the group. Please see more details on error log.',
  ),
  clone: failing(1524, 'HY000', "Plugin 'clone' is not loaded"),
  binlog: failing(1575, 'HY000', 'Decoding of base64 string failed'),
  'import-table': (x, s) => {
    if (x.session.database === '') throw sqlError('ER_NO_DB_ERROR');
    const { secureFilePriv } = x.session.server.options.persona;
    const [pattern = ''] = s.names;
    if (!pattern.startsWith(secureFilePriv))
      throw sqlError('ER_OPTION_PREVENTS_STATEMENT', `--secure-file-priv='${secureFilePriv}'`);
    throw new SqlError(3608, 'HY000', `No SDI files matched the pattern '${pattern.slice(secureFilePriv.length)}'`);
  },
  'cache-index': (x, s) => {
    if (s.text.toLowerCase() !== 'default') throw new SqlError(1284, 'HY000', `Unknown key cache '${s.text}'`);
    return unsupportedByEngine(x, s, 'assign_to_keycache');
  },
  'preload-keys': (x, s) => unsupportedByEngine(x, s, 'preload_keys'),
  'stop-replica': (x) => {
    x.session.addWarning('Note', 3084, "Replication thread(s) for channel '' are already stopped.");
    return OK;
  },
  'reset-binary-logs': ok,
  'reset-replica': ok,
  'reset-persist': (x, s) => {
    resetPersisted(x, s.text, (message) => {
      throw new SqlError(3615, 'HY000', message);
    });
    return OK;
  },
  'reset-persist-if-exists': (x, s) => {
    resetPersisted(x, s.text, (message) => x.session.addWarning('Warning', 3615, message));
    return OK;
  },
  'purge-binary-logs': (_x, s) => {
    if (s.text === '' || /^binlog\.00000[12]$/.test(s.text)) return OK;
    throw new SqlError(1373, 'HY000', 'Target log not found in binlog index');
  },
  'change-source': (x, s) => {
    x.session.overlay.replica = true;
    if (s.text === '') return OK;
    for (const [code, message] of SOURCE_NOTES) x.session.addWarning('Note', code, message);
    return OK;
  },
  'change-filter': ok,
  'lock-instance': ok,
  'unlock-instance': ok,
  help: (x, s) => runHelp(x, s.text),
  'xa-recover': (x, s) => shown(x.session, 'xa-recover', xaRecovered(x, s.text)),
  'xa-start': xaStart,
  'xa-end': xaEnd,
  'xa-prepare': xaPrepare,
  'xa-commit': xaFinish(false, true),
  'xa-commit-one-phase': xaFinish(true, false),
  'xa-rollback': xaFinish(true, true),
};

export function runAdministration(x: Execution, s: Of<'administration'>): Outcome {
  const handler = ADMINISTRATION[s.what];
  if (!handler) throw sqlError('ER_NOT_SUPPORTED_YET', s.what);
  return handler(x, s);
}
