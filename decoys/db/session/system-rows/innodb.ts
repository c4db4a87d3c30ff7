// What InnoDB tells of the tables a source made: their ids, columns, indexes, files and statistics.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-information-schema-tables.html, innodb-persistent-stats.html; numbers as a
// live 9.7.4 gives them.
import type { TableColumn } from '../../overlay/column.ts';
import type { Overlay } from '../../overlay/overlay.ts';
import type { OverlayTable } from '../../overlay/table.ts';
import type { IndexSpec } from '../../sql/ast/table.ts';
import { findCollation } from '../../sql/value/charset.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { toText } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import type { Provider, Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';
import { rowFormat } from './schemas.ts';

const PAGE_BYTES = 16_384n;
/** Pages of a table's file before its indexes'. */
const FILE_PAGES = 6n;
/** The first ids a fresh server gives. */
const FIRST = { table: 1_065, index: 155, space: 2 };
/** Pages of a file before those its indexes begin at. */
const FIRST_PAGE = 4;

interface Ids {
  readonly table: bigint;
  readonly index: number;
  readonly space: bigint;
}

const given = new WeakMap<OverlayTable, Ids>();
const next = new WeakMap<Overlay, { table: number; index: number; space: number }>();

/** Ids are given in the order tables were made, and kept while they are there. */
function idsOf(overlay: Overlay, table: OverlayTable): Ids {
  const known = given.get(table);
  if (known) return known;
  const free = next.get(overlay) ?? { ...FIRST };
  const ids = { table: BigInt(free.table), index: free.index, space: BigInt(free.space) };
  free.table++;
  free.space++;
  free.index += indexesOf(table).length;
  next.set(overlay, free);
  given.set(table, ids);
  return ids;
}

interface Known {
  readonly table: OverlayTable;
  readonly ids: Ids;
  /** `database/table`. */
  readonly name: string;
}

function known(session: Session): Known[] {
  return [...session.overlay.databases.values()]
    .flatMap((database) => [...database.tables.values()])
    .filter((table) => table.facts.engine === 'InnoDB')
    .sort((a, b) => a.facts.createdMs - b.facts.createdMs)
    .map((table) => ({ table, ids: idsOf(session.overlay, table), name: `${table.schema}/${table.name}` }));
}

/** An index as InnoDB has it: rows without a key of their own are clustered by a hidden one. */
interface Clustering {
  readonly name: string;
  readonly spec: IndexSpec | undefined;
}

function clusteredBy(table: OverlayTable): IndexSpec | undefined {
  const whole = (index: IndexSpec) =>
    index.columns.every((part) => !part.expression && table.columns[table.columnAt(part.name)]?.nullable === false);
  return (
    table.indexes.find((index) => index.kind === 'primary') ??
    table.indexes.find((index) => index.kind === 'unique' && whole(index))
  );
}

function indexesOf(table: OverlayTable): Clustering[] {
  const clustered = clusteredBy(table);
  const rank = (index: IndexSpec) => (index === clustered ? 0 : index.kind === 'unique' ? 1 : 2);
  const own = [...table.indexes].sort((a, b) => rank(a) - rank(b)).map((spec) => ({ name: spec.name, spec }));
  return clustered ? own : [{ name: 'GEN_CLUST_INDEX', spec: undefined }, ...own];
}

function typeOf(table: OverlayTable, { spec }: Clustering): number {
  if (!spec) return 1;
  if (spec === clusteredBy(table)) return 3;
  return { primary: 3, unique: 2, fulltext: 32, spatial: 64, index: 0 }[spec.kind as string] ?? 0;
}

function keyColumns(table: OverlayTable): string[] {
  return clusteredBy(table)?.columns.map((part) => part.name) ?? ['DB_ROW_ID'];
}

/** Fields of an index's entries, those that find the row among them. */
function fieldCount(table: OverlayTable, index: Clustering): number {
  const stored = table.columns.filter((column) => column.spec.generated?.stored !== false).length;
  if (!index.spec) return stored + 3;
  if (index.spec === clusteredBy(table)) return stored + 2;
  const own = index.spec.columns.map((part) => part.name);
  return new Set([...own, ...keyColumns(table)]).size;
}

