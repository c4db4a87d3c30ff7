// SHOW in all its forms: one entry a form, giving its rows; the columns are those recorded from the server.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html
import type { OverlayTable } from '../../overlay/table.ts';
import { allVariables, privilegeRows, systemDefinition, systemRows, systemTable } from '../../persona/catalogue.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { matchesLike } from '../../sql/like.ts';
import { Scope, type ScopeColumn } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { textType } from '../../sql/value/type.ts';
import { toBoolean, toInteger, toText, type Value } from '../../sql/value/value.ts';
import { STATUS } from '../../wire/constants.ts';
import { accountKey } from '../accounts.ts';
import { innodbStatus } from '../innodb-status.ts';
import type { Outcome, RowsOutcome } from '../outcome.ts';
import { canonicalSchema, schemaExists, schemaNames, tablesOf } from '../schemas.ts';
import type { Session } from '../session.ts';
import { statusRows } from '../status.ts';
import {
  type ColumnFacts,
  defaultText,
  overlayColumnFacts,
  overlayTableFacts,
  processes,
  systemColumnFacts,
} from '../system-rows.ts';
import { variableText } from '../variables.ts';
import { resolveAccount } from './account.ts';
import { createUserLine, grantLines } from './grant.ts';
import { shown } from './result.ts';

type Show = Extract<Statement, { kind: 'show' }>;
type Rows = readonly (readonly Value[])[];
type Handler = (x: Execution, s: Show) => Outcome;

function tick(name: string): string {
  return `\`${name.replace(/`/g, '``')}\``;
}

