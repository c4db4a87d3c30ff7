// Rows of system tables that depend on the session or the source: schemata, tables, columns, users, variables, processes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema.html and performance-schema.html
import type { Account } from '../overlay/overlay.ts';
import type { OverlayTable } from '../overlay/table.ts';
import { allVariables, type SystemColumn, type SystemTable, systemRows } from '../persona/catalogue.ts';
import { fromMs } from '../sql/value/temporal.ts';
import type { Value } from '../sql/value/value.ts';
import { FLAG } from '../wire/constants.ts';
import { dynamicPrivileges, STATIC_PRIVILEGES } from './accounts.ts';
import { schemaNames, tablesOf } from './schemas.ts';
import type { Session } from './session.ts';
import { statusRows } from './status.ts';
import { variableText } from './variables.ts';

export type Record_ = Readonly<Record<string, Value>>;
export type Provider = (session: Session) => readonly Record_[];

function schemaCollation(session: Session, schema: string): string {
  const own = session.overlay.databases.get(schema);
  if (own) return own.collation;
  return schema === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci';
}

function schemata(session: Session): Record_[] {
  const names = schemaNames(session);
  const order = ['mysql', ...names.filter((name) => name !== 'mysql')].filter((name) => names.includes(name));
  return order.map((name) => ({
    CATALOG_NAME: 'def',
    SCHEMA_NAME: name,
    DEFAULT_CHARACTER_SET_NAME: schemaCollation(session, name).split('_')[0] as string,
    DEFAULT_COLLATION_NAME: schemaCollation(session, name),
    SQL_PATH: null,
    DEFAULT_ENCRYPTION: 'NO',
  }));
}

/** Schemas in the order a scan of the dictionary lists their tables. */
function scanOrder(session: Session): string[] {
  const names = schemaNames(session);
  const system = ['mysql', 'information_schema', 'performance_schema', 'sys'].filter((name) => names.includes(name));
  return [...system, ...names.filter((name) => !system.includes(name))];
}

export function overlayTableFacts(table: OverlayTable): {
  rows: bigint;
  average: bigint;
  data: bigint;
  index: bigint;
  next: bigint | null;
} {
  const rows = BigInt(table.rows.length);
  const data = 16_384n * BigInt(Math.max(1, Math.ceil(table.bytes / 15_000)));
  const hasAuto = table.columns.some((column) => column.spec.autoIncrement);
  return {
    rows,
    average: rows === 0n ? 0n : data / rows,
    data,
    index: 16_384n * BigInt(table.indexes.filter((index) => index.kind !== 'primary').length),
    next: hasAuto ? table.autoIncrement : null,
  };
}

function tables(session: Session): Record_[] {
  const out: Record_[] = [];
  for (const schema of scanOrder(session)) {
    for (const entry of tablesOf(session, schema)) {
      const base = { TABLE_CATALOG: 'def', TABLE_SCHEMA: schema, TABLE_NAME: entry.name, TABLE_TYPE: entry.type };
      if (entry.system) {
        const [format, options, rows, average, data, maxData, index, free, next] = entry.system.facts;
        const numbers = (cell: string | null | undefined) =>
          cell === null || cell === undefined ? null : BigInt(cell);
        const view = entry.type === 'VIEW';
        out.push({
          ...base,
          ENGINE: entry.system.engine,
          VERSION: view ? null : 10n,
          ROW_FORMAT: format ?? null,
          TABLE_ROWS: numbers(rows),
          AVG_ROW_LENGTH: numbers(average),
          DATA_LENGTH: numbers(data),
          MAX_DATA_LENGTH: numbers(maxData),
          INDEX_LENGTH: numbers(index),
          DATA_FREE: numbers(free),
          AUTO_INCREMENT: numbers(next),
          CREATE_TIME: fromMs(session.server.options.startedMs - 20_000, 'datetime'),
          TABLE_COLLATION: entry.system.collation,
          CREATE_OPTIONS: options ?? '',
          TABLE_COMMENT: entry.system.comment,
        });
      } else if (entry.table) {
        const facts = overlayTableFacts(entry.table);
        out.push({
          ...base,
          ENGINE: entry.table.facts.engine,
          VERSION: 10n,
          ROW_FORMAT: 'Dynamic',
          TABLE_ROWS: facts.rows,
          AVG_ROW_LENGTH: facts.average,
          DATA_LENGTH: facts.data,
          MAX_DATA_LENGTH: 0n,
          INDEX_LENGTH: facts.index,
          DATA_FREE: 0n,
          AUTO_INCREMENT: facts.next,
          CREATE_TIME: fromMs(entry.table.facts.createdMs, 'datetime'),
          UPDATE_TIME: entry.table.changedMs === 0 ? null : fromMs(entry.table.changedMs, 'datetime'),
          TABLE_COLLATION: entry.table.facts.collation,
          CREATE_OPTIONS: '',
          TABLE_COMMENT: entry.table.facts.comment,
        });
      } else out.push({ ...base, TABLE_COMMENT: 'VIEW' });
    }
  }
  return out;
}