const INTEGERS: Readonly<Record<string, readonly [type: number, bytes: number]>> = {
  tinyint: [1, 1],
  smallint: [2, 2],
  mediumint: [9, 3],
  int: [3, 4],
  bigint: [8, 8],
};
/** Types of one kind each: how InnoDB keeps them, their number, their bytes. */
const FIXED: Readonly<Record<string, readonly [kept: number, type: number, bytes: number]>> = {
  float: [9, 4, 4],
  double: [10, 5, 8],
  date: [6, 10, 3],
  year: [6, 13, 1],
  tinytext: [5, 252, 9],
  text: [5, 252, 10],
  mediumtext: [5, 252, 11],
  longtext: [5, 252, 12],
  tinyblob: [5, 252, 9],
  blob: [5, 252, 10],
  mediumblob: [5, 252, 11],
  longblob: [5, 252, 12],
  json: [5, 245, 12],
  geometry: [14, 255, 12],
};
const TEMPORAL: Readonly<Record<string, readonly [type: number, bytes: number]>> = {
  time: [11, 3],
  datetime: [12, 5],
  timestamp: [7, 4],
};

const NOT_NULL = 256;
const UNSIGNED = 512;
const BINARY = 1_024;
const LONG_VARCHAR = 4_096;
const LATIN1 = 8;
const BINARY_CHARSET = 63;
const UTF8MB4_BIN = 46;

function charsetBits(id: number): number {
  return id * 65_536;
}

/** Bytes a decimal's digits take, nine of them in four. */
function decimalBytes(digits: number, scale: number): number {
  const rest = [0, 1, 1, 2, 2, 3, 3, 4, 4];
  const part = (count: number) => Math.floor(count / 9) * 4 + (rest[count % 9] ?? 0);
  return part(digits - scale) + part(scale);
}

/** How InnoDB keeps a column: main type, precise type, bytes. */
function kept(column: TableColumn): readonly [main: number, precise: number, bytes: number] {
  const { base, columnType } = column;
  const missing = column.nullable ? 0 : NOT_NULL;
  const unsigned = columnType.includes('unsigned') ? UNSIGNED : 0;
  const [length = 1, scale = 0] = (/\((\d+)(?:,(\d+))?\)/.exec(columnType) ?? []).slice(1).map(Number);
  const integer = INTEGERS[base];
  if (integer) return [6, integer[0] + missing + unsigned + BINARY, integer[1]];
  const temporal = TEMPORAL[base];
  if (temporal) {
    const fraction = columnType.includes('(') ? Math.ceil(length / 2) : 0;
    return [3, temporal[0] + missing + BINARY + charsetBits(LATIN1), temporal[1] + fraction];
  }
  if (base === 'decimal')
    return [3, 246 + missing + BINARY + charsetBits(LATIN1), decimalBytes(length, Number.isNaN(scale) ? 0 : scale)];
  if (base === 'enum' || base === 'set') return [6, 254 + missing + UNSIGNED, 1];
  if (base === 'bit') return [3, 16 + missing + UNSIGNED + BINARY + charsetBits(BINARY_CHARSET), Math.ceil(length / 8)];
  const collation = findCollation(column.collation);
  const charset = collation?.id ?? BINARY_CHARSET;
  const fixed = FIXED[base];
  if (fixed) {
    const [main, type, bytes] = fixed;
    if (base === 'json') return [main, type + missing + BINARY + charsetBits(UTF8MB4_BIN), bytes];
    if (/blob$|^geometry$/.test(base)) return [main, type + missing + BINARY + charsetBits(BINARY_CHARSET), bytes];
    if (/text$/.test(base)) return [main, type + missing + charsetBits(charset), bytes];
    return [main, type + missing + unsigned + BINARY, bytes];
  }
  const varies = base.startsWith('var');
  const width = column.charset === 'utf8mb4' ? 4 : column.charset === 'utf8mb3' ? 3 : 1;
  const bytes = length * width;
  const type = (varies ? 15 : 254) + missing + (bytes > 255 && varies ? LONG_VARCHAR : 0);
  if (/binary$/.test(base)) return [varies ? 4 : 3, type + BINARY + charsetBits(BINARY_CHARSET), bytes];
  const latin1 = column.charset === 'latin1';
  return [varies ? (latin1 ? 1 : 12) : latin1 ? 2 : 13, type + charsetBits(charset), bytes];
}

