// Views of schema sys over files read and written, memory held, and counters: io_global_*, memory_global_*, metrics.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-io-global-by-file-by-bytes.html and its neighbours.
import { toText } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import { statusRows } from '../../status.ts';
import { toldStatus } from '../instances.ts';
import type { Provider, Record_ } from '../record.ts';
import { amount, grouped, largest, mostFirst, pair, quotient, type Read, smallest, sum, who } from './shape.ts';

const FILES = 'wait/io/file/';

function byFile(read: Read): (session: Session) => readonly Record_[] {
  return (session) => read(session, 'performance_schema.file_summary_by_instance');
}

/** How often, and how many bytes, were read and written. */
function requests(row: Record_): Record_ {
  const got = amount(row, 'SUM_NUMBER_OF_BYTES_READ');
  return {
    count_read: amount(row, 'COUNT_READ'),
    total_read: got,
    avg_read: quotient(got, amount(row, 'COUNT_READ')),
    count_write: amount(row, 'COUNT_WRITE'),
    total_written: amount(row, 'SUM_NUMBER_OF_BYTES_WRITE'),
  };
}

function fileBytes(read: Read): Provider {
  return (session) =>
    mostFirst(
      byFile(read)(session).map((row): Record_ => {
        const [got, put] = [amount(row, 'SUM_NUMBER_OF_BYTES_READ'), amount(row, 'SUM_NUMBER_OF_BYTES_WRITE')];
        const share = got + put === 0n ? 0 : 100 - (100 * Number(got)) / Number(got + put);
        return {
          file: row.FILE_NAME ?? null,
          ...requests(row),
          avg_write: quotient(put, amount(row, 'COUNT_WRITE')),
          total: got + put,
          write_pct: share.toFixed(2),
        };
      }),
      'total',
    );
}

function fileLatency(read: Read): Provider {
  return (session) =>
    mostFirst(
      byFile(read)(session).map((row) => ({
        file: row.FILE_NAME ?? null,
        total: amount(row, 'COUNT_STAR'),
        total_latency: amount(row, 'SUM_TIMER_WAIT'),
        count_read: amount(row, 'COUNT_READ'),
        read_latency: amount(row, 'SUM_TIMER_READ'),
        count_write: amount(row, 'COUNT_WRITE'),
        write_latency: amount(row, 'SUM_TIMER_WRITE'),
        count_misc: amount(row, 'COUNT_MISC'),
        misc_latency: amount(row, 'SUM_TIMER_MISC'),
      })),
      'total_latency',
    );
}

/** Kinds of files anything was done with, by what comes after `wait/io/file/`. */
function kinds(read: Read, session: Session): readonly Record_[] {
  return read(session, 'performance_schema.file_summary_by_event_name').filter(
    (row) => who(row, 'EVENT_NAME').startsWith(FILES) && amount(row, 'COUNT_STAR') > 0n,
  );
}

function transfer(row: Record_): Record_ {
  const [got, put] = [amount(row, 'SUM_NUMBER_OF_BYTES_READ'), amount(row, 'SUM_NUMBER_OF_BYTES_WRITE')];
  return {
    event_name: who(row, 'EVENT_NAME').slice(FILES.length),
    total: amount(row, 'COUNT_STAR'),
    total_latency: amount(row, 'SUM_TIMER_WAIT'),
    min_latency: amount(row, 'MIN_TIMER_WAIT'),
    avg_latency: amount(row, 'AVG_TIMER_WAIT'),
    max_latency: amount(row, 'MAX_TIMER_WAIT'),
    read_latency: amount(row, 'SUM_TIMER_READ'),
    write_latency: amount(row, 'SUM_TIMER_WRITE'),
    misc_latency: amount(row, 'SUM_TIMER_MISC'),
    ...requests(row),
    avg_written: quotient(put, amount(row, 'COUNT_WRITE')),
    total_requested: got + put,
  };
}

