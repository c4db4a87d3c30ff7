// Which of the server's own tables may be written, emptied or read at all, and what is answered where they may not.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-table-characteristics.html, system-schema.html; errors as
// answered by a live 9.7.4.
import { type SqlError, sqlError } from '../sql/errors.ts';

/** Tables of the performance schema that take changes: which statements each takes. */
const SETUP: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  setup_actors: ['INSERT', 'UPDATE', 'DELETE'],
  setup_objects: ['INSERT', 'UPDATE', 'DELETE'],
  setup_consumers: ['UPDATE'],
  setup_instruments: ['UPDATE'],
  setup_threads: ['UPDATE'],
  threads: ['UPDATE'],
  setup_loggers: ['UPDATE'],
  setup_meters: ['UPDATE'],
  setup_metrics: ['UPDATE'],
};

/** Columns of those tables that UPDATE sets; the others say what a row is of. */
const SET_COLUMNS: ReadonlySet<string> = new Set(['ENABLED', 'TIMED', 'HISTORY', 'INSTRUMENTED', 'LEVEL', 'FREQUENCY']);

/** Throws 1683 where UPDATE would set what a row of the performance schema is of. */
export function checkSetColumns(schema: string, columns: readonly string[]): void {
  if (schema === 'performance_schema' && !columns.every((name) => SET_COLUMNS.has(name.toUpperCase())))
    throw sqlError('ER_WRONG_PERFSCHEMA_USAGE');
}

/** Whether a table is one of the performance schema that does not take such changes. */
export function refusesChange(schema: string, table: string, command: string): boolean {
  return schema === 'performance_schema' && !takesChange(schema, table, command);
}

/** True of a setup table, and of a statement it takes. */
export function takesChange(schema: string, table: string, command: string): boolean {
  return schema === 'performance_schema' && (SETUP[table]?.includes(command) ?? false);
}

/** Summaries, histories and setup lists: TRUNCATE begins them anew. */
const EMPTIED =
  /summary|histogram|_history|_current$|^(?:accounts|users|hosts|host_cache|setup_actors|setup_objects)$|^status_by|^(?:global|session)_status$/;

/** True where TRUNCATE empties a table of the performance schema, or begins its counts anew. */
export function canBeEmptied(table: string): boolean {
  return EMPTIED.test(table);
}

/** Tables of the data dictionary, which nobody reads by name. */
const DICTIONARY_TABLES: ReadonlySet<string> = new Set(
  'catalogs character_sets check_constraints collations column_statistics column_type_elements columns dd_properties events foreign_key_column_usage foreign_keys index_column_usage index_partitions index_stats indexes parameter_type_elements parameters resource_groups routines schemata st_spatial_reference_systems table_partition_values table_partitions table_stats tables tablespace_files tablespaces triggers view_routine_usage view_table_usage'.split(
    ' ',
  ),
);
/** Tables InnoDB keeps for itself. */
const ENGINE_TABLES: ReadonlySet<string> = new Set(['innodb_ddl_log', 'innodb_dynamic_metadata']);

/** Why a table of schema `mysql` that exists is not to be seen; undefined where it does not exist. */
export function hiddenTableError(name: string): SqlError | undefined {
  const kind = DICTIONARY_TABLES.has(name)
    ? 'data dictionary table'
    : ENGINE_TABLES.has(name)
      ? 'system table'
      : undefined;
  return kind && sqlError('ER_NO_SYSTEM_TABLE_ACCESS', kind, `mysql.${name}`);
}
