// Columns of the server's own views that are texts it works out: they may be NULL under strict sql_mode only.
// Source: their flags as a live 9.7.4 tells them under either mode.

/** Column names, space-separated, by `schema.view`. */
const TOLD: Readonly<Record<string, string>> = {
  'information_schema.COLUMNS': 'COLUMN_NAME DATA_TYPE EXTRA',
  'information_schema.COLUMNS_EXTENSIONS': 'COLUMN_NAME',
  'information_schema.FILES': 'FILE_NAME',
  'information_schema.INNODB_DATAFILES': 'SPACE',
  'information_schema.INNODB_FIELDS': 'INDEX_ID',
  'information_schema.INNODB_FOREIGN': 'ID FOR_NAME REF_NAME',
  'information_schema.INNODB_FOREIGN_COLS': 'ID',
  'information_schema.INNODB_TABLESPACES_BRIEF': 'SPACE FLAG',
  'information_schema.KEY_COLUMN_USAGE': 'CONSTRAINT_NAME COLUMN_NAME',
  'information_schema.PARAMETERS': 'DATA_TYPE',
  'information_schema.REFERENTIAL_CONSTRAINTS': 'CONSTRAINT_NAME',
  'information_schema.RESOURCE_GROUPS': 'VCPU_IDS',
  'information_schema.ROUTINES': 'DATA_TYPE',
  'information_schema.SCHEMATA_EXTENSIONS': 'OPTIONS',
  'information_schema.STATISTICS': 'INDEX_NAME',
  'information_schema.ST_GEOMETRY_COLUMNS': 'COLUMN_NAME GEOMETRY_TYPE_NAME',
  'information_schema.TABLE_CONSTRAINTS': 'CONSTRAINT_NAME',
  'sys.host_summary_by_statement_type': 'statement',
  'sys.innodb_lock_waits': 'sql_kill_blocking_query sql_kill_blocking_connection',
  'sys.io_global_by_file_by_bytes': 'total_read avg_read total_written avg_write total',
  'sys.io_global_by_wait_by_bytes': 'event_name total_read avg_read total_written avg_written total_requested',
  'sys.io_global_by_wait_by_latency': 'event_name total_read avg_read total_written avg_written',
  'sys.memory_by_host_by_current_bytes': 'current_avg_alloc',
  'sys.memory_by_thread_by_current_bytes': 'current_avg_alloc',
  'sys.memory_by_user_by_current_bytes': 'current_avg_alloc',
  'sys.memory_global_by_current_bytes': 'current_alloc current_avg_alloc high_alloc high_avg_alloc',
  'sys.metrics': 'Variable_name Type',
  'sys.schema_auto_increment_columns': 'column_name data_type',
  'sys.schema_object_overview': 'object_type',
  'sys.schema_redundant_indexes': 'redundant_index_name dominant_index_name sql_drop_index',
  'sys.statement_analysis': 'max_controlled_memory max_total_memory',
  'sys.user_summary_by_statement_type': 'statement',
  'sys.wait_classes_global_by_avg_latency': 'event_class',
  'sys.wait_classes_global_by_latency': 'event_class',
  'sys.x$host_summary_by_statement_type': 'statement',
  'sys.x$innodb_lock_waits': 'sql_kill_blocking_query sql_kill_blocking_connection',
  'sys.x$io_global_by_wait_by_bytes': 'event_name',
  'sys.x$io_global_by_wait_by_latency': 'event_name',
  'sys.x$schema_flattened_keys': 'index_name',
  'sys.x$user_summary_by_statement_type': 'statement',
  'sys.x$wait_classes_global_by_avg_latency': 'event_class',
  'sys.x$wait_classes_global_by_latency': 'event_class',
};

const known = new Map(Object.entries(TOLD).map(([view, names]) => [view, new Set(names.split(' '))]));

/** Whether a column of `schema.view` is never NULL while sql_mode is not strict. */
export function isNeverNullUnlessStrict(view: string, column: string): boolean {
  return known.get(view)?.has(column) === true;
}