function otherPages(table: OverlayTable): bigint {
  return BigInt(indexesOf(table).length - 1);
}

function pages(table: OverlayTable): bigint {
  return BigInt(Math.max(1, Math.ceil(table.bytes / 15_000)));
}

function fileBytes(table: OverlayTable): bigint {
  return PAGE_BYTES * (FILE_PAGES + BigInt(indexesOf(table).length) + pages(table) - 1n);
}

const TABLES: Provider = (session) =>
  known(session).map(({ table, ids, name }) => ({
    TABLE_ID: ids.table,
    NAME: name,
    FLAG: rowFormat(table) === 'Redundant' ? 0n : rowFormat(table) === 'Compact' ? 1n : 33n,
    N_COLS: BigInt(table.columns.length + 3),
    SPACE: ids.space,
    ROW_FORMAT: rowFormat(table),
    ZIP_PAGE_SIZE: 0n,
    SPACE_TYPE: 'Single',
    INSTANT_COLS: 0n,
    TOTAL_ROW_VERSIONS: 0n,
  }));

const INDEXES: Provider = (session) =>
  known(session).flatMap(({ table, ids }) =>
    indexesOf(table).map((index, at) => ({
      INDEX_ID: BigInt(ids.index + at),
      NAME: index.name,
      TABLE_ID: ids.table,
      TYPE: BigInt(typeOf(table, index)),
      N_FIELDS: BigInt(fieldCount(table, index)),
      PAGE_NO: BigInt(FIRST_PAGE + at),
      SPACE: ids.space,
      MERGE_THRESHOLD: 50n,
    })),
  );

const COLUMNS: Provider = (session) =>
  known(session).flatMap(({ table, ids }) =>
    table.columns.map((column, at) => {
      const [main, precise, bytes] = kept(column);
      return {
        TABLE_ID: ids.table,
        NAME: column.name,
        POS: BigInt(at),
        MTYPE: BigInt(main),
        PRTYPE: BigInt(precise),
        LEN: BigInt(bytes),
        HAS_DEFAULT: 0n,
        DEFAULT_VALUE: null,
      };
    }),
  );

const FIELDS: Provider = (session) =>
  known(session).flatMap(({ table, ids }) =>
    indexesOf(table).flatMap(({ spec }, at) =>
      (spec?.columns ?? [])
        .map((part, place) => ({ INDEX_ID: BigInt(ids.index + at), NAME: part.name, POS: BigInt(place) }))
        .sort((a, b) => (a.NAME < b.NAME ? -1 : 1)),
    ),
  );

const TABLE_STATS: Provider = (session) =>
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

const TABLESPACES: Provider = (session) =>
  known(session).map(({ table, ids, name }) => ({
    SPACE: ids.space,
    NAME: name,
    FLAG: 16_417n,
    ROW_FORMAT: 'Dynamic',
    PAGE_SIZE: PAGE_BYTES,
    ZIP_PAGE_SIZE: 0n,
    SPACE_TYPE: 'Single',
    FS_BLOCK_SIZE: 4_096n,
    FILE_SIZE: fileBytes(table),
    ALLOCATED_SIZE: fileBytes(table),
    AUTOEXTEND_SIZE: 0n,
    SERVER_VERSION: session.server.options.persona.baseVersion,
    SPACE_VERSION: 1n,
    ENCRYPTION: 'N',
    STATE: 'normal',
  }));

function pathOf(name: string): string {
  return `./${name}.ibd`;
}

const DATAFILES: Provider = (session) =>
  known(session).map(({ ids, name }) => ({ SPACE: ids.space, PATH: pathOf(name) }));

const BRIEF: Provider = (session) =>
  known(session).map(({ ids, name }) => ({
    SPACE: ids.space,
    NAME: name,
    PATH: pathOf(name),
    FLAG: 16_417n,
    SPACE_TYPE: 'Single',
  }));

