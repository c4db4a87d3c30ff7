// Rows of performance_schema's tables of things that are there now: sockets, locks, status and variables of each thread, the log.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-table-reference.html

import { BinaryLog } from '../../overlay/binary-log.ts';
import { systemRows } from '../../persona/system-tables.ts';
import { allVariables } from '../../persona/system-variables.ts';
import type { Value } from '../../sql/value/value.ts';
import { innodbCounters, logPosition, redoFile } from '../innodb-counters.ts';
import { oldPages } from '../innodb-status.ts';
import type { Session } from '../session.ts';
import { statusRows } from '../status.ts';
import { threadIdOf } from '../thread-id.ts';
import { variableText } from '../variables.ts';
import { innodbMetrics } from './innodb-metrics.ts';
import type { Provider, Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';
import { countedAccounts, countedBy, filled, threadRows } from './threads.ts';

/** Addresses of what is in memory: apart by what a block of it takes, from where the server's heap lies. */
const HEAP = 140_432_178_738_752n;
const BLOCK = 4_160n;

/** Where a thing of the session's server lies in memory: the same each time it is asked. */
export function address(session: Session, key: string, at: number): bigint {
  const base = HEAP + BigInt(session.server.hash(key)) * 16n;
  return base + BigInt(at) * BLOCK;
}

/** Recorded rows, each at an address of its own. */
function addressed(key: string): Provider {
  return (session) =>
    recordedRecords(key).map((row, at) => ({ ...row, OBJECT_INSTANCE_BEGIN: address(session, key, at) }));
}

function sockets(session: Session): Record_[] {
  const { port } = session.server.options;
  const listening = [
    {
      EVENT_NAME: 'wait/io/socket/sql/server_tcpip_socket',
      THREAD_ID: 1n,
      SOCKET_ID: 20n,
      IP: '::',
      PORT: BigInt(port),
    },
    { EVENT_NAME: 'wait/io/socket/sql/server_unix_socket', THREAD_ID: 1n, SOCKET_ID: 22n, IP: '', PORT: 0n },
  ];
  const clients = session.server.sessionsOf(session.overlay).map((other, at) => ({
    EVENT_NAME: 'wait/io/socket/sql/client_connection',
    THREAD_ID: threadIdOf(other.connectionId),
    SOCKET_ID: BigInt(32 + at),
    IP: other.address.includes(':') ? other.address : `::ffff:${other.address}`,
    PORT: BigInt(other.port),
  }));
  return [...listening, ...clients].map((row, at) => ({
    ...row,
    OBJECT_INSTANCE_BEGIN: address(session, 'socket', at),
    STATE: row.THREAD_ID === threadIdOf(session.connectionId) || at < 2 ? 'ACTIVE' : 'IDLE',
  }));
}

function socketSums(session: Session): Record_[] {
  return sockets(session).map((row) =>
    filled('performance_schema.socket_summary_by_instance', {
      EVENT_NAME: row.EVENT_NAME as Value,
      OBJECT_INSTANCE_BEGIN: row.OBJECT_INSTANCE_BEGIN as Value,
    }),
  );
}

/** Status that is counted for each thread, user and host. */
const COUNTED_STATUS =
  'Bytes_received Bytes_sent Com_stmt_reprepare Count_hit_tmp_table_size Created_tmp_disk_tables Created_tmp_tables Handler_commit Handler_delete Handler_discover Handler_external_lock Handler_mrr_init Handler_prepare Handler_read_first Handler_read_key Handler_read_last Handler_read_next Handler_read_prev Handler_read_rnd Handler_read_rnd_next Handler_rollback Handler_savepoint Handler_savepoint_rollback Handler_update Handler_write Max_execution_time_exceeded Max_execution_time_set Max_execution_time_set_failed Opened_table_definitions Opened_tables Questions Secondary_engine_execution_count Select_full_join Select_full_range_join Select_range Select_range_check Select_scan Slow_queries Sort_merge_passes Sort_range Sort_rows Sort_scan Table_open_cache_hits Table_open_cache_misses Table_open_cache_overflows Table_open_cache_triggers_hits Table_open_cache_triggers_misses Table_open_cache_triggers_overflows'.split(
    ' ',
  );

/** And what a thread has alone. */
const THREAD_STATUS =
  'Compression Compression_algorithm Compression_level Last_query_cost Last_query_partial_plans Open_tables Queries Slow_launch_threads Ssl_cipher Ssl_cipher_list Ssl_default_timeout Ssl_server_not_after Ssl_server_not_before Ssl_sessions_reused Ssl_verify_depth Ssl_verify_mode Ssl_version Tls_sni_server_name'.split(
    ' ',
  );

/** What channels tell that moves or is this server's own. */
const OF_CHANNEL: ReadonlySet<string> = new Set([
  'Ssl_accepts',
  'Ssl_finished_accepts',
  'Ssl_server_not_after',
  'Ssl_server_not_before',
]);

/** What each channel tells of TLS: its settings as recorded, its counters and dates as SHOW STATUS has them. */
function tlsChannels(session: Session): Record_[] {
  const values = new Map(statusRows(session, true));
  return recordedRecords('performance_schema.tls_channel_status').map((row) => {
    const own = OF_CHANNEL.has(String(row.PROPERTY)) ? values.get(String(row.PROPERTY)) : undefined;
    return own === undefined ? row : { ...row, VALUE: own };
  });
}

/** The server itself, and the daemon that has an account of its own at localhost, have done nothing of what is counted. */
function isClient({ USER, HOST }: Record_): boolean {
  return USER !== null && HOST !== null && USER !== 'event_scheduler' && HOST !== 'localhost';
}

function countedStatus(who: (session: Session) => readonly Record_[], more: readonly string[] = []): Provider {
  const names = [...COUNTED_STATUS, ...more].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return (session) => {
    const values = new Map(statusRows(session, more.length === 0));
    return who(session).flatMap((key) =>
      names.map((name) => ({
        ...key,
        VARIABLE_NAME: name,
        VARIABLE_VALUE: isClient(key) ? (values.get(name) ?? '0') : '0',
      })),
    );
  };
}

function clientThreads(session: Session): Record_[] {
  return session.server.sessionsOf(session.overlay).map((other) => ({ THREAD_ID: threadIdOf(other.connectionId) }));
}

/** The session's own variables: other sessions' are not read from here. */
function variablesByThread(session: Session): Record_[] {
  const names = [...allVariables().values()].filter((facts) => facts.readSession === 0);
  return session.server.sessionsOf(session.overlay).flatMap((other) =>
    names.map((facts) => ({
      THREAD_ID: threadIdOf(other.connectionId),
      VARIABLE_NAME: facts.name,
      VARIABLE_VALUE: variableText(other, facts, false),
    })),
  );
}

/** The query of this table takes the one lock there is. */
export function metadataLocks(session: Session): Record_[] {
  return [
    filled('performance_schema.metadata_locks', {
      OBJECT_TYPE: 'TABLE',
      OBJECT_SCHEMA: 'performance_schema',
      OBJECT_NAME: 'metadata_locks',
      OBJECT_INSTANCE_BEGIN: address(session, 'lock', session.connectionId),
      LOCK_TYPE: 'SHARED_READ',
      LOCK_DURATION: 'TRANSACTION',
      LOCK_STATUS: 'GRANTED',
      SOURCE: 'sql_parse.cc:6318',
      OWNER_THREAD_ID: threadIdOf(session.connectionId),
      OWNER_EVENT_ID: BigInt(session.asked * 2 + 3),
    }),
  ];
}

function logStatus(session: Session): Record_[] {
  const local = {
    gtid_executed: session.text('gtid_executed'),
    binary_log_file: BinaryLog.nameOf(session.overlay.binaryLog.current.number),
    binary_log_position: session.overlay.binaryLog.current.size,
  };
  const lsn = logPosition(session);
  const engines = { InnoDB: { LSN: lsn, LSN_checkpoint: lsn } };
  return [
    {
      SERVER_UUID: session.server.uuid,
      LOCAL: JSON.stringify(local),
      REPLICATION: JSON.stringify({ channels: [] }),
      STORAGE_ENGINES: JSON.stringify(engines),
    },
  ];
}

function redoFiles(session: Session): Record_[] {
  const { id, start, end, bytes } = redoFile(logPosition(session));
  return [
    {
      FILE_ID: BigInt(id),
      FILE_NAME: `./#innodb_redo/#ib_redo${id}`,
      START_LSN: BigInt(start),
      END_LSN: BigInt(end),
      SIZE_IN_BYTES: BigInt(bytes),
      IS_FULL: 0n,
      CONSUMER_LEVEL: 0n,
    },
  ];
}

/** The pool as SHOW STATUS has it; at rest nothing is told by the second. */
function poolStatistics(session: Session): Record_[] {
  const told = innodbCounters(session);
  const of = (name: string) => BigInt(told[`Innodb_${name}`] ?? 0);
  const data = of('buffer_pool_pages_data');
  return recordedRecords('information_schema.INNODB_BUFFER_POOL_STATS').map((row) => ({
    ...Object.fromEntries(Object.keys(row).map((name) => [name, 0n])),
    POOL_ID: row.POOL_ID ?? 0n,
    POOL_SIZE: row.POOL_SIZE ?? 0n,
    FREE_BUFFERS: of('buffer_pool_pages_free'),
    DATABASE_PAGES: data,
    OLD_DATABASE_PAGES: BigInt(oldPages(Number(data))),
    MODIFIED_DATABASE_PAGES: of('buffer_pool_pages_dirty'),
    NUMBER_PAGES_READ: of('pages_read'),
    NUMBER_PAGES_CREATED: of('pages_created'),
    NUMBER_PAGES_WRITTEN: of('pages_written'),
    NUMBER_PAGES_GET: of('buffer_pool_read_requests'),
  }));
}

/** The performance schema's own process list has one of the server's daemons more. */
export function systemUserProcess(session: Session): Record_ {
  const daemon = threadRows(session).find((row) => row.NAME === 'thread/sql/compress_gtid_table');
  return {
    ID: 7n,
    USER: 'system user',
    HOST: '',
    DB: null,
    COMMAND: 'Daemon',
    TIME: (daemon?.PROCESSLIST_TIME as Value | undefined) ?? 0n,
    STATE: 'Suspending',
    INFO: null,
    EXECUTION_ENGINE: 'PRIMARY',
  };
}

function accountKeys(session: Session): Record_[] {
  return countedAccounts(session).map(({ user, host }) => ({ USER: user, HOST: host }));
}

/** Names the performance schema tells of SHOW STATUS: all but those of commands. */
export function toldStatus(global: boolean): ReadonlySet<string> {
  const rows = systemRows(`performance_schema.${global ? 'global' : 'session'}_status`);
  return new Set(rows.map((row) => row[0] as string));
}

export const INSTANCES: Readonly<Record<string, Provider>> = {
  'performance_schema.innodb_redo_log_files': redoFiles,
  'information_schema.INNODB_BUFFER_POOL_STATS': poolStatistics,
  'information_schema.INNODB_METRICS': innodbMetrics,
  'performance_schema.tls_channel_status': tlsChannels,
  'performance_schema.mutex_instances': addressed('performance_schema.mutex_instances'),
  'performance_schema.rwlock_instances': addressed('performance_schema.rwlock_instances'),
  'performance_schema.cond_instances': addressed('performance_schema.cond_instances'),
  'performance_schema.events_waits_summary_by_instance': addressed(
    'performance_schema.events_waits_summary_by_instance',
  ),
  'performance_schema.file_summary_by_instance': addressed('performance_schema.file_summary_by_instance'),
  'performance_schema.socket_instances': sockets,
  'performance_schema.socket_summary_by_instance': socketSums,
  'performance_schema.status_by_account': countedStatus(accountKeys),
  'performance_schema.status_by_host': countedStatus((s) => countedBy(s, 'host').map(({ host }) => ({ HOST: host }))),
  'performance_schema.status_by_user': countedStatus((s) => countedBy(s, 'user').map(({ user }) => ({ USER: user }))),
  'performance_schema.status_by_thread': countedStatus(clientThreads, THREAD_STATUS),
  'performance_schema.variables_by_thread': variablesByThread,
  'performance_schema.log_status': logStatus,
};
