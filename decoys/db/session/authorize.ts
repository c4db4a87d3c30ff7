// Whether a session may run a statement, asked before it runs; tables that are read are asked for as they are found.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant.html; errors as recorded from 9.7 for an account with one schema.
import type { GrantStatement } from '../sql/ast/account.ts';
import type { Statement } from '../sql/ast/statement.ts';
import type { TableName } from '../sql/ast/table.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import type { Privileges } from './privileges.ts';
import { canonicalSchema, schemaExists } from './schemas.ts';
import type { Session } from './session.ts';
import { findVariable } from './variables.ts';

interface Asking {
  readonly session: Session;
  readonly held: Privileges;
}

function needs(text: string): SqlError {
  return sqlError('ER_SPECIFIC_ACCESS_DENIED_ERROR', text);
}

function ownName(session: Session): [user: string, host: string] {
  const at = session.accountName.lastIndexOf('@');
  return [session.accountName.slice(0, at), session.accountName.slice(at + 1)];
}

/** 1044, naming the account. */
export function schemaDenied(session: Session, schema: string): SqlError {
  return sqlError('ER_DBACCESS_DENIED_ERROR', ...ownName(session), schema);
}

/** 1142, naming the client. */
export function tableDenied(session: Session, command: string, name: string): SqlError {
  return sqlError('ER_TABLEACCESS_DENIED_ERROR', command, session.user, session.address, name);
}

function accountDenied(session: Session): SqlError {
  return sqlError('ER_ACCESS_DENIED_ERROR', ...ownName(session), session.usedPassword ? 'YES' : 'NO');
}

function schemaOf({ session }: Asking, { schema }: { readonly schema: string }): string {
  return canonicalSchema(schema || session.database);
}

/** One privilege held everywhere, of those named; `text` tells of them. */
function anywhere({ held }: Asking, text: string, ...names: readonly string[]): void {
  if (!names.some((name) => held.everywhere(name))) throw needs(text);
}

function onTable(asking: Asking, table: TableName, ...privileges: readonly string[]): void {
  const schema = schemaOf(asking, table);
  if (schema === '' || schema === 'information_schema') return;
  if (privileges.every((privilege) => asking.held.onTable(privilege, schema, table.name))) return;
  throw tableDenied(asking.session, privileges.join(', '), table.name);
}

function onSchema(asking: Asking, schema: string, privilege: string): void {
  if (schema === 'information_schema') return;
  if (!asking.held.onSchema(privilege, canonicalSchema(schema))) throw schemaDenied(asking.session, schema);
}

function seesSchema({ session, held }: Asking, schema: string): void {
  if (schema !== '' && !held.seesSchema(canonicalSchema(schema))) throw schemaDenied(session, schema);
}

type Check<K extends Statement['kind']> = (asking: Asking, s: Extract<Statement, { kind: K }>) => void;

function isOwn(
  session: Session,
  account: { readonly user: string; readonly host: string; readonly current: boolean },
): boolean {
  const [user, host] = ownName(session);
  return account.current || (account.user === user && account.host === host);
}

function checkGrant(asking: Asking, s: GrantStatement): void {
  const { session, held } = asking;
  if (s.roles.length > 0) anywhere(asking, 'WITH ADMIN, ROLE_ADMIN, SUPER', 'ROLE_ADMIN', 'SUPER');
  if (s.everything) anywhere(asking, 'CREATE USER', 'CREATE USER');
  const { level } = s;
  if (!level) return;
  if (level.kind === 'global') throw accountDenied(session);
  const schema = schemaOf(asking, level);
  if (held.onSchema('GRANT OPTION', schema)) return;
  if (level.kind === 'schema') throw schemaDenied(session, schema);
  const missing = s.privileges.filter(({ name }) => !held.onTable(name, schema, level.name)).map(({ name }) => name);
  throw tableDenied(session, [...missing, 'GRANT'].join(', '), level.name);
}

const SESSION_ADMIN = 'SUPER, SYSTEM_VARIABLES_ADMIN or SESSION_VARIABLES_ADMIN';
const REPLICATION_ADMIN = 'SUPER, SYSTEM_VARIABLES_ADMIN, SESSION_VARIABLES_ADMIN or REPLICATION_APPLIER';

