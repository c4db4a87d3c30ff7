// What the server calls a statement: the counter `Com_…` of SHOW STATUS and the event `statement/sql/…` have one name for each.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-status-variables.html#statvar_Com_xxx
import type { Statement, StatementOf } from '../sql/ast/statement.ts';

type Naming = { readonly [K in Statement['kind']]?: string | ((statement: StatementOf<K>) => string) };

/** Kinds named otherwise than their kind with underscores. */
const NAMES: Naming = {
  query: 'select',
  explain: ({ statement }) => nameOf(statement),
  set: 'set_option',
  use: 'change_db',
  show: ({ what }) => SHOWN[what] ?? `show_${what.replaceAll('-', '_')}`,
  'create-database': 'create_db',
  'alter-database': 'alter_db',
  'drop-database': 'drop_db',
  'drop-table': ({ view }) => (view ? 'drop_view' : 'drop_table'),
  insert: ({ replace, query }) => `${replace ? 'replace' : 'insert'}${query ? '_select' : ''}`,
  update: ({ from }) => (from.kind === 'join' ? 'update_multi' : 'update'),
  delete: ({ targets }) => (targets ? 'delete_multi' : 'delete'),
  'load-data': 'load',
  'create-user': ({ role }) => (role ? 'create_role' : 'create_user'),
  'alter-user': ({ defaultRoles }) => (defaultRoles === undefined ? 'alter_user' : 'alter_user_default_role'),
  'drop-user': ({ role }) => (role ? 'drop_role' : 'drop_user'),
  'set-default-role': 'alter_user_default_role',
  grant: ({ revoke, roles, everything }) =>
    everything ? 'revoke_all' : `${revoke ? 'revoke' : 'grant'}${roles.length > 0 ? '_roles' : ''}`,
  rollback: ({ to }) => (to === '' ? 'rollback' : 'rollback_to_savepoint'),
  savepoint: ({ release }) => (release ? 'release_savepoint' : 'savepoint'),
  'create-routine': ({ type }) => `create_${type.toLowerCase()}`,
  'drop-routine': ({ type }) => `drop_${type.toLowerCase()}`,
  'install-component': ({ uninstall }) => (uninstall ? 'uninstall_component' : 'install_component'),
  'handler-open': 'ha_open',
  'handler-read': 'ha_read',
  'handler-close': 'ha_close',
  call: 'call_procedure',
  prepare: 'prepare_sql',
  execute: 'execute_sql',
  deallocate: 'dealloc_sql',
  'table-maintenance': ({ operation }) => operation,
  shutdown: ({ restart }) => (restart ? 'restart' : 'shutdown'),
  empty: 'empty_query',
  administration: ({ what }) => ADMINISTRATION[what] ?? what.replaceAll('-', '_'),
};

/** SHOW forms named otherwise than `show_` and what they show. */
const SHOWN: Readonly<Record<string, string>> = {
  columns: 'show_fields',
  index: 'show_keys',
  charset: 'show_charsets',
  collation: 'show_collations',
  engines: 'show_storage_engines',
  'binary-logs': 'show_binlogs',
  'count-warnings': 'select',
  'count-errors': 'select',
  'create-database': 'show_create_db',
  'create-view': 'show_create_table',
  'create-function': 'show_create_func',
  'create-procedure': 'show_create_proc',
  'routine-code': 'show_procedure_code',
};

/** Statements of administration named otherwise than what they are. */
const ADMINISTRATION: Readonly<Record<string, string>> = {
  'rotate-master-key': 'alter_instance',
  'start-replica': 'replica_start',
  'stop-replica': 'replica_stop',
  'group-replication': 'group_replication_start',
  'import-table': 'import',
  'cache-index': 'assign_to_keycache',
  'purge-binary-logs': 'purge',
  'purge-binary-logs-before': 'purge_before_date',
  'change-source': 'change_replication_source',
  'change-filter': 'change_repl_filter',
  'reset-binary-logs': 'reset',
  'reset-replica': 'reset',
  'reset-replica-all': 'reset',
  'reset-persist': 'reset',
  'reset-persist-if-exists': 'reset',
  'create-tablespace': 'alter_tablespace',
  'create-undo-tablespace': 'alter_tablespace',
  'drop-tablespace': 'alter_tablespace',
  'drop-undo-tablespace': 'alter_tablespace',
  'drop-server-if-exists': 'drop_server',
  'create-reference-system': 'create_spatial_reference_system',
  'drop-reference-system': 'drop_spatial_reference_system',
  'drop-reference-system-if-exists': 'drop_spatial_reference_system',
  'logfile-group': 'alter_tablespace',
  'xa-commit-one-phase': 'xa_commit',
};

/** The server's name for a statement: `select`, `show_databases`, `create_table` … */
export function nameOf(statement: Statement): string {
  const named = NAMES[statement.kind] as string | ((statement: Statement) => string) | undefined;
  if (named === undefined) return statement.kind.replaceAll('-', '_');
  return typeof named === 'string' ? named : named(statement);
}
