// Views of schema sys over indexes: their columns, which repeat another, which are read and which never.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-redundant-indexes.html and its neighbours.
import { quoteName } from '../../../sql/quote-name.ts';
import type { Provider, Record_ } from '../record.ts';
import { amount, changes, grouped, mostFirst, type Read, textOf } from './shape.ts';

const OWN_SCHEMAS: ReadonlySet<string> = new Set(['mysql', 'sys', 'information_schema', 'performance_schema']);

/** Each index of the source's own tables as one row: its columns in order. */
export function flattened(read: Read): Provider {
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

/** Rows of schema_redundant_indexes. */
export function redundant(read: Read): Provider {
  const keys = flattened(read);
  return (session) => {
    const byTable = grouped(keys(session), (row) => `${row.table_schema}\0${row.table_name}`);
    return [...byTable.values()].flatMap((all) =>
      all.flatMap((index) =>
        all
          .filter((beside) => beside !== index && isRedundant(index, beside))
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
              sql_drop_index: `ALTER TABLE ${quoteName(textOf(index, 'table_schema'))}.${quoteName(textOf(index, 'table_name'))} DROP INDEX ${quoteName(textOf(index, 'index_name'))}`,
            }),
          ),
      ),
    );
  };
}

const BY_INDEX = 'performance_schema.table_io_waits_summary_by_index_usage';

/** Rows of schema_index_statistics. */
export function indexUse(read: Read): Provider {
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
            ...changes(row),
            waited: amount(row, 'SUM_TIMER_WAIT'),
          }),
        ),
      'waited',
    );
}

/** Indexes nobody read, of tables that were opened; keys that hold rows together count as used. */
export function unusedIndexes(read: Read): Provider {
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

/** Rows of schema_tables_with_full_table_scans. */
export function fullScans(read: Read): Provider {
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