/** Session variables not everybody may set, and what is told of who may. */
const RESTRICTED: Readonly<Record<string, string>> = {
  binlog_direct_non_transactional_updates: SESSION_ADMIN,
  binlog_format: SESSION_ADMIN,
  binlog_row_image: SESSION_ADMIN,
  binlog_rows_query_log_events: SESSION_ADMIN,
  bulk_insert_buffer_size: SESSION_ADMIN,
  gtid_next: REPLICATION_ADMIN,
  original_commit_timestamp: REPLICATION_ADMIN,
  pseudo_replica_mode: REPLICATION_ADMIN,
  pseudo_slave_mode: REPLICATION_ADMIN,
  pseudo_thread_id: SESSION_ADMIN,
  sql_log_bin: SESSION_ADMIN,
  sql_log_off: SESSION_ADMIN,
};

const checkSet: Check<'set'> = (asking, s) => {
  for (const item of s.items) {
    if (item.kind !== 'system' && item.kind !== 'transaction') continue;
    const session = item.scope === '' || item.scope === 'session';
    if (item.kind === 'system' && !findVariable(item.name)) return;
    if (!session) anywhere(asking, 'SUPER or SYSTEM_VARIABLES_ADMIN', 'SUPER', 'SYSTEM_VARIABLES_ADMIN');
    else if (item.kind === 'system') {
      const text = Object.hasOwn(RESTRICTED, item.name.toLowerCase()) ? RESTRICTED[item.name.toLowerCase()] : undefined;
      if (text) anywhere(asking, text, 'SUPER', 'SYSTEM_VARIABLES_ADMIN', 'SESSION_VARIABLES_ADMIN');
    }
  }
};

/** FLUSH's options and the dynamic privilege that does instead of RELOAD. */
const FLUSHING: Readonly<Record<string, string>> = {
  PRIVILEGES: 'FLUSH_PRIVILEGES',
  TABLES: 'FLUSH_TABLES',
  STATUS: 'FLUSH_STATUS',
  USER_RESOURCES: 'FLUSH_USER_RESOURCES',
  OPTIMIZER_COSTS: 'FLUSH_OPTIMIZER_COSTS',
};

const checkFlush: Check<'flush'> = (asking, s) => {
  for (const what of s.what) {
    const instead = FLUSHING[what.split(' ')[0] ?? ''];
    if (instead) anywhere(asking, `RELOAD or ${instead}`, 'RELOAD', instead);
    else anywhere(asking, 'RELOAD', 'RELOAD');
  }
};

const REPLICA_ADMIN = ['SUPER or REPLICATION_SLAVE_ADMIN', 'SUPER', 'REPLICATION_SLAVE_ADMIN'] as const;
const BACKUP = ['BACKUP_ADMIN', 'BACKUP_ADMIN'] as const;
const SUPER = ['SUPER', 'SUPER'] as const;
const TABLESPACE = ['CREATE TABLESPACE', 'CREATE TABLESPACE'] as const;
const RESOURCE_GROUP = ['RESOURCE_GROUP_ADMIN', 'RESOURCE_GROUP_ADMIN'] as const;

/** Administration: what is told of who may, and who may. */
const ADMINISTRATION: Readonly<Record<string, readonly [text: string, ...names: string[]]>> = {
  'start-replica': [...REPLICA_ADMIN],
  'stop-replica': [...REPLICA_ADMIN],
  'change-source': [...REPLICA_ADMIN],
  'change-filter': [...REPLICA_ADMIN],
  'reset-binary-logs': ['RELOAD or FLUSH_TABLES', 'RELOAD', 'FLUSH_TABLES'],
  'reset-replica': ['RELOAD', 'RELOAD'],
  'purge-binary-logs': ['SUPER or BINLOG_ADMIN', 'SUPER', 'BINLOG_ADMIN'],
  binlog: ['SUPER, BINLOG_ADMIN or REPLICATION_APPLIER', 'SUPER', 'BINLOG_ADMIN', 'REPLICATION_APPLIER'],
  clone: [...BACKUP],
  'lock-instance': [...BACKUP],
  'unlock-instance': [...BACKUP],
  'rotate-master-key': ['SUPER or ENCRYPTION_KEY_ADMIN', 'SUPER', 'ENCRYPTION_KEY_ADMIN'],
  'alter-instance': [...SUPER],
  'create-server': [...SUPER],
  'alter-server': [...SUPER],
  'drop-server': [...SUPER],
  'drop-server-if-exists': [...SUPER],
  'create-tablespace': [...TABLESPACE],
  'create-undo-tablespace': [...TABLESPACE],
  'logfile-group': [...TABLESPACE],
  'create-resource-group': [...RESOURCE_GROUP],
  'set-resource-group': [...RESOURCE_GROUP],
};

