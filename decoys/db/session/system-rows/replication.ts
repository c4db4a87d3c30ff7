// Rows of the tables about replication: its channels as CHANGE REPLICATION SOURCE left them, filters, transactions done.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-replication-tables.html, replica-logs-status.html
import type { Channel } from '../../overlay/replication.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { relayLog } from '../statements/show/replica.ts';
import type { Provider, Record_ } from './record.ts';
import { filled } from './threads.ts';

type Row = (session: Session, channel: Channel, option: (name: string, otherwise: string) => string) => Record_;

/** A row for each channel; columns not named are empty, zero or NULL as the table has them. */
function eachChannel(key: string, row: Row): Provider {
  return (session) =>
    [...session.overlay.replication.channels.values()].map((channel) => {
      const told = row(session, channel, (name, otherwise) => channel.options.get(name) ?? otherwise);
      return filled(key, told as Readonly<Record<string, Value>>);
    });
}

function yes(value: string): string {
  return value === '1' ? 'YES' : 'NO';
}

const configuration: Row = (_session, { name }, option) => ({
  CHANNEL_NAME: name,
  HOST: option('SOURCE_HOST', ''),
  PORT: BigInt(option('SOURCE_PORT', '3306')),
  USER: option('SOURCE_USER', ''),
  NETWORK_INTERFACE: option('SOURCE_BIND', ''),
  AUTO_POSITION: option('SOURCE_AUTO_POSITION', '0'),
  SSL_ALLOWED: yes(option('SOURCE_SSL', '1')),
  SSL_CA_FILE: option('SOURCE_SSL_CA', ''),
  SSL_CA_PATH: option('SOURCE_SSL_CAPATH', ''),
  SSL_CERTIFICATE: option('SOURCE_SSL_CERT', ''),
  SSL_CIPHER: option('SOURCE_SSL_CIPHER', ''),
  SSL_KEY: option('SOURCE_SSL_KEY', ''),
  SSL_VERIFY_SERVER_CERTIFICATE: yes(option('SOURCE_SSL_VERIFY_SERVER_CERT', '0')),
  SSL_CRL_FILE: option('SOURCE_SSL_CRL', ''),
  SSL_CRL_PATH: option('SOURCE_SSL_CRLPATH', ''),
  CONNECTION_RETRY_INTERVAL: BigInt(option('SOURCE_CONNECT_RETRY', '60')),
  CONNECTION_RETRY_COUNT: BigInt(option('SOURCE_RETRY_COUNT', '10')),
  HEARTBEAT_INTERVAL: Number(option('SOURCE_HEARTBEAT_PERIOD', '30')),
  TLS_VERSION: option('SOURCE_TLS_VERSION', ''),
  PUBLIC_KEY_PATH: option('SOURCE_PUBLIC_KEY_PATH', ''),
  GET_PUBLIC_KEY: yes(option('GET_SOURCE_PUBLIC_KEY', '0')),
  NETWORK_NAMESPACE: option('NETWORK_NAMESPACE', ''),
  COMPRESSION_ALGORITHM: option('SOURCE_COMPRESSION_ALGORITHMS', 'uncompressed'),
  ZSTD_COMPRESSION_LEVEL: BigInt(option('SOURCE_ZSTD_COMPRESSION_LEVEL', '3')),
  TLS_CIPHERSUITES: null,
  SOURCE_CONNECTION_AUTO_FAILOVER: option('SOURCE_CONNECTION_AUTO_FAILOVER', '0'),
  GTID_ONLY: option('GTID_ONLY', '0'),
});

const sourceInfo: Row = (_session, { name }, option) => ({
  Number_of_lines: 33n,
  Master_log_name: option('SOURCE_LOG_FILE', ''),
  Master_log_pos: BigInt(option('SOURCE_LOG_POS', '4')),
  Host: option('SOURCE_HOST', ''),
  User_name: option('SOURCE_USER', ''),
  User_password: option('SOURCE_PASSWORD', ''),
  Port: BigInt(option('SOURCE_PORT', '3306')),
  Connect_retry: BigInt(option('SOURCE_CONNECT_RETRY', '60')),
  Enabled_ssl: BigInt(option('SOURCE_SSL', '1')),
  Ssl_verify_server_cert: 0n,
  Heartbeat: Number(option('SOURCE_HEARTBEAT_PERIOD', '30')),
  Ignored_server_ids: '0',
  Retry_count: BigInt(option('SOURCE_RETRY_COUNT', '10')),
  Enabled_auto_position: BigInt(option('SOURCE_AUTO_POSITION', '0')),
  Channel_name: name,
  Master_compression_algorithm: option('SOURCE_COMPRESSION_ALGORITHMS', 'uncompressed'),
  Master_zstd_compression_level: BigInt(option('SOURCE_ZSTD_COMPRESSION_LEVEL', '3')),
  Tls_ciphersuites: null,
});