/** What INFORMATION_SCHEMA.COLUMNS and SHOW COLUMNS tell of a column. */
export interface ColumnFacts {
  readonly name: string;
  readonly columnType: string;
  readonly nullable: boolean;
  readonly fallback: string | null;
  readonly charset: string;
  readonly collation: string;
  readonly key: string;
  readonly extra: string;
  readonly comment: string;
}

export function overlayColumnFacts(table: OverlayTable): ColumnFacts[] {
  return table.columns.map((column) => {
    const flags = column.type.flags ?? 0;
    const extra = [
      column.spec.autoIncrement ? 'auto_increment' : '',
      isNow(column.spec.fallback) || isExpression(column.spec.fallback) ? 'DEFAULT_GENERATED' : '',
      column.spec.onUpdateNow ? 'on update CURRENT_TIMESTAMP' : '',
    ];
    return {
      name: column.name,
      columnType: column.columnType,
      nullable: column.nullable,
      fallback: defaultText(column.spec.fallback),
      charset: column.charset,
      collation: column.collation,
      key: flags & FLAG.PRI_KEY ? 'PRI' : flags & FLAG.UNIQUE_KEY ? 'UNI' : flags & FLAG.MULTIPLE_KEY ? 'MUL' : '',
      extra: extra.filter((part) => part !== '').join(' '),
      comment: column.spec.comment,
    };
  });
}

type Fallback = OverlayTable['columns'][number]['spec']['fallback'];

function isNow(e: Fallback): boolean {
  return e?.kind === 'call' && /^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/i.test(e.name);
}

function isExpression(e: Fallback): boolean {
  return e !== undefined && !['null', 'number', 'string', 'boolean', 'bytes', 'unary', 'temporal'].includes(e.kind);
}

export function defaultText(e: Fallback): string | null {
  if (!e || e.kind === 'null') return null;
  if (e.kind === 'string') return e.bytes.toString();
  if (e.kind === 'number') return e.text;
  if (e.kind === 'boolean') return e.value ? '1' : '0';
  if (e.kind === 'unary' && e.operand.kind === 'number') return `${e.operator}${e.operand.text}`;
  if (isNow(e)) return 'CURRENT_TIMESTAMP';
  if (e.kind === 'call') return `${e.name.toLowerCase()}()`;
  return '';
}

export function systemColumnFacts(column: SystemColumn): ColumnFacts {
  return {
    name: column.name,
    columnType: column.columnType,
    nullable: column.nullable,
    fallback: column.fallback,
    charset: column.charset,
    collation: column.collation,
    key: column.key,
    extra: column.extra,
    comment: column.comment,
  };
}

interface TypeFacts {
  readonly dataType: string;
  readonly characters: bigint | null;
  readonly precision: bigint | null;
  readonly scale: bigint | null;
  readonly fraction: bigint | null;
}

const LENGTHS: ReadonlyMap<string, bigint> = new Map([
  ['tinytext', 255n],
  ['text', 65_535n],
  ['mediumtext', 16_777_215n],
  ['longtext', 4_294_967_295n],
  ['tinyblob', 255n],
  ['blob', 65_535n],
  ['mediumblob', 16_777_215n],
  ['longblob', 4_294_967_295n],
]);
const PRECISIONS: ReadonlyMap<string, bigint> = new Map([
  ['tinyint', 3n],
  ['smallint', 5n],
  ['mediumint', 7n],
  ['int', 10n],
  ['bigint', 19n],
  ['float', 12n],
  ['double', 22n],
]);

