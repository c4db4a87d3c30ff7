// Tables a source's server has open: those it reads at its start, and those its statements read since, until they are flushed.
// Source: SHOW OPEN TABLES of a freshly started 9.7.4.

/** Tables told of at most; past them those opened first are closed. */
const MAX_OPEN = 256;

/** Tables of schema mysql a server has open when its first client comes. */
const AT_START =
  'events servers time_zone_transition_type slave_master_info time_zone time_zone_leap_second password_history role_edges proxies_priv procs_priv column_type_elements user columns time_zone_name foreign_key_column_usage db foreign_keys func indexes slave_worker_info index_partitions index_column_usage table_partitions schemata tables triggers view_routine_usage columns_priv engine_cost tables_priv check_constraints view_table_usage gtid_executed index_stats global_grants default_roles table_stats time_zone_transition table_partition_values server_cost slave_relay_log_info component'.split(
    ' ',
  );

export class OpenTables {
  /** `schema`, a line feed and `table`, the one opened last at the end. */
  #opened = new Set<string>(AT_START.map((name) => `mysql\n${name}`));

  open(schema: string, name: string): void {
    const key = `${schema}\n${name}`;
    if (this.#opened.has(key)) return;
    this.#opened.add(key);
    if (this.#opened.size <= MAX_OPEN) return;
    for (const oldest of this.#opened) {
      this.#opened.delete(oldest);
      break;
    }
  }

  close(schema: string, name: string): void {
    this.#opened.delete(`${schema}\n${name}`);
  }

  /** FLUSH TABLES closes them all. */
  clear(): void {
    this.#opened.clear();
  }

  /** Schema and name of each, a source's own first. */
  list(): readonly (readonly [schema: string, name: string])[] {
    const pairs = [...this.#opened].map((key) => key.split('\n') as [string, string]);
    return [
      ...pairs.filter(([schema]) => schema !== 'mysql').reverse(),
      ...pairs.filter(([schema]) => schema === 'mysql'),
    ];
  }
}