/** SHOW forms that want a privilege everywhere. */
const SHOWING: Readonly<Record<string, readonly [text: string, ...names: string[]]>> = {
  'binary-log-status': ['SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT'],
  'binary-logs': ['SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT'],
  'replica-status': ['SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT'],
  'binlog-events': ['REPLICATION SLAVE', 'REPLICATION SLAVE'],
  'relaylog-events': ['REPLICATION SLAVE', 'REPLICATION SLAVE'],
  replicas: ['REPLICATION SLAVE', 'REPLICATION SLAVE'],
  'engine-status': ['PROCESS', 'PROCESS'],
  'engine-mutex': ['PROCESS', 'PROCESS'],
};

/** SHOW forms that list what a schema holds. */
const LISTING: ReadonlySet<string> = new Set(['tables', 'table-status', 'triggers', 'events', 'open-tables']);

const checkShow: Check<'show'> = (asking, s) => {
  const { session, held } = asking;
  const wanted = Object.hasOwn(SHOWING, s.what) ? SHOWING[s.what] : undefined;
  if (wanted) anywhere(asking, ...wanted);
  if (s.what === 'grants' && s.account && !isOwn(session, s.account) && !held.onTable('SELECT', 'mysql', 'user'))
    throw tableDenied(session, 'SELECT', 'user');
  if (s.what === 'create-user' && s.account && !isOwn(session, s.account)) onSchema(asking, 'mysql', 'SELECT');
  if (s.what === 'create-database' && !held.seesSchema(canonicalSchema(s.name)))
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, session.address, s.name);
  if (s.table) {
    const schema = canonicalSchema(s.schema || s.table.schema || session.database);
    if (schema === '' || held.seesTable(schema, s.table.name)) return;
    throw tableDenied(session, s.what === 'create-table' || s.what === 'create-view' ? 'SHOW' : 'SELECT', s.table.name);
  }
  if (LISTING.has(s.what) && schemaExists(session, s.schema)) seesSchema(asking, s.schema);
};

const MAINTENANCE: Readonly<Record<string, readonly string[]>> = {
  check: ['SELECT'],
  checksum: ['SELECT'],
  analyze: ['SELECT', 'INSERT'],
  optimize: ['SELECT', 'INSERT'],
  repair: ['SELECT', 'INSERT'],
};

const checkCreateRoutine: Check<'create-routine'> = (asking, s) => {
  const schema = schemaOf(asking, s.name);
  const unlogged = s.type === 'FUNCTION' || s.type === 'TRIGGER';
  if (
    unlogged &&
    !asking.held.everywhere('SUPER') &&
    asking.session.readVariable('log_bin_trust_function_creators', '').value !== 1n
  )
    throw sqlError('ER_BINLOG_CREATE_ROUTINE_NEED_SUPER');
  if (s.type === 'TRIGGER' && s.table) onTable(asking, s.table, 'TRIGGER');
  else onSchema(asking, schema, s.type === 'EVENT' ? 'EVENT' : 'CREATE ROUTINE');
};

const checkCall: Check<'call'> = ({ session, held }, s) => {
  const schema = canonicalSchema(s.name.schema || session.database);
  if (schema === '' || held.onRoutine('EXECUTE', 'PROCEDURE', schema, s.name.name)) return;
  throw sqlError('ER_PROCACCESS_DENIED_ERROR', 'execute', ...ownName(session), `${schema}.${s.name.name}`);
};

