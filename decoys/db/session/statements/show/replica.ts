// SHOW REPLICA STATUS and SHOW RELAYLOG EVENTS: a row a channel that was named.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-replica-status.html; values as told by a live 9.7.4 whose source does not answer.
import type { Channel } from '../../../overlay/replication.ts';
import { SqlError } from '../../../sql/errors.ts';
import type { Value } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import { channelsOf } from '../replication.ts';
import { shown } from '../result.ts';
import { type Handler, limited } from './filter.ts';

const RELAY_BYTES = 158n;
const FORMAT_BYTES = 127n;
const MAGIC_BYTES = 4n;

/** The relay log a channel begins with. */
export function relayLog(session: Session, { name }: Channel): string {
  return `${session.server.options.hostname}-relay-bin${name === '' ? '' : `-${name}`}.000001`;
}

/** Columns of the status that are an option as it was given, and what they are without. */
const GIVEN: Readonly<Record<string, readonly [option: string, otherwise: string]>> = {
  Source_Host: ['SOURCE_HOST', ''],
  Source_User: ['SOURCE_USER', ''],
  Source_Port: ['SOURCE_PORT', '3306'],
  Connect_Retry: ['SOURCE_CONNECT_RETRY', '60'],
  Source_Log_File: ['SOURCE_LOG_FILE', ''],
  Read_Source_Log_Pos: ['SOURCE_LOG_POS', '4'],
  Relay_Source_Log_File: ['SOURCE_LOG_FILE', ''],
  Exec_Source_Log_Pos: ['SOURCE_LOG_POS', '0'],
  Source_SSL_CA_File: ['SOURCE_SSL_CA', ''],
  Source_SSL_CA_Path: ['SOURCE_SSL_CAPATH', ''],
  Source_SSL_Cert: ['SOURCE_SSL_CERT', ''],
  Source_SSL_Cipher: ['SOURCE_SSL_CIPHER', ''],
  Source_SSL_Key: ['SOURCE_SSL_KEY', ''],
  SQL_Delay: ['SOURCE_DELAY', '0'],
  Source_Retry_Count: ['SOURCE_RETRY_COUNT', '10'],
  Source_Bind: ['SOURCE_BIND', ''],
  Source_SSL_Crl: ['SOURCE_SSL_CRL', ''],
  Source_SSL_Crlpath: ['SOURCE_SSL_CRLPATH', ''],
  Auto_Position: ['SOURCE_AUTO_POSITION', '0'],
  Source_TLS_Version: ['SOURCE_TLS_VERSION', ''],
  Source_public_key_path: ['SOURCE_PUBLIC_KEY_PATH', ''],
  Get_Source_public_key: ['GET_SOURCE_PUBLIC_KEY', '0'],
  Network_Namespace: ['NETWORK_NAMESPACE', ''],
};

const CONSTANT: Readonly<Record<string, string>> = {
  Last_Errno: '0',
  Skip_Counter: '0',
  Relay_Log_Pos: '4',
  Relay_Log_Space: '158',
  Until_Condition: 'None',
  Until_Log_Pos: '0',
  Last_IO_Errno: '0',
  Last_SQL_Errno: '0',
  Source_Server_Id: '0',
  Source_Info_File: 'mysql.slave_master_info',
};

function statusOf(session: Session, channel: Channel): Readonly<Record<string, string | null>> {
  const { options, receives, applies } = channel;
  const given = Object.entries(GIVEN).map(([column, [option, otherwise]]) => [
    column,
    options.get(option) ?? otherwise,
  ]);
  const filters = [...session.overlay.replication.filters].map(([name, { rule }]) => [
    name.replace(/[A-Z]+/g, (word) => (word === 'DB' ? 'DB' : word.charAt(0) + word.slice(1).toLowerCase())),
    rule,
  ]);
  return {
    ...CONSTANT,
    ...Object.fromEntries(given),
    ...Object.fromEntries(filters),
    Replica_IO_State: receives ? 'Connecting to source' : '',
    Relay_Log_File: relayLog(session, channel),
    Replica_IO_Running: receives ? 'Connecting' : 'No',
    Replica_SQL_Running: applies ? 'Yes' : 'No',
    Source_SSL_Allowed: options.get('SOURCE_SSL') === '0' ? 'No' : 'Yes',
    Source_SSL_Verify_Server_Cert: options.get('SOURCE_SSL_VERIFY_SERVER_CERT') === '1' ? 'Yes' : 'No',
    Seconds_Behind_Source: receives && applies ? '0' : null,
    SQL_Remaining_Delay: null,
    Replica_SQL_Running_State: applies ? 'Replica has read all relay log; waiting for more updates' : '',
    Executed_Gtid_Set: session.text('gtid_executed'),
    Channel_Name: channel.name,
  };
}

export const showReplicaStatus: Handler = ({ session }, s) => {
  const outcome = shown(session, 'replica-status', []);
  // This column is as long as what it would hold.
  const columns = outcome.columns.map((column) =>
    column.name === 'Executed_Gtid_Set' ? { ...column, length: session.text('gtid_executed').length } : column,
  );
  const rows = channelsOf(session, s.channel).map((channel): Value[] => {
    const status = statusOf(session, channel);
    return columns.map(({ name, binary }) => {
      const cell = Object.hasOwn(status, name) ? (status[name] ?? null) : '';
      return binary && cell !== null && /^\d+$/.test(cell) ? BigInt(cell) : cell;
    });
  });
  return { ...outcome, columns, rows };
};

export const showRelayLogEvents: Handler = (x, s) => {
  const { session } = x;
  const channels = channelsOf(session, s.channel);
  if (channels.length > 1)
    throw new SqlError(
      3079,
      'HY000',
      'Multiple channels exist on the replica. Please provide channel name as an argument.',
    );
  const rows = channels.flatMap((channel): Value[][] => {
    const log = relayLog(session, channel);
    const about = `Server ver: ${session.version()}, Binlog ver: 4`;
    return [
      [log, MAGIC_BYTES, 'Format_desc', 1n, FORMAT_BYTES, about],
      [log, FORMAT_BYTES, 'Previous_gtids', 1n, RELAY_BYTES, ''],
    ];
  });
  return shown(session, 'binlog-events', limited(x, s, rows));
};
