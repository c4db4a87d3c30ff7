// One statement from its tokens: a table of first words, each with the function that parses what follows.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-statements.html
import type { RoutineType, Statement, TableName } from '../ast.ts';
import { sqlError } from '../errors.ts';
import { type LexerOptions, type Token, tokenize } from '../lexer.ts';
import { parseAlterUser, parseCreateUser, parseDropUser, parseGrant, parseRenameUser } from './account.ts';
import { Cursor, decode, type ParseContext } from './cursor.ts';
import { parseDelete, parseInsert, parseLoad, parseUpdate } from './data.ts';
import { parseExpression, parseOrderItem } from './expression.ts';
import { parseQuery } from './query.ts';
import { parseBody, parseCreateRoutine } from './routine.ts';
import { parseSet } from './set.ts';
import { parseDescribe, parseShow } from './show.ts';
import {
  parseAlterDatabase,
  parseAlterTable,
  parseCreateDatabase,
  parseCreateIndex,
  parseCreateTable,
  parseCreateView,
  parseTableName,
} from './table.ts';

export interface Parsed {
  readonly statement: Statement;
  /** Parameters (`?`) it holds. */
  readonly parameters: number;
  /** Bytes up to and with the `;` that ended it; the whole text where none did. */
  readonly end: number;
}

const GRAMMAR = { parseQuery, parseExpression, parseOrderItem };

type Parser = (c: Cursor) => Statement;

function administration(
  what: string,
  fields: { tables?: TableName[]; text?: string; names?: string[] } = {},
): Statement {
  return {
    kind: 'administration',
    what,
    tables: fields.tables ?? [],
    text: fields.text ?? '',
    names: fields.names ?? [],
  };
}

const asQuery: Parser = (c) => ({ kind: 'query', query: parseQuery(c) });

function skipToEnd(c: Cursor): void {
  while (c.token.kind !== 'end') {
    if (c.token.kind === 'bad') throw c.fail();
    c.advance();
  }
}

function parseDefiner(c: Cursor): void {
  if (c.accept('DEFINER')) {
    c.expect('=');
    if (c.accept('CURRENT_USER')) {
      if (c.accept('(')) c.expect(')');
    } else {
      c.nameOrText();
      if (c.token.kind === 'variable') c.advance();
    }
  }
}

function parseCreate(c: Cursor): Statement {
  const replace = c.acceptAll('OR', 'REPLACE');
  if (c.acceptOne('DATABASE', 'SCHEMA')) return parseCreateDatabase(c);
  if (c.accept('TEMPORARY')) {
    c.expect('TABLE');
    return parseCreateTable(c, true);
  }
  if (c.accept('TABLE')) return parseCreateTable(c, false);
  if (c.is('INDEX')) return parseCreateIndex(c, 'index');
  if (c.accept('UNIQUE')) return parseCreateIndex(c, 'unique');
  if (c.accept('FULLTEXT')) return parseCreateIndex(c, 'fulltext');
  if (c.accept('SPATIAL')) return parseCreateIndex(c, 'spatial');
  if (c.accept('USER')) return parseCreateUser(c, false);
  if (c.accept('ROLE')) return parseCreateUser(c, true);
  if (c.accept('ALGORITHM')) {
    c.expect('=');
    if (!c.acceptOne('UNDEFINED', 'MERGE', 'TEMPTABLE')) throw c.fail();
  }
  parseDefiner(c);
  if (c.acceptAll('SQL', 'SECURITY') && !c.acceptOne('DEFINER', 'INVOKER')) throw c.fail();
  if (c.accept('VIEW')) return parseCreateView(c, replace);
  const aggregate = c.accept('AGGREGATE');
  const word = c.acceptOne('FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT');
  if (word) return parseCreateRoutine(c, word as RoutineType, aggregate, parseInner);
  const other = c.acceptOne('SERVER', 'TABLESPACE', 'UNDO', 'LOGFILE', 'RESOURCE', 'SPATIAL', 'LIBRARY');
  if (!other) throw c.fail();
  skipToEnd(c);
  throw sqlError('ER_OPTION_PREVENTS_STATEMENT', '--super-read-only');
}

