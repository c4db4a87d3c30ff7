// SHOW BINARY LOGS, BINARY LOG STATUS and BINLOG EVENTS: what the source's own writes left in its logs.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html
import { type BinaryEvent, BinaryLog } from '../../../overlay/binary-log.ts';
import { sqlError } from '../../../sql/errors.ts';
import { toText } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import { shown } from '../result.ts';
import { type Handler, limited, simple } from './filter.ts';

export const showBinaryLogs = simple('binary-logs', (x) =>
  x.session.overlay.binaryLog.files.map(({ number, size }) => [BinaryLog.nameOf(number), BigInt(size), 'No']),
);

export const showBinaryLogStatus: Handler = (x) => {
  const executed = x.session.text('gtid_executed');
  const { number, size } = x.session.overlay.binaryLog.current;
  const row = [BinaryLog.nameOf(number), BigInt(size), '', '', executed];
  const outcome = shown(x.session, 'binary-log-status', [row]);
  // The last column is as long as what it holds.
  const columns = outcome.columns.map((column, at) => (at === 4 ? { ...column, length: executed.length } : column));
  return { ...outcome, columns };
};

/** What is told of an event; GTIDs are kept as numbers. */
function toldOf(
  { server, version }: { readonly server: { readonly uuid: string }; readonly version: () => string },
  event: BinaryEvent,
): string {
  if (event.type === 'Format_desc') return `Server ver: ${version()}, Binlog ver: 4`;
  if (event.type === 'Gtid') return `SET @@SESSION.GTID_NEXT= '${server.uuid}:${event.told}'`;
  if (event.type === 'Anonymous_Gtid') return "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'";
  if (event.type !== 'Previous_gtids' || event.told === '') return event.told;
  return `${server.uuid}:1${event.told === '1' ? '' : `-${event.told}`}`;
}

function rowsOf(session: Session, name: string, events: readonly BinaryEvent[]) {
  const about = { server: session.server, version: () => session.version() };
  return events.map((event) => [name, BigInt(event.start), event.type, 1n, BigInt(event.end), toldOf(about, event)]);
}

export const showBinlogEvents: Handler = (x, s) => {
  const { files } = x.session.overlay.binaryLog;
  const named = s.name || BinaryLog.nameOf(files[0]?.number ?? 1);
  const file = files.find(({ number }) => BinaryLog.nameOf(number) === named);
  if (!file) {
    const error = sqlError('ER_ERROR_WHEN_EXECUTING_COMMAND', 'SHOW BINLOG EVENTS', 'Could not find target log');
    return { ...shown(x.session, 'binlog-events', []), error };
  }
  const rows = rowsOf(x.session, named, file.events);
  return shown(
    x.session,
    'binlog-events',
    limited(
      x,
      s,
      rows.filter((row) => Number(row[1]) >= s.position),
    ),
  );
};

/** Replicas that registered and are still there. */
export const showReplicas = simple('replicas', ({ session }) =>
  session.server.sessionsOf(session.overlay).flatMap(({ replica, userVariables }) => {
    if (!replica) return [];
    const uuid = userVariables.get('replica_uuid') ?? userVariables.get('slave_uuid') ?? '';
    return [[BigInt(replica.id), replica.host, BigInt(replica.port), BigInt(replica.sourceId), toText(uuid) ?? '']];
  }),
);
