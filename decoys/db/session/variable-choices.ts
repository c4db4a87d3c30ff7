// What SET takes of variables that are words: the choices of each, sets of words, those that may be NULL, those on their way out.
// Source: values, warnings and errors asked of a live 9.7.4, one variable after the other.

/** Words of an enumeration, by the number that also stands for each. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  'validate_password.policy': ['LOW', 'MEDIUM', 'STRONG'],
  validate_password_policy: ['LOW', 'MEDIUM', 'STRONG'],
  rpl_semi_sync_source_wait_point: ['AFTER_SYNC', 'AFTER_COMMIT'],
  binlog_checksum: ['NONE', 'CRC32'],
  binlog_error_action: ['IGNORE_ERROR', 'ABORT_SERVER'],
  binlog_format: ['MIXED', 'STATEMENT', 'ROW'],
  binlog_row_image: ['MINIMAL', 'NOBLOB', 'FULL'],
  binlog_row_metadata: ['MINIMAL', 'FULL'],
  block_encryption_mode: [
    'aes-128-ecb',
    'aes-192-ecb',
    'aes-256-ecb',
    'aes-128-cbc',
    'aes-192-cbc',
    'aes-256-cbc',
    'aes-128-cfb1',
    'aes-192-cfb1',
    'aes-256-cfb1',
    'aes-128-cfb8',
    'aes-192-cfb8',
    'aes-256-cfb8',
    'aes-128-cfb128',
    'aes-192-cfb128',
    'aes-256-cfb128',
    'aes-128-ofb',
    'aes-192-ofb',
    'aes-256-ofb',
  ],
  completion_type: ['NO_CHAIN', 'CHAIN', 'RELEASE'],
  concurrent_insert: ['NEVER', 'AUTO', 'ALWAYS'],
  delay_key_write: ['OFF', 'ON', 'ALL'],
  enforce_gtid_consistency: ['OFF', 'ON', 'WARN'],
  event_scheduler: ['OFF', 'ON'],
  explain_format: ['TRADITIONAL', 'TRADITIONAL_STRICT', 'TREE', 'JSON'],
  group_replication_consistency: ['EVENTUAL', 'BEFORE_ON_PRIMARY_FAILOVER', 'BEFORE', 'AFTER', 'BEFORE_AND_AFTER'],
  gtid_mode: ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'],
  innodb_change_buffering: ['none', 'inserts', 'deletes', 'changes', 'purges', 'all'],
  innodb_checksum_algorithm: ['crc32', 'strict_crc32', 'innodb', 'strict_innodb', 'none', 'strict_none'],
  innodb_default_row_format: ['redundant', 'compact', 'dynamic'],
  innodb_stats_method: ['nulls_equal', 'nulls_unequal', 'nulls_ignored'],
  internal_tmp_mem_storage_engine: ['MEMORY', 'TempTable'],
  log_timestamps: ['UTC', 'SYSTEM'],
  myisam_stats_method: ['nulls_unequal', 'nulls_equal', 'nulls_ignored'],
  rbr_exec_mode: ['STRICT', 'IDEMPOTENT'],
  replica_exec_mode: ['STRICT', 'IDEMPOTENT'],
  resultset_metadata: ['NONE', 'FULL'],
  session_track_gtids: ['OFF', 'OWN_GTID', 'ALL_GTIDS'],
  session_track_transaction_info: ['OFF', 'STATE', 'CHARACTERISTICS'],
  slave_exec_mode: ['STRICT', 'IDEMPOTENT'],
  terminology_use_previous: ['NONE', 'BEFORE_8_0_26', 'BEFORE_8_2_0'],
  transaction_isolation: ['READ-UNCOMMITTED', 'READ-COMMITTED', 'REPEATABLE-READ', 'SERIALIZABLE'],
  updatable_views_with_limit: ['NO', 'YES'],
  use_secondary_engine: ['OFF', 'ON', 'FORCED'],
};

/** Words of a set, by the bit that also stands for each. */
export const WORD_SETS: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  binlog_row_value_options: ['PARTIAL_JSON'],
  log_output: ['NONE', 'FILE', 'TABLE'],
  replica_type_conversions: ['ALL_LOSSY', 'ALL_NON_LOSSY', 'ALL_UNSIGNED', 'ALL_SIGNED'],
  slave_type_conversions: ['ALL_LOSSY', 'ALL_NON_LOSSY', 'ALL_UNSIGNED', 'ALL_SIGNED'],
};

