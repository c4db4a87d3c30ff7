// What InnoDB tells of the tables a source made: their columns, indexes, files and foreign keys.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-information-schema-tables.html; numbers as a live 9.7.4 gives them.
import { kept } from './innodb-columns.ts';
import { statisticsOfIndexes, statisticsOfTables, TABLE_STATS } from './innodb-statistics.ts';
import { fieldCount, fileBytes, indexesOf, known, PAGE_BYTES, typeOf } from './innodb-tables.ts';
import type { Provider } from './record.ts';
import { recordedRecords } from './recorded.ts';
import { rowFormat } from './schemas.ts';

/** Pages of a file before those its indexes begin at. */
const FIRST_PAGE = 4;

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

/** As `added`, in the order of a primary key of the first `parts` columns, which are compared as bytes. */
function clustered(key: string, more: Provider, parts: number): [string, Provider] {
  const [, both] = added(key, more);
  const keyOf = (row: object) => Object.values(row).slice(0, parts).join('\0');
  return [key, (session) => [...both(session)].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))];
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
  clustered('mysql.innodb_table_stats', statisticsOfTables, 2),
  clustered('mysql.innodb_index_stats', statisticsOfIndexes, 4),
]);