export const REPLICATION: Readonly<Record<string, Provider>> = {
  'mysql.gtid_executed': (session) => {
    const last = session.overlay.binaryLog.given;
    if (last === 0) return [];
    return [{ source_uuid: session.server.uuid, interval_start: 1n, interval_end: BigInt(last), gtid_tag: '' }];
  },
  'performance_schema.replication_connection_configuration': eachChannel(
    'performance_schema.replication_connection_configuration',
    configuration,
  ),
  'performance_schema.replication_connection_status': eachChannel(
    'performance_schema.replication_connection_status',
    (_session, { name, receives }) => ({
      CHANNEL_NAME: name,
      THREAD_ID: null,
      SERVICE_STATE: receives ? 'CONNECTING' : 'OFF',
      LAST_QUEUED_TRANSACTION: '',
      QUEUEING_TRANSACTION: '',
    }),
  ),
  'performance_schema.replication_applier_configuration': eachChannel(
    'performance_schema.replication_applier_configuration',
    (_session, { name }, option) => ({
      CHANNEL_NAME: name,
      DESIRED_DELAY: BigInt(option('SOURCE_DELAY', '0')),
      PRIVILEGE_CHECKS_USER: null,
      REQUIRE_ROW_FORMAT: yes(option('REQUIRE_ROW_FORMAT', '0')),
      REQUIRE_TABLE_PRIMARY_KEY_CHECK: option('REQUIRE_TABLE_PRIMARY_KEY_CHECK', 'STREAM'),
      ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE: option('ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS', 'OFF'),
      ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_VALUE: null,
    }),
  ),
  'performance_schema.replication_applier_status': eachChannel(
    'performance_schema.replication_applier_status',
    (_session, { name, applies }) => ({
      CHANNEL_NAME: name,
      SERVICE_STATE: applies ? 'ON' : 'OFF',
      REMAINING_DELAY: null,
    }),
  ),
  'performance_schema.replication_applier_status_by_worker': eachChannel(
    'performance_schema.replication_applier_status_by_worker',
    (_session, { name, applies }) => ({
      CHANNEL_NAME: name,
      THREAD_ID: null,
      SERVICE_STATE: applies ? 'ON' : 'OFF',
      LAST_APPLIED_TRANSACTION: '',
      APPLYING_TRANSACTION: '',
    }),
  ),
  'performance_schema.replication_applier_global_filters': (session) =>
    [...session.overlay.replication.filters].map(([name, { rule, sinceMs }]) => ({
      FILTER_NAME: name,
      FILTER_RULE: rule,
      CONFIGURED_BY: 'CHANGE_REPLICATION_FILTER',
      ACTIVE_SINCE: new Date(sinceMs).toISOString().replace('T', ' ').replace('Z', '000'),
    })),
  'mysql.slave_master_info': eachChannel('mysql.slave_master_info', sourceInfo),
  'mysql.slave_relay_log_info': eachChannel('mysql.slave_relay_log_info', (session, channel, option) => ({
    Number_of_lines: 14n,
    Relay_log_name: `./${relayLog(session, channel)}`,
    Relay_log_pos: 4n,
    Master_log_name: option('SOURCE_LOG_FILE', ''),
    Master_log_pos: BigInt(option('SOURCE_LOG_POS', '0')),
    Sql_delay: BigInt(option('SOURCE_DELAY', '0')),
    Id: 1n,
    Channel_name: channel.name,
    Privilege_checks_username: null,
    Privilege_checks_hostname: null,
    Require_table_primary_key_check: option('REQUIRE_TABLE_PRIMARY_KEY_CHECK', 'STREAM'),
    Assign_gtids_to_anonymous_transactions_type: option('ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS', 'OFF'),
  })),
};
