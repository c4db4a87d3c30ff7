// Rows of the dictionary's views of schemas, tables and columns.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-general-table-reference.html

import type { OverlayTable } from '../../overlay/table.ts';
import { systemTableMadeMs } from '../../persona/beginnings.ts';
import type { SystemTable } from '../../persona/system-tables.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import type { Value } from '../../sql/value/value.ts';
import { optionsText } from '../definition-text.ts';
import { schemaNames, tablesOf } from '../schemas.ts';
import type { Session } from '../session.ts';
import { type ColumnFacts, overlayColumnFacts, systemColumnFacts, typeFacts } from './column-facts.ts';
import type { Record_ } from './record.ts';
import { brokenView, knownColumns, ViewListing } from './view-columns.ts';

function schemaCollation(session: Session, schema: string): string {
  const own = session.overlay.databases.get(schema);
  if (own) return own.collation;
  return schema === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci';
}

/** Rows of information_schema.SCHEMATA. */
export function schemata(session: Session): Record_[] {
  const names = schemaNames(session);
  const order = ['mysql', ...names.filter((name) => name !== 'mysql')].filter((name) => names.includes(name));
  return order.map((name) => ({
    CATALOG_NAME: 'def',
    SCHEMA_NAME: name,
    DEFAULT_CHARACTER_SET_NAME: schemaCollation(session, name).split('_')[0] as string,
    DEFAULT_COLLATION_NAME: schemaCollation(session, name),
    SQL_PATH: null,
    DEFAULT_ENCRYPTION: session.overlay.databases.get(name)?.encrypted ? 'YES' : 'NO',
  }));
}

/** Schemas in the order a scan of the dictionary lists their tables. */
function scanOrder(session: Session): string[] {
  const names = schemaNames(session);
  const system = ['mysql', 'information_schema', 'performance_schema', 'sys'].filter((name) => names.includes(name));
  return [...system, ...names.filter((name) => !system.includes(name))];
}

/** What the dictionary tells of a table's size: rows, and bytes of a row, of its data, its indexes and what is free. */
export function overlayTableFacts(table: OverlayTable): {
  rows: bigint;
  average: bigint;
  data: bigint;
  most: bigint;
  index: bigint;
  next: bigint | null;
} {
  const rows = BigInt(table.rows.length);
  const data = 16_384n * BigInt(Math.max(1, Math.ceil(table.bytes / 15_000)));
  if (table.facts.engine === 'MyISAM') return myisamFacts(table, rows);
  const hasAuto = table.columns.some((column) => column.spec.autoIncrement);
  return {
    rows,
    average: rows === 0n ? 0n : data / rows,
    data,
    most: 0n,
    index: 16_384n * BigInt(table.indexes.filter((index) => index.kind !== 'primary').length),
    next: hasAuto && (table.autoIncrement > 1n || table.opened) ? table.autoIncrement : null,
  };
}

/** Bytes of a row pointer's reach, by row of one fixed length; of rows that vary, of the file itself. */
const MYISAM_ROWS = 281_474_976_710_655n;
const MYISAM_FILE = 281_474_976_710_655n;
const MYISAM_BLOCK = 1_024n;
const FIXED_BYTES: Readonly<Record<string, bigint>> = {
  __proto__: null as never,
  tinyint: 1n,
  smallint: 2n,
  mediumint: 3n,
  int: 4n,
  bigint: 8n,
  float: 4n,
  double: 8n,
  date: 3n,
  year: 1n,
  time: 3n,
  timestamp: 4n,
  datetime: 5n,
};

