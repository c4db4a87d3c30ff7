// Writes statements to the general and the slow query log, where they are on and kept in tables, and to the session's profiles.
// Source: https://dev.mysql.com/doc/refman/9.7/en/query-log.html, slow-query-log.html
import type { LogLine } from '../overlay/statement-log.ts';
import type { Session } from './session.ts';

function isOn(session: Session, name: string): boolean {
  return session.overlay.globals.get(name) === 1n;
}

/** log_output may name files, tables or both. */
function keepsTables(session: Session): boolean {
  const output = session.overlay.globals.get('log_output');
  return typeof output === 'string' && output.includes('TABLE');
}

function line(session: Session, kind: string, text: string, rest: Partial<LogLine> = {}): LogLine {
  return {
    atMs: Date.now(),
    who: `${session.user}[${session.user}] @  [${session.address}]`,
    thread: session.connectionId,
    kind,
    text,
    schema: session.database,
    durationMs: 0,
    sent: 0,
    examined: 0,
    ...rest,
  };
}

/** Whether every statement goes to the general log's table. */
export function logsGeneral(session: Session): boolean {
  return isOn(session, 'general_log') && keepsTables(session);
}

/** A statement begins: the general log has it before it runs. */
export function logGeneral(session: Session, kind: string, text: string): void {
  if (!logsGeneral(session)) return;
  session.overlay.generalLog.add(line(session, kind, text));
}

/** A statement ended that took long. */
export function logSlow(session: Session, durationMs: number, sent: number): void {
  if (!isOn(session, 'slow_query_log') || !keepsTables(session)) return;
  const { examined } = session.work;
  session.overlay.slowLog.add(line(session, 'Query', session.info ?? '', { durationMs, sent, examined }));
}
