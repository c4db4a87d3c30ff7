// Views of schema sys over schemas and tables: what there is, how it is used, which numbers run out.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-object-overview.html and its neighbours.
import type { Value } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import type { Provider, Record_ } from '../record.ts';
import { flattened, fullScans, indexUse, redundant, unusedIndexes } from './indexes.ts';
import { amount, changes, grouped, mostFirst, pair, type Read, sum, textOf } from './shape.ts';

/** How many things of each kind each schema has. */
function overview(read: Read): Provider {
  return (session) => {
    const counts = new Map<string, { db: string; type: string; count: bigint }>();
    const add = (db: string, type: string): void => {
      const key = `${db}\0${type}`;
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { db, type, count: 1n });
    };
    for (const row of read(session, 'information_schema.ROUTINES'))
      add(textOf(row, 'ROUTINE_SCHEMA'), textOf(row, 'ROUTINE_TYPE'));
    for (const row of read(session, 'information_schema.TABLES'))
      add(textOf(row, 'TABLE_SCHEMA'), textOf(row, 'TABLE_TYPE'));
    for (const row of read(session, 'information_schema.STATISTICS'))
      add(textOf(row, 'TABLE_SCHEMA'), `INDEX (${textOf(row, 'INDEX_TYPE')})`);
    for (const row of read(session, 'information_schema.TRIGGERS')) add(textOf(row, 'TRIGGER_SCHEMA'), 'TRIGGER');
    for (const row of read(session, 'information_schema.EVENTS')) add(textOf(row, 'EVENT_SCHEMA'), 'EVENT');
    return [...counts.values()]
      .sort((a, b) => (a.db === b.db ? (a.type < b.type ? -1 : 1) : a.db < b.db ? -1 : 1))
      .map(({ db, type, count }) => ({ db, object_type: type, count }));
  };
}

/** Largest value of each integer type, signed and unsigned. */
const LARGEST: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [127n, 255n],
  smallint: [32_767n, 65_535n],
  mediumint: [8_388_607n, 16_777_215n],
  int: [2_147_483_647n, 4_294_967_295n],
  bigint: [9_223_372_036_854_775_807n, 18_446_744_073_709_551_615n],
};

const RATIO_DIGITS = 10_000n;

function autoIncrement(session: Session): Record_[] {
  const rows: Record_[] = [];
  for (const database of session.overlay.databases.values()) {
    for (const table of database.tables.values()) {
      const column = table.columns.find((each) => each.spec.autoIncrement);
      const limits = LARGEST[column?.base ?? ''];
      if (!column || !limits) continue;
      const unsigned = column.columnType.includes('unsigned');
      const most = limits[unsigned ? 1 : 0];
      const ratio = (table.autoIncrement * RATIO_DIGITS * 2n + most) / (most * 2n);
      rows.push({
        table_schema: database.name,
        table_name: table.name,
        column_name: column.name,
        data_type: column.base,
        column_type: column.columnType,
        is_signed: unsigned ? 0n : 1n,
        is_unsigned: unsigned ? 1n : 0n,
        max_value: most,
        auto_increment: table.autoIncrement,
        auto_increment_ratio: `${ratio / RATIO_DIGITS}.${String(ratio % RATIO_DIGITS).padStart(4, '0')}`,
      });
    }
  }
  return rows.sort((a, b) => Number(b.auto_increment_ratio) - Number(a.auto_increment_ratio));
}

const BY_TABLE = 'performance_schema.table_io_waits_summary_by_table';
const TABLE_FILE = /([^/]+)\/([^/]+)\.ibd$/;

