// A developer's tool, never bundled: asks a live MySQL, freshly started, how each system table and view is defined and told, and
// what those hold that hold the same on every server. Prints a module of brotli texts, each unpacked when first asked for.
// Run: node decoys/db/persona/record-contents.ts PORT > decoys/db/persona/mysql-9.7-contents.ts
import { brotliCompressSync, constants } from 'node:zlib';
import { WireClient } from '../../../test/protocol/db/wire-client.ts';

const SYSTEM_SCHEMAS = ['information_schema', 'mysql', 'performance_schema', 'sys'];

/** Tables whose rows are the same on every server, or that begin so and move little. */
const CONTENTS =
  `information_schema.INNODB_BUFFER_POOL_STATS information_schema.INNODB_CACHED_INDEXES information_schema.INNODB_CMP
information_schema.INNODB_CMPMEM information_schema.INNODB_CMPMEM_RESET information_schema.INNODB_CMP_RESET
information_schema.INNODB_COLUMNS information_schema.INNODB_DATAFILES information_schema.INNODB_FIELDS
information_schema.INNODB_INDEXES information_schema.INNODB_METRICS information_schema.INNODB_SESSION_TEMP_TABLESPACES
information_schema.INNODB_TABLES information_schema.INNODB_TABLESPACES_BRIEF
information_schema.INNODB_TABLESTATS information_schema.INNODB_VIRTUAL information_schema.PARAMETERS
information_schema.TABLESPACES_EXTENSIONS information_schema.TRIGGERS information_schema.VIEW_ROUTINE_USAGE
information_schema.VIEW_TABLE_USAGE mysql.help_category mysql.help_keyword mysql.help_relation
performance_schema.binary_log_transaction_compression_stats performance_schema.cond_instances
performance_schema.events_errors_summary_global_by_error performance_schema.events_stages_summary_global_by_event_name
performance_schema.events_statements_histogram_global performance_schema.events_statements_summary_global_by_event_name
performance_schema.events_transactions_summary_global_by_event_name performance_schema.events_waits_summary_by_instance
performance_schema.events_waits_summary_global_by_event_name performance_schema.file_instances
performance_schema.file_summary_by_event_name performance_schema.file_summary_by_instance
performance_schema.innodb_redo_log_files performance_schema.memory_summary_global_by_event_name
performance_schema.mutex_instances performance_schema.objects_summary_global_by_type performance_schema.performance_timers
performance_schema.rwlock_instances performance_schema.setup_instruments performance_schema.setup_loggers
performance_schema.setup_meters performance_schema.setup_metrics
performance_schema.socket_summary_by_event_name performance_schema.table_io_waits_summary_by_index_usage
performance_schema.table_io_waits_summary_by_table performance_schema.table_lock_waits_summary_by_table
performance_schema.threads performance_schema.tls_channel_status performance_schema.variables_info
performance_schema.variables_metadata performance_schema.global_status performance_schema.session_status
sys.innodb_buffer_stats_by_schema sys.innodb_buffer_stats_by_table sys.x$innodb_buffer_stats_by_schema
sys.x$innodb_buffer_stats_by_table`.split(/\s+/);

/** What of other tables is kept, and in which order a key finds it. */
const SELECTED: Readonly<Record<string, string>> = {
  'show.engine performance_schema status': 'SHOW ENGINE PERFORMANCE_SCHEMA STATUS',
  'information_schema.ROUTINES':
    "SELECT ROUTINE_NAME, ROUTINE_TYPE, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, CHARACTER_SET_NAME, COLLATION_NAME, DTD_IDENTIFIER, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, SQL_MODE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='sys'",
  'information_schema.VIEWS': "SELECT TABLE_NAME, IS_UPDATABLE FROM information_schema.VIEWS WHERE TABLE_SCHEMA='sys'",
  'mysql.help_topic': "SELECT help_topic_id, name, help_category_id, '', '', url FROM mysql.help_topic",
};

/** INFORMATION_SCHEMA's views told under the tables they are merged from. */
const MERGED_VIEWS = new Set(
  'APPLICABLE_ROLES COLLATIONS ENABLED_ROLES ROLE_COLUMN_GRANTS ROLE_ROUTINE_GRANTS ROLE_TABLE_GRANTS'.split(' '),
);

/** Columns of sentences and code, which stay out. */
const WRITTEN = /^(DOCUMENTATION|ACTION_STATEMENT)$/;

/** Addresses differ from start to start: they are made up where they are shown. */
const ADDRESS = /^OBJECT_INSTANCE_BEGIN$/;

const client = await WireClient.session(Number(process.argv[2]));

async function ask(sql: string) {
  const reply = await client.query(sql);
  if (!reply.rows || !reply.columns) throw new Error(`${sql}: ${JSON.stringify(reply.error)}`);
  return { ...reply, rows: reply.rows, columns: reply.columns };
}

function packed(value: unknown): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(JSON.stringify(value), { params }).toString('base64');
}

const contents: string[] = [];
for (const key of CONTENTS) {
  const { rows, columns } = await ask(`SELECT * FROM ${key.replace('.', '.`')}\``);
  const kept = rows.map((row) =>
    row.map((cell, at) => {
      const name = columns[at]?.name ?? '';
      return ADDRESS.test(name) ? '0' : WRITTEN.test(name) && cell !== null ? '' : cell;
    }),
  );
  contents.push(`  '${key}': '${packed(kept)}',\n`);
}
for (const [key, sql] of Object.entries(SELECTED)) contents.push(`  '${key}': '${packed((await ask(sql)).rows)}',\n`);

const definitions: string[] = [];
const told: Record<string, unknown> = {};
for (const schema of SYSTEM_SCHEMAS) {
  const texts: Record<string, unknown> = {};
  const { rows } = await ask(`SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA='${schema}'`);
  for (const [name] of rows) {
    const table = `\`${schema}\`.\`${name}\``;
    const [, ...text] = (await ask(`SHOW CREATE TABLE ${table}`)).rows[0] ?? [];
    // Views are somebody's code, and stay out.
    if (text.length === 1) texts[name as string] = text[0];
    const whole = await ask(`SELECT * FROM ${table} LIMIT 1`);
    const count = await ask(`SELECT COUNT(*) FROM ${table}`);
    // Told elsewhere than in the view itself: the schema and the original table of each column.
    const places = whole.columns.map((column) => `${column.schema ?? ''} ${column.orgTable ?? ''}`);
    const own = `${schema} ${name}`;
    const elsewhere = (schema === 'sys' || MERGED_VIEWS.has(name as string)) && places.some((place) => place !== own);
    told[`${schema}.${name}`] = [
      whole.status,
      count.status,
      ...(elsewhere ? [places.map((place) => (place === own ? '' : place))] : []),
    ];
  }
  definitions.push(`  ${schema}: '${packed(texts)}',\n`);
}

process.stdout.write(
  [
    '// How a live MySQL 9.7.4 defines and tells its own tables, and what they hold; brotli in base64. Written by record-contents.ts.\n\n',
    `export const DEFINITIONS: Readonly<Record<string, string>> = {\n${definitions.join('')}};\n\n`,
    `export const TOLD =\n  '${packed(told)}';\n\n`,
    `export const CONTENTS: Readonly<Record<string, string>> = {\n${contents.join('')}};\n`,
  ].join(''),
);
await client.quit();