function parseDrop(c: Cursor): Statement {
  if (c.acceptOne('DATABASE', 'SCHEMA')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return { kind: 'drop-database', name: c.name(), ifExists };
  }
  const temporary = c.accept('TEMPORARY');
  const word = c.acceptOne('TABLE', 'TABLES', 'VIEW');
  if (word) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    const tables = c.list(() => parseTableName(c));
    c.acceptOne('RESTRICT', 'CASCADE');
    return { kind: 'drop-table', tables, ifExists, view: word === 'VIEW', temporary };
  }
  if (c.accept('USER')) return parseDropUser(c, false);
  if (c.accept('ROLE')) return parseDropUser(c, true);
  const type = c.acceptOne('FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT');
  if (type) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return { kind: 'drop-routine', type: type as RoutineType, name: parseTableName(c), ifExists };
  }
  if (c.accept('INDEX')) {
    const name = c.name();
    c.expect('ON');
    return { kind: 'drop-index', table: parseTableName(c), name };
  }
  if (c.accept('PREPARE')) return { kind: 'deallocate', name: c.name() };
  if (c.accept('SERVER')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    const name = c.nameOrText();
    return administration(ifExists ? 'drop-server-if-exists' : 'drop-server', { text: name });
  }
  throw c.fail();
}

function parseAlterInstance(c: Cursor): Statement {
  if (c.acceptAll('ROTATE', 'INNODB', 'MASTER', 'KEY')) return administration('rotate-master-key');
  if (c.acceptAll('ROTATE', 'BINLOG', 'MASTER', 'KEY')) return administration('rotate-master-key');
  if (c.acceptAll('RELOAD', 'KEYRING')) return administration('rotate-master-key');
  if (c.acceptOne('ENABLE', 'DISABLE')) {
    c.expect('INNODB', 'REDO_LOG');
    return administration('alter-instance');
  }
  c.expect('RELOAD', 'TLS');
  if (c.acceptAll('FOR', 'CHANNEL')) c.name();
  if (c.accept('NO')) c.expect('ROLLBACK', 'ON', 'ERROR');
  return administration('alter-instance');
}

function parseAlter(c: Cursor): Statement {
  if (c.accept('TABLE')) return parseAlterTable(c);
  if (c.acceptOne('DATABASE', 'SCHEMA')) return parseAlterDatabase(c);
  if (c.accept('USER')) return parseAlterUser(c);
  if (c.accept('INSTANCE')) {
    return parseAlterInstance(c);
  }
  parseDefiner(c);
  const type = c.acceptOne('EVENT', 'FUNCTION', 'PROCEDURE');
  if (type) {
    const name = parseTableName(c);
    skipToEnd(c);
    return administration(`alter-${type.toLowerCase()}`, { tables: [name] });
  }
  throw c.fail();
}

function parseRename(c: Cursor): Statement {
  if (c.accept('USER')) return parseRenameUser(c);
  if (!c.acceptOne('TABLE', 'TABLES')) throw c.fail();
  const pairs = c.list(() => {
    const from = parseTableName(c);
    c.expect('TO');
    return [from, parseTableName(c)] as const;
  });
  return { kind: 'rename-table', pairs };
}

function parseBegin(c: Cursor): Statement {
  c.accept('WORK');
  return { kind: 'begin', readOnly: false, snapshot: false };
}

function parseStart(c: Cursor): Statement {
  if (c.acceptOne('REPLICA', 'GROUP_REPLICATION')) {
    skipToEnd(c);
    return administration('start-replica');
  }
  c.expect('TRANSACTION');
  let readOnly = false;
  let snapshot = false;
  if (c.isOne('WITH', 'READ')) {
    do {
      if (c.acceptAll('WITH', 'CONSISTENT', 'SNAPSHOT')) snapshot = true;
      else {
        c.expect('READ');
        readOnly = c.accept('ONLY');
        if (!readOnly) c.expect('WRITE');
      }
    } while (c.accept(','));
  }
  return { kind: 'begin', readOnly, snapshot };
}

function parseChain(c: Cursor): boolean {
  c.accept('WORK');
  let chain = false;
  if (c.accept('AND')) {
    chain = !c.accept('NO');
    c.expect('CHAIN');
  }
  c.accept('NO');
  c.accept('RELEASE');
  return chain;
}

function parseRollback(c: Cursor): Statement {
  c.accept('WORK');
  if (c.accept('TO')) {
    c.accept('SAVEPOINT');
    return { kind: 'rollback', to: c.name(), chain: false };
  }
  return { kind: 'rollback', to: '', chain: parseChain(c) };
}

