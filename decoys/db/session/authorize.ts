// Whether a session may run a statement, asked before it runs; tables that are read are asked for as they are found.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant.html; errors as recorded from 9.7 for an account with one schema.
import type { GrantStatement } from '../sql/ast/account.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import { type Asking, anywhere, isOwn, onSchema, onTable, schemaOf, seesSchema } from './asking.ts';
import { accountDenied, ownName, schemaDenied, tableDenied } from './denied.ts';
import { canonicalSchema, schemaExists } from './schemas.ts';
import { findVariable } from './variables.ts';
import { ADMINISTRATION, FLUSHING, LISTING, MAINTENANCE, RESTRICTED, SHOWING } from './wanted-privileges.ts';

type Check<K extends Statement['kind']> = (asking: Asking, s: Extract<Statement, { kind: K }>) => void;

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

/** Throws 3630 where a value may not be kept for the next start alone. */
function persistsOnly({ held }: Asking): void {
  if (held.everywhere('SUPER')) return;
  if (held.everywhere('SYSTEM_VARIABLES_ADMIN') && held.everywhere('PERSIST_RO_VARIABLES_ADMIN')) return;
  throw sqlError('ER_PERSIST_ONLY_ACCESS_DENIED_ERROR', 'SYSTEM_VARIABLES_ADMIN and PERSIST_RO_VARIABLES_ADMIN');
}

const checkSet: Check<'set'> = (asking, s) => {
  for (const item of s.items) {
    if (item.kind !== 'system' && item.kind !== 'transaction') continue;
    const session = item.scope === '' || item.scope === 'session';
    if (item.kind === 'system' && !findVariable(item.name, asking.session.overlay)) return;
    if (item.scope === 'persist_only') persistsOnly(asking);
    else if (!session) anywhere(asking, 'SUPER or SYSTEM_VARIABLES_ADMIN', 'SUPER', 'SYSTEM_VARIABLES_ADMIN');
    else if (item.kind === 'system') {
      const text = Object.hasOwn(RESTRICTED, item.name.toLowerCase()) ? RESTRICTED[item.name.toLowerCase()] : undefined;
      if (text) anywhere(asking, text, 'SUPER', 'SYSTEM_VARIABLES_ADMIN', 'SESSION_VARIABLES_ADMIN');
    }
  }
};

const checkFlush: Check<'flush'> = (asking, s) => {
  for (const what of s.what) {
    const instead = FLUSHING[what.split(' ')[0] ?? ''];
    if (instead) anywhere(asking, `RELOAD or ${instead}`, 'RELOAD', instead);
    else anywhere(asking, 'RELOAD', 'RELOAD');
  }
};

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