/** Facts of the types met, few of them the server's; past the cap those are forgotten all at once. */
const knownTypes = new Map<string, TypeFacts>();
const KNOWN_TYPES = 512;
const KNOWN_TYPE_CHARACTERS = 256;

function typeFacts(columnType: string): TypeFacts {
  const known = knownTypes.get(columnType);
  if (known) return known;
  const made = readType(columnType);
  if (columnType.length > KNOWN_TYPE_CHARACTERS) return made;
  if (knownTypes.size >= KNOWN_TYPES) knownTypes.clear();
  knownTypes.set(columnType, made);
  return made;
}

function readType(columnType: string): TypeFacts {
  const dataType = columnType.split(/[( ]/)[0] as string;
  const args = /\((\d+)(?:,(\d+))?\)/.exec(columnType);
  let characters: bigint | null = LENGTHS.get(dataType) ?? null;
  if (/char|binary/.test(dataType)) characters = BigInt(args?.[1] ?? 1);
  if (dataType === 'enum' || dataType === 'set') {
    const members = [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(
      (match) => (match[1] as string).replace(/''/g, "'").length,
    );
    characters = BigInt(
      dataType === 'enum' ? Math.max(0, ...members) : members.reduce((sum, length) => sum + length + 1, -1),
    );
  }
  const decimal = dataType === 'decimal';
  const integer = /int$/.test(dataType);
  const temporal = dataType === 'time' || dataType === 'datetime' || dataType === 'timestamp';
  let precision: bigint | null = PRECISIONS.get(dataType) ?? null;
  if (dataType === 'bigint' && columnType.includes('unsigned')) precision = 20n;
  if (dataType === 'bit') precision = BigInt(args?.[1] ?? 1);
  if (decimal) precision = BigInt(args?.[1] ?? 10);
  return {
    dataType,
    characters,
    precision,
    scale: decimal ? BigInt(args?.[2] ?? 0) : integer ? 0n : null,
    fraction: temporal ? BigInt(args?.[1] ?? 0) : null,
  };
}

const PRIVILEGES = 'select,insert,update,references';

function columnRecords(schema: string, table: string, facts: readonly ColumnFacts[]): Record_[] {
  return facts.map((column, at) => {
    const type = typeFacts(column.columnType);
    const bytes = column.charset === 'utf8mb4' ? 4n : column.charset === 'utf8mb3' ? 3n : 1n;
    const blob = /text|blob/.test(type.dataType);
    return {
      TABLE_CATALOG: 'def',
      TABLE_SCHEMA: schema,
      TABLE_NAME: table,
      COLUMN_NAME: column.name,
      ORDINAL_POSITION: BigInt(at + 1),
      COLUMN_DEFAULT: column.fallback,
      IS_NULLABLE: column.nullable ? 'YES' : 'NO',
      DATA_TYPE: type.dataType,
      CHARACTER_MAXIMUM_LENGTH: type.characters,
      CHARACTER_OCTET_LENGTH: type.characters === null ? null : blob ? type.characters : type.characters * bytes,
      NUMERIC_PRECISION: type.precision,
      NUMERIC_SCALE: type.scale,
      DATETIME_PRECISION: type.fraction,
      CHARACTER_SET_NAME: column.charset || null,
      COLLATION_NAME: column.collation || null,
      COLUMN_TYPE: column.columnType,
      COLUMN_KEY: column.key,
      EXTRA: column.extra,
      PRIVILEGES: schema === 'information_schema' ? 'select' : PRIVILEGES,
      COLUMN_COMMENT: column.comment,
      GENERATION_EXPRESSION: '',
      SRS_ID: null,
    };
  });
}

/** Columns of the server's own tables never change, so each table's are made once. */
const systemColumnRecords = new WeakMap<SystemTable, readonly Record_[]>();

/** What INFORMATION_SCHEMA.COLUMNS tells of one of the server's own tables. */
export function recordsOf(table: SystemTable): readonly Record_[] {
  let made = systemColumnRecords.get(table);
  if (!made) {
    made = columnRecords(table.schema, table.name, table.columns.map(systemColumnFacts));
    systemColumnRecords.set(table, made);
  }
  return made;
}

function columns(session: Session): Record_[] {
  const out: Record_[] = [];
  for (const schema of scanOrder(session)) {
    for (const entry of tablesOf(session, schema)) {
      const records = entry.system
        ? recordsOf(entry.system)
        : entry.table
          ? columnRecords(schema, entry.name, overlayColumnFacts(entry.table))
          : [];
      for (const record of records) out.push(record);
    }
  }
  return out;
}

function quotedAccount(account: Account): string {
  return `'${account.user}'@'${account.host}'`;
}

/** Accounts in the order the server's in-memory list has them, by user within host. */
export function accountsOf(session: Session): Account[] {
  return [...session.overlay.accounts.values()].sort((a, b) =>
    a.host !== b.host ? (a.host < b.host ? -1 : 1) : a.user < b.user ? -1 : 1,
  );
}

function userPrivileges(session: Session): Record_[] {
  const out: Record_[] = [];
  const recorded = systemRows('information_schema.USER_PRIVILEGES');
  const known = new Set(recorded.map(([grantee]) => grantee));
  const present = new Set(accountsOf(session).map(quotedAccount));
  for (const [grantee, catalog, privilege, grantable] of recorded) {
    if (present.has(grantee as string))
      out.push({
        GRANTEE: grantee as string,
        TABLE_CATALOG: catalog as string,
        PRIVILEGE_TYPE: privilege as string,
        IS_GRANTABLE: grantable as string,
      });
  }
  for (const account of accountsOf(session)) {
    if (known.has(quotedAccount(account))) continue;
    const privileges = account.privileges.size === 0 ? ['USAGE'] : [...account.privileges];
    for (const privilege of privileges)
      out.push({
        GRANTEE: quotedAccount(account),
        TABLE_CATALOG: 'def',
        PRIVILEGE_TYPE: privilege,
        IS_GRANTABLE: account.grantOption ? 'YES' : 'NO',
      });
  }
  return out;
}

/** mysql.user's privilege columns and the static privilege each shows. */
const USER_COLUMNS: Readonly<Record<string, string>> = {
  Select_priv: 'SELECT',
  Insert_priv: 'INSERT',
  Update_priv: 'UPDATE',
  Delete_priv: 'DELETE',
  Create_priv: 'CREATE',
  Drop_priv: 'DROP',
  Reload_priv: 'RELOAD',
  Shutdown_priv: 'SHUTDOWN',
  Process_priv: 'PROCESS',
  File_priv: 'FILE',
  References_priv: 'REFERENCES',
  Index_priv: 'INDEX',
  Alter_priv: 'ALTER',
  Show_db_priv: 'SHOW DATABASES',
  Super_priv: 'SUPER',
  Create_tmp_table_priv: 'CREATE TEMPORARY TABLES',
  Lock_tables_priv: 'LOCK TABLES',
  Execute_priv: 'EXECUTE',
  Repl_slave_priv: 'REPLICATION SLAVE',
  Repl_client_priv: 'REPLICATION CLIENT',
  Create_view_priv: 'CREATE VIEW',
  Show_view_priv: 'SHOW VIEW',
  Create_routine_priv: 'CREATE ROUTINE',
  Alter_routine_priv: 'ALTER ROUTINE',
  Create_user_priv: 'CREATE USER',
  Event_priv: 'EVENT',
  Trigger_priv: 'TRIGGER',
  Create_tablespace_priv: 'CREATE TABLESPACE',
  Create_role_priv: 'CREATE ROLE',
  Drop_role_priv: 'DROP ROLE',
};

function users(session: Session): Record_[] {
  return accountsOf(session).map((account) => {
    const flags = Object.fromEntries(
      Object.entries(USER_COLUMNS).map(([column, privilege]) => [
        column,
        account.privileges.has(privilege) ? 'Y' : 'N',
      ]),
    );
    const locked = account.user.startsWith('mysql.') || account.role;
    return {
      Host: account.host,
      User: account.user,
      ...flags,
      Grant_priv: account.grantOption ? 'Y' : 'N',
      ssl_type: '',
      ssl_cipher: Buffer.alloc(0),
      x509_issuer: Buffer.alloc(0),
      x509_subject: Buffer.alloc(0),
      max_questions: 0n,
      max_updates: 0n,
      max_connections: 0n,
      max_user_connections: 0n,
      plugin: account.plugin,
      authentication_string: account.shown,
      password_expired: account.role ? 'Y' : 'N',
      password_last_changed: account.role ? null : fromMs(Math.floor(account.changedMs / 1000) * 1000, 'datetime'),
      password_lifetime: null,
      account_locked: locked ? 'Y' : 'N',
      Password_reuse_history: null,
      Password_reuse_time: null,
      Password_require_current: null,
      User_attributes: null,
    };
  });
}

function globalGrants(session: Session): Record_[] {
  return accountsOf(session).flatMap((account) =>
    account.user === 'root' || ![...account.privileges].some((privilege) => !STATIC_PRIVILEGES.includes(privilege))
      ? account.user === 'root'
        ? dynamicPrivileges().map((privilege) => ({
            USER: account.user,
            HOST: account.host,
            PRIV: privilege,
            WITH_GRANT_OPTION: 'Y',
          }))
        : []
      : [...account.privileges]
          .filter((privilege) => !STATIC_PRIVILEGES.includes(privilege))
          .map((privilege) => ({
            USER: account.user,
            HOST: account.host,
            PRIV: privilege,
            WITH_GRANT_OPTION: account.grantOption ? 'Y' : 'N',
          })),
  );
}

function variables(global: boolean): Provider {
  return (session) =>
    [...allVariables().values()]
      .filter((facts) => (global ? facts.readGlobal === 0 : true))
      .map((facts) => ({ VARIABLE_NAME: facts.name, VARIABLE_VALUE: variableText(session, facts, global) }));
}

function status(global: boolean): Provider {
  return (session) =>
    statusRows(session, global).map(([name, value]) => ({ VARIABLE_NAME: name, VARIABLE_VALUE: value }));
}

/** One line of the process list. */
export interface Process {
  readonly id: bigint;
  readonly user: string;
  readonly host: string;
  readonly db: string | null;
  readonly command: string;
  readonly seconds: bigint;
  readonly state: string | null;
  readonly info: string | null;
}

export function processes(session: Session): Process[] {
  const now = Date.now();
  const uptime = BigInt(Math.floor((now - session.server.options.startedMs) / 1000));
  const scheduler: Process = {
    id: 5n,
    user: 'event_scheduler',
    host: 'localhost',
    db: null,
    command: 'Daemon',
    seconds: uptime,
    state: 'Waiting on empty queue',
    info: null,
  };
  const own = session.server.sessionsOf(session.overlay).map(
    (other): Process => ({
      id: BigInt(other.connectionId),
      user: other.user === '' ? 'unauthenticated user' : other.user,
      host: `${other.address}:${other.port}`,
      db: other.database === '' ? null : other.database,
      command: other === session ? 'Query' : other.command,
      seconds: BigInt(Math.max(0, Math.floor((now - other.commandMs) / 1000))),
      state: other === session ? 'init' : other.command === 'Sleep' ? '' : other.state,
      info: other.command === 'Sleep' && other !== session ? null : other.info,
    }),
  );
  return [scheduler, ...own.sort((a, b) => Number(a.id - b.id))];
}

function processList(session: Session): Record_[] {
  return processes(session).map((p) => ({
    ID: p.id,
    USER: p.user,
    HOST: p.host,
    DB: p.db,
    COMMAND: p.command,
    TIME: p.seconds,
    STATE: p.state,
    INFO: p.info,
    EXECUTION_ENGINE: 'PRIMARY',
  }));
}

function sessionAttributes(session: Session): Record_[] {
  return session.server.sessionsOf(session.overlay).flatMap((other) =>
    [...other.attributes].map(([name, value], at) => ({
      PROCESSLIST_ID: BigInt(other.connectionId),
      ATTR_NAME: name,
      ATTR_VALUE: value,
      ORDINAL_POSITION: BigInt(at),
    })),
  );
}

function indexRows(session: Session): Record_[] {
  const out: Record_[] = [];
  for (const database of session.overlay.databases.values()) {
    for (const table of database.tables.values()) {
      for (const index of table.indexes) {
        for (const [at, part] of index.columns.entries()) {
          const column = table.columns[table.columnAt(part.name)];
          out.push({
            TABLE_CATALOG: 'def',
            TABLE_SCHEMA: database.name,
            TABLE_NAME: table.name,
            NON_UNIQUE: index.kind === 'primary' || index.kind === 'unique' ? 0n : 1n,
            INDEX_SCHEMA: database.name,
            INDEX_NAME: index.name,
            SEQ_IN_INDEX: BigInt(at + 1),
            COLUMN_NAME: part.name,
            COLLATION: index.kind === 'fulltext' ? null : 'A',
            CARDINALITY: BigInt(table.rows.length),
            SUB_PART: part.length === undefined ? null : BigInt(part.length),
            PACKED: null,
            NULLABLE: column?.nullable ? 'YES' : '',
            INDEX_TYPE: index.kind === 'fulltext' ? 'FULLTEXT' : 'BTREE',
            COMMENT: '',
            INDEX_COMMENT: '',
            IS_VISIBLE: 'YES',
            EXPRESSION: null,
          });
        }
      }
    }
  }
  return out;
}

function constraints(session: Session): Record_[] {
  const seen = new Map<string, Record_>();
  for (const row of indexRows(session)) {
    if (row.NON_UNIQUE !== 0n) continue;
    const { TABLE_SCHEMA, TABLE_NAME, INDEX_NAME } = row as Record<string, string>;
    seen.set(`${TABLE_SCHEMA}.${TABLE_NAME}.${INDEX_NAME}`, {
      CONSTRAINT_CATALOG: 'def',
      CONSTRAINT_SCHEMA: TABLE_SCHEMA as string,
      CONSTRAINT_NAME: INDEX_NAME as string,
      TABLE_SCHEMA: TABLE_SCHEMA as string,
      TABLE_NAME: TABLE_NAME as string,
      CONSTRAINT_TYPE: INDEX_NAME === 'PRIMARY' ? 'PRIMARY KEY' : 'UNIQUE',
      ENFORCED: 'YES',
    });
  }
  return [...seen.values()];
}

/** Recorded rows as records, before those a source adds. */
function withRecorded(key: string, names: readonly string[], more: Provider): Provider {
  return (session) => [
    ...systemRows(key).map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]))),
    ...more(session),
  ];
}

