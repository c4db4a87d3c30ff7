// What InnoDB reckons of a source's tables: their rows, pages and different keys.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-persistent-stats.html; numbers as a live 9.7.4 gives them.
import type { OverlayTable } from '../../overlay/table.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { toText } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { clusteredBy, indexesOf, keyColumns, known, otherPages, pages } from './innodb-tables.ts';
import type { Provider, Record_ } from './record.ts';

export const TABLE_STATS: Provider = (session) =>
  known(session).map(({ table, ids, name }) => {
    const used = table.changedMs > 0;
    const rows = BigInt(table.rows.length);
    const counts = table.columns.some((column) => column.spec.autoIncrement);
    return {
      TABLE_ID: ids.table,
      NAME: name,
      STATS_INITIALIZED: used ? 'Initialized' : 'Uninitialized',
      NUM_ROWS: used ? rows : 0n,
      CLUST_INDEX_SIZE: used ? pages(table) : 0n,
      OTHER_INDEX_SIZE: used ? otherPages(table) : 0n,
      MODIFIED_COUNTER: 0n,
      AUTOINC: used && counts ? table.autoIncrement : 0n,
      REF_COUNT: 1n,
    };
  });
export const statisticsOfTables: Provider = (session) =>
  known(session)
    .map(({ table }) => ({
      database_name: table.schema,
      table_name: table.name,
      last_update: fromMs(seconds(table.changedMs || table.facts.createdMs), 'datetime'),
      n_rows: BigInt(table.rows.length),
      clustered_index_size: pages(table),
      sum_of_other_index_sizes: otherPages(table),
    }))
    .sort(byNames);

function seconds(ms: number): number {
  return ms - (ms % 1000);
}

function byNames(a: Record_, b: Record_): number {
  const keyOf = (row: Record_) =>
    ['database_name', 'table_name', 'index_name', 'stat_name'].map((name) => row[name] ?? '').join('\0');
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/** How many different beginnings of `names` there are; every row costs fuel. */
function distinct({ budget }: Session, table: OverlayTable, names: readonly string[]): bigint {
  if (names.includes('DB_ROW_ID')) return BigInt(table.rows.length);
  budget?.spend(table.rows.length * names.length);
  const places = names.map((name) => table.columnAt(name));
  const seen = new Set(table.rows.map((row) => places.map((place) => toText(row[place] ?? null)).join('\0')));
  return BigInt(seen.size);
}

export const statisticsOfIndexes: Provider = (session) =>
  known(session)
    .flatMap(({ table }) =>
      indexesOf(table).flatMap(({ name, spec }): Record_[] => {
        const base = {
          database_name: table.schema,
          table_name: table.name,
          index_name: name,
          last_update: fromMs(seconds(table.changedMs || table.facts.createdMs), 'datetime'),
        };
        const own = spec?.columns.map((part) => part.name) ?? [];
        const unique = spec === clusteredBy(table) || spec?.kind === 'unique';
        const names = unique && spec ? own : [...new Set([...own, ...keyColumns(table)])];
        const size = spec === undefined || spec === clusteredBy(table) ? pages(table) : 1n;
        return [
          ...names.map((_, at) => ({
            ...base,
            stat_name: `n_diff_pfx${String(at + 1).padStart(2, '0')}`,
            stat_value: distinct(session, table, names.slice(0, at + 1)),
            sample_size: 1n,
            stat_description: names.slice(0, at + 1).join(','),
          })),
          {
            ...base,
            stat_name: 'n_leaf_pages',
            stat_value: size,
            sample_size: null,
            stat_description: 'Number of leaf pages in the index',
          },
          {
            ...base,
            stat_name: 'size',
            stat_value: size,
            sample_size: null,
            stat_description: 'Number of pages in the index',
          },
        ];
      }),
    )
    .sort(byNames);