/** What was read and written of each table's own file. */
function tableFiles(read: Read): Provider {
  return (session) =>
    read(session, 'performance_schema.file_summary_by_instance').flatMap((row): Record_[] => {
      const [, schema, table] = TABLE_FILE.exec(textOf(row, 'FILE_NAME')) ?? [];
      if (schema === undefined || table === undefined || /^mysql-?/.test(schema)) return [];
      return [
        {
          table_schema: schema,
          table_name: table.replaceAll('@0024', '$'),
          count_read: amount(row, 'COUNT_READ'),
          sum_number_of_bytes_read: amount(row, 'SUM_NUMBER_OF_BYTES_READ'),
          sum_timer_read: amount(row, 'SUM_TIMER_READ'),
          count_write: amount(row, 'COUNT_WRITE'),
          sum_number_of_bytes_write: amount(row, 'SUM_NUMBER_OF_BYTES_WRITE'),
          sum_timer_write: amount(row, 'SUM_TIMER_WRITE'),
          count_misc: amount(row, 'COUNT_MISC'),
          sum_timer_misc: amount(row, 'SUM_TIMER_MISC'),
        },
      ];
    });
}

function tableUse(read: Read, buffered: boolean): Provider {
  const ofFiles = tableFiles(read);
  return (session) => {
    const files = grouped(ofFiles(session), (row) => `${row.table_schema}\0${row.table_name}`);
    const pages = buffered
      ? grouped(
          read(session, 'sys.x$innodb_buffer_stats_by_table'),
          (row) => `${row.object_schema}\0${row.object_name}`,
        )
      : new Map<string, Record_[]>();
    const rows = read(session, BY_TABLE).map((row): Record_ => {
      const key = `${row.OBJECT_SCHEMA}\0${row.OBJECT_NAME}`;
      const own = files.get(key);
      const told = (column: string): Value => (own ? sum(own, column) : null);
      const [held] = pages.get(key) ?? [];
      const page = (column: string): Value => held?.[column] ?? null;
      return {
        table_schema: row.OBJECT_SCHEMA ?? null,
        table_name: row.OBJECT_NAME ?? null,
        total_latency: amount(row, 'SUM_TIMER_WAIT'),
        rows_fetched: amount(row, 'COUNT_FETCH'),
        fetch_latency: amount(row, 'SUM_TIMER_FETCH'),
        ...changes(row),
        io_read_requests: told('count_read'),
        io_read: told('sum_number_of_bytes_read'),
        io_read_latency: told('sum_timer_read'),
        io_write_requests: told('count_write'),
        io_write: told('sum_number_of_bytes_write'),
        io_write_latency: told('sum_timer_write'),
        io_misc_requests: told('count_misc'),
        io_misc_latency: told('sum_timer_misc'),
        innodb_buffer_allocated: page('allocated'),
        innodb_buffer_data: page('data'),
        innodb_buffer_free: held ? amount(held, 'allocated') - amount(held, 'data') : null,
        innodb_buffer_pages: page('pages'),
        innodb_buffer_pages_hashed: page('pages_hashed'),
        innodb_buffer_pages_old: page('pages_old'),
        innodb_buffer_rows_cached: page('rows_cached'),
      };
    });
    return mostFirst(rows, 'total_latency');
  };
}

/** The views by name; `read` gives the rows of the tables they are over. */
export function objectViews(read: Read): Record<string, Provider> {
  const latencies = {
    total_latency: 'time',
    select_latency: 'time',
    fetch_latency: 'time',
    insert_latency: 'time',
    update_latency: 'time',
    delete_latency: 'time',
    io_read: 'bytes',
    io_read_latency: 'time',
    io_write: 'bytes',
    io_write_latency: 'time',
    io_misc_latency: 'time',
    innodb_buffer_allocated: 'bytes',
    innodb_buffer_data: 'bytes',
    innodb_buffer_free: 'bytes',
  } as const;
  return {
    'sys.schema_object_overview': overview(read),
    'sys.schema_auto_increment_columns': autoIncrement,
    'sys.x$schema_flattened_keys': flattened(read),
    'sys.schema_redundant_indexes': redundant(read),
    'sys.schema_unused_indexes': unusedIndexes(read),
    'sys.x$ps_schema_table_statistics_io': tableFiles(read),
    ...pair('schema_index_statistics', indexUse(read), latencies),
    ...pair('schema_table_statistics', tableUse(read, false), latencies),
    ...pair('schema_table_statistics_with_buffer', tableUse(read, true), latencies),
    ...pair('schema_tables_with_full_table_scans', fullScans(read), { latency: 'time' }),
  };
}