function parseExplain(c: Cursor): Statement {
  const described = [
    'SELECT',
    'INSERT',
    'UPDATE',
    'DELETE',
    'REPLACE',
    'TABLE',
    'WITH',
    'FORMAT',
    'ANALYZE',
    '(',
    'FOR',
    'EXTENDED',
    'PARTITIONS',
    'VALUES',
  ];
  if (!c.isOne(...described)) return parseDescribe(c);
  let format = 'TRADITIONAL';
  const analyze = c.accept('ANALYZE');
  if (analyze) format = 'TREE';
  if (c.accept('FORMAT')) {
    c.expect('=');
    format = c.nameOrText().toUpperCase();
  }
  if (!c.isOne('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'TABLE', 'WITH', '(', 'VALUES')) throw c.fail();
  return { kind: 'explain', statement: parseInner(c), format };
}

function parseHandler(c: Cursor): Statement {
  parseTableName(c);
  throw sqlError('ER_UNKNOWN_TABLE', 'handler', 'HANDLER');
}

function parseFlush(c: Cursor): Statement {
  c.acceptOne('NO_WRITE_TO_BINLOG', 'LOCAL');
  const what: string[] = [];
  const tables: TableName[] = [];
  const known = ['PRIVILEGES', 'LOGS', 'STATUS', 'USER_RESOURCES', 'OPTIMIZER_COSTS'];
  c.list(() => {
    if (c.acceptOne('TABLES', 'TABLE')) {
      what.push('TABLES');
      if (c.isName() && !c.is('WITH')) tables.push(...c.list(() => parseTableName(c)));
      if (c.acceptAll('WITH', 'READ', 'LOCK')) what[what.length - 1] = 'TABLES WITH READ LOCK';
      else if (c.acceptAll('FOR', 'EXPORT')) what[what.length - 1] = 'TABLES FOR EXPORT';
      return;
    }
    const kind = c.acceptOne('BINARY', 'ENGINE', 'ERROR', 'GENERAL', 'RELAY', 'SLOW');
    if (kind) {
      c.expect('LOGS');
      what.push(`${kind} LOGS`);
      return;
    }
    const word = c.acceptOne(...known);
    if (!word) throw c.fail();
    what.push(word);
  });
  return { kind: 'flush', what, tables };
}

function parseMaintenance(operation: 'check' | 'analyze' | 'optimize' | 'repair' | 'checksum'): Parser {
  return (c) => {
    c.acceptOne('NO_WRITE_TO_BINLOG', 'LOCAL');
    if (!c.acceptOne('TABLE', 'TABLES')) throw c.fail();
    const tables = c.list(() => parseTableName(c));
    if (operation === 'check') {
      while (c.acceptOne('QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED') || c.acceptAll('FOR', 'UPGRADE'));
    } else while (c.acceptOne('QUICK', 'EXTENDED', 'USE_FRM'));
    if (operation === 'analyze' && c.isOne('UPDATE', 'DROP')) skipToEnd(c);
    return { kind: 'table-maintenance', operation, tables };
  };
}

function parseLock(c: Cursor): Statement {
  if (c.acceptAll('INSTANCE', 'FOR', 'BACKUP')) return administration('lock-instance');
  if (!c.acceptOne('TABLES', 'TABLE')) throw c.fail();
  const tables = c.list(() => {
    const name = parseTableName(c);
    if (c.accept('AS') || c.isName()) if (!c.isOne('READ', 'WRITE', 'LOW_PRIORITY')) c.name();
    c.accept('LOW_PRIORITY');
    if (c.accept('READ')) c.accept('LOCAL');
    else c.expect('WRITE');
    return name;
  });
  return { kind: 'lock-tables', tables };
}

function parseUnlock(c: Cursor): Statement {
  if (c.accept('INSTANCE')) return administration('unlock-instance');
  if (!c.acceptOne('TABLES', 'TABLE')) throw c.fail();
  return { kind: 'unlock-tables' };
}

function parseInstall(c: Cursor): Statement {
  if (c.accept('COMPONENT')) {
    const urns = c.list(() => c.string());
    if (c.accept('SET')) skipToEnd(c);
    return { kind: 'install-component', urns, uninstall: false };
  }
  c.expect('PLUGIN');
  const name = c.name();
  c.expect('SONAME');
  return { kind: 'install-plugin', name, library: c.string() };
}

function parseUninstall(c: Cursor): Statement {
  if (c.accept('COMPONENT')) return { kind: 'install-component', urns: c.list(() => c.string()), uninstall: true };
  c.expect('PLUGIN');
  return { kind: 'uninstall-plugin', name: c.name() };
}

function parseKill(c: Cursor): Statement {
  const word = c.acceptOne('CONNECTION', 'QUERY');
  return { kind: 'kill', query: word === 'QUERY', id: parseExpression(c) };
}

function parseCall(c: Cursor): Statement {
  const name = parseTableName(c);
  let args: ReturnType<typeof parseExpression>[] = [];
  if (c.accept('(')) {
    if (!c.is(')')) args = c.list(() => parseExpression(c));
    c.expect(')');
  }
  return { kind: 'call', name, args };
}

function parsePrepare(c: Cursor): Statement {
  const name = c.name();
  c.expect('FROM');
  if (c.token.kind !== 'string' && c.token.kind !== 'variable') throw c.fail();
  return { kind: 'prepare', name, from: parseExpression(c) };
}

function parseExecute(c: Cursor): Statement {
  const name = c.name();
  const using = c.accept('USING')
    ? c.list(() => {
        if (c.token.kind !== 'variable') throw c.fail();
        return decode(c.advance().text);
      })
    : [];
  return { kind: 'execute', name, using };
}

function parseReset(c: Cursor): Statement {
  if (c.acceptAll('BINARY', 'LOGS', 'AND', 'GTIDS')) {
    if (c.accept('TO')) c.integer();
    return administration('reset-binary-logs');
  }
  if (c.accept('REPLICA')) {
    c.accept('ALL');
    return administration('reset-replica');
  }
  if (c.accept('PERSIST')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return administration(ifExists ? 'reset-persist-if-exists' : 'reset-persist', { text: c.isName() ? c.name() : '' });
  }
  throw c.fail();
}

function parsePurge(c: Cursor): Statement {
  c.expect('BINARY', 'LOGS');
  if (!c.acceptOne('TO', 'BEFORE')) throw c.fail();
  parseExpression(c);
  return administration('purge-binary-logs');
}

function parseChange(c: Cursor): Statement {
  if (!c.acceptAll('REPLICATION', 'SOURCE') && !c.acceptAll('REPLICATION', 'FILTER')) {
    c.accept('REPLICATION');
    throw c.fail();
  }
  skipToEnd(c);
  return administration('change-replication');
}

function parseStop(c: Cursor): Statement {
  if (!c.acceptOne('REPLICA', 'GROUP_REPLICATION')) throw c.fail();
  skipToEnd(c);
  return administration('stop-replica');
}

function parseHelp(c: Cursor): Statement {
  return administration('help', { text: c.nameOrText() });
}

/** `gtrid [, bqual [, format]]` of an XA statement, as one text. */
function parseXid(c: Cursor): string {
  if (c.token.kind !== 'string' && c.token.kind !== 'hex') throw c.fail();
  const parts = [c.advance().text];
  while (parts.length < 3 && c.accept(',')) {
    if (parts.length === 2) c.integer();
    else if (c.token.kind !== 'string' && c.token.kind !== 'hex') throw c.fail();
    else parts.push(c.advance().text);
  }
  return parts.join(',');
}

function parseXa(c: Cursor): Statement {
  const word = c.acceptOne('START', 'BEGIN', 'END', 'PREPARE', 'COMMIT', 'ROLLBACK', 'RECOVER');
  if (!word) throw c.fail();
  if (word === 'RECOVER') {
    if (c.accept('CONVERT')) c.expect('XID');
    return administration('xa-recover');
  }
  const xid = parseXid(c);
  if (word === 'START' || word === 'BEGIN') {
    c.acceptOne('JOIN', 'RESUME');
    return administration('xa-start', { text: xid });
  }
  if (word === 'END' && c.accept('SUSPEND') && c.accept('FOR')) c.expect('MIGRATE');
  const onePhase = word === 'COMMIT' && c.acceptAll('ONE', 'PHASE');
  return administration(onePhase ? 'xa-commit-one-phase' : `xa-${word.toLowerCase()}`, { text: xid });
}

const STATEMENTS: Readonly<Record<string, Parser>> = {
  __proto__: null as never,
  TABLE: asQuery,
  SHOW: parseShow,
  DESC: parseExplain,
  DESCRIBE: parseExplain,
  EXPLAIN: parseExplain,
  SET: parseSet,
  USE: (c) => ({ kind: 'use', schema: c.name() }),
  CREATE: parseCreate,
  DROP: parseDrop,
  ALTER: parseAlter,
  RENAME: parseRename,
  TRUNCATE: (c) => {
    c.accept('TABLE');
    return { kind: 'truncate', table: parseTableName(c) };
  },
  INSERT: (c) => parseInsert(c, false),
  REPLACE: (c) => parseInsert(c, true),
  UPDATE: parseUpdate,
  DELETE: parseDelete,
  LOAD: parseLoad,
  GRANT: (c) => parseGrant(c, false),
  REVOKE: (c) => parseGrant(c, true),
  BEGIN: parseBegin,
  START: parseStart,
  STOP: parseStop,
  COMMIT: (c) => ({ kind: 'commit', chain: parseChain(c) }),
  ROLLBACK: parseRollback,
  SAVEPOINT: (c) => ({ kind: 'savepoint', name: c.name(), release: false }),
  RELEASE: (c) => {
    c.expect('SAVEPOINT');
    return { kind: 'savepoint', name: c.name(), release: true };
  },
  CALL: parseCall,
  DO: (c) => ({ kind: 'do', expressions: c.list(() => parseExpression(c)) }),
  PREPARE: parsePrepare,
  EXECUTE: parseExecute,
  DEALLOCATE: (c) => {
    c.expect('PREPARE');
    return { kind: 'deallocate', name: c.name() };
  },
  KILL: parseKill,
  LOCK: parseLock,
  UNLOCK: parseUnlock,
  FLUSH: parseFlush,
  CHECK: parseMaintenance('check'),
  ANALYZE: parseMaintenance('analyze'),
  OPTIMIZE: parseMaintenance('optimize'),
  REPAIR: parseMaintenance('repair'),
  CHECKSUM: parseMaintenance('checksum'),
  INSTALL: parseInstall,
  UNINSTALL: parseUninstall,
  SHUTDOWN: () => ({ kind: 'shutdown', restart: false }),
  RESTART: () => ({ kind: 'shutdown', restart: true }),
  RESET: parseReset,
  PURGE: parsePurge,
  CHANGE: parseChange,
  HELP: parseHelp,
  HANDLER: parseHandler,
  XA: parseXa,
};

const QUERY_STARTS = ['SELECT', 'VALUES', 'WITH', '('];

function parseInner(c: Cursor): Statement {
  if (c.is('WITH')) return parseWith(c);
  if (c.isOne(...QUERY_STARTS)) return asQuery(c);
  const parser = c.token.kind === 'word' ? STATEMENTS[c.token.upper] : undefined;
  if (!parser) throw c.fail();
  c.advance();
  return parser(c);
}

/** WITH may also open UPDATE and DELETE; those are read without it. */
function parseWith(c: Cursor): Statement {
  return asQuery(c);
}

/**
 * Parses the first statement of `text` (bytes held as latin1).
 * Throws SqlError 1064 at the token MySQL would name, 1065 where there is no statement.
 */
export function parseStatement(
  text: string,
  lexing: LexerOptions,
  context: ParseContext,
  multi: boolean,
  tokens: readonly Token[] = tokenize(text, lexing),
): Parsed {
  const c = new Cursor(text, tokens, context, GRAMMAR);
  if (c.token.kind === 'end') {
    if (c.tokens.length === 1) throw sqlError('ER_EMPTY_QUERY');
    return { statement: { kind: 'empty' }, parameters: 0, end: text.length };
  }
  if (c.is(';')) {
    if (multi || c.peek().kind === 'end') throw sqlError('ER_EMPTY_QUERY');
    c.advance();
    throw c.fail();
  }
  const parsed = parseInner(c);
  const statement = c.told.length > 0 ? { ...parsed, told: c.told } : parsed;
  if (c.accept(';')) {
    if (c.ended) return { statement, parameters: c.parameters, end: text.length };
    if (!multi) throw c.fail();
    return { statement, parameters: c.parameters, end: c.token.start };
  }
  if (!c.ended) throw c.fail();
  return { statement, parameters: c.parameters, end: text.length };
}

/** The statements of a routine's body (bytes held as latin1), each again as it was when the routine was made. */
export function parseRoutineBody(body: string, lexing: LexerOptions, context: ParseContext): readonly Statement[] {
  const c = new Cursor(body, tokenize(body, lexing), context, GRAMMAR);
  return parseBody(c, parseInner) ?? [];
}