/** Variables that warn whoever sets or reads them, and what is to be used instead, where there is something. */
export const DEPRECATED: Readonly<Record<string, string>> = {
  __proto__: null as never,
  binlog_format: '',
  binlog_max_flush_queue_time: '',
  explicit_defaults_for_timestamp: '',
  delayed_insert_limit: '',
  delayed_insert_timeout: '',
  delayed_queue_size: '',
  init_slave: 'init_replica',
  log_bin_trust_function_creators: '',
  log_slow_slave_statements: 'log_slow_replica_statements',
  log_statements_unsafe_for_binlog: '',
  master_verify_checksum: 'source_verify_checksum',
  max_delayed_threads: '',
  max_insert_delayed_threads: '',
  max_length_for_sort_data: '',
  profiling: '',
  profiling_history_size: '',
  query_prealloc_size: '',
  rpl_stop_slave_timeout: 'rpl_stop_replica_timeout',
  slave_allow_batching: 'replica_allow_batching',
  slave_checkpoint_group: 'replica_checkpoint_group',
  slave_checkpoint_period: 'replica_checkpoint_period',
  slave_compressed_protocol: 'replica_compressed_protocol',
  slave_exec_mode: 'replica_exec_mode',
  slave_load_tmpdir: 'replica_load_tmpdir',
  slave_max_allowed_packet: 'replica_max_allowed_packet',
  slave_net_timeout: 'replica_net_timeout',
  slave_parallel_workers: 'replica_parallel_workers',
  slave_pending_jobs_size_max: 'replica_pending_jobs_size_max',
  slave_preserve_commit_order: 'replica_preserve_commit_order',
  slave_sql_verify_checksum: 'replica_sql_verify_checksum',
  slave_transaction_retries: 'replica_transaction_retries',
  slave_type_conversions: 'replica_type_conversions',
  sql_slave_skip_counter: 'sql_replica_skip_counter',
  sync_master_info: 'sync_source_info',
  sync_relay_log_info: '',
  terminology_use_previous: '',
  transaction_prealloc_size: '',
};

/** Variables of text that may be NULL. */
export const NULLABLE: ReadonlySet<string> = new Set(
  'admin_ssl_ca admin_ssl_capath admin_ssl_cert admin_ssl_cipher admin_ssl_crl admin_ssl_crlpath admin_ssl_key admin_tls_ciphersuites external_table_secondary_storage_engine external_table_storage_engine init_connect init_replica init_slave innodb_ft_aux_table innodb_ft_server_stopword_table innodb_ft_user_stopword_table innodb_redo_log_archive_dirs innodb_tmpdir mandatory_roles session_track_system_variables ssl_ca ssl_capath ssl_cert ssl_cipher ssl_crl ssl_crlpath ssl_key tls_ciphersuites'.split(
    ' ',
  ),
);

/** Variables DEFAULT is no value of. */
export const WITHOUT_DEFAULT: ReadonlySet<string> = new Set([
  'identity',
  'insert_id',
  'last_insert_id',
  'rand_seed1',
  'rand_seed2',
]);

/** The text of warning 1287 for one of them. */
export function deprecation(name: string): string | undefined {
  const instead = DEPRECATED[name];
  if (instead === undefined) return undefined;
  const told = `'@@${name}' is deprecated and will be removed in a future release.`;
  return instead === '' ? told : `${told} Please use ${instead} instead.`;
}
