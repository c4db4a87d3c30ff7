// Views of schema sys over threads: what each does and did, as `processlist` and `session` tell it, and how clients' TLS is.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-processlist.html, sys-session.html, sys-session-ssl-status.html
import { toText, type Value } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import type { Provider, Record_ } from '../record.ts';
import { amount, grouped, pair, type Read, who } from './shape.ts';

function text(row: Record_ | undefined, column: string): string | null {
  return toText(row?.[column] ?? null);
}

/** A client by account and host, a thread of the server by what comes after `thread/`. */
function nameOf(thread: Record_): string {
  if (thread.NAME === 'thread/sql/one_connection')
    return `${text(thread, 'PROCESSLIST_USER')}@${text(thread, 'PROCESSLIST_HOST')}`;
  return (text(thread, 'NAME') ?? '').replace('thread/', '');
}

function line(read: Read, session: Session): (thread: Record_) => Record_ {
  const byThread = (table: string) =>
    grouped(read(session, `performance_schema.${table}`), (row) => String(row.THREAD_ID));
  const statements = byThread('events_statements_current');
  const transactions = byThread('events_transactions_current');
  const attributes = grouped(read(session, 'performance_schema.session_connect_attrs'), (row) =>
    String(row.PROCESSLIST_ID),
  );
  return (thread) => {
    const [statement] = statements.get(String(thread.THREAD_ID)) ?? [];
    const [transaction] = transactions.get(String(thread.THREAD_ID)) ?? [];
    const told = attributes.get(String(thread.PROCESSLIST_ID)) ?? [];
    const attribute = (name: string) =>
      text(
        told.find((row) => row.ATTR_NAME === name),
        'ATTR_VALUE',
      );
    const ended = statement !== undefined && (statement.END_EVENT_ID ?? null) !== null;
    const of = (column: string): Value => statement?.[column] ?? null;
    const scanned = amount(statement ?? {}, 'NO_INDEX_USED') + amount(statement ?? {}, 'NO_GOOD_INDEX_USED') > 0n;
    return {
      thd_id: thread.THREAD_ID ?? null,
      conn_id: thread.PROCESSLIST_ID ?? null,
      user: nameOf(thread),
      db: thread.PROCESSLIST_DB ?? null,
      command: thread.PROCESSLIST_COMMAND ?? null,
      state: thread.PROCESSLIST_STATE ?? null,
      time: thread.PROCESSLIST_TIME ?? null,
      current_statement: thread.PROCESSLIST_INFO ?? null,
      execution_engine: thread.EXECUTION_ENGINE ?? null,
      statement_latency: ended ? null : of('TIMER_WAIT'),
      progress: null,
      lock_latency: of('LOCK_TIME'),
      cpu_latency: of('CPU_TIME'),
      rows_examined: of('ROWS_EXAMINED'),
      rows_sent: of('ROWS_SENT'),
      rows_affected: of('ROWS_AFFECTED'),
      tmp_tables: of('CREATED_TMP_TABLES'),
      tmp_disk_tables: of('CREATED_TMP_DISK_TABLES'),
      full_scan: scanned ? 'YES' : 'NO',
      last_statement: ended ? of('SQL_TEXT') : null,
      last_statement_latency: ended ? of('TIMER_WAIT') : null,
      current_memory: thread.TOTAL_MEMORY ?? null,
      last_wait: null,
      last_wait_latency: null,
      source: null,
      trx_latency: transaction?.TIMER_WAIT ?? null,
      trx_state: transaction?.STATE ?? null,
      trx_autocommit: transaction?.AUTOCOMMIT ?? null,
      pid: attribute('_pid'),
      program_name: attribute('program_name'),
    };
  };
}

/** Clients first, those that work longest before the others. */
function processes(read: Read): Provider {
  return (session) =>
    read(session, 'performance_schema.threads')
      .map(line(read, session))
      .sort((a, b) => Number(amount(b, 'time') - amount(a, 'time')));
}

function sessions(read: Read): Provider {
  const all = processes(read);
  return (session) => all(session).filter((row) => (row.conn_id ?? null) !== null && row.command !== 'Daemon');
}

function tls(read: Read): Provider {
  const names = ['Ssl_version', 'Ssl_cipher', 'Ssl_sessions_reused'];
  return (session) => {
    const status = read(session, 'performance_schema.status_by_thread').filter((row) =>
      names.includes(who(row, 'VARIABLE_NAME')),
    );
    return [...grouped(status, (row) => String(row.THREAD_ID))].map(([id, rows]): Record_ => {
      const of = (name: string) =>
        text(
          rows.find((row) => row.VARIABLE_NAME === name),
          'VARIABLE_VALUE',
        );
      return {
        thread_id: BigInt(id),
        ssl_version: of('Ssl_version'),
        ssl_cipher: of('Ssl_cipher'),
        ssl_sessions_reused: of('Ssl_sessions_reused'),
      };
    });
  };
}

/** The views by name; `read` gives the rows of the tables they are over. */
export function connectionViews(read: Read): Record<string, Provider> {
  const told = {
    current_statement: 'statement',
    last_statement: 'statement',
    statement_latency: 'time',
    lock_latency: 'time',
    cpu_latency: 'time',
    last_statement_latency: 'time',
    current_memory: 'bytes',
    trx_latency: 'time',
  } as const;
  return {
    ...pair('processlist', processes(read), told),
    ...pair('session', sessions(read), told),
    'sys.session_ssl_status': tls(read),
  };
}
