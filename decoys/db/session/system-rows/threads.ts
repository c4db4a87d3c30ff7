// Rows of performance_schema.threads and of what it counts by account: the server's own threads and the connections there are.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-threads-table.html
import { systemRows, systemTable } from '../../persona/system-tables.ts';
import { formatBytes } from '../../sql/functions/info.ts';
import type { Value } from '../../sql/value/value.ts';
import { TYPE } from '../../wire/constants.ts';
import { firstThread } from '../innodb-counters.ts';
import type { Session } from '../session.ts';
import { threadIdOf } from '../thread-id.ts';
import type { Record_ } from './record.ts';

/** Bytes a connection of little work holds. */
const SESSION_MEMORY = 127_367n;
const SESSION_CONTROLLED = 39_056n;

/** A record of `key`'s columns: those not given are NULL where they may be, else 0 or empty. */
/** What stands for a moment there was none of. */
const NO_MOMENT = '0000-00-00 00:00:00.000000';

/** A row of a recorded table: the columns given, the others as they are on a server that does nothing. */
export function filled(key: string, given: Record_): Record_ {
  const [schema, name] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
  const out: Record<string, Value> = {};
  for (const column of systemTable(schema, name)?.columns ?? []) {
    const value = given[column.name];
    const moment = column.wire?.type === TYPE.TIMESTAMP || column.wire?.type === TYPE.DATETIME;
    const empty = column.wire?.text ? '' : moment ? NO_MOMENT : 0n;
    out[column.name] = value !== undefined ? value : column.nullable ? null : empty;
  }
  return out;
}

function uptimeSeconds(session: Session): bigint {
  return BigInt(Math.floor((Date.now() - session.server.options.startedMs) / 1000));
}

/** Ids of the recorded server's first two threads: that of the process, and the first it started. */
const RECORDED_PROCESS = 23_362;
const RECORDED_FIRST = 23_385;
/** Ids a start leaves between its first thread and those of clients. */
const BEFORE_CLIENTS = 44;

/** In a container the server is process 1; its threads come after those that made it ready. */
function ownOsId(session: Session, recorded: number): bigint {
  if (recorded === RECORDED_PROCESS) return 1n;
  return BigInt(firstThread(session) + recorded - RECORDED_FIRST);
}

/** The server's own threads as recorded, without the clients of that recording. */
function ownThreads(session: Session): Record_[] {
  const key = 'performance_schema.threads';
  const names = systemTable('performance_schema', 'threads')?.columns.map((column) => column.name) ?? [];
  return systemRows(key)
    .map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])))
    .filter((row) => row.NAME !== 'thread/sql/one_connection')
    .map((row) => ({
      ...row,
      THREAD_OS_ID: ownOsId(session, Number(row.THREAD_OS_ID)),
      ...(row.PROCESSLIST_TIME === null ? {} : { PROCESSLIST_TIME: uptimeSeconds(session) }),
    }));
}

/** Rows of performance_schema.threads. */
export function threadRows(session: Session): Record_[] {
  const now = Date.now();
  const clients = session.server.sessionsOf(session.overlay).map((other) => {
    const asking = other === session;
    const asleep = other.command === 'Sleep' && !asking;
    return filled('performance_schema.threads', {
      THREAD_ID: threadIdOf(other.connectionId),
      NAME: 'thread/sql/one_connection',
      TYPE: 'FOREGROUND',
      PROCESSLIST_ID: BigInt(other.connectionId),
      PROCESSLIST_USER: other.user,
      PROCESSLIST_HOST: other.address,
      PROCESSLIST_DB: other.database === '' ? null : other.database,
      PROCESSLIST_COMMAND: asking ? 'Query' : other.command,
      PROCESSLIST_TIME: asking ? 0n : BigInt(Math.max(0, Math.floor((now - other.commandMs) / 1000))),
      PROCESSLIST_STATE: asking ? 'executing' : asleep ? null : other.state,
      PROCESSLIST_INFO: asleep ? null : other.info,
      INSTRUMENTED: 'YES',
      HISTORY: 'YES',
      CONNECTION_TYPE: other.tlsCipher === '' ? 'TCP/IP' : 'SSL/TLS',
      THREAD_OS_ID: BigInt(firstThread(session) + BEFORE_CLIENTS + other.connectionId),
      RESOURCE_GROUP: other.resourceGroup || 'USR_default',
      EXECUTION_ENGINE: 'PRIMARY',
      CONTROLLED_MEMORY: SESSION_CONTROLLED,
      MAX_CONTROLLED_MEMORY: SESSION_CONTROLLED,
      TOTAL_MEMORY: SESSION_MEMORY,
      MAX_TOTAL_MEMORY: SESSION_MEMORY,
      TELEMETRY_ACTIVE: 'NO',
    });
  });
  return [...ownThreads(session), ...clients];
}

