// Rows of the process list and of what clients said of themselves.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-processlist-table.html

import type { Session } from '../session.ts';
import type { Record_ } from './record.ts';

/** One line of the process list. */
export interface Process {
  readonly id: bigint;
  readonly user: string;
  readonly host: string;
  readonly db: string | null;
  readonly command: string;
  readonly seconds: bigint;
  readonly state: string | null;
  readonly info: string | null;
}

/** When the event scheduler last had something to do; undefined where no event waits for its moment. */
function schedulerWokenMs({ overlay }: Session): number | undefined {
  let woken: number | undefined;
  for (const { event, alteredMs } of overlay.routines.values())
    if (event?.status === 'ENABLED') woken = Math.max(woken ?? 0, alteredMs, event.lastMs ?? 0);
  return woken;
}

/** What threads of the server and of the source's connections do now. */
export function processes(session: Session): Process[] {
  const now = Date.now();
  const uptime = BigInt(Math.floor((now - session.server.options.startedMs) / 1000));
  const woken = schedulerWokenMs(session);
  const scheduler: Process = {
    id: 5n,
    user: 'event_scheduler',
    host: 'localhost',
    db: null,
    command: 'Daemon',
    seconds: woken === undefined ? uptime : BigInt(Math.max(0, Math.floor((now - woken) / 1000))),
    state: woken === undefined ? 'Waiting on empty queue' : 'Waiting for next activation',
    info: null,
  };
  const own = session.server.sessionsOf(session.overlay).map(
    (other): Process => ({
      id: BigInt(other.connectionId),
      user: other.user === '' ? 'unauthenticated user' : other.user,
      host: `${other.address}:${other.port}`,
      db: other.database === '' ? null : other.database,
      command: other === session ? 'Query' : other.command,
      seconds: BigInt(Math.max(0, Math.floor((now - other.commandMs) / 1000))),
      state: other === session ? 'init' : other.command === 'Sleep' ? '' : other.state,
      info: other.command === 'Sleep' && other !== session ? null : other.info,
    }),
  );
  const held = session.privileges();
  const scheduled = session.readVariable('event_scheduler', 'global').value !== 'OFF';
  const all = [...(scheduled ? [scheduler] : []), ...own.sort((a, b) => Number(a.id - b.id))];
  // Without PROCESS a client sees its own account's connections.
  return !held || held.everywhere('PROCESS') ? all : all.filter((process) => process.user === session.user);
}

/** Rows of information_schema.PROCESSLIST; TIME in seconds. */
export function processList(session: Session): Record_[] {
  return processes(session).map((p) => ({
    ID: p.id,
    USER: p.user,
    HOST: p.host,
    DB: p.db,
    COMMAND: p.command,
    TIME: p.seconds,
    STATE: p.state,
    INFO: p.info,
    EXECUTION_ENGINE: 'PRIMARY',
  }));
}

/** Rows of performance_schema.session_connect_attrs. */
export function sessionAttributes(session: Session): Record_[] {
  return session.server.sessionsOf(session.overlay).flatMap((other) =>
    [...other.attributes].map(([name, value], at) => ({
      PROCESSLIST_ID: BigInt(other.connectionId),
      ATTR_NAME: name,
      ATTR_VALUE: value,
      ORDINAL_POSITION: BigInt(at),
    })),
  );
}

/** As the view of INFORMATION_SCHEMA has them: the latest connection first, and its own statement under way. */
export function processView(session: Session): Record_[] {
  const own = BigInt(session.connectionId);
  return processList(session)
    .map((row) => (row.ID === own ? { ...row, STATE: 'executing' } : row))
    .reverse();
}
