// Rows of the dictionary's views that say little of much: partitions, extensions, views.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-general-table-reference.html

import { systemRows } from '../../persona/system-tables.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { constraintRows, partitions as ownPartitions, views as ownViews } from './constraints.ts';
import type { Provider, Record_ } from './record.ts';
import { ROUTINE_ROWS } from './routines.ts';
import { columns, madeOf, schemata, tables } from './schemas.ts';

/** The same columns of other rows, all else NULL. */
function only(names: string, rows: Provider, more: Record_ = {}): Provider {
  const kept = names.split(' ');
  return (session) =>
    rows(session).map((row) => ({ ...Object.fromEntries(kept.map((name) => [name, row[name] ?? null])), ...more }));
}

/** Tables in the order of their names, schema by schema. */
function byName(provider: Provider): Provider {
  const keyOf = (row: Record_) => `${row.TABLE_SCHEMA}\0${row.TABLE_NAME}\0${row.COLUMN_NAME ?? ''}`;
  return (session) => [...provider(session)].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Every table is one partition of itself; a view counts as an empty one. */
function partitions(session: Session): Record_[] {
  const own = (row: Record_) =>
    session.overlay.databases.get(row.TABLE_SCHEMA as string)?.tables.has(row.TABLE_NAME as string);
  const others = tables(session).filter((row) => !own(row));
  return [...others.map(wholeTable(session)), ...ownPartitions(session)];
}

function wholeTable(session: Session): (row: Record_) => Record_ {
  return (row) => ({
    TABLE_CATALOG: 'def',
    TABLE_SCHEMA: row.TABLE_SCHEMA as Value,
    TABLE_NAME: row.TABLE_NAME as Value,
    TABLE_ROWS: row.TABLE_ROWS ?? 0n,
    AVG_ROW_LENGTH: row.AVG_ROW_LENGTH ?? 0n,
    DATA_LENGTH: row.DATA_LENGTH ?? 0n,
    MAX_DATA_LENGTH: row.MAX_DATA_LENGTH ?? 0n,
    INDEX_LENGTH: row.INDEX_LENGTH ?? 0n,
    DATA_FREE: row.DATA_FREE ?? 0n,
    CREATE_TIME: row.CREATE_TIME ?? madeOf(session, String(row.TABLE_SCHEMA), String(row.TABLE_NAME)),
    UPDATE_TIME: row.UPDATE_TIME ?? null,
    PARTITION_COMMENT: '',
    NODEGROUP: '',
  });
}

function views(session: Session): Record_[] {
  const told = { CHARACTER_SET_CLIENT: 'utf8mb4', COLLATION_CONNECTION: 'utf8mb4_0900_ai_ci', CHECK_OPTION: 'NONE' };
  const system = session.overlay.dropped.has('sys') ? [] : systemRows('information_schema.VIEWS');
  return [
    // What sys's views are made of is not ours to tell: it is shown as to somebody without SHOW VIEW.
    ...system.map(
      ([name, updatable]): Record_ => ({
        TABLE_CATALOG: 'def',
        TABLE_SCHEMA: 'sys',
        TABLE_NAME: name as string,
        VIEW_DEFINITION: '',
        IS_UPDATABLE: updatable as string,
        DEFINER: 'mysql.sys@localhost',
        SECURITY_TYPE: 'INVOKER',
        ...told,
      }),
    ),
    ...ownViews(session),
  ];
}

export const DICTIONARY: Readonly<Record<string, Provider>> = {
  'information_schema.PARTITIONS': byName(partitions),
  'information_schema.TABLES_EXTENSIONS': byName(only('TABLE_CATALOG TABLE_SCHEMA TABLE_NAME', tables)),
  'information_schema.COLUMNS_EXTENSIONS': byName(only('TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME', columns)),
  'information_schema.SCHEMATA_EXTENSIONS': only('CATALOG_NAME SCHEMA_NAME', schemata, { OPTIONS: '' }),
  'information_schema.TABLE_CONSTRAINTS_EXTENSIONS': only(
    'CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_NAME',
    constraintRows,
  ),
  'information_schema.VIEWS': views,
  ...ROUTINE_ROWS,
};