function schemaOf(x: Execution, s: Show): string {
  const schema = canonicalSchema(s.schema || x.session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(x.session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  return schema;
}

/** Applies LIKE on the first column, or WHERE on all. */
function filtered(x: Execution, s: Show, outcome: RowsOutcome, column = 0): RowsOutcome {
  const { like, where } = s.filter;
  if (like !== undefined) {
    const rows = outcome.rows.filter((row) =>
      matchesLike(toText(row[column] as Value) ?? '', like, '\\', 'utf8mb3_general_ci', (steps) => x.spend(steps)),
    );
    return { ...outcome, rows };
  }
  if (!where) return outcome;
  const columns = outcome.columns.map(
    (told): ScopeColumn => ({
      schema: '',
      table: '',
      name: told.name,
      type: textType(told.length, { collation: 'utf8mb3_general_ci' }),
      orgTable: '',
      orgName: '',
      shownSchema: '',
    }),
  );
  const scope = new Scope(columns, undefined);
  scope.clause = 'where clause';
  const node = compile(compilerOf(x), where, scope);
  const rows = outcome.rows.filter((row) => {
    x.spend(2);
    return toBoolean(node.get({ values: row }));
  });
  return { ...outcome, rows };
}

function simple(form: string, rows: (x: Execution, s: Show) => Rows, flags = 0): Handler {
  return (x, s) => ({ ...filtered(x, s, shown(x.session, form, rows(x, s))), flags });
}

function likeSuffix(s: Show): string {
  return s.filter.like === undefined ? '' : ` (${s.filter.like})`;
}

const showDatabases: Handler = (x, s) => {
  const rows = schemaNames(x.session).map((name) => [name]);
  const outcome = filtered(x, s, shown(x.session, 'databases', rows));
  const columns = outcome.columns.map((column) => ({
    ...column,
    name: column.name + likeSuffix(s),
    orgName: column.orgName && column.orgName + likeSuffix(s),
  }));
  return { ...outcome, columns, flags: STATUS.NO_INDEX };
};

const showTables: Handler = (x, s) => {
  const schema = schemaOf(x, s);
  const rows = tablesOf(x.session, schema).map((entry) => (s.full ? [entry.name, entry.type] : [entry.name]));
  const outcome = filtered(x, s, shown(x.session, s.full ? 'full-tables' : 'tables', rows, schema));
  const columns = outcome.columns.map((column, at) =>
    at === 0
      ? { ...column, name: column.name + likeSuffix(s), orgName: `Tables_in_${schema}${likeSuffix(s)}` }
      : column,
  );
  return { ...outcome, columns };
};

const showTableStatus: Handler = (x, s) => {
  const schema = schemaOf(x, s);
  const rows = tablesOf(x.session, schema).map((entry): Value[] => {
    if (entry.table) {
      const facts = overlayTableFacts(entry.table);
      return [
        entry.name,
        entry.table.facts.engine,
        10n,
        'Dynamic',
        facts.rows,
        facts.average,
        facts.data,
        0n,
        facts.index,
        0n,
        facts.next,
        fromMs(entry.table.facts.createdMs - (entry.table.facts.createdMs % 1000), 'datetime'),
        entry.table.changedMs ? fromMs(entry.table.changedMs - (entry.table.changedMs % 1000), 'datetime') : null,
        null,
        entry.table.facts.collation,
        null,
        '',
        entry.table.facts.comment,
      ];
    }
    if (!entry.system) return [entry.name, ...Array<Value>(16).fill(null), 'VIEW'];
    const [format, options, count, average, data, maxData, index, free, next] = entry.system.facts;
    return [
      entry.name,
      entry.system.engine,
      10n,
      format ?? null,
      count ?? null,
      average ?? null,
      data ?? null,
      maxData ?? null,
      index ?? null,
      free ?? null,
      next ?? null,
      fromMs(x.session.server.options.startedMs - (x.session.server.options.startedMs % 1000), 'datetime'),
      null,
      null,
      entry.system.collation,
      null,
      options ?? '',
      entry.system.comment,
    ];
  });
  return filtered(x, s, shown(x.session, 'table-status', rows));
};

function columnFacts(x: Execution, s: Show): ColumnFacts[] {
  const { session } = x;
  const name = s.table?.name ?? '';
  const source = session.table(s.schema || s.table?.schema || '', name);
  const own = session.overlay.databases.get(source.schema)?.tables.get(source.name);
  if (own) return overlayColumnFacts(own);
  const system = systemTable(source.schema, source.name);
  if (system) return system.columns.map(systemColumnFacts);
  return source.columns.map((column) => ({
    name: column.name,
    columnType: column.type.text ? `varchar(${column.type.length})` : 'bigint',
    nullable: column.type.nullable,
    fallback: null,
    charset: '',
    collation: column.type.text ? column.type.collation : '',
    key: '',
    extra: '',
    comment: '',
  }));
}

const showColumns: Handler = (x, s) => {
  const rows = columnFacts(x, s).map((column): Value[] => {
    const tail: Value[] = [column.nullable ? 'YES' : 'NO', column.key, column.fallback, column.extra];
    return s.full
      ? [
          column.name,
          column.columnType,
          column.collation || null,
          ...tail,
          'select,insert,update,references',
          column.comment,
        ]
      : [column.name, column.columnType, ...tail];
  });
  return filtered(x, s, shown(x.session, s.full ? 'full-columns' : 'columns', rows));
};

const showIndex: Handler = (x, s) => {
  const source = x.session.table(s.schema || s.table?.schema || '', s.table?.name ?? '');
  const own = x.session.overlay.databases.get(source.schema)?.tables.get(source.name);
  if (own) {
    const rows = own.indexes.flatMap((index) =>
      index.columns.map((part, at): Value[] => {
        const column = own.columns[own.columnAt(part.name)];
        const unique = index.kind === 'primary' || index.kind === 'unique';
        return [
          own.name,
          unique ? 0n : 1n,
          index.name,
          BigInt(at + 1),
          part.name,
          index.kind === 'fulltext' ? null : 'A',
          BigInt(own.rows.length),
          part.length === undefined ? null : BigInt(part.length),
          null,
          column?.nullable ? 'YES' : '',
          index.kind === 'fulltext' ? 'FULLTEXT' : 'BTREE',
          '',
          '',
          'YES',
          null,
        ];
      }),
    );
    return filtered(x, s, shown(x.session, 'index', rows));
  }
  const rows = systemRows('information_schema.STATISTICS')
    .filter((row) => row[1] === source.schema && row[2] === source.name)
    .map((row): Value[] =>
      [
        row[2],
        row[3],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
        row[13],
        row[14],
        row[15],
        row[16],
        row[17],
      ].map((cell) => cell ?? null),
    );
  return filtered(x, s, shown(x.session, 'index', rows));
};

const showVariables: Handler = (x, s) => {
  const { session } = x;
  const global = s.scope === 'global';
  const rows = [...allVariables().values()]
    .filter((facts) => !global || facts.readGlobal === 0)
    .map((facts) => [facts.name, variableText(session, facts, global || facts.readSession !== 0)]);
  return { ...filtered(x, s, shown(session, global ? 'global-variables' : 'variables', rows)), flags: STATUS.NO_INDEX };
};

const showStatus: Handler = (x, s) => {
  const global = s.scope === 'global';
  return {
    ...filtered(x, s, shown(x.session, global ? 'global-status' : 'status', statusRows(x.session, global))),
  };
};

function limited(x: Execution, s: Show, rows: Rows): Rows {
  if (!s.limit) return rows;
  const number = (e: NonNullable<Show['limit']>['count'] | undefined) =>
    e ? Number(toInteger(compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] })) ?? 0n) : 0;
  const offset = number(s.limit.offset);
  return rows.slice(offset, offset + number(s.limit.count));
}

