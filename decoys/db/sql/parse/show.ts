// SHOW and DESCRIBE: one entry a form, each saying what it takes after its words.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html
import type { AccountName } from '../ast/account.ts';
import type { ShowFilter } from '../ast/administration.ts';
import type { Limit } from '../ast/query.ts';
import type { Statement } from '../ast/statement.ts';
import type { TableName } from '../ast/table.ts';
import { parseAccount } from './account.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseLimit } from './into.ts';
import { parseSchemaName, parseTableName } from './names.ts';
import { EVERY_CHANNEL } from './replication.ts';

type Take =
  | 'table'
  | 'schema'
  | 'filter'
  | 'where'
  | 'name'
  | 'schemaName'
  | 'limit'
  | 'account'
  | 'qualified'
  | 'ifNotExists'
  | 'binlog'
  | 'channel'
  | 'profile';

/** Words after SHOW (and FULL, GLOBAL …) → what is shown, and what may follow in order. */
const FORMS: readonly (readonly [string, string, readonly Take[]])[] = [
  ['DATABASES', 'databases', ['filter']],
  ['SCHEMAS', 'databases', ['filter']],
  ['TABLES', 'tables', ['schema', 'filter']],
  ['TABLE STATUS', 'table-status', ['schema', 'filter']],
  ['OPEN TABLES', 'open-tables', ['schema', 'filter']],
  ['COLUMNS', 'columns', ['table', 'schema', 'filter']],
  ['FIELDS', 'columns', ['table', 'schema', 'filter']],
  ['INDEX', 'index', ['table', 'schema', 'where']],
  ['INDEXES', 'index', ['table', 'schema', 'where']],
  ['KEYS', 'index', ['table', 'schema', 'where']],
  ['TRIGGERS', 'triggers', ['schema', 'filter']],
  ['EVENTS', 'events', ['schema', 'filter']],
  ['VARIABLES', 'variables', ['filter']],
  ['STATUS', 'status', ['filter']],
  ['WARNINGS', 'warnings', ['limit']],
  ['ERRORS', 'errors', ['limit']],
  ['CREATE DATABASE', 'create-database', ['ifNotExists', 'schemaName']],
  ['CREATE SCHEMA', 'create-database', ['ifNotExists', 'name']],
  ['CREATE TABLE', 'create-table', ['qualified']],
  ['CREATE VIEW', 'create-view', ['qualified']],
  ['CREATE USER', 'create-user', ['account']],
  ['CREATE FUNCTION', 'create-function', ['qualified']],
  ['CREATE PROCEDURE', 'create-procedure', ['qualified']],
  ['CREATE TRIGGER', 'create-trigger', ['qualified']],
  ['CREATE EVENT', 'create-event', ['qualified']],
  ['GRANTS FOR', 'grants', ['account']],
  ['GRANTS', 'grants', []],
  ['PROCESSLIST', 'processlist', []],
  ['STORAGE ENGINES', 'engines', []],
  ['ENGINES', 'engines', []],
  ['PLUGINS', 'plugins', []],
  ['PRIVILEGES', 'privileges', []],
  ['CHARACTER SET', 'charset', ['filter']],
  ['CHAR SET', 'charset', ['filter']],
  ['CHARSET', 'charset', ['filter']],
  ['COLLATION', 'collation', ['filter']],
  ['BINARY LOGS', 'binary-logs', []],
  ['BINARY LOG STATUS', 'binary-log-status', []],
  ['BINLOG EVENTS', 'binlog-events', ['binlog', 'limit']],
  ['RELAYLOG EVENTS', 'relaylog-events', ['binlog', 'limit', 'channel']],
  ['REPLICA STATUS', 'replica-status', ['channel']],
  ['REPLICAS', 'replicas', []],
  ['PROCEDURE CODE', 'routine-code', ['qualified']],
  ['FUNCTION CODE', 'routine-code', ['qualified']],
  ['CREATE LIBRARY', 'create-library', ['qualified']],
  ['PROCEDURE STATUS', 'procedure-status', ['filter']],
  ['FUNCTION STATUS', 'function-status', ['filter']],
  ['LIBRARY STATUS', 'library-status', ['filter']],
  ['PROFILES', 'profiles', []],
  ['PROFILE', 'profile', ['profile', 'limit']],
];

interface ShowFields {
  table: TableName | undefined;
  schema: string;
  name: string;
  account: AccountName | undefined;
  filter: ShowFilter;
  limit: Limit | undefined;
  ifNotExists: boolean;
  extended: boolean;
  using: readonly AccountName[];
  channel: string;
  kinds: readonly string[];
  /** Where in a log SHOW BINLOG EVENTS begins. */
  position: number;
}

function blank(): ShowFields {
  return {
    table: undefined,
    schema: '',
    name: '',
    account: undefined,
    filter: { like: undefined, where: undefined },
    limit: undefined,
    ifNotExists: false,
    position: 0,
    extended: false,
    using: [],
    channel: EVERY_CHANNEL,
    kinds: [],
  };
}

