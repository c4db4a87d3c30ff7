// SHOW BINARY LOGS, BINARY LOG STATUS and BINLOG EVENTS: which logs there are, and the events each begins and ends with.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { type BinaryLog, logName } from '../../../overlay/replication.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Value } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import { transactionsLogged } from '../../transactions-logged.ts';
import { shown } from '../result.ts';
import { type Handler, limited } from './filter.ts';

/** Where the events every log begins with end, in bytes from its start. */
const MAGIC_BYTES = 4;
const FORMAT_BYTES = 127;
const GTIDS_BYTES = 158;

export const showBinaryLogs: Handler = ({ session }) =>
  shown(
    session,
    'binary-logs',
    session.overlay.replication.logs.map((log) => [logName(log), BigInt(log.bytes), 'No']),
  );

export const showBinaryLogStatus: Handler = (x) => {
  const { current } = x.session.overlay.replication;
  const executed = x.session.text('gtid_executed');
  const row = [logName(current), BigInt(current.bytes), '', '', executed];
  const outcome = shown(x.session, 'binary-log-status', [row]);
  // The last column is as long as what it holds.
  const columns = outcome.columns.map((column, at) => (at === 4 ? { ...column, length: executed.length } : column));
  return { ...outcome, columns };
};

/** The events a log has whatever was written to it: how it is written, what came before it, and what ended it. */
function eventsOf(session: Session, log: BinaryLog): Value[][] {
  const { replication } = session.overlay;
  const name = logName(log);
  const next = replication.logs[replication.logs.indexOf(log) + 1];
  const before = log.number > 2 && transactionsLogged(session) > 0 ? session.text('gtid_executed') : '';
  const events: [string, number, string][] = [
    ['Format_desc', FORMAT_BYTES, `Server ver: ${session.version()}, Binlog ver: 4`],
    ['Previous_gtids', before === '' ? GTIDS_BYTES : Math.min(log.bytes, GTIDS_BYTES + 40), before],
  ];
  // The first log of a server ends where it was stopped, the others where the next was begun.
  if (next && log.number === 1) events.push(['Stop', log.bytes, '']);
  else if (next) events.push(['Rotate', log.bytes, `${logName(next)};pos=${MAGIC_BYTES}`]);
  let start = MAGIC_BYTES;
  return events.map(([event, end, about]) => {
    const row = [name, BigInt(start), event, 1n, BigInt(end), about];
    start = end;
    return row;
  });
}

export const showBinlogEvents: Handler = (x, s) => {
  const { logs } = x.session.overlay.replication;
  const log = s.name === '' ? logs[0] : logs.find((each) => logName(each) === s.name);
  if (!log) {
    const error = sqlError('ER_ERROR_WHEN_EXECUTING_COMMAND', 'SHOW BINLOG EVENTS', 'Could not find target log');
    return { ...shown(x.session, 'binlog-events', []), error };
  }
  const rows = eventsOf(x.session, log).filter((row) => Number(row[1]) >= s.position);
  return shown(x.session, 'binlog-events', limited(x, s, rows));
};