const showWarnings: Handler = (x, s) => {
  const errors = s.what === 'errors';
  const rows = x.session.warnings
    .filter((warning) => !errors || warning.level === 'Error')
    .map((warning) => [warning.level, BigInt(warning.code), warning.message]);
  return shown(x.session, errors ? 'errors' : 'warnings', limited(x, s, rows));
};

const countWarnings: Handler = (x, s) => {
  const errors = s.what === 'count-errors';
  const count = errors
    ? x.session.warnings.filter((warning) => warning.level === 'Error').length
    : x.session.warningCount;
  return shown(x.session, s.what, [[BigInt(count)]]);
};

const showCreateDatabase: Handler = (x, s) => {
  const name = canonicalSchema(s.name);
  if (!schemaExists(x.session, name)) throw sqlError('ER_BAD_DB_ERROR', s.name);
  const collation =
    x.session.overlay.databases.get(name)?.collation ??
    (name === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci');
  const charset = collation.split('_')[0] as string;
  const told = charset === 'utf8mb4' || !isDefaultCollation(collation) ? ` COLLATE ${collation}` : '';
  const text = `CREATE DATABASE ${s.ifNotExists ? '/*!32312 IF NOT EXISTS*/ ' : ''}${tick(name)} /*!40100 DEFAULT CHARACTER SET ${charset}${told} */ /*!80016 DEFAULT ENCRYPTION='N' */`;
  return shown(x.session, 'create-database', [[name, text]]);
};

function isDefaultCollation(collation: string): boolean {
  return systemRows('information_schema.CHARACTER_SETS').some((row) => row[1] === collation);
}

function columnDefinition(table: OverlayTable, at: number): string {
  const column = table.columns[at] as OverlayTable['columns'][number];
  const parts = [`  ${tick(column.name)} ${column.columnType}`];
  if (column.collation && column.collation !== table.facts.collation)
    parts.push(`CHARACTER SET ${column.charset} COLLATE ${column.collation}`);
  const blob = /text$|blob$|^json$|geometry|point|polygon|linestring/.test(column.base);
  const timestamp = column.base === 'timestamp';
  if (!column.nullable) parts.push('NOT NULL');
  else if (timestamp) parts.push('NULL');
  const fallback = defaultText(column.spec.fallback);
  const literal = column.spec.fallback && ['string', 'number', 'boolean', 'unary'].includes(column.spec.fallback.kind);
  if (fallback !== null && literal) parts.push(`DEFAULT '${fallback.replace(/'/g, "''")}'`);
  else if (fallback !== null && fallback !== '')
    parts.push(`DEFAULT ${fallback === 'CURRENT_TIMESTAMP' ? fallback : `(${fallback})`}`);
  else if (column.nullable && (!blob || column.base === 'json') && !column.spec.autoIncrement)
    parts.push('DEFAULT NULL');
  if (column.spec.onUpdateNow) parts.push('ON UPDATE CURRENT_TIMESTAMP');
  if (column.spec.autoIncrement) parts.push('AUTO_INCREMENT');
  if (column.spec.comment) parts.push(`COMMENT '${column.spec.comment.replace(/'/g, "''")}'`);
  return parts.join(' ');
}

const INDEX_WORDS = {
  primary: 'PRIMARY KEY',
  unique: 'UNIQUE KEY',
  index: 'KEY',
  fulltext: 'FULLTEXT KEY',
  spatial: 'SPATIAL KEY',
} as const;

function tableDefinition(table: OverlayTable): string {
  const lines = table.columns.map((_, at) => columnDefinition(table, at));
  for (const index of table.indexes) {
    const columns = index.columns
      .map((part) => tick(part.name) + (part.length === undefined ? '' : `(${part.length})`))
      .join(',');
    lines.push(`  ${INDEX_WORDS[index.kind]} ${index.kind === 'primary' ? '' : `${tick(index.name)} `}(${columns})`);
  }
  const next =
    table.autoIncrement > 1n && table.columns.some((column) => column.spec.autoIncrement)
      ? ` AUTO_INCREMENT=${table.autoIncrement}`
      : '';
  const charset = table.facts.collation.split('_')[0] as string;
  const collate =
    charset === 'utf8mb4' || !isDefaultCollation(table.facts.collation) ? ` COLLATE=${table.facts.collation}` : '';
  const comment = table.facts.comment ? ` COMMENT='${table.facts.comment.replace(/'/g, "''")}'` : '';
  return `CREATE TABLE ${tick(table.name)} (\n${lines.join(',\n')}\n) ENGINE=${table.facts.engine}${next} DEFAULT CHARSET=${charset}${collate}${comment}`;
}

const DEFINITION_CHARACTERS = 1024;

/** SHOW CREATE TABLE's row; its column is told as long as a long definition is. */
function definition(session: Session, name: string, text: string): RowsOutcome {
  const outcome = shown(session, 'create-table', [[name, text]]);
  const columns = outcome.columns.map((column, at) =>
    at === 1 ? { ...column, length: Math.max(DEFINITION_CHARACTERS, text.length) } : column,
  );
  return { ...outcome, columns };
}

const showCreateTable: Handler = (x, s) => {
  const { session } = x;
  const source = session.table(s.table?.schema ?? '', s.table?.name ?? '');
  const own = session.overlay.databases.get(source.schema);
  const view = own?.views.get(source.name);
  if (view) {
    const text = `CREATE ALGORITHM=UNDEFINED DEFINER=\`root\`@\`%\` SQL SECURITY DEFINER VIEW ${tick(view.name)} AS ${view.text}`;
    return shown(session, 'create-view', [[view.name, text, 'utf8mb4', 'utf8mb4_0900_ai_ci']]);
  }
  if (s.what === 'create-view') throw sqlError('ER_WRONG_OBJECT', source.schema, source.name, 'VIEW');
  const table = own?.tables.get(source.name);
  if (table) return definition(session, table.name, tableDefinition(table));
  const recorded = source.schema === 'mysql' ? systemDefinition(source.name) : undefined;
  return definition(session, source.name, recorded ?? systemTableDefinition(source.schema, source.name));
};

/** INFORMATION_SCHEMA and performance_schema tables, written from their columns. */
function systemTableDefinition(schema: string, name: string): string {
  const table = systemTable(schema, name);
  const lines = (table?.columns ?? []).map(
    (column) =>
      `  ${tick(column.name)} ${column.columnType}${column.nullable ? (/text|blob/.test(column.columnType) ? '' : ' DEFAULT NULL') : ' NOT NULL'}${column.fallback !== null ? ` DEFAULT '${column.fallback}'` : ''}`,
  );
  const temporary = schema === 'information_schema' ? 'TEMPORARY ' : '';
  return `CREATE ${temporary}TABLE ${tick(name)} (\n${lines.join(',\n')}\n) ENGINE=${table?.engine ?? 'InnoDB'} DEFAULT CHARSET=${schema === 'information_schema' ? 'utf8mb3' : 'utf8mb4 COLLATE=utf8mb4_0900_ai_ci'}`;
}

const showGrants: Handler = (x, s) => {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account) throw sqlError('ER_NONEXISTING_GRANT', user, host);
  return shown(
    x.session,
    'grants',
    grantLines(account).map((line) => [line]),
    `${user}@${host}`,
  );
};

