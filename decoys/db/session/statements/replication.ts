// Replication statements: what a source says of where it would replicate from, and of the threads that would. Nothing is connected to.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-replication-statements.html; errors as answered by a live 9.7.4.

import type { Channel } from '../../overlay/replication.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { EVERY_CHANNEL } from '../../sql/parse/replication.ts';
import { detached } from '../../sql/value/detached.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';

type Handler = (x: Execution, s: StatementOf<'administration'>) => Outcome;

function failing(code: number, message: string): SqlError {
  return new SqlError(code, 'HY000', message);
}

/** What a statement the grammar takes and the server does not is answered with. */
export function noSuchSyntax(): SqlError {
  return new SqlError(
    1149,
    '42000',
    'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use',
  );
}

function unknownChannel(name: string): SqlError {
  return failing(3074, `Replica channel '${name}' does not exist.`);
}

/** Channels a statement is about; all where it names none. Throws 3074. */
export function channelsOf(session: Session, name: string): readonly Channel[] {
  const { channels } = session.overlay.replication;
  if (name === EVERY_CHANNEL) return [...channels.values()];
  const known = channels.get(name);
  if (known) return [known];
  if (name === '') return [];
  throw unknownChannel(name);
}

const NOT_A_REPLICA =
  'The server is not configured as replica; fix in config file or with CHANGE REPLICATION SOURCE TO';

/** Longest password, in characters; longest delay and heartbeat period, in s. */
const PASSWORD_CHARACTERS = 32;
const MOST_DELAY = 2_147_483_647;
const MOST_HEARTBEAT = 4_294_967;
const GROUP_CHANNELS: ReadonlySet<string> = new Set(['group_replication_applier', 'group_replication_recovery']);
const POSITIONS = ['SOURCE_LOG_FILE', 'SOURCE_LOG_POS', 'RELAY_LOG_FILE', 'RELAY_LOG_POS'];

type Check = (session: Session, value: string, channel: Channel, given: ReadonlyMap<string, string>) => void;

function wanted(channel: Channel, given: ReadonlyMap<string, string>, name: string): string {
  return given.get(name) ?? channel.options.get(name) ?? '0';
}

const NOTES = {
  plain: 'Sending passwords in plain text without SSL/TLS is extremely insecure.',
  stored:
    "Storing MySQL user name or password information in the connection metadata repository is not secure and is therefore not recommended. Please consider using the USER and PASSWORD connection options for START REPLICA; see the 'START REPLICA Syntax' in the MySQL Manual for more information.",
  assigned:
    'Using ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS creates limitations on the replication topology - you cannot fail over between downstream and upstream servers. Only use this option if it is not possible to enable GTIDs on the source, for instance, because of lack of permissions. If possible, use the procedure for enabling GTID transactions online instead, as described in the documentation.',
  noHeartbeat:
    'The requested value for the heartbeat period is less than 1 millisecond. The value is reset to 0, meaning that heartbeating will effectively be disabled.',
};

