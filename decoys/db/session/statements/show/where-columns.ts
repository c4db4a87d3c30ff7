// Columns of SHOW TABLES, TABLE STATUS and PROCEDURE or FUNCTION STATUS whose WHERE names one row: the server tells those of the views they read.
// Source: flags and names as recorded from 9.7.4.
import { equatesColumn } from '../../../overlay/index-use.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import type { Column } from '../../../wire/column.ts';
import { FLAG, TYPE } from '../../../wire/constants.ts';

/** Columns one row of which is named by equal values of all of them. */
export type NamedBy = readonly string[];

/** The column SHOW TABLES has in this schema, in lower case. */
export function tablesNamed(schema: string): NamedBy {
  return [`tables_in_${schema.toLowerCase()}`];
}

export const STATUS_NAMED: NamedBy = ['name'];
export const ROUTINES_NAMED: NamedBy = ['db', 'name'];

/** Tables behind a view as it calls them. */
const CALLED: Readonly<Record<string, string>> = {
  tables: 'tbl',
  schemata: 'sch',
  routines: 'rtn',
  character_sets: 'cs_client',
  collations: 'col',
};
const CALLED_BY_COLUMN: Readonly<Record<string, string>> = {
  collation_connection: 'coll_conn',
  'Database Collation': 'coll_db',
};

/** Columns that lack a default of their own, and what else they are part of. */
const KEYS: Readonly<Record<string, number>> = {
  Db: 0,
  Name: 0,
  Type: 0,
  Definer: FLAG.MULTIPLE_KEY,
  Collation: FLAG.UNIQUE_KEY,
  character_set_client: FLAG.UNIQUE_KEY,
  collation_connection: FLAG.UNIQUE_KEY,
  'Database Collation': FLAG.UNIQUE_KEY,
};
const COMMENT_CHARACTERS = 2_048;

function named(column: Column): Column {
  const keyed = KEYS[column.name] ?? (column.name.startsWith('Tables_in_') ? 0 : undefined);
  const flags = keyed === undefined ? column.flags : column.flags | FLAG.PART_KEY | keyed;
  const orgTable = CALLED_BY_COLUMN[column.name] ?? CALLED[column.orgTable] ?? column.orgTable;
  return { ...column, schema: 'information_schema', orgTable, flags };
}

/** A column that is worked out. */
function computed(column: Column): Column {
  if (column.binary)
    return {
      ...column,
      type: column.type === TYPE.LONG ? TYPE.LONGLONG : column.type,
      flags: column.flags | FLAG.BINARY,
    };
  const text = { ...column, type: TYPE.VAR_STRING, decimals: 31, flags: column.flags & ~FLAG.BLOB };
  return column.name === 'Comment' ? { ...text, length: COMMENT_CHARACTERS } : text;
}

/** The columns as they are told with this WHERE. */
export function whereColumns(
  columns: readonly Column[],
  where: Expression | undefined,
  by: NamedBy,
): readonly Column[] {
  if (!where || !by.every((name) => equatesColumn(where, new Set([name])))) return columns;
  return columns.map((column) =>
    column.orgTable !== '' ? named(column) : /^(Update|Check)_time$/.test(column.name) ? column : computed(column),
  );
}