const TAKES: Readonly<Record<Take, (c: Cursor, fields: ShowFields) => void>> = {
  table(c, fields) {
    if (!c.acceptOne('FROM', 'IN')) throw c.fail();
    fields.table = parseTableName(c);
  },
  schema(c, fields) {
    if (c.acceptOne('FROM', 'IN')) fields.schema = parseSchemaName(c);
  },
  where(c, fields) {
    if (c.accept('WHERE')) fields.filter = { like: undefined, where: parseExpression(c) };
  },
  filter(c, fields) {
    if (c.accept('LIKE')) fields.filter = { like: c.string(), where: undefined };
    else TAKES.where(c, fields);
  },
  name(c, fields) {
    fields.name = c.name();
  },
  schemaName(c, fields) {
    fields.name = parseSchemaName(c);
  },
  limit(c, fields) {
    fields.limit = parseLimit(c);
  },
  account(c, fields) {
    fields.account = parseAccount(c);
    if (c.accept('USING')) fields.using = c.list(() => parseAccount(c));
  },
  qualified(c, fields) {
    fields.table = parseTableName(c);
  },
  ifNotExists(c, fields) {
    fields.ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  },
  binlog(c, fields) {
    if (c.accept('IN')) fields.name = c.string();
    if (c.accept('FROM')) fields.position = c.integer();
  },
  channel(c, fields) {
    if (c.acceptAll('FOR', 'CHANNEL')) fields.channel = c.string().toLowerCase();
  },
  profile(c, fields) {
    if (c.token.kind === 'word' && !c.isOne('FOR', 'LIMIT')) fields.kinds = c.list(() => profileKind(c));
    if (c.accept('FOR')) {
      c.expect('QUERY');
      fields.position = c.integer();
    }
  },
};

/** What SHOW PROFILE may be asked for, by its words. */
const PROFILE_KINDS: readonly (readonly string[])[] = [
  ['ALL'],
  ['BLOCK', 'IO'],
  ['CONTEXT', 'SWITCHES'],
  ['CPU'],
  ['IPC'],
  ['MEMORY'],
  ['PAGE', 'FAULTS'],
  ['SOURCE'],
  ['SWAPS'],
];

function profileKind(c: Cursor): string {
  const found = PROFILE_KINDS.find((words) => c.acceptAll(...words));
  if (!found) throw c.fail();
  return found.join(' ');
}

/** Forms that take GLOBAL/SESSION or FULL/EXTENDED before them. */
const SCOPED = ['VARIABLES', 'STATUS'];
const FULL = ['TABLES', 'COLUMNS', 'FIELDS', 'PROCESSLIST', 'TRIGGERS'];
const EXTENDED = ['TABLES', 'COLUMNS', 'FIELDS', 'INDEX', 'INDEXES', 'KEYS'];

export function parseShow(c: Cursor): Statement {
  const fields = blank();
  let scope: '' | 'global' | 'session' = '';
  let full = false;
  if (c.isOne('GLOBAL', 'SESSION', 'LOCAL')) {
    scope = c.advance().upper === 'GLOBAL' ? 'global' : 'session';
    if (!c.isOne(...SCOPED)) throw c.fail();
  } else if (c.isOne('FULL', 'EXTENDED')) {
    fields.extended = c.accept('EXTENDED');
    full = c.accept('FULL');
    if ((full && !c.isOne(...FULL)) || (fields.extended && !c.isOne(...EXTENDED))) throw c.fail();
  }
  if (c.is('COUNT')) return parseCount(c, fields);
  if (c.accept('ENGINE')) return parseEngine(c, fields);
  const form = FORMS.find(([words]) => c.follows(...words.split(' ')));
  if (!form) {
    skipKnownWords(c);
    throw c.fail();
  }
  const [words, what, takes] = form;
  c.at += words.split(' ').length;
  for (const take of takes) TAKES[take](c, fields);
  return { kind: 'show', what, full, scope, ...fields };
}

/** Moves to the word no form goes on with, which is where MySQL points. */
function skipKnownWords(c: Cursor): void {
  let matched = 0;
  for (const [words] of FORMS) {
    const list = words.split(' ');
    let count = 0;
    while (count < list.length && c.peek(count).upper === list[count]) count++;
    matched = Math.max(matched, count);
  }
  c.at += matched;
}

function parseCount(c: Cursor, fields: ShowFields): Statement {
  c.expect('COUNT', '(', '*', ')');
  const word = c.acceptOne('WARNINGS', 'ERRORS');
  if (!word) throw c.fail();
  return { kind: 'show', what: `count-${word.toLowerCase()}`, full: false, scope: '', ...fields };
}

function parseEngine(c: Cursor, fields: ShowFields): Statement {
  fields.name = c.accept('ALL') ? 'ALL' : c.nameOrText();
  const word = c.acceptOne('STATUS', 'MUTEX', 'LOGS');
  if (!word) throw c.fail();
  return { kind: 'show', what: `engine-${word.toLowerCase()}`, full: false, scope: '', ...fields };
}

/** DESCRIBE table [column]; the same words before a query are EXPLAIN. */
export function parseDescribe(c: Cursor): Statement {
  const fields = blank();
  fields.table = parseTableName(c);
  if (c.token.kind === 'string') fields.filter = { like: c.string(), where: undefined };
  else if (c.isName()) fields.filter = { like: c.name(), where: undefined };
  return { kind: 'show', what: 'columns', full: false, scope: '', ...fields };
}