/** What each option refuses. */
const CHECKS: Readonly<Record<string, Check>> = {
  __proto__: null as never,
  SOURCE_HOST(_session, value) {
    if (value === '') throw sqlError('ER_WRONG_ARGUMENTS', 'SOURCE_HOST');
    if (value.includes('\n')) throw failing(1525, `Incorrect argument contains not-allowed LF value: '${value}'`);
  },
  SOURCE_PASSWORD(_session, value) {
    if ([...value].length > PASSWORD_CHARACTERS)
      throw failing(3056, `The password provided for the replication user exceeds the maximum length of 32 characters`);
  },
  SOURCE_DELAY(_session, value) {
    if (Number(value) > MOST_DELAY)
      throw failing(1729, `The requested value ${value} for the source delay exceeds the maximum ${MOST_DELAY}`);
  },
  SOURCE_HEARTBEAT_PERIOD(session, value) {
    if (Number(value) > MOST_HEARTBEAT)
      throw failing(
        1624,
        `The requested value for the heartbeat period is either negative or exceeds the maximum allowed (${MOST_HEARTBEAT} seconds).`,
      );
    if (Number(value) > 0 && Number(value) < 0.001) session.addWarning('Warning', 1703, NOTES.noHeartbeat);
  },
  SOURCE_COMPRESSION_ALGORITHMS(_session, value, { name }) {
    if (!value.split(',').every((word) => ['zlib', 'zstd', 'uncompressed'].includes(word.toLowerCase())))
      throw failing(3920, `Invalid SOURCE_COMPRESSION_ALGORITHMS '${value}' for channel '${name}'.`);
  },
  SOURCE_ZSTD_COMPRESSION_LEVEL(_session, value, { name }) {
    if (Number(value) < 1 || Number(value) > 22)
      throw failing(3921, `Invalid SOURCE_ZSTD_COMPRESSION_LEVEL ${value} for channel '${name}'.`);
  },
  PRIVILEGE_CHECKS_USER(session, value, { name }) {
    if (value === 'NULL' || session.overlay.accounts.has(value.replaceAll('`', ''))) return;
    throw failing(
      3926,
      `PRIVILEGE_CHECKS_USER for replication channel '${name}' was set to ${value}, but this is not an existing user.`,
    );
  },
  IGNORE_SERVER_IDS(session, value, { name }) {
    if (value !== '' && session.text('gtid_mode') === 'ON')
      throw failing(
        3139,
        `CHANGE REPLICATION SOURCE TO ... IGNORE_SERVER_IDS='...' when @@GLOBAL.GTID_MODE = ON cannot be performed on channel '${name}'.`,
      );
  },
  GTID_ONLY(session, value, channel, given) {
    const ready =
      session.text('gtid_mode') === 'ON' &&
      wanted(channel, given, 'SOURCE_AUTO_POSITION') === '1' &&
      wanted(channel, given, 'REQUIRE_ROW_FORMAT') === '1';
    if (value !== '0' && !ready)
      throw failing(
        4065,
        `GTID_ONLY cannot be enabled for replication channel '${channel.name}'. You need GTID_MODE = ON, SOURCE_AUTO_POSITION = 1 and REQUIRE_ROW_FORMAT = 1.`,
      );
  },
  SOURCE_CONNECTION_AUTO_FAILOVER(_session, value, channel, given) {
    if (value !== '0' && wanted(channel, given, 'SOURCE_AUTO_POSITION') !== '1')
      throw failing(
        3991,
        'Failed to enable Asynchronous Replication Connection Failover feature. The CHANGE REPLICATION SOURCE TO SOURCE_CONNECTION_AUTO_FAILOVER = 1 can only be set when SOURCE_AUTO_POSITION option of CHANGE REPLICATION SOURCE TO is enabled.',
      );
  },
  RELAY_LOG_FILE() {
    throw failing(
      1380,
      "Failed initializing relay log position: Could not find target log file mentioned in applier metadata in the index file './relay-bin.index' during relay log initialization",
    );
  },
};

/** Options that are the applier's business; all others are the receiver's. */
const APPLIERS = new Set(['SOURCE_DELAY', 'PRIVILEGE_CHECKS_USER', 'REQUIRE_ROW_FORMAT', 'RELAY_LOG_POS']);

function refuseRunning(channel: Channel, given: ReadonlyMap<string, string>): void {
  const receiver = [...given.keys()].some((name) => !APPLIERS.has(name));
  const running = channel.receives && receiver ? 'io' : channel.applies && !receiver ? 'sql' : '';
  if (running === '') return;
  throw failing(
    running === 'io' ? 3021 : 3085,
    `This operation cannot be performed with a running replica ${running} thread; run STOP REPLICA ${running.toUpperCase()}_THREAD FOR CHANNEL '${channel.name}' first.`,
  );
}

const changeSource: Handler = ({ session }, s) => {
  const name = s.text === EVERY_CHANNEL ? '' : s.text;
  if (GROUP_CHANNELS.has(name))
    throw failing(
      3139,
      `CHANGE REPLICATION SOURCE with the given parameters cannot be performed on channel '${name}'.`,
    );
  const given = new Map<string, string>();
  for (let at = 0; at + 1 < s.names.length; at += 2) given.set(s.names[at] as string, s.names[at + 1] as string);
  const { replication } = session.overlay;
  const isNew = !replication.channels.has(name);
  const channel = replication.channel(name);
  if (!channel) throw failing(1871, 'Replica failed to initialize connection metadata structure from the repository');
  try {
    refuseRunning(channel, given);
    if (wanted(channel, given, 'SOURCE_AUTO_POSITION') === '1' && POSITIONS.some((option) => given.has(option)))
      throw failing(
        1776,
        'Parameters SOURCE_LOG_FILE, SOURCE_LOG_POS, RELAY_LOG_FILE and RELAY_LOG_POS cannot be set when SOURCE_AUTO_POSITION is active.',
      );
    for (const [option, value] of given) CHECKS[option]?.(session, value, channel, given);
    session.server.overlays.claim(session.overlay, 'slave_master_info', s.names.join('').length + name.length, 0);
  } catch (error) {
    if (isNew && error instanceof SqlError && error.code !== 1380) replication.channels.delete(name);
    throw error;
  }
  noteSecrets(session, given);
  for (const [option, value] of given) channel.options.set(option, detached(value));
  return OK;
};

