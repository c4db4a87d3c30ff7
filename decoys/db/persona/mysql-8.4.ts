// MySQL 8.4 as it differs from 9.7, from MySQL's own documentation; what neither page names is told as 9.7 tells it.
// Source: https://dev.mysql.com/doc/mysqld-version-reference/en/ (optvar-changes-9-0 to -9-7) and the chapters "What Is New" and
// "Added, Deprecated, or Removed" of https://dev.mysql.com/doc/refman/9.0/en/ to 9.7; versions from docker-library/mysql.
import { MYSQL_97, type Persona } from './persona.ts';

export const MYSQL_84: Persona = {
  ...MYSQL_97,
  version: '8.4.13',
  baseVersion: '8.4.13',
  number: 80_413,
  variables: {
    ...MYSQL_97.variables,
    version: '8.4.13',
    innodb_version: '8.4.13',
    character_sets_dir: '/usr/share/mysql-8.4/charsets/',
    lc_messages_dir: '/usr/share/mysql-8.4/',
    // Defaults 9.x changed: GTIDs in 9.5, the others as 8.4's chapter on each variable has them.
    gtid_mode: 'OFF',
    enforce_gtid_consistency: 'OFF',
    gtid_executed: '',
    explain_json_format_version: '1',
    binlog_transaction_dependency_history_size: '25000',
    innodb_change_buffering: 'none',
    caching_sha2_password_digest_rounds: '5000',
  },
  changes: {
    lacks: {
      variables: [
        'enable_secondary_engine_statistics', // 9.3
        'server_memory', // 9.4
        'activate_mandatory_roles', // 9.5
        'container_aware', // 9.6
        'innodb_native_foreign_keys', // 9.6
        'caching_sha2_password_enforce_storage_format', // 9.7
        'caching_sha2_password_storage_format', // 9.7
        'enable_cascade_triggers', // 9.7
        'object_policy_flush_interval_seconds', // 9.7
        'replica_allow_higher_version_source', // 9.7
      ],
      status: [
        'Count_hit_tmp_table_size', // 9.1
        'Com_create_library', // 9.2
        'Com_drop_library', // 9.2
        'Com_show_create_library', // 9.2
        'Com_alter_library', // 9.3
        'Com_show_library_status', // 9.3
        'Com_create_masking_policy', // 9.7
        'Com_drop_masking_policy', // 9.7
        'Com_show_create_masking_policy', // 9.7
        'option_tracker_usage:JSON Duality View', // 9.7
      ],
      tables: [
        'performance_schema.variables_metadata', // 9.0
        'performance_schema.global_variable_attributes', // 9.0
        'information_schema.LIBRARIES', // 9.2
        'information_schema.ROUTINE_LIBRARIES', // 9.2
        'information_schema.JSON_DUALITY_VIEWS', // 9.4
        'information_schema.JSON_DUALITY_VIEW_COLUMNS', // 9.4
        'information_schema.JSON_DUALITY_VIEW_LINKS', // 9.4
        'information_schema.JSON_DUALITY_VIEW_TABLES', // 9.4
      ],
      privileges: ['MANAGE_DATA_MASKING_POLICY'],
      functions: [
        'STRING_TO_VECTOR', // 9.0
        'TO_VECTOR', // 9.0
        'VECTOR_TO_STRING', // 9.0
        'FROM_VECTOR', // 9.0
        'VECTOR_DIM', // 9.0
        'ETAG', // 9.4
      ],
    },
    has: {
      // mysql_native_password went in 9.0; in 8.4 it is built in and not enabled.
      variables: { mysql_native_password_proxy_users: 'sha256_password_proxy_users' },
      rows: {
        'information_schema.PLUGINS': [
          [
            'mysql_native_password',
            '1.1',
            'DISABLED',
            'AUTHENTICATION',
            '2.1',
            null,
            null,
            'Oracle Corporation',
            'Native MySQL authentication',
            'GPL',
            'OFF',
          ],
        ],
      },
      cells: { 'information_schema.PLUGINS': { '90704.0': '80413.0', '9.7': '8.4' } },
      // Until 9.6 took them out of the server.
      classicHashes: true,
    },
  },
};
