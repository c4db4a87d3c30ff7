// SHOW BINARY LOGS, BINARY LOG STATUS and BINLOG EVENTS of a server that has logged nothing since its start.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { sqlError } from '../../../sql/errors.ts';
import { shown } from '../result.ts';
import { type Handler, limited, simple } from './filter.ts';

/** Where the events of a log end, in bytes from its start. */
const MAGIC_BYTES = 4;
const FORMAT_BYTES = 127;
const LOG_BYTES = 158;
const FIRST_LOG_BYTES = 181;

export const showBinaryLogs = simple('binary-logs', () => [
  ['binlog.000001', BigInt(FIRST_LOG_BYTES), 'No'],
  ['binlog.000002', BigInt(LOG_BYTES), 'No'],
]);

export const showBinaryLogStatus: Handler = (x) => {
  const executed = x.session.text('gtid_executed');
  const outcome = shown(x.session, 'binary-log-status', [['binlog.000002', BigInt(LOG_BYTES), '', '', executed]]);
  // The last column is as long as what it holds.
  const columns = outcome.columns.map((column, at) => (at === 4 ? { ...column, length: executed.length } : column));
  return { ...outcome, columns };
};

/** What a log holds and where each ends: how it is written, which transactions came before it, the end of a server. */
const LOGS: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  'binlog.000001': [
    ['Format_desc', FORMAT_BYTES],
    ['Previous_gtids', LOG_BYTES],
    ['Stop', FIRST_LOG_BYTES],
  ],
  'binlog.000002': [
    ['Format_desc', FORMAT_BYTES],
    ['Previous_gtids', LOG_BYTES],
  ],
};

export const showBinlogEvents: Handler = (x, s) => {
  const name = s.name || 'binlog.000001';
  const log = Object.hasOwn(LOGS, name) ? LOGS[name] : undefined;
  if (!log) {
    const error = sqlError('ER_ERROR_WHEN_EXECUTING_COMMAND', 'SHOW BINLOG EVENTS', 'Could not find target log');
    return { ...shown(x.session, 'binlog-events', []), error };
  }
  let start = MAGIC_BYTES;
  const rows = log.map(([event, end]) => {
    const about = event === 'Format_desc' ? `Server ver: ${x.session.version()}, Binlog ver: 4` : '';
    const row = [name, BigInt(start), event, 1n, BigInt(end), about];
    start = end;
    return row;
  });
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