/** Bytes of each row where all are as long; undefined where they vary. */
function fixedBytes(table: OverlayTable): bigint | undefined {
  let bytes = 1n;
  for (const { columnType } of table.columns) {
    const own = FIXED_BYTES[columnType.split(/[ (]/)[0] ?? ''];
    if (own === undefined) return undefined;
    bytes += own;
  }
  // A row is at least as long as what takes its place when it is deleted.
  return bytes < 7n ? 7n : bytes;
}

function myisamFacts(table: OverlayTable, rows: bigint): ReturnType<typeof overlayTableFacts> {
  const fixed = fixedBytes(table);
  const data = fixed === undefined ? BigInt(Math.ceil(table.bytes / 4) * 4) : fixed * rows;
  const keys = rows === 0n ? 0n : BigInt(table.indexes.length);
  return {
    rows,
    average: rows === 0n ? 0n : data / rows,
    data: rows === 0n ? 0n : data,
    most: fixed === undefined ? MYISAM_FILE : fixed * (MYISAM_ROWS + 1n) - 1n,
    index: MYISAM_BLOCK * (1n + keys),
    next: table.columns.some((column) => column.spec.autoIncrement) ? table.autoIncrement : rows === 0n ? null : 1n,
  };
}

/** When one of the server's own tables was made, to the second. */
export function madeOf(session: Session, schema: string, table: string): Value {
  const ms = systemTableMadeMs(schema, table, session.server.options.startedMs);
  return fromMs(ms - (ms % 1000), 'datetime');
}

/** Rows of information_schema.TABLES. */
export function tables(session: Session): Record_[] {
  const listing = new ViewListing();
  const out: Record_[] = [];
  for (const schema of scanOrder(session)) {
    for (const entry of tablesOf(session, schema)) {
      const base = { TABLE_CATALOG: 'def', TABLE_SCHEMA: schema, TABLE_NAME: entry.name, TABLE_TYPE: entry.type };
      if (entry.system) {
        const [format, options, rows, average, data, maxData, index, free, next] = entry.system.facts;
        const numbers = (cell: string | null | undefined) =>
          cell === null || cell === undefined ? null : BigInt(cell);
        const view = entry.type === 'VIEW';
        out.push({
          ...base,
          ENGINE: entry.system.engine,
          VERSION: view ? null : 10n,
          ROW_FORMAT: format ?? null,
          TABLE_ROWS: numbers(rows),
          AVG_ROW_LENGTH: numbers(average),
          DATA_LENGTH: numbers(data),
          MAX_DATA_LENGTH: numbers(maxData),
          INDEX_LENGTH: numbers(index),
          DATA_FREE: numbers(free),
          AUTO_INCREMENT: numbers(next),
          CREATE_TIME: madeOf(session, schema, entry.name),
          TABLE_COLLATION: entry.system.collation,
          CREATE_OPTIONS: options ?? (view ? null : ''),
          TABLE_COMMENT: entry.system.comment,
        });
      } else if (entry.table) {
        const facts = overlayTableFacts(entry.table);
        out.push({
          ...base,
          ENGINE: entry.table.facts.engine,
          VERSION: 10n,
          ROW_FORMAT: rowFormat(entry.table),
          TABLE_ROWS: facts.rows,
          AVG_ROW_LENGTH: facts.average,
          DATA_LENGTH: facts.data,
          MAX_DATA_LENGTH: facts.most,
          INDEX_LENGTH: facts.index,
          DATA_FREE: 0n,
          AUTO_INCREMENT: facts.next,
          CREATE_TIME: fromMs(entry.table.facts.createdMs, 'datetime'),
          UPDATE_TIME: entry.table.changedMs === 0 ? null : fromMs(entry.table.changedMs, 'datetime'),
          TABLE_COLLATION: entry.table.facts.collation,
          CREATE_OPTIONS: optionsText(entry.table),
          TABLE_COMMENT: entry.table.facts.comment,
        });
      } else {
        const ms = entry.view?.createdMs ?? 0;
        const broken = entry.view && brokenView(session, entry.view, listing);
        out.push({
          ...base,
          CREATE_TIME: fromMs(ms - (ms % 1000), 'datetime'),
          TABLE_COMMENT: broken?.message ?? 'VIEW',
        });
      }
    }
  }
  return out;
}

const PRIVILEGES = 'select,insert,update,references';

function columnRecords(schema: string, table: string, facts: readonly ColumnFacts[]): Record_[] {
  return facts.map((column, at) => {
    const type = typeFacts(column.columnType);
    const bytes = column.charset === 'utf8mb4' ? 4n : column.charset === 'utf8mb3' ? 3n : 1n;
    const blob = /text|blob/.test(type.dataType);
    return {
      TABLE_CATALOG: 'def',
      TABLE_SCHEMA: schema,
      TABLE_NAME: table,
      COLUMN_NAME: column.name,
      ORDINAL_POSITION: BigInt(at + 1),
      COLUMN_DEFAULT: column.fallback,
      IS_NULLABLE: column.nullable ? 'YES' : 'NO',
      DATA_TYPE: type.dataType,
      CHARACTER_MAXIMUM_LENGTH: type.characters,
      CHARACTER_OCTET_LENGTH: type.characters === null ? null : blob ? type.characters : type.characters * bytes,
      NUMERIC_PRECISION: type.precision,
      NUMERIC_SCALE: type.scale,
      DATETIME_PRECISION: type.fraction,
      CHARACTER_SET_NAME: column.charset || null,
      COLLATION_NAME: column.collation || null,
      COLUMN_TYPE: column.columnType,
      COLUMN_KEY: column.key,
      EXTRA: column.extra,
      PRIVILEGES: schema === 'information_schema' ? 'select' : PRIVILEGES,
      COLUMN_COMMENT: column.comment,
      GENERATION_EXPRESSION: column.generation,
      SRS_ID: column.srid,
    };
  });
}

/** Columns of the server's own tables never change, so each table's are made once. */
const systemColumnRecords = new WeakMap<SystemTable, readonly Record_[]>();

/** What INFORMATION_SCHEMA.COLUMNS tells of one of the server's own tables. */
export function recordsOf(table: SystemTable): readonly Record_[] {
  let made = systemColumnRecords.get(table);
  if (!made) {
    made = columnRecords(table.schema, table.name, table.columns.map(systemColumnFacts));
    systemColumnRecords.set(table, made);
  }
  return made;
}

/** Rows of information_schema.COLUMNS. */
export function columns(session: Session): Record_[] {
  const listing = new ViewListing();
  const out: Record_[] = [];
  for (const schema of scanOrder(session)) {
    for (const entry of tablesOf(session, schema)) {
      const records = entry.system
        ? recordsOf(entry.system)
        : entry.table
          ? columnRecords(schema, entry.name, overlayColumnFacts(entry.table))
          : columnRecords(schema, entry.name, entry.view ? knownColumns(session, entry.view, listing) : []);
      for (const record of records) out.push(record);
    }
  }
  return out;
}

/** How an engine lays rows out, as ROW_FORMAT tells it. */
export function rowFormat(table: OverlayTable): string {
  const given = table.facts.others.get('ROW_FORMAT');
  if (given) return given.charAt(0) + given.slice(1).toLowerCase();
  if (table.facts.engine === 'InnoDB') return table.facts.others.has('KEY_BLOCK_SIZE') ? 'Compressed' : 'Dynamic';
  const grows = table.columns.some((column) => /^var|text$|blob$|json/.test(column.base));
  return table.facts.engine === 'MEMORY' || !grows ? 'Fixed' : 'Dynamic';
}
