// Columns and rows of the server's own tables, as scopes and typed values.
// Source: recorded from a live 9.7.4 (persona/), or given by system-rows.ts.

import { toldOf } from '../persona/contents.ts';
import { isNeverNullUnlessStrict } from '../persona/lax-columns.ts';
import {
  type SystemColumn,
  type SystemTable,
  systemRows,
  systemTable,
  systemTableNames,
} from '../persona/system-tables.ts';
import { tablesBehind } from '../persona/view-aliases.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { parseDecimal } from '../sql/value/decimal.ts';
import { Json, parseJson } from '../sql/value/json.ts';
import { parseDate, parseTime } from '../sql/value/temporal-text.ts';
import type { SqlType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { inSlices } from '../turn.ts';
import { FLAG, TYPE } from '../wire/constants.ts';
import type { Record_ } from './system-rows/record.ts';
import { recordsOf } from './system-rows/schemas.ts';

function systemType(column: SystemColumn, nullable: boolean): SqlType {
  const { wire } = column;
  if (!wire)
    return {
      type: TYPE.VAR_STRING,
      text: true,
      length: 64,
      decimals: 0,
      unsigned: false,
      nullable,
      collation: 'utf8mb3_general_ci',
      flags: 0,
      exactFlags: true,
    };
  return {
    type: wire.type,
    text: wire.text,
    length: wire.length,
    decimals: wire.decimals,
    unsigned: (wire.flags & FLAG.UNSIGNED) !== 0,
    nullable: (wire.flags & FLAG.NOT_NULL) === 0,
    collation: column.collation || 'binary',
    flags: wire.flags,
    exactFlags: true,
    members: membersOf(column.columnType),
  };
}

/** Values of an ENUM in the order they sort by. */
function membersOf(columnType: string): string[] | undefined {
  if (!columnType.startsWith("enum('")) return undefined;
  return columnType.slice("enum('".length, -"')".length).split("','");
}

function neverNull(type: SqlType): SqlType {
  return { ...type, nullable: false, flags: (type.flags ?? 0) | FLAG.NOT_NULL };
}

/** Views whose columns are told as their own where they are named, not as those of the tables behind them. */
const TOLD_AS_THEMSELVES: ReadonlySet<string> = new Set([
  'APPLICABLE_ROLES',
  'COLLATIONS',
  'ENABLED_ROLES',
  'ROLE_COLUMN_GRANTS',
  'ROLE_ROUTINE_GRANTS',
  'ROLE_TABLE_GRANTS',
]);

type Columns = WeakMap<SystemTable, readonly ScopeColumn[]>;
const scopeColumns: { readonly strict: Columns; readonly lax: Columns } = { strict: new WeakMap(), lax: new WeakMap() };

/** A system table's columns as a query's scope has them, by whether sql_mode is strict; made once a table. */
export function systemColumns(table: SystemTable, strict: boolean): readonly ScopeColumn[] {
  const kept = strict ? scopeColumns.strict : scopeColumns.lax;
  const known = kept.get(table);
  if (known) return known;
  const key = `${table.schema}.${table.name}`;
  const places = toldOf(key)?.[2];
  const behind = table.schema === 'information_schema' ? tablesBehind(table.name) : undefined;
  const made = table.columns.map((column, at): ScopeColumn => {
    const type = systemType(column, column.nullable);
    const [schema, orgTable] = places?.[at] ? (places[at] as string).split(' ') : [];
    return {
      schema: table.schema,
      table: table.name,
      name: column.name,
      type: strict || !isNeverNullUnlessStrict(key, column.name) ? type : neverNull(type),
      orgTable: orgTable ?? table.name,
      orgName: column.orgName,
      shownSchema: schema ?? (column.wire?.schemaShown === false ? '' : table.schema),
      primary: ((column.wire?.flags ?? 0) & FLAG.PRI_KEY) !== 0,
      ...(behind?.[at] && { behind: behind[at] }),
      ...(table.schema === 'information_schema' && TOLD_AS_THEMSELVES.has(table.name) && { view: table.name }),
    };
  });
  kept.set(table, made);
  return made;
}

/** A recorded cell as a value of its column's type. */
function cellValue(cell: string | null, type: SqlType): Value {
  if (cell === null || type.text) return cell;
  switch (type.type) {
    case TYPE.TINY:
    case TYPE.SHORT:
    case TYPE.INT24:
    case TYPE.LONG:
    case TYPE.LONGLONG:
    case TYPE.YEAR:
      return /^-?\d+$/.test(cell) ? BigInt(cell) : 0n;
    case TYPE.NEWDECIMAL:
      return parseDecimal(cell);
    case TYPE.DOUBLE:
    case TYPE.FLOAT:
      return Number(cell);
    case TYPE.DATE:
    case TYPE.DATETIME:
    case TYPE.TIMESTAMP:
      return parseDate(cell) ?? null;
    case TYPE.TIME:
      return parseTime(cell) ?? null;
    case TYPE.JSON: {
      const parsed = parseJson(cell);
      return 'data' in parsed ? new Json(parsed.data) : null;
    }
    default:
      return Buffer.from(cell);
  }
}

export const recorded = new Map<string, readonly (readonly Value[])[]>();

/** Rows recorded for the table `schema.TABLE`, typed; made once. */
export function recordedRows(key: string, columns: readonly ScopeColumn[]): readonly (readonly Value[])[] {
  const known = recorded.get(key);
  if (known) return known;
  const made = systemRows(key).map((row) => row.map((cell, at) => cellValue(cell, columns[at]?.type as SqlType)));
  recorded.set(key, made);
  return made;
}

const converted = new WeakMap<Record_, readonly Value[]>();

/** Rows given by column name, in the table's own order; a column not named is NULL. */
export function fromRecords(records: readonly Record_[], columns: readonly ScopeColumn[]): (readonly Value[])[] {
  return records.map((record) => {
    let row = converted.get(record);
    if (!row) {
      row = columns.map((column) => {
        const value = record[column.name] ?? record[column.name.toUpperCase()];
        if (value === undefined) return null;
        return typeof value === 'string' && !column.type.text ? cellValue(value, column.type) : value;
      });
      converted.set(record, row);
    }
    return row;
  });
}

let warming: Promise<void> | undefined;

/** Makes the rows of INFORMATION_SCHEMA.COLUMNS, thousands of them, in slices; a query that names them waits for it once. */
export function warmColumns(): Promise<void> {
  warming ??= inSlices(systemTableNames(), (key) => {
    const [schema, name] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
    const table = systemTable(schema, name);
    const shown = systemTable('information_schema', 'COLUMNS');
    if (table && shown) fromRecords(recordsOf(table), systemColumns(shown, true));
  });
  return warming;
}