const showCreateUser: Handler = (x, s) => {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account)
    throw sqlError('ER_CANNOT_USER', 'SHOW CREATE USER', `'${user}'@'${host}' (User account does not exist)`);
  return shown(x.session, 'create-user', [[createUserLine(account)]], `${user}@${host}`);
};

const PROCESS_INFO_CHARACTERS = 100;

const showProcesses: Handler = (x, s) => {
  x.session.addWarning(
    'Warning',
    1287,
    "'INFORMATION_SCHEMA.PROCESSLIST' is deprecated and will be removed in a future release. Please use performance_schema.processlist instead",
  );
  const rows = processes(x.session).map((p): Value[] => [
    p.id,
    p.user,
    p.host,
    p.db,
    p.command,
    p.seconds,
    p.state,
    p.info === null ? null : s.full ? p.info : p.info.slice(0, PROCESS_INFO_CHARACTERS),
  ]);
  return shown(x.session, s.full ? 'full-processlist' : 'processlist', rows);
};

function routineStatus(type: 'FUNCTION' | 'PROCEDURE'): Handler {
  return (x, s) => {
    const rows = [...x.session.overlay.routines.values()]
      .filter((routine) => routine.type === type)
      .map((routine): Value[] => [
        routine.schema,
        routine.name,
        type,
        'SQL',
        'root@%',
        fromMs(routine.createdMs, 'datetime'),
        fromMs(routine.createdMs, 'datetime'),
        'DEFINER',
        '',
        'utf8mb4',
        'utf8mb4_0900_ai_ci',
        'utf8mb4_0900_ai_ci',
      ]);
    return filtered(x, s, shown(x.session, type === 'FUNCTION' ? 'function-status' : 'procedure-status', rows), 1);
  };
}

