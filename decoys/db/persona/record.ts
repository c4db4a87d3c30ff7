// A developer's tool, never bundled: asks a live MySQL server for the facts the persona needs and prints them as a module of JSON texts.
// Run: node decoys/db/persona/record.ts PORT > decoys/db/persona/mysql-9.7.ts
import { brotliCompressSync, constants } from 'node:zlib';
import { WireClient } from '../../../test/protocol/db/wire-client.ts';
import type { WireColumn, WireReply } from '../../../test/protocol/db/wire-reply.ts';

const SYSTEM_SCHEMAS = ['information_schema', 'mysql', 'performance_schema', 'sys'];
const CLIENT_BYTES = 4;

const client = await WireClient.session(Number(process.argv[2]));

async function rows(sql: string): Promise<(string | null)[][]> {
  const reply = await client.query(sql);
  if (!reply.rows) throw new Error(`${sql}: ${JSON.stringify(reply.error)}`);
  return reply.rows;
}

function wireOf(column: WireColumn): string {
  const text = column.charset === 255;
  const length = text ? column.length / CLIENT_BYTES : column.length;
  return [column.typeCode, text ? 't' : 'b', length, column.flags, column.decimals, column.schema ? 's' : ''].join(',');
}

const kinds = new Map<string, number>();
function kindOf(text: string): number {
  const known = kinds.get(text);
  if (known !== undefined) return known;
  kinds.set(text, kinds.size);
  return kinds.size - 1;
}

async function variables() {
  const metadata = await rows(
    'SELECT VARIABLE_NAME, VARIABLE_SCOPE, DATA_TYPE, MIN_VALUE, MAX_VALUE FROM performance_schema.variables_metadata ORDER BY 1',
  );
  const types = new Map(metadata.map((row) => [row[0], row]));
  const globals = new Map((await rows('SHOW GLOBAL VARIABLES')) as [string, string][]);
  const sessions = new Map((await rows('SHOW SESSION VARIABLES')) as [string, string][]);
  const out: unknown[] = [];
  for (const name of [...new Set([...globals.keys(), ...sessions.keys()])].sort()) {
    const read = async (scope: string): Promise<WireReply> => client.query(`SELECT @@${scope}.\`${name}\``);
    const [global, session] = [await read('global'), await read('session')];
    const shown = (global.columns ?? session.columns)?.[0] as WireColumn;
    const write = async (scope: string) => {
      const value = scope === 'GLOBAL' ? global : session;
      if (!value.rows) return value.error?.code ?? 0;
      if (
        /^(super_)?read_only$|offline_mode|persisted_globals_load|gtid_next|gtid_mode|gtid_purged|pseudo|sql_log_bin|innodb_redo_log_capacity|innodb_buffer_pool/.test(
          name,
        )
      )
        return 0;
      const reply = await client.query(`SET ${scope} \`${name}\` = DEFAULT`);
      const code = reply.error?.code ?? 0;
      if (code === 0 && scope === 'GLOBAL') {
        const number =
          shown.typeCode === 253 ? `'${(value.rows[0]?.[0] ?? '').replace(/'/g, "''")}'` : String(value.rows[0]?.[0]);
        await client.query(`SET GLOBAL \`${name}\` = ${value.rows[0]?.[0] === null ? 'NULL' : number}`);
      }
      return code;
    };
    const meta = types.get(name);
    const kind = shown ? wireOf(shown) : '';
    const value = globals.get(name) ?? sessions.get(name) ?? '';
    out.push([
      name,
      value,
      kindOf(kind),
      meta?.[2] ?? '',
      meta?.[3] ?? '',
      meta?.[4] ?? '',
      global.error?.code ?? 0,
      session.error?.code ?? 0,
      await write('GLOBAL'),
      await write('SESSION'),
      (global.rows ?? session.rows)?.[0]?.[0] === null ? 1 : 0,
    ]);
  }
  return {
    names: out,
    globalOnly: [...globals.keys()].filter((name) => !sessions.has(name)),
    sessionOnly: [...sessions.keys()].filter((name) => !globals.has(name)),
  };
}

