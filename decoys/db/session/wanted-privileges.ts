// Privileges that forms of SET, FLUSH, SHOW, administration and maintenance want, and how the server names them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/privileges-provided.html; texts as recorded from 9.7.

const SESSION_ADMIN = 'SUPER, SYSTEM_VARIABLES_ADMIN or SESSION_VARIABLES_ADMIN';
const REPLICATION_ADMIN = 'SUPER, SYSTEM_VARIABLES_ADMIN, SESSION_VARIABLES_ADMIN or REPLICATION_APPLIER';

/** Session variables not everybody may set, and what is told of who may. */
export const RESTRICTED: Readonly<Record<string, string>> = {
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

/** FLUSH's options and the dynamic privilege that does instead of RELOAD. */
export const FLUSHING: Readonly<Record<string, string>> = {
  PRIVILEGES: 'FLUSH_PRIVILEGES',
  TABLES: 'FLUSH_TABLES',
  STATUS: 'FLUSH_STATUS',
  USER_RESOURCES: 'FLUSH_USER_RESOURCES',
  OPTIMIZER_COSTS: 'FLUSH_OPTIMIZER_COSTS',
};

const REPLICA_ADMIN = ['SUPER or REPLICATION_SLAVE_ADMIN', 'SUPER', 'REPLICATION_SLAVE_ADMIN'] as const;
const BACKUP = ['BACKUP_ADMIN', 'BACKUP_ADMIN'] as const;
export const SUPER = ['SUPER', 'SUPER'] as const;
const TABLESPACE = ['CREATE TABLESPACE', 'CREATE TABLESPACE'] as const;
const RESOURCE_GROUP = ['RESOURCE_GROUP_ADMIN', 'RESOURCE_GROUP_ADMIN'] as const;

/** Administration: what is told of who may, and who may. */
export const ADMINISTRATION: Readonly<Record<string, readonly [text: string, ...names: string[]]>> = {
  'start-replica': [...REPLICA_ADMIN],
  'stop-replica': [...REPLICA_ADMIN],
  'change-source': [...REPLICA_ADMIN],
  'change-filter': [...REPLICA_ADMIN],
  'reset-binary-logs': ['RELOAD or FLUSH_TABLES', 'RELOAD', 'FLUSH_TABLES'],
  'reset-replica': ['RELOAD', 'RELOAD'],
  'reset-replica-all': ['RELOAD', 'RELOAD'],
  'purge-binary-logs-before': ['SUPER or BINLOG_ADMIN', 'SUPER', 'BINLOG_ADMIN'],
  'purge-binary-logs': ['SUPER or BINLOG_ADMIN', 'SUPER', 'BINLOG_ADMIN'],
  binlog: ['SUPER, BINLOG_ADMIN or REPLICATION_APPLIER', 'SUPER', 'BINLOG_ADMIN', 'REPLICATION_APPLIER'],
  'clone-local': [...BACKUP],
  clone: ['CLONE_ADMIN', 'CLONE_ADMIN'],
  'lock-instance': [...BACKUP],
  'unlock-instance': [...BACKUP],
  'rotate-master-key': ['SUPER or ENCRYPTION_KEY_ADMIN', 'SUPER', 'ENCRYPTION_KEY_ADMIN'],
  'rotate-binlog-key': ['SUPER or ENCRYPTION_KEY_ADMIN', 'SUPER', 'ENCRYPTION_KEY_ADMIN'],
  'reload-keyring': ['ENCRYPTION_KEY_ADMIN', 'ENCRYPTION_KEY_ADMIN'],
  'switch-redo-log': ['INNODB_REDO_LOG_ENABLE', 'INNODB_REDO_LOG_ENABLE'],
  'reload-tls': ['CONNECTION_ADMIN', 'CONNECTION_ADMIN'],
  'create-server': [...SUPER],
  'alter-server': [...SUPER],
  'drop-server': [...SUPER],
  'drop-server-if-exists': [...SUPER],
  'create-tablespace': [...TABLESPACE],
  'create-undo-tablespace': [...TABLESPACE],
  'logfile-group': [...TABLESPACE],
  'create-resource-group': [...RESOURCE_GROUP],
  'alter-resource-group': [...RESOURCE_GROUP],
  'set-resource-group': ['RESOURCE_GROUP_ADMIN OR RESOURCE_GROUP_USER', 'RESOURCE_GROUP_ADMIN', 'RESOURCE_GROUP_USER'],
};

/** SHOW forms that want a privilege everywhere. */
export const SHOWING: Readonly<Record<string, readonly [text: string, ...names: string[]]>> = {
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
export const LISTING: ReadonlySet<string> = new Set(['tables', 'table-status', 'triggers', 'events', 'open-tables']);

export const MAINTENANCE: Readonly<Record<string, readonly string[]>> = {
  check: ['SELECT'],
  checksum: ['SELECT'],
  analyze: ['SELECT', 'INSERT'],
  optimize: ['SELECT', 'INSERT'],
  repair: ['SELECT', 'INSERT'],
};