function createRoutine(type: 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT'): Handler {
  return (x, s) => {
    const schema = s.table?.schema || x.session.database;
    const name = s.table?.name ?? '';
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const routine = x.session.overlay.routines.get(`${type}:${schema}.${name}`);
    if (!routine) {
      if (type === 'TRIGGER') throw sqlError('ER_TRG_DOES_NOT_EXIST');
      if (type === 'EVENT') throw sqlError('ER_EVENT_DOES_NOT_EXIST', name);
      throw sqlError('ER_SP_DOES_NOT_EXIST', type, name);
    }
    const text = `CREATE DEFINER=\`root\`@\`%\` ${type} ${tick(name)}${routine.text}`;
    const tail: Value[] = ['utf8mb4', 'utf8mb4_0900_ai_ci', 'utf8mb4_0900_ai_ci'];
    const head: Value[] =
      type === 'EVENT' ? [name, x.session.sqlMode(), 'SYSTEM', text] : [name, x.session.sqlMode(), text];
    return shown(x.session, `create-${type.toLowerCase()}`, [
      [...head, ...tail, ...(type === 'TRIGGER' ? [fromMs(routine.createdMs, 'datetime')] : [])],
    ]);
  };
}

function recordedColumns(key: string, places: readonly number[], sorted = false): (x: Execution) => Rows {
  const rows = () => systemRows(key).map((row) => places.map((place) => row[place] ?? null));
  return sorted ? () => rows().sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)) : rows;
}

const LOG_BYTES = 158;