const FILES: Provider = (session) =>
  known(session).map(({ ids, name }) => ({
    FILE_ID: ids.space,
    FILE_NAME: pathOf(name),
    FILE_TYPE: 'TABLESPACE',
    TABLESPACE_NAME: name,
    TABLE_CATALOG: '',
    TABLE_SCHEMA: null,
    TABLE_NAME: null,
    ENGINE: 'InnoDB',
    FREE_EXTENTS: 0n,
    TOTAL_EXTENTS: 0n,
    EXTENT_SIZE: 1_048_576n,
    INITIAL_SIZE: 114_688n,
    MAXIMUM_SIZE: null,
    AUTOEXTEND_SIZE: 1_048_576n,
    DATA_FREE: 0n,
    STATUS: 'NORMAL',
  }));

const FOREIGN_RULES: Readonly<Record<string, readonly [onDelete: number, onUpdate: number]>> = {
  CASCADE: [1, 4],
  'SET NULL': [2, 8],
  'NO ACTION': [16, 32],
};

/** What a key does that says nothing of it. */
const UNSAID = 'NO ACTION';

const FOREIGN: Provider = (session) =>
  known(session).flatMap(({ table, name }) =>
    table.foreignKeys.map((key) => ({
      ID: `${table.schema}/${key.name}`,
      FOR_NAME: name,
      REF_NAME: `${key.schema || table.schema}/${key.table}`,
      N_COLS: BigInt(key.columns.length),
      TYPE: BigInt(
        (FOREIGN_RULES[key.onDelete ?? UNSAID]?.[0] ?? 0) + (FOREIGN_RULES[key.onUpdate ?? UNSAID]?.[1] ?? 0),
      ),
    })),
  );

const FOREIGN_COLUMNS: Provider = (session) =>
  known(session).flatMap(({ table }) =>
    table.foreignKeys.flatMap((key) =>
      key.columns.map((column, at) => ({
        ID: `${table.schema}/${key.name}`,
        FOR_COL_NAME: column,
        REF_COL_NAME: key.referenced[at] ?? '',
        POS: BigInt(at + 1),
      })),
    ),
  );

const statisticsOfTables: Provider = (session) =>
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

/** How many different beginnings of `names` there are. */
function distinct(table: OverlayTable, names: readonly string[]): bigint {
  if (names.includes('DB_ROW_ID')) return BigInt(table.rows.length);
  const places = names.map((name) => table.columnAt(name));
  const seen = new Set(table.rows.map((row) => places.map((place) => toText(row[place] ?? null)).join('\0')));
  return BigInt(seen.size);
}

const statisticsOfIndexes: Provider = (session) =>
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
            stat_value: distinct(table, names.slice(0, at + 1)),
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

/** Rows recorded of the server's own tables, with those of the source's before or after them. */
function added(key: string, more: Provider, place: 'before' | 'after' = 'after'): [string, Provider] {
  return [
    key,
    (session) => {
      const own = more(session);
      return place === 'after' ? [...recordedRecords(key), ...own] : [...own, ...recordedRecords(key)];
    },
  ];
}

export const INNODB: Readonly<Record<string, Provider>> = Object.fromEntries([
  added('information_schema.INNODB_TABLES', TABLES),
  added('information_schema.INNODB_INDEXES', INDEXES),
  added('information_schema.INNODB_COLUMNS', COLUMNS),
  added('information_schema.INNODB_FIELDS', FIELDS),
  added('information_schema.INNODB_TABLESTATS', TABLE_STATS),
  added('information_schema.INNODB_TABLESPACES', TABLESPACES),
  added('information_schema.INNODB_DATAFILES', DATAFILES, 'before'),
  added('information_schema.INNODB_TABLESPACES_BRIEF', BRIEF, 'before'),
  added('information_schema.FILES', FILES),
  added('information_schema.INNODB_FOREIGN', FOREIGN),
  added('information_schema.INNODB_FOREIGN_COLS', FOREIGN_COLUMNS),
  added('mysql.innodb_table_stats', statisticsOfTables, 'before'),
  added('mysql.innodb_index_stats', statisticsOfIndexes, 'before'),
]);
