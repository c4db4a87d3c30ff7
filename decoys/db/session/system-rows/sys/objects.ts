// Views of schema sys over schemas, tables and indexes: what there is, how it is used, which keys repeat another or run out.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-object-overview.html and its neighbours.
import { toText, type Value } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import type { Provider, Record_ } from '../record.ts';
import { amount, grouped, mostFirst, pair, type Read, sum } from './shape.ts';

const OWN_SCHEMAS: ReadonlySet<string> = new Set(['mysql', 'sys', 'information_schema', 'performance_schema']);

function textOf(row: Record_, column: string): string {
  return toText(row[column] ?? null) ?? '';
}

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

/** Each index of the source's own tables as one row: its columns in order. */
function flattened(read: Read): Provider {
  return (session) => {
    const parts = read(session, 'information_schema.STATISTICS').filter(
      (row) => row.INDEX_TYPE === 'BTREE' && !OWN_SCHEMAS.has(textOf(row, 'TABLE_SCHEMA')),
    );
    const keyOf = (row: Record_) =>
      ['TABLE_SCHEMA', 'TABLE_NAME', 'INDEX_NAME'].map((name) => textOf(row, name)).join('\0');
    return [...grouped(parts, keyOf).values()]
      .map((members): Record_ => {
        const [first] = members as [Record_];
        return {
          table_schema: first.TABLE_SCHEMA ?? null,
          table_name: first.TABLE_NAME ?? null,
          index_name: first.INDEX_NAME ?? null,
          non_unique: amount(first, 'NON_UNIQUE'),
          subpart_exists: members.some((row) => (row.SUB_PART ?? null) !== null) ? 1n : 0n,
          index_columns: members.map((row) => textOf(row, 'COLUMN_NAME')).join(','),
        };
      })
      .sort((a, b) => {
        const [one, other] = [a, b].map((row) => `${row.table_schema}\0${row.table_name}\0${row.index_name}`);
        return (one as string) < (other as string) ? -1 : 1;
      });
  };
}

/** True where an index is of no use beside another: it is the same, or how the other begins. */
function isRedundant(index: Record_, beside: Record_): boolean {
  const [columns, others] = [textOf(index, 'index_columns'), textOf(beside, 'index_columns')];
  const [duplicates, othersDuplicate] = [amount(index, 'non_unique'), amount(beside, 'non_unique')];
  if (columns === others) {
    if (duplicates !== othersDuplicate) return duplicates > othersDuplicate;
    const [name, other] = [textOf(index, 'index_name'), textOf(beside, 'index_name')];
    return name !== 'PRIMARY' && (other === 'PRIMARY' || name > other);
  }
  if (others.startsWith(`${columns},`)) return duplicates === 1n;
  return columns.startsWith(`${others},`) && othersDuplicate === 0n;
}

function tick(name: Value | undefined): string {
  return `\`${(toText(name ?? null) ?? '').replace(/`/g, '``')}\``;
}

function redundant(read: Read): Provider {
  const keys = flattened(read);
  return (session) => {
    const all = keys(session);
    const sameTable = (a: Record_, b: Record_) => a.table_schema === b.table_schema && a.table_name === b.table_name;
    return all.flatMap((index) =>
      all
        .filter((beside) => beside !== index && sameTable(index, beside) && isRedundant(index, beside))
        .map(
          (beside): Record_ => ({
            table_schema: index.table_schema ?? null,
            table_name: index.table_name ?? null,
            redundant_index_name: index.index_name ?? null,
            redundant_index_columns: index.index_columns ?? null,
            redundant_index_non_unique: index.non_unique ?? null,
            dominant_index_name: beside.index_name ?? null,
            dominant_index_columns: beside.index_columns ?? null,
            dominant_index_non_unique: beside.non_unique ?? null,
            subpart_exists: amount(index, 'subpart_exists') || amount(beside, 'subpart_exists') ? 1n : 0n,
            sql_drop_index: `ALTER TABLE ${tick(index.table_schema)}.${tick(index.table_name)} DROP INDEX ${tick(index.index_name)}`,
          }),
        ),
    );
  };
}

const BY_INDEX = 'performance_schema.table_io_waits_summary_by_index_usage';
const BY_TABLE = 'performance_schema.table_io_waits_summary_by_table';

function indexUse(read: Read): Provider {
  return (session) =>
    mostFirst(
      read(session, BY_INDEX)
        .filter((row) => row.INDEX_NAME !== null)
        .map(
          (row): Record_ => ({
            table_schema: row.OBJECT_SCHEMA ?? null,
            table_name: row.OBJECT_NAME ?? null,
            index_name: row.INDEX_NAME ?? null,
            rows_selected: amount(row, 'COUNT_FETCH'),
            select_latency: amount(row, 'SUM_TIMER_FETCH'),
            rows_inserted: amount(row, 'COUNT_INSERT'),
            insert_latency: amount(row, 'SUM_TIMER_INSERT'),
            rows_updated: amount(row, 'COUNT_UPDATE'),
            update_latency: amount(row, 'SUM_TIMER_UPDATE'),
            rows_deleted: amount(row, 'COUNT_DELETE'),
            delete_latency: amount(row, 'SUM_TIMER_DELETE'),
            waited: amount(row, 'SUM_TIMER_WAIT'),
          }),
        ),
      'waited',
    );
}

/** Indexes nobody read, of tables that were opened; keys that hold rows together count as used. */
function unusedIndexes(read: Read): Provider {
  return (session) => {
    const unique = new Set(
      read(session, 'information_schema.STATISTICS')
        .filter((row) => amount(row, 'NON_UNIQUE') === 0n)
        .map((row) => `${row.TABLE_SCHEMA}\0${row.TABLE_NAME}\0${row.INDEX_NAME}`),
    );
    return read(session, BY_INDEX)
      .filter(
        (row) =>
          row.INDEX_NAME !== null &&
          row.INDEX_NAME !== 'PRIMARY' &&
          row.OBJECT_SCHEMA !== 'mysql' &&
          amount(row, 'COUNT_STAR') === 0n &&
          !unique.has(`${row.OBJECT_SCHEMA}\0${row.OBJECT_NAME}\0${row.INDEX_NAME}`),
      )
      .map((row) => ({
        object_schema: row.OBJECT_SCHEMA ?? null,
        object_name: row.OBJECT_NAME ?? null,
        index_name: row.INDEX_NAME ?? null,
      }));
  };
}

function fullScans(read: Read): Provider {
  return (session) =>
    mostFirst(
      read(session, BY_INDEX)
        .filter((row) => row.INDEX_NAME === null && amount(row, 'COUNT_READ') > 0n)
        .map((row) => ({
          object_schema: row.OBJECT_SCHEMA ?? null,
          object_name: row.OBJECT_NAME ?? null,
          rows_full_scanned: amount(row, 'COUNT_READ'),
          latency: amount(row, 'SUM_TIMER_WAIT'),
        })),
      'rows_full_scanned',
    );
}

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
        rows_inserted: amount(row, 'COUNT_INSERT'),
        insert_latency: amount(row, 'SUM_TIMER_INSERT'),
        rows_updated: amount(row, 'COUNT_UPDATE'),
        update_latency: amount(row, 'SUM_TIMER_UPDATE'),
        rows_deleted: amount(row, 'COUNT_DELETE'),
        delete_latency: amount(row, 'SUM_TIMER_DELETE'),
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