function kindViews(read: Read): Record<string, Provider> {
  const by =
    (order: string): Provider =>
    (session) =>
      mostFirst(kinds(read, session).map(transfer), order);
  const times = { total_latency: 'time', min_latency: 'time', avg_latency: 'time', max_latency: 'time' } as const;
  const bytes = { total_read: 'bytes', avg_read: 'bytes', total_written: 'bytes', avg_written: 'bytes' } as const;
  return {
    ...pair('io_global_by_wait_by_bytes', by('total_requested'), { ...times, ...bytes, total_requested: 'bytes' }),
    ...pair('io_global_by_wait_by_latency', by('total_latency'), {
      ...times,
      ...bytes,
      read_latency: 'time',
      write_latency: 'time',
      misc_latency: 'time',
    }),
  };
}

/** What each thread did with files, most time first: those that did nothing are left out. */
function byThread(read: Read): Provider {
  return (session) => {
    const waits = read(session, 'performance_schema.events_waits_summary_by_thread_by_event_name').filter(
      (row) => who(row, 'EVENT_NAME').startsWith(FILES) && amount(row, 'SUM_TIMER_WAIT') > 0n,
    );
    const threads = new Map(
      read(session, 'performance_schema.threads').map((row) => [String(row.THREAD_ID), row] as const),
    );
    const rows = [...grouped(waits, (row) => String(row.THREAD_ID))].map(([id, members]): Record_ => {
      const thread = threads.get(id) ?? {};
      const name = (toText(thread.NAME ?? null) ?? '').split('/').at(-1) ?? '';
      const client = thread.PROCESSLIST_ID !== null && thread.PROCESSLIST_ID !== undefined;
      const latency = sum(members, 'SUM_TIMER_WAIT');
      return {
        user: client ? `${toText(thread.PROCESSLIST_USER ?? null)}@${toText(thread.PROCESSLIST_HOST ?? null)}` : name,
        total: sum(members, 'COUNT_STAR'),
        total_latency: latency,
        min_latency: smallest(members, 'MIN_TIMER_WAIT'),
        avg_latency: quotient(sum(members, 'AVG_TIMER_WAIT'), BigInt(members.length)),
        max_latency: largest(members, 'MAX_TIMER_WAIT'),
        thread_id: BigInt(id),
        processlist_id: thread.PROCESSLIST_ID ?? null,
      };
    });
    return mostFirst(rows, 'total_latency');
  };
}

function heldMemory(read: Read, session: Session): bigint {
  return sum(read(session, 'performance_schema.memory_summary_global_by_event_name'), 'CURRENT_NUMBER_OF_BYTES_USED');
}

function memoryByEvent(read: Read): Provider {
  return (session) =>
    mostFirst(
      read(session, 'performance_schema.memory_summary_global_by_event_name')
        .filter((row) => amount(row, 'CURRENT_NUMBER_OF_BYTES_USED') > 0n)
        .map((row) => {
          const [count, bytes] = [amount(row, 'CURRENT_COUNT_USED'), amount(row, 'CURRENT_NUMBER_OF_BYTES_USED')];
          const [most, mostBytes] = [amount(row, 'HIGH_COUNT_USED'), amount(row, 'HIGH_NUMBER_OF_BYTES_USED')];
          return {
            event_name: row.EVENT_NAME ?? null,
            current_count: count,
            current_alloc: bytes,
            current_avg_alloc: quotient(bytes, count),
            high_count: most,
            high_alloc: mostBytes,
            high_avg_alloc: quotient(mostBytes, most),
          };
        }),
      'current_alloc',
    );
}

function memoryTotal(read: Read): Provider {
  return (session) => [{ total_allocated: heldMemory(read, session) }];
}

