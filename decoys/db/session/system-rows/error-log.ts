// Rows of the error log: what a server says of itself while it starts.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-error-log-table.html; lines as told by a live 9.7.4 in a container.
import { fromMs, microsOf } from '../../sql/value/temporal.ts';
import type { Session } from '../session.ts';
import { microsAfter } from '../statement-history.ts';
import type { Record_ } from './record.ts';

type Line = readonly [afterMs: number, thread: bigint, priority: string, code: string, subsystem: string, data: string];

const MEMORY_BYTES = 8_335_568_896;
const PROCESSORS = 2;

function lines(session: Session): readonly Line[] {
  const version = session.version();
  const { port } = session.server.options;
  const { variables } = session.server.options.persona;
  const [socket, comment] = [variables.socket ?? '', variables.version_comment ?? ''];
  const has = 'MySQL Server has access to';
  return [
    [-2_840, 0n, 'System', 'MY-015015', 'Server', 'MySQL Server - start.'],
    [-2_190, 0n, 'System', 'MY-010116', 'Server', `/usr/sbin/mysqld (mysqld ${version}) starting as process 1`],
    [-2_190, 0n, 'System', 'MY-015603', 'Server', `${has} ${PROCESSORS} logical CPUs.`],
    [-2_190, 0n, 'System', 'MY-015603', 'Server', `${has} ${MEMORY_BYTES} bytes of physical memory.`],
    [-2_160, 1n, 'System', 'MY-013576', 'InnoDB', 'InnoDB initialization has started.'],
    [-680, 1n, 'System', 'MY-013577', 'InnoDB', 'InnoDB initialization has ended.'],
    [-45, 0n, 'Warning', 'MY-010068', 'Server', 'CA certificate ca.pem is self signed.'],
    [
      -45,
      0n,
      'System',
      'MY-013602',
      'Server',
      'Channel mysql_main configured to support TLS. Encrypted connections are now supported for this channel.',
    ],
    [
      -38,
      0n,
      'Warning',
      'MY-011810',
      'Server',
      "Insecure configuration for --pid-file: Location '/var/run/mysqld' in the path is accessible to all OS users. Consider choosing a different directory.",
    ],
    [
      0,
      0n,
      'System',
      'MY-010931',
      'Server',
      `/usr/sbin/mysqld: ready for connections. Version: '${version}'  socket: '${socket}'  port: ${port}  ${comment}.`,
    ],
  ];
}

/** Rows of performance_schema.error_log. */
export function errorLog(session: Session): Record_[] {
  const { startedMs } = session.server.options;
  const events = session.overlay.eventErrors.map(
    ({ atMs, thread, text }): Line => [
      atMs - startedMs,
      thread,
      'Error',
      'MY-010045',
      'Server',
      `Event Scheduler: ${text}`,
    ],
  );
  return [...lines(session), ...events].map(([afterMs, thread, priority, code, subsystem, data], at) => ({
    LOGGED: fromMs(startedMs + afterMs, 'datetime', microsOf(startedMs + afterMs, microsAfter(at))),
    THREAD_ID: thread,
    PRIO: priority,
    ERROR_CODE: code,
    SUBSYSTEM: subsystem,
    DATA: data,
  }));
}