/** An account, host or user the server counts for: `null` is the server itself. */
export interface Counted {
  readonly user: string | null;
  readonly host: string | null;
  readonly connections: number;
  /** Since the start, those that ended and those that were refused too. */
  readonly total: number;
}

const BACKGROUND_THREADS = 30;
const SERVER_THREADS_EVER = 37;

/** Accounts seen since the start, in the order they came. */
export function countedAccounts(session: Session): Counted[] {
  const clients = new Map<string, Counted>();
  for (const { user, host, times } of session.server.countedOf(session.overlay).accounts.all())
    clients.set(`${user}\0${host}`, { user, host, connections: 0, total: times });
  for (const { user, address } of session.server.sessionsOf(session.overlay)) {
    const key = `${user}\0${address}`;
    const { connections = 0, total = 1 } = clients.get(key) ?? {};
    clients.set(key, { user, host: address, connections: connections + 1, total });
  }
  return [
    { user: null, host: null, connections: BACKGROUND_THREADS, total: SERVER_THREADS_EVER },
    { user: 'event_scheduler', host: 'localhost', connections: 1, total: 1 },
    ...clients.values(),
  ];
}

/** The same by one of user and host alone. */
export function countedBy(session: Session, what: 'user' | 'host'): Counted[] {
  const out = new Map<string | null, Counted>();
  for (const account of countedAccounts(session)) {
    const before = out.get(account[what]);
    out.set(account[what], {
      ...account,
      connections: account.connections + (before?.connections ?? 0),
      total: account.total + (before?.total ?? 0),
    });
  }
  return [...out.values()];
}

const SERVER_MEMORY = { controlled: 2_110_520n, total: 117_449_419n };

function connectionRow({ user, host, connections, total }: Counted, columns: Record_): Record_ {
  const server = user === null && host === null;
  return {
    ...columns,
    CURRENT_CONNECTIONS: BigInt(connections),
    TOTAL_CONNECTIONS: BigInt(total),
    MAX_SESSION_CONTROLLED_MEMORY: server
      ? SERVER_MEMORY.controlled
      : user === 'event_scheduler'
        ? 0n
        : SESSION_CONTROLLED,
    MAX_SESSION_TOTAL_MEMORY: server ? SERVER_MEMORY.total : user === 'event_scheduler' ? 16_665n : SESSION_MEMORY,
  };
}

/** Rows of performance_schema.accounts. */
export function accounts(session: Session): Record_[] {
  return countedAccounts(session).map((each) => connectionRow(each, { USER: each.user, HOST: each.host }));
}

/** Rows of performance_schema.hosts. */
export function hosts(session: Session): Record_[] {
  return countedBy(session, 'host').map((each) => connectionRow(each, { HOST: each.host }));
}

/** Rows of performance_schema.users. */
export function usersSeen(session: Session): Record_[] {
  return countedBy(session, 'user').map((each) => connectionRow(each, { USER: each.user }));
}

/** What each thread holds, most first: the view of it by event would need more rows than a statement may hold. */
export function threadMemory(formatted: boolean): (session: Session) => Record_[] {
  const told = (bytes: bigint): Value => (formatted ? formatBytes(Number(bytes)) : bytes);
  return (session) =>
    threadRows(session)
      .map((row) => {
        const bytes = BigInt(row.TOTAL_MEMORY as string | bigint);
        const count = bytes / 512n;
        const client = row.NAME === 'thread/sql/one_connection';
        return {
          bytes,
          thread_id: row.THREAD_ID as Value,
          user: client
            ? `${String(row.PROCESSLIST_USER)}@${String(row.PROCESSLIST_HOST)}`
            : String(row.NAME).replace('thread/', ''),
          current_count_used: count,
          current_allocated: told(bytes),
          current_avg_alloc: told(count === 0n ? 0n : bytes / count),
          current_max_alloc: told(bytes / 3n),
          total_allocated: told(bytes * 2n),
        };
      })
      .sort((a, b) => Number(b.bytes - a.bytes));
}