function noteSecrets(session: Session, given: ReadonlyMap<string, string>): void {
  if (given.has('SOURCE_USER') || given.has('SOURCE_PASSWORD')) {
    if (session.tlsVersion === '') session.addWarning('Note', 1759, NOTES.plain);
    session.addWarning('Note', 1760, NOTES.stored);
  }
  if ((given.get('ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS') ?? 'OFF') !== 'OFF')
    session.addWarning('Note', 4017, NOTES.assigned);
}

const changeFilter: Handler = ({ session }, s) => {
  if (s.text !== EVERY_CHANNEL && !session.overlay.replication.channels.has(s.text))
    throw failing(
      1794,
      'Replica is not configured or failed to initialize properly. You must at least set --server-id to enable either a source or a replica. Additional error messages can be found in the MySQL error log.',
    );
  const { filters } = session.overlay.replication;
  for (let at = 0; at + 1 < s.names.length; at += 2) {
    const [name = '', rule = ''] = s.names.slice(at, at + 2);
    if (name.includes('WILD') && rule !== '' && !rule.split(',').every((each) => each.includes('.')))
      throw failing(
        3067,
        "Supplied filter list contains a value which is not in the required format 'db_pattern.table_pattern'",
      );
    session.server.overlays.claim(session.overlay, 'filters', rule.length, 0);
    filters.set(name, { rule: detached(rule), sinceMs: Date.now() });
  }
  return OK;
};

/** Threads a START or STOP is about. */
function threadsOf(names: readonly string[]): { receiver: boolean; applier: boolean } {
  const io = names.includes('IO_THREAD');
  const sql = names.includes('SQL_THREAD');
  return { receiver: io || !sql, applier: sql || !io };
}

function refuseUntil(names: readonly string[], channels: number): void {
  const until = names.filter((name) => name.startsWith('UNTIL ')).map((name) => name.slice('UNTIL '.length));
  if (until.length === 0) return;
  const half = until.some((name) => name.endsWith('_FILE')) !== until.some((name) => name.endsWith('_POS'));
  if (half) throw failing(1277, 'Incorrect parameter or combination of parameters for START REPLICA UNTIL');
  if (channels > 1)
    throw failing(3079, 'Multiple channels exist on the replica. Please provide channel name as an argument.');
}

const startReplica: Handler = ({ session }, s) => {
  const channels = channelsOf(session, s.text);
  const { receiver, applier } = threadsOf(s.names);
  refuseUntil(s.names, channels.length);
  if (channels.length === 0 && receiver) throw failing(1200, NOT_A_REPLICA);
  for (const channel of channels) {
    if (receiver && !channel.options.has('SOURCE_HOST')) throw failing(1200, NOT_A_REPLICA);
    if ((!receiver || channel.receives) && (!applier || channel.applies))
      session.addWarning('Note', 3083, `Replication thread(s) for channel '${channel.name}' are already runnning.`);
    if (receiver) channel.receives = true;
    if (applier) channel.applies = true;
  }
  return OK;
};

const stopReplica: Handler = ({ session }, s) => {
  const { receiver, applier } = threadsOf(s.names);
  const channels = channelsOf(session, s.text);
  if (channels.length === 0)
    session.addWarning('Note', 3084, "Replication thread(s) for channel '' are already stopped.");
  for (const channel of channels) {
    if (!(receiver && channel.receives) && !(applier && channel.applies))
      session.addWarning('Note', 3084, `Replication thread(s) for channel '${channel.name}' are already stopped.`);
    if (receiver) channel.receives = false;
    if (applier) channel.applies = false;
  }
  return OK;
};

function resetReplica(all: boolean): Handler {
  return ({ session }, s) => {
    const channels = channelsOf(session, s.text);
    const running = channels.find((channel) => channel.receives || channel.applies);
    if (running)
      throw failing(
        3081,
        `This operation cannot be performed with running replication threads; run STOP REPLICA FOR CHANNEL '${running.name}' first`,
      );
    for (const channel of channels) if (all) session.overlay.replication.channels.delete(channel.name);
    return OK;
  };
}

export const REPLICATION_STATEMENTS: Readonly<Record<string, Handler>> = {
  'change-source': changeSource,
  'change-filter': changeFilter,
  'start-replica': startReplica,
  'stop-replica': stopReplica,
  'reset-replica': resetReplica(false),
  'reset-replica-all': resetReplica(true),
};
