// SHOW BINARY LOGS, BINARY LOG STATUS and BINLOG EVENTS of a server that has logged nothing since its start.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { shown } from '../result.ts';
import type { Handler } from './filter.ts';
import { simple } from './filter.ts';

const LOG_BYTES = 158;

export const showBinaryLogs = simple('binary-logs', () => [
  ['binlog.000001', 181n, 'No'],
  ['binlog.000002', BigInt(LOG_BYTES), 'No'],
]);

export const showBinaryLogStatus: Handler = (x) => {
  const executed = x.session.text('gtid_executed');
  const outcome = shown(x.session, 'binary-log-status', [['binlog.000002', BigInt(LOG_BYTES), '', '', executed]]);
  // The last column is as long as what it holds.
  const columns = outcome.columns.map((column, at) => (at === 4 ? { ...column, length: executed.length } : column));
  return { ...outcome, columns };
};

export const showBinlogEvents = simple('binlog-events', (x) => [
  ['binlog.000001', 4n, 'Format_desc', 1n, 127n, `Server ver: ${x.session.version()}, Binlog ver: 4`],
  ['binlog.000001', 127n, 'Previous_gtids', 1n, 158n, ''],
]);
