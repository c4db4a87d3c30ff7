// How the server reads each view of INFORMATION_SCHEMA: by which columns its dictionary finds rows, which it reads from an index.
// Source: status flags (SERVER_QUERY_NO_INDEX_USED) of every column of every view asked for by =, LIKE, IN and <>, on two freshly
// initialised 9.7.4; where those two differed, as they do once statistics move, the answer of most.
import { equatesColumn, mentions, usesColumn } from '../overlay/index-use.ts';
import type { Expression } from '../sql/ast/expression.ts';

/** Columns by name in lower case, split at blanks; `*` is all of them, `* -x` all but x. */
interface Access {
  /** Columns that indexes hold, so that a query which names no other goes along one. */
  readonly held?: string;
  /** Columns whose equality finds the rows. */
  readonly equal?: string;
  /** Columns that ranges find too. */
  readonly range?: string;
  /** Columns that the indexes do not hold where a condition names them other than by an equality. */
  readonly read?: string;
  /** Columns that find rows only if all of them are equated. */
  readonly together?: string;
}

const EVERY: Access = { held: '*' };
const SCHEMA = 'table_schema table_name';

/** Views that are no entry here are read row for row, whatever is asked. */
const ACCESS: Readonly<Record<string, Access>> = {
  CHARACTER_SETS: { held: 'default_collate_name', range: 'character_set_name default_collate_name' },
  CHECK_CONSTRAINTS: { held: '* -check_clause', equal: 'constraint_catalog' },
  COLLATIONS: { equal: 'collation_name id' },
  COLLATION_CHARACTER_SET_APPLICABILITY: EVERY,
  COLUMNS: EVERY,
  COLUMNS_EXTENSIONS: EVERY,
  COLUMN_STATISTICS: { held: '* -histogram' },
  EVENTS: { equal: 'event_catalog character_set_client collation_connection database_collation', range: 'definer' },
  INNODB_DATAFILES: EVERY,
  INNODB_FIELDS: EVERY,
  INNODB_FOREIGN_COLS: EVERY,
  INNODB_TABLESPACES_BRIEF: EVERY,
  JSON_DUALITY_VIEWS: EVERY,
  JSON_DUALITY_VIEW_COLUMNS: EVERY,
  JSON_DUALITY_VIEW_LINKS: EVERY,
  JSON_DUALITY_VIEW_TABLES: EVERY,
  KEYWORDS: EVERY,
  KEY_COLUMN_USAGE: { equal: 'constraint_catalog table_catalog' },
  LIBRARIES: EVERY,
  PARAMETERS: { equal: 'specific_catalog specific_schema specific_name' },
  PARTITIONS: { equal: 'table_catalog', range: 'partition_name subpartition_name table_rows', together: SCHEMA },
  REFERENTIAL_CONSTRAINTS: { equal: 'constraint_catalog constraint_schema', range: 'unique_constraint_catalog' },
  RESOURCE_GROUPS: { held: 'resource_group_name', range: 'resource_group_name' },
  ROLE_COLUMN_GRANTS: { range: 'table_catalog' },
  ROLE_ROUTINE_GRANTS: { range: 'specific_catalog routine_catalog' },
  ROLE_TABLE_GRANTS: { range: 'table_catalog' },
  ROUTINES: {
    equal: 'routine_catalog routine_schema routine_type character_set_client',
    range: 'specific_name routine_name definer collation_connection database_collation',
  },
  ROUTINE_LIBRARIES: { equal: 'routine_catalog', range: 'routine_schema routine_name routine_type library_name' },
  SCHEMATA: {
    equal: 'catalog_name schema_name default_character_set_name default_collation_name',
    range: 'sql_path',
  },
  SCHEMATA_EXTENSIONS: { held: '* -options', equal: 'catalog_name schema_name' },
  STATISTICS: { equal: 'table_catalog table_name' },
  ST_GEOMETRY_COLUMNS: { equal: 'table_catalog table_schema table_name column_name srs_id' },
  ST_SPATIAL_REFERENCE_SYSTEMS: { held: '* -definition -description', equal: 'srs_id' },
  ST_UNITS_OF_MEASURE: EVERY,
  TABLES: {
    held: '* -create_options',
    read: 'table_name',
    equal: 'table_catalog table_schema table_type table_collation',
  },
  TABLESPACES_EXTENSIONS: { held: 'tablespace_name', range: 'tablespace_name' },
  TABLES_EXTENSIONS: EVERY,
  TABLE_CONSTRAINTS: { equal: 'constraint_catalog' },
  TABLE_CONSTRAINTS_EXTENSIONS: { equal: 'constraint_catalog', range: 'constraint_schema table_name' },
  TRIGGERS: {
    equal: 'trigger_catalog event_object_catalog character_set_client collation_connection database_collation',
    range: 'definer',
  },
  USER_ATTRIBUTES: { held: '* -attribute', range: 'host' },
  VIEWS: EVERY,
  VIEW_ROUTINE_USAGE: { equal: 'table_catalog specific_catalog' },
  VIEW_TABLE_USAGE: EVERY,
};

function words(text = ''): Set<string> {
  return new Set(text === '' ? [] : text.split(' '));
}

/** True where indexes hold all that a query names of the view; of no column, as by COUNT(*), where any of them does. */
export function heldColumns(view: string, named: readonly string[], where: Expression | undefined): boolean {
  const held = words(ACCESS[view]?.held);
  const read = words(ACCESS[view]?.read);
  if (held.size === 0 || (where && mentions(where, read) && !equatesColumn(where, read))) return false;
  const all = held.has('*');
  return named.map((name) => name.toLowerCase()).every((name) => (all ? !held.has(`-${name}`) : held.has(name)));
}

/** Columns whose equal values lead to rows of the view, in lower case. */
export function equalColumns(view: string): Set<string> {
  return words(`${ACCESS[view]?.equal ?? ''} ${ACCESS[view]?.range ?? ''}`.trim());
}

/** Whether the dictionary finds the rows of a view by this condition. */
export function findsRows(view: string, where: Expression): boolean {
  const { range, together } = ACCESS[view] ?? {};
  if (usesColumn(where, words(range)) || equatesColumn(where, equalColumns(view))) return true;
  return together !== undefined && [...words(together)].every((name) => equatesColumn(where, new Set([name])));
}