/** Counters of InnoDB that the status has under other names. */
const COUNTED_AS_STATUS: ReadonlySet<string> = new Set(
  'buffer_data_reads buffer_data_written buffer_pages_created buffer_pages_read buffer_pages_written buffer_pool_bytes_data buffer_pool_bytes_dirty buffer_pool_pages_data buffer_pool_pages_dirty buffer_pool_pages_free buffer_pool_pages_misc buffer_pool_pages_total buffer_pool_reads buffer_pool_read_ahead buffer_pool_read_ahead_evicted buffer_pool_read_requests buffer_pool_wait_free buffer_pool_write_requests file_num_open_files lock_row_lock_time lock_row_lock_time_avg lock_row_lock_time_max lock_row_lock_waits log_waits log_writes log_write_requests os_log_bytes_written os_log_fsyncs os_log_pending_fsyncs os_log_pending_writes'.split(
    ' ',
  ),
);

function metrics(read: Read): Provider {
  return (session) => {
    const told = toldStatus(true);
    const status = statusRows(session, true)
      .filter(([name]) => told.has(name))
      .map(
        ([name, value]): Record_ => ({
          Variable_name: name.toLowerCase(),
          Variable_value: value,
          Type: 'Global Status',
          Enabled: 'YES',
        }),
      )
      .sort((a, b) => ((a.Variable_name as string) < (b.Variable_name as string) ? -1 : 1));
    const names = new Set(status.map((row) => row.Variable_name));
    const engine = read(session, 'information_schema.INNODB_METRICS')
      .filter((row) => !names.has(who(row, 'NAME')) && !COUNTED_AS_STATUS.has(who(row, 'NAME')))
      .map(
        (row): Record_ => ({
          Variable_name: row.NAME ?? null,
          Variable_value: String(amount(row, 'COUNT')),
          Type: `InnoDB Metrics - ${who(row, 'SUBSYSTEM').toLowerCase()}`,
          Enabled: row.STATUS === 'enabled' ? 'YES' : 'NO',
        }),
      )
      .sort((a, b) => {
        const [one, other] = [`${a.Type}\0${a.Variable_name}`, `${b.Type}\0${b.Variable_name}`];
        return one < other ? -1 : 1;
      });
    const memory = read(session, 'performance_schema.memory_summary_global_by_event_name');
    const now = Date.now();
    const moment = new Date(now + session.timezoneOffsetMs()).toISOString().replace('T', ' ').slice(0, 23);
    const last = (name: string, value: string, type: string): Record_ => ({
      Variable_name: name,
      Variable_value: value,
      Type: type,
      Enabled: 'YES',
    });
    return [
      ...status,
      ...engine,
      last('memory_current_allocated', String(sum(memory, 'CURRENT_NUMBER_OF_BYTES_USED')), 'Performance Schema'),
      last('memory_total_allocated', String(sum(memory, 'SUM_NUMBER_OF_BYTES_ALLOC')), 'Performance Schema'),
      last('NOW()', moment, 'System Time'),
      last('UNIX_TIMESTAMP()', (now / 1000).toFixed(3), 'System Time'),
    ];
  };
}

/** The views by name; `read` gives the rows of the tables they are over. */
export function fileViews(read: Read): Record<string, Provider> {
  return {
    ...pair('io_global_by_file_by_bytes', fileBytes(read), {
      file: 'path',
      total_read: 'bytes',
      avg_read: 'bytes',
      total_written: 'bytes',
      avg_write: 'bytes',
      total: 'bytes',
    }),
    ...pair('io_global_by_file_by_latency', fileLatency(read), {
      file: 'path',
      total_latency: 'time',
      read_latency: 'time',
      write_latency: 'time',
      misc_latency: 'time',
    }),
    ...kindViews(read),
    ...pair('io_by_thread_by_latency', byThread(read), {
      total_latency: 'time',
      min_latency: 'time',
      avg_latency: 'time',
      max_latency: 'time',
    }),
    ...pair('memory_global_by_current_bytes', memoryByEvent(read), {
      current_alloc: 'bytes',
      current_avg_alloc: 'bytes',
      high_alloc: 'bytes',
      high_avg_alloc: 'bytes',
    }),
    ...pair('memory_global_total', memoryTotal(read), { total_allocated: 'bytes' }),
    'sys.metrics': metrics(read),
  };
}