const HANDLERS: Readonly<Record<string, Handler>> = {
  databases: showDatabases,
  tables: showTables,
  'table-status': showTableStatus,
  'open-tables': simple('open-tables', () => [], STATUS.NO_INDEX),
  columns: showColumns,
  index: showIndex,
  triggers: (x, s) => {
    schemaOf(x, s);
    return { ...filtered(x, s, shown(x.session, 'triggers', [])), flags: STATUS.NO_INDEX };
  },
  events: (x, s) => {
    const schema = schemaOf(x, s);
    const rows = [...x.session.overlay.routines.values()]
      .filter((routine) => routine.type === 'EVENT' && routine.schema === schema)
      .map((routine): Value[] => [
        schema,
        routine.name,
        'root@%',
        'SYSTEM',
        'RECURRING',
        null,
        '1',
        'DAY',
        fromMs(routine.createdMs, 'datetime'),
        null,
        'ENABLED',
        1n,
        'utf8mb4',
        'utf8mb4_0900_ai_ci',
        'utf8mb4_0900_ai_ci',
      ]);
    return { ...filtered(x, s, shown(x.session, 'events', rows), 1), flags: STATUS.NO_INDEX };
  },
  variables: showVariables,
  status: showStatus,
  warnings: showWarnings,
  errors: showWarnings,
  'count-warnings': countWarnings,
  'count-errors': countWarnings,
  'create-database': showCreateDatabase,
  'create-table': showCreateTable,
  'create-view': showCreateTable,
  'create-user': showCreateUser,
  'create-function': createRoutine('FUNCTION'),
  'create-procedure': createRoutine('PROCEDURE'),
  'create-trigger': createRoutine('TRIGGER'),
  'create-event': createRoutine('EVENT'),
  grants: showGrants,
  processlist: showProcesses,
  engines: simple('engines', recordedColumns('information_schema.ENGINES', [0, 1, 2, 3, 4, 5]), STATUS.NO_INDEX),
  plugins: simple('plugins', recordedColumns('information_schema.PLUGINS', [0, 2, 3, 5, 9]), STATUS.NO_INDEX),
  privileges: simple('privileges', () => privilegeRows()),
  charset: simple('charset', recordedColumns('information_schema.CHARACTER_SETS', [0, 2, 1, 3], true), STATUS.NO_INDEX),
  collation: simple(
    'collation',
    recordedColumns('information_schema.COLLATIONS', [0, 1, 2, 3, 4, 5, 6], true),
    STATUS.NO_INDEX,
  ),
  'binary-logs': simple('binary-logs', () => [
    ['binlog.000001', 181n, 'No'],
    ['binlog.000002', BigInt(LOG_BYTES), 'No'],
  ]),
  'binary-log-status': (x) => {
    const executed = x.session.text('gtid_executed');
    const outcome = shown(x.session, 'binary-log-status', [['binlog.000002', BigInt(LOG_BYTES), '', '', executed]]);
    // The last column is as long as what it holds.
    const columns = outcome.columns.map((column, at) => (at === 4 ? { ...column, length: executed.length } : column));
    return { ...outcome, columns };
  },
  'binlog-events': simple('binlog-events', (x) => [
    ['binlog.000001', 4n, 'Format_desc', 1n, 127n, `Server ver: ${x.session.version()}, Binlog ver: 4`],
    ['binlog.000001', 127n, 'Previous_gtids', 1n, 158n, ''],
  ]),
  'relaylog-events': simple('binlog-events', () => []),
  'replica-status': simple('replica-status', () => []),
  replicas: simple('replicas', () => []),
  'procedure-status': routineStatus('PROCEDURE'),
  'function-status': routineStatus('FUNCTION'),
  'library-status': routineStatus('PROCEDURE'),
  profiles: (x) => {
    x.session.addWarning(
      'Warning',
      1287,
      "'SHOW PROFILES' is deprecated and will be removed in a future release. Please use Performance Schema instead",
    );
    return shown(x.session, 'profiles', []);
  },
  profile: (x) => {
    x.session.addWarning(
      'Warning',
      1287,
      "'SHOW PROFILE' is deprecated and will be removed in a future release. Please use Performance Schema instead",
    );
    return { ...shown(x.session, 'profile', []), flags: STATUS.NO_INDEX };
  },
  'engine-status': (x, s) =>
    engine(x, s, () =>
      shown(x.session, 'engine-status', [
        ['InnoDB', '', innodbStatus(x.startedMs, x.session.server.options.startedMs)],
      ]),
    ),
  'engine-mutex': (x, s) => engine(x, s, () => shown(x.session, 'engine-mutex', [])),
  'engine-logs': (x, s) => engine(x, s, () => shown(x.session, 'engine-mutex', [])),
};

function engine(x: Execution, s: Show, rows: () => Outcome): Outcome {
  const name = s.name.toLowerCase();
  if (name === 'innodb' || name === 'all') return rows();
  if (!systemRows('information_schema.ENGINES').some((row) => (row[0] ?? '').toLowerCase() === name))
    throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', s.name);
  return shown(x.session, 'engine-mutex', []);
}

export function runShow(x: Execution, s: Show): Outcome {
  const handler = HANDLERS[s.what];
  if (!handler) throw sqlError('ER_NOT_SUPPORTED_YET', s.what);
  return handler(x, s);
}