async function tables() {
  const all = await rows(
    `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, TABLE_COMMENT, ROW_FORMAT, CREATE_OPTIONS, TABLE_ROWS, AVG_ROW_LENGTH, DATA_LENGTH, MAX_DATA_LENGTH, INDEX_LENGTH, DATA_FREE, AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA IN (${SYSTEM_SCHEMAS.map((schema) => `'${schema}'`).join(',')}) ORDER BY TABLE_SCHEMA, TABLE_NAME`,
  );
  const out: Record<string, unknown> = {};
  for (const [schema, table, ...facts] of all) {
    const described = await rows(
      `SELECT COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, COLUMN_KEY, EXTRA, COLUMN_COMMENT FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='${schema}' AND TABLE_NAME='${table}' ORDER BY ORDINAL_POSITION`,
    );
    const reply = await client.query(`SELECT * FROM \`${schema}\`.\`${table}\` LIMIT 0`);
    const wires = reply.columns ?? [];
    const columns = described.map((column, at) => {
      const [name, fallback, nullable, type, charset, collation, key, extra, comment] = column;
      const wire = wires[at];
      const kind = kindOf(
        [type, nullable, charset ?? '', collation ?? '', key, extra, wire ? wireOf(wire) : ''].join('|'),
      );
      const shown = wire && (wire.orgName ?? '') !== name ? (wire.orgName ?? '') : null;
      return comment || shown !== null
        ? [name, kind, fallback, comment, shown]
        : fallback !== null
          ? [name, kind, fallback]
          : [name, kind];
    });
    out[`${schema}.${table}`] = [facts, columns];
  }
  return out;
}

async function fill(): Promise<Record<string, (string | null)[][]>> {
  const out: Record<string, (string | null)[][]> = {};
  const small = [
    'mysql.db',
    'mysql.user',
    'mysql.engine_cost',
    'mysql.tables_priv',
    'mysql.proxies_priv',
    'mysql.replication_group_configuration_version',
    'mysql.replication_group_member_actions',
    'mysql.innodb_table_stats',
    'mysql.component',
    'sys.version',
    'information_schema.CHARACTER_SETS',
    'information_schema.COLLATIONS',
    'information_schema.ENGINES',
    'information_schema.KEYWORDS',
    'information_schema.SCHEMATA',
    'information_schema.USER_ATTRIBUTES',
    'information_schema.SCHEMA_PRIVILEGES',
    'information_schema.TABLE_PRIVILEGES',
    'information_schema.RESOURCE_GROUPS',
    'information_schema.INNODB_FT_DEFAULT_STOPWORD',
    'performance_schema.setup_actors',
  ];
  for (const name of small) out[name] = await rows(`SELECT * FROM ${name}`);
  return out;
}

