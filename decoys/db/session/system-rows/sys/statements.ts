// Views of schema sys over the statements a server was asked, by their digest: all of them, and those that had errors, scanned,
// sorted, made temporary tables or took long.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-statement-analysis.html and its neighbours.
import type { Value } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import type { Provider, Record_ } from '../record.ts';
import { amount, mostFirst, pair, quotient, type Read, rounded, sum } from './shape.ts';

const DIGESTS = 'performance_schema.events_statements_summary_by_digest';
const MICROSECOND = 1_000_000n;

/** All a view of statements may tell of one. */
function toldOf(row: Record_): Record_ {
  const count = amount(row, 'COUNT_STAR');
  const of = (column: string) => amount(row, column);
  const each = (column: string) => rounded(of(column), count);
  const share = (column: string) => quotient(of(column) * 100n, count);
  const tables = of('SUM_CREATED_TMP_TABLES');
  return {
    query: row.DIGEST_TEXT ?? null,
    db: row.SCHEMA_NAME ?? null,
    full_scan: of('SUM_NO_GOOD_INDEX_USED') > 0n || of('SUM_NO_INDEX_USED') > 0n ? '*' : '',
    exec_count: count,
    exec_secondary_count: of('COUNT_SECONDARY'),
    err_count: of('SUM_ERRORS'),
    warn_count: of('SUM_WARNINGS'),
    errors: of('SUM_ERRORS'),
    warnings: of('SUM_WARNINGS'),
    error_pct: share('SUM_ERRORS'),
    warning_pct: share('SUM_WARNINGS'),
    total_latency: of('SUM_TIMER_WAIT'),
    max_latency: of('MAX_TIMER_WAIT'),
    avg_latency: of('AVG_TIMER_WAIT'),
    lock_latency: of('SUM_LOCK_TIME'),
    cpu_latency: of('SUM_CPU_TIME'),
    rows_sent: of('SUM_ROWS_SENT'),
    rows_sent_avg: each('SUM_ROWS_SENT'),
    rows_examined: of('SUM_ROWS_EXAMINED'),
    rows_examined_avg: each('SUM_ROWS_EXAMINED'),
    rows_affected: of('SUM_ROWS_AFFECTED'),
    rows_affected_avg: each('SUM_ROWS_AFFECTED'),
    tmp_tables: tables,
    tmp_disk_tables: of('SUM_CREATED_TMP_DISK_TABLES'),
    memory_tmp_tables: tables,
    disk_tmp_tables: of('SUM_CREATED_TMP_DISK_TABLES'),
    avg_tmp_tables_per_query: each('SUM_CREATED_TMP_TABLES'),
    tmp_tables_to_disk_pct: rounded(of('SUM_CREATED_TMP_DISK_TABLES') * 100n, tables),
    rows_sorted: of('SUM_SORT_ROWS'),
    avg_rows_sorted: each('SUM_SORT_ROWS'),
    sort_merge_passes: of('SUM_SORT_MERGE_PASSES'),
    avg_sort_merges: each('SUM_SORT_MERGE_PASSES'),
    sorts_using_scans: of('SUM_SORT_SCAN'),
    sort_using_range: of('SUM_SORT_RANGE'),
    no_index_used_count: of('SUM_NO_INDEX_USED'),
    no_good_index_used_count: of('SUM_NO_GOOD_INDEX_USED'),
    no_index_used_pct: rounded(of('SUM_NO_INDEX_USED') * 100n, count),
    max_controlled_memory: of('MAX_CONTROLLED_MEMORY'),
    max_total_memory: of('MAX_TOTAL_MEMORY'),
    digest: row.DIGEST ?? null,
    first_seen: row.FIRST_SEEN ?? null,
    last_seen: row.LAST_SEEN ?? null,
  };
}

/** How many statements took how long on average, in microseconds, and which average all but one in twenty stay below. */
function distribution(rows: readonly Record_[]): { readonly counts: Record_[]; readonly slow: Record_[] } {
  const counts = new Map<bigint, bigint>();
  for (const row of rows) {
    const micros = rounded(amount(row, 'AVG_TIMER_WAIT'), MICROSECOND);
    counts.set(micros, (counts.get(micros) ?? 0n) + 1n);
  }
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  let before = 0n;
  const slow = sorted.flatMap(([micros, count]) => {
    before += count;
    const percentile = quotient(before, BigInt(rows.length));
    return Number(percentile) > SLOW_SHARE ? [{ avg_us: micros, percentile }] : [];
  });
  return { counts: [...counts].map(([micros, count]) => ({ cnt: count, avg_us: micros })), slow: slow.slice(0, 1) };
}

const SLOW_SHARE = 0.95;

/** The views by name; `read` gives the rows of the tables they are over. */
export function statementViews(read: Read): Record<string, Provider> {
  const digests = (session: Session) => read(session, DIGESTS);
  const those =
    (keep: (told: Record_, session: Session) => boolean, order: string): Provider =>
    (session) =>
      mostFirst(
        digests(session)
          .map(toldOf)
          .filter((told) => keep(told, session)),
        order,
      );
  const told = {
    query: 'statement',
    total_latency: 'time',
    max_latency: 'time',
    avg_latency: 'time',
    lock_latency: 'time',
    cpu_latency: 'time',
    max_controlled_memory: 'bytes',
    max_total_memory: 'bytes',
  } as const;
  const scanned = (row: Record_) => row.full_scan === '*' && !/^(SHOW|DESC)/i.test(String((row.query as Value) ?? ''));
  return {
    ...pair(
      'statement_analysis',
      those(() => true, 'total_latency'),
      told,
    ),
    ...pair(
      'statements_with_errors_or_warnings',
      those((row) => sum([row], 'errors') + sum([row], 'warnings') > 0n, 'errors'),
      { query: 'statement' },
    ),
    ...pair('statements_with_full_table_scans', those(scanned, 'no_index_used_pct'), told),
    ...pair(
      'statements_with_sorting',
      those((row) => amount(row, 'rows_sorted') > 0n, 'total_latency'),
      told,
    ),
    ...pair(
      'statements_with_temp_tables',
      those((row) => amount(row, 'memory_tmp_tables') > 0n, 'disk_tmp_tables'),
      told,
    ),
    ...pair(
      'statements_with_runtimes_in_95th_percentile',
      those((row, session) => {
        const [slow] = distribution(digests(session)).slow;
        return slow !== undefined && rounded(amount(row, 'avg_latency'), MICROSECOND) >= amount(slow, 'avg_us');
      }, 'avg_latency'),
      told,
    ),
    'sys.x$ps_digest_avg_latency_distribution': (session) => distribution(digests(session)).counts,
    'sys.x$ps_digest_95th_percentile_by_avg_us': (session) => distribution(digests(session)).slow,
  };
}