const CHECKS: { readonly [K in Statement['kind']]?: Check<K> } = {
  use: seesUse,
  set: checkSet,
  show: checkShow,
  flush: checkFlush,
  grant: checkGrant,
  call: checkCall,
  'create-routine': checkCreateRoutine,
  query(asking, s) {
    if (s.query.into && s.query.into.kind !== 'variables') anywhere(asking, 'FILE', 'FILE');
  },
  'create-user'(asking, s) {
    if (s.role) anywhere(asking, 'CREATE USER, CREATE ROLE', 'CREATE USER', 'CREATE ROLE');
    else anywhere(asking, 'CREATE USER', 'CREATE USER');
  },
  'drop-user'(asking, s) {
    if (s.role) anywhere(asking, 'CREATE USER, DROP ROLE', 'CREATE USER', 'DROP ROLE');
    else anywhere(asking, 'CREATE USER', 'CREATE USER');
  },
  'alter-user'(asking, s) {
    const own = s.users.every(({ account }) => isOwn(asking.session, account));
    // One's own password may be changed, and nothing else of one's account.
    if (!own || Object.keys(s.terms).length > 0) anywhere(asking, 'CREATE USER', 'CREATE USER');
  },
  'rename-user': (asking) => anywhere(asking, 'CREATE USER', 'CREATE USER'),
  'set-password'(asking, s) {
    if (s.account && !isOwn(asking.session, s.account)) onSchema(asking, 'mysql', 'UPDATE');
  },
  'set-default-role'(asking, s) {
    if (!s.users.every((account) => isOwn(asking.session, account))) anywhere(asking, 'CREATE USER', 'CREATE USER');
  },
  'create-database': (asking, s) => onSchema(asking, s.name, 'CREATE'),
  'drop-database': (asking, s) => onSchema(asking, s.name, 'DROP'),
  'alter-database': (asking, s) => onSchema(asking, s.name || asking.session.database, 'ALTER'),
  'create-table'(asking, s) {
    if (s.temporary) onSchema(asking, schemaOf(asking, s.table), 'CREATE TEMPORARY TABLES');
    else onTable(asking, s.table, 'CREATE');
    if (s.like) onTable(asking, s.like, 'SELECT');
  },
  'drop-table'(asking, s) {
    for (const table of s.tables)
      if (!asking.session.temporary.has(`${schemaOf(asking, table)}.${table.name}`)) onTable(asking, table, 'DROP');
  },
  'alter-table': (asking, s) => onTable(asking, s.table, 'ALTER'),
  truncate: (asking, s) => onTable(asking, s.table, 'DROP'),
  'create-index': (asking, s) => onTable(asking, s.table, 'INDEX'),
  'drop-index': (asking, s) => onTable(asking, s.table, 'INDEX'),
  'rename-table'(asking, s) {
    for (const [from, to] of s.pairs) {
      onTable(asking, from, 'DROP', 'ALTER');
      onTable(asking, to, 'CREATE', 'INSERT');
    }
  },
  'lock-tables'(asking, s) {
    for (const table of s.tables) onSchema(asking, schemaOf(asking, table), 'LOCK TABLES');
  },
  'table-maintenance'(asking, s) {
    for (const table of s.tables) onTable(asking, table, ...(MAINTENANCE[s.operation] ?? []));
  },
  'handler-open': (asking, s) => onTable(asking, s.table, 'SELECT'),
  'load-data'({ session, held }, s) {
    if (!s.local && !held.everywhere('FILE')) throw accountDenied(session);
  },
  'install-plugin': (asking) => onTable(asking, { schema: 'mysql', name: 'plugin' }, 'INSERT'),
  'uninstall-plugin': (asking) => onTable(asking, { schema: 'mysql', name: 'plugin' }, 'DELETE'),
  'install-component': (asking, s) =>
    onTable(asking, { schema: 'mysql', name: 'component' }, s.uninstall ? 'DELETE' : 'INSERT'),
  'create-view'(asking, s) {
    onTable(asking, s.view, 'CREATE VIEW');
  },
  'create-udf': (asking) => onSchema(asking, 'mysql', 'INSERT'),
  shutdown: (asking) => anywhere(asking, 'SHUTDOWN', 'SHUTDOWN'),
  administration(asking, s) {
    const wanted = Object.hasOwn(ADMINISTRATION, s.what) ? ADMINISTRATION[s.what] : undefined;
    if (wanted) anywhere(asking, ...wanted);
    if (s.what === 'import-table' && !asking.held.everywhere('FILE')) throw accountDenied(asking.session);
    if (s.what === 'xa-recover' && !asking.held.everywhere('XA_RECOVER_ADMIN')) throw sqlError('ER_XAER_RMERR');
  },
};

function seesUse(asking: Asking, { schema }: { readonly schema: string }): void {
  if (!schema.endsWith(' ')) seesSchema(asking, schema);
}

/** Throws what the server answers where the session's account may not run the statement. */
export function authorize(x: Execution, statement: Statement): void {
  const { session } = x;
  const held = session.privileges();
  if (!held) return;
  (CHECKS[statement.kind] as ((asking: Asking, s: Statement) => void) | undefined)?.({ session, held }, statement);
}