/** Columns of every SHOW, as told in strict mode and without; names that hold a schema or an account are written `Tables_in_%s`. */
async function shows(): Promise<Record<string, unknown>> {
  const forms: Record<string, string> = {
    databases: 'SHOW DATABASES',
    tables: 'SHOW TABLES FROM mysql',
    'full-tables': 'SHOW FULL TABLES FROM mysql',
    'table-status': 'SHOW TABLE STATUS FROM mysql',
    'open-tables': "SHOW OPEN TABLES LIKE 'nope'",
    columns: 'SHOW COLUMNS FROM mysql.func',
    'full-columns': 'SHOW FULL COLUMNS FROM mysql.func',
    index: 'SHOW INDEX FROM mysql.func',
    triggers: 'SHOW TRIGGERS FROM sys',
    events: 'SHOW EVENTS FROM mysql',
    variables: 'SHOW VARIABLES LIKE "nope"',
    'global-variables': 'SHOW GLOBAL VARIABLES LIKE "nope"',
    status: 'SHOW STATUS LIKE "nope"',
    'global-status': 'SHOW GLOBAL STATUS LIKE "nope"',
    warnings: 'SHOW WARNINGS',
    errors: 'SHOW ERRORS',
    'count-warnings': 'SHOW COUNT(*) WARNINGS',
    'count-errors': 'SHOW COUNT(*) ERRORS',
    'create-database': 'SHOW CREATE DATABASE mysql',
    'create-table': 'SHOW CREATE TABLE mysql.func',
    'create-view': 'SHOW CREATE VIEW sys.version',
    'create-user': "SHOW CREATE USER 'root'@'%'",
    'create-event': 'SHOW CREATE EVENT zz_record.e',
    'create-procedure': 'SHOW CREATE PROCEDURE sys.ps_setup_save',
    'create-function': 'SHOW CREATE FUNCTION sys.version_major',
    'create-trigger': 'SHOW CREATE TRIGGER sys.sys_config_insert_set_user',
    grants: "SHOW GRANTS FOR 'root'@'%'",
    processlist: 'SHOW PROCESSLIST',
    'full-processlist': 'SHOW FULL PROCESSLIST',
    engines: 'SHOW ENGINES',
    plugins: 'SHOW PLUGINS',
    privileges: 'SHOW PRIVILEGES',
    charset: 'SHOW CHARSET LIKE "nope"',
    collation: 'SHOW COLLATION LIKE "nope"',
    'binary-logs': 'SHOW BINARY LOGS',
    'binary-log-status': 'SHOW BINARY LOG STATUS',
    'binlog-events': 'SHOW BINLOG EVENTS LIMIT 1',
    'replica-status': 'SHOW REPLICA STATUS',
    replicas: 'SHOW REPLICAS',
    'procedure-status': "SHOW PROCEDURE STATUS LIKE 'nope'",
    'function-status': "SHOW FUNCTION STATUS LIKE 'nope'",
    profiles: 'SHOW PROFILES',
    profile: 'SHOW PROFILE',
    'engine-status': 'SHOW ENGINE INNODB STATUS',
    'engine-mutex': 'SHOW ENGINE INNODB MUTEX',
    'table-maintenance': 'CHECK TABLE mysql.func',
    checksum: 'CHECKSUM TABLE mysql.func',
    explain: 'EXPLAIN SELECT 1',
    'explain-tree': 'EXPLAIN FORMAT=TREE SELECT 1',
    'explain-json': 'EXPLAIN FORMAT=JSON SELECT 1',
    help: "HELP 'zz_nothing'",
    'xa-recover': 'XA RECOVER',
  };
  await client.query('CREATE DATABASE zz_record');
  await client.query('CREATE EVENT zz_record.e ON SCHEDULE EVERY 1 DAY DO SELECT 1');
  const out: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(forms)) {
    const ask = async () =>
      (await client.query(sql)).columns?.map((column) => [
        column.name
          .replace('Tables_in_mysql', 'Tables_in_%s')
          .replace('Grants for root@%', 'Grants for %s')
          .replace('CREATE USER for root@%', 'CREATE USER for %s'),
        kindOf(wireOf(column)),
        column.schema ?? '',
        column.table ?? '',
        column.orgTable ?? '',
        column.orgName ?? '',
      ]);
    const strict = await ask();
    await client.query("SET sql_mode=''");
    const lax = await ask();
    await client.query('SET sql_mode=DEFAULT');
    if (!strict) throw new Error(`${sql} has no columns`);
    out[name] = JSON.stringify(strict) === JSON.stringify(lax) ? [strict] : [strict, lax];
  }
  await client.query('DROP DATABASE zz_record');
  return out;
}

const facts = {
  shows: await shows(),
  variables: await variables(),
  status: (await rows('SHOW GLOBAL STATUS')).map((row) => row),
  sessionStatus: (await rows('SHOW SESSION STATUS')).map((row) => row),
  privileges: await rows('SHOW PRIVILEGES'),
  tables: await tables(),
  rows: await fill(),
};
/** JSON that may stand in a template literal. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{');
}

function constant(name: string, value: unknown): string {
  return `export const ${name} = String.raw\`${json(value)}\`;\n`;
}

/** One brotli text, in base64. */
function packed(name: string, value: unknown): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const text = brotliCompressSync(JSON.stringify(value), { params }).toString('base64');
  return `/** All of them in one brotli text, in base64. */\nexport const ${name} =\n  '${text}';\n`;
}

function table(name: string, values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values).map(([key, value]) => `  '${key}': String.raw\`${json(value)}\`,\n`);
  return `export const ${name}: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`;
}

process.stdout.write(
  [
    '// What a live MySQL said of itself, as JSON texts that are parsed when first asked for. Written by record.ts.\n// biome-ignore-all lint/complexity/noUselessStringRaw: every text is raw, whether or not it holds an escape.\n\n',
    constant('KINDS', [...kinds.keys()]),
    constant('SHOWS', facts.shows),
    constant('VARIABLES', facts.variables),
    constant('STATUS', facts.status),
    constant('SESSION_STATUS', facts.sessionStatus),
    constant('PRIVILEGES', facts.privileges),
    packed('TABLES', facts.tables),
    table('ROWS', facts.rows),
  ].join(''),
);
await client.quit();
