// The general and the slow query log where log_output has them in tables, and the variables a source changed.
// Source: https://dev.mysql.com/doc/refman/9.7/en/log-destinations.html, performance-schema-variables-info-table.html
import { fromMs } from '../../sql/value/temporal.ts';
import type { Session } from '../session.ts';
import { threadIdOf } from '../thread-id.ts';
import { address } from './instances.ts';
import type { Provider, Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';
import { filled } from './threads.ts';

const generalLog: Provider = (session) =>
  session.overlay.generalLog.lines().map((line) => ({
    event_time: fromMs(line.atMs, 'datetime'),
    user_host: line.who,
    thread_id: BigInt(line.thread),
    server_id: 1n,
    command_type: line.kind,
    argument: Buffer.from(line.text, 'latin1'),
  }));

function timeText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const micros = String(Math.floor(ms * 1000) % 1_000_000).padStart(6, '0');
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${micros}`;
}

const slowLog: Provider = (session) =>
  session.overlay.slowLog.lines().map((line) => ({
    start_time: fromMs(line.atMs, 'datetime'),
    user_host: line.who,
    query_time: timeText(line.durationMs),
    lock_time: timeText(0),
    rows_sent: BigInt(line.sent),
    rows_examined: BigInt(line.examined),
    db: line.schema,
    last_insert_id: 0n,
    insert_id: 0n,
    server_id: 1n,
    sql_text: Buffer.from(line.text, 'latin1'),
    thread_id: BigInt(line.thread),
  }));

/** SET NAMES and the login set these without leaving a mark. */
const UNMARKED: ReadonlySet<string> = new Set([
  'character_set_client',
  'character_set_connection',
  'character_set_results',
  'collation_connection',
]);

/** Where each variable's value is from; one that was set is told by whom. */
function variablesInfo(session: Session): Record_[] {
  const { globals } = session.overlay;
  return recordedRecords('performance_schema.variables_info').map((row) => {
    const name = String(row.VARIABLE_NAME);
    const ownMark = session.variables.has(name) && !UNMARKED.has(name);
    if (!globals.has(name) && !ownMark) return row;
    return { ...row, VARIABLE_SOURCE: 'DYNAMIC', SET_USER: session.user };
  });
}

function userVariables(session: Session): Record_[] {
  return session.server.sessionsOf(session.overlay).flatMap((other) =>
    [...other.userVariables.entries()].map(([name, value]) => ({
      THREAD_ID: threadIdOf(other.connectionId),
      VARIABLE_NAME: name,
      VARIABLE_VALUE: value,
    })),
  );
}

/** Statements sessions keep by PREPARE. */
function prepared(session: Session): Record_[] {
  return session.server.sessionsOf(session.overlay).flatMap((other) =>
    [...other.prepared.entries()].map(([name, text], at) =>
      filled('performance_schema.prepared_statements_instances', {
        OBJECT_INSTANCE_BEGIN: address(other, 'prepared', at),
        STATEMENT_ID: BigInt(at + 1),
        STATEMENT_NAME: name,
        SQL_TEXT: text.toString('latin1'),
        OWNER_THREAD_ID: threadIdOf(other.connectionId),
        OWNER_EVENT_ID: BigInt(other.asked + 1),
        EXECUTION_ENGINE: 'PRIMARY',
      }),
    ),
  );
}

export const LOGS: Readonly<Record<string, Provider>> = {
  'mysql.general_log': generalLog,
  'mysql.slow_log': slowLog,
  'performance_schema.variables_info': variablesInfo,
  'performance_schema.user_variables_by_thread': userVariables,
  'performance_schema.prepared_statements_instances': prepared,
};
