// Rows of information_schema.INNODB_METRICS: those that are on count what SHOW STATUS counts, since the server started.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-innodb-metrics-table.html; which is which as a live 9.7.4 tells both.
import { innodbCounters } from '../innodb-counters.ts';
import type { Session } from '../session.ts';
import type { Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';

/** Status each counter is told under. */
const STATUS_OF: ReadonlyMap<string, string> = new Map(
  [
    ...'pages_data bytes_data pages_dirty bytes_dirty pages_free read_requests write_requests reads'
      .split(' ')
      .map((name) => [`buffer_pool_${name}`, `buffer_pool_${name}`] as const),
    ...'created written read'.split(' ').map((name) => [`buffer_pages_${name}`, `pages_${name}`] as const),
    ['buffer_data_reads', 'data_read'] as const,
    ['buffer_data_written', 'data_written'] as const,
    ...'reads writes fsyncs'.split(' ').map((name) => [`os_data_${name}`, `data_${name}`] as const),
    ['os_log_bytes_written', 'os_log_written'] as const,
    ['os_log_fsyncs', 'os_log_fsyncs'] as const,
    ['log_write_requests', 'log_write_requests'] as const,
    ['log_writes', 'log_writes'] as const,
    ['innodb_dblwr_writes', 'dblwr_writes'] as const,
    ['innodb_dblwr_pages_written', 'dblwr_pages_written'] as const,
    ...'inserted updated deleted read'
      .split(' ')
      .map(
        (done, at) => [`dml_system_${['inserts', 'updates', 'deletes', 'reads'][at]}`, `system_rows_${done}`] as const,
      ),
  ].map(([metric, status]) => [metric, `Innodb_${status}`]),
);

/** Changes of clients' rows, by what counts them. */
const CHANGES: ReadonlyMap<string, string> = new Map([
  ['dml_inserts', 'Innodb_rows_inserted'],
  ['dml_updates', 'Innodb_rows_updated'],
  ['dml_deletes', 'Innodb_rows_deleted'],
]);

/** Looks for deadlocks and for what locks weigh, once a second. */
const EVERY_SECOND: ReadonlySet<string> = new Set(['lock_deadlock_rounds', 'lock_schedule_refreshes']);

/** Rows of INNODB_METRICS. */
export function innodbMetrics(session: Session): Record_[] {
  const { counters, options } = session.server;
  const seconds = Math.max(1, Math.floor((Date.now() - options.startedMs) / 1000));
  const told = innodbCounters(session);
  const countOf = (name: string): number | undefined => {
    if (EVERY_SECOND.has(name)) return seconds;
    const change = CHANGES.get(name);
    if (change !== undefined) return counters.get(change) ?? 0;
    return told[STATUS_OF.get(name) ?? ''];
  };
  return recordedRecords('information_schema.INNODB_METRICS').map((row) => {
    if (row.STATUS !== 'enabled') return row;
    const count = countOf(String(row.NAME));
    const now = count === undefined ? row.COUNT : BigInt(count);
    const value = (column: string) => (row[column] === null || count === undefined ? row[column] : now);
    const average = (column: string) => (row[column] === null ? null : Number(now) / seconds);
    return {
      ...row,
      COUNT: now,
      MAX_COUNT: value('MAX_COUNT'),
      MIN_COUNT: value('MIN_COUNT'),
      AVG_COUNT: average('AVG_COUNT'),
      COUNT_RESET: now,
      MAX_COUNT_RESET: value('MAX_COUNT_RESET'),
      MIN_COUNT_RESET: value('MIN_COUNT_RESET'),
      AVG_COUNT_RESET: average('AVG_COUNT_RESET'),
      TIME_ELAPSED: BigInt(seconds),
    } as Record_;
  });
}