const STATISTICS_NAMES =
  'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX COLUMN_NAME COLLATION CARDINALITY SUB_PART PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT IS_VISIBLE EXPRESSION'.split(
    ' ',
  );
const CONSTRAINT_NAMES =
  'CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE ENFORCED'.split(' ');

export const SYSTEM_PROVIDERS: Readonly<Record<string, Provider>> = {
  __proto__: null as never,
  'information_schema.SCHEMATA': schemata,
  'information_schema.TABLES': tables,
  'information_schema.COLUMNS': columns,
  'information_schema.STATISTICS': withRecorded('information_schema.STATISTICS', STATISTICS_NAMES, indexRows),
  'information_schema.TABLE_CONSTRAINTS': withRecorded(
    'information_schema.TABLE_CONSTRAINTS',
    CONSTRAINT_NAMES,
    constraints,
  ),
  'information_schema.USER_PRIVILEGES': userPrivileges,
  'information_schema.PROCESSLIST': processList,
  'information_schema.VIEWS': (session) =>
    [...session.overlay.databases.values()].flatMap((database) =>
      [...database.views.values()].map((view) => ({
        TABLE_CATALOG: 'def',
        TABLE_SCHEMA: database.name,
        TABLE_NAME: view.name,
        VIEW_DEFINITION: view.text,
        CHECK_OPTION: 'NONE',
        IS_UPDATABLE: 'YES',
        DEFINER: 'root@%',
        SECURITY_TYPE: 'DEFINER',
        CHARACTER_SET_CLIENT: 'utf8mb4',
        COLLATION_CONNECTION: 'utf8mb4_0900_ai_ci',
      })),
    ),
  'performance_schema.processlist': processList,
  'performance_schema.global_variables': variables(true),
  'performance_schema.session_variables': variables(false),
  'performance_schema.global_status': status(true),
  'performance_schema.session_status': status(false),
  'performance_schema.session_connect_attrs': sessionAttributes,
  'performance_schema.session_account_connect_attrs': sessionAttributes,
  'mysql.user': users,
  'mysql.global_grants': globalGrants,
  'sys.version': (session) => [{ sys_version: '2.1.3', mysql_version: session.version() }],
};
