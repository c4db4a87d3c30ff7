// One statement from its tokens: a table of first words, each with the function that parses what follows.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-statements.html
import type { Flow, RoutineType } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import { sqlError } from '../errors.ts';
import { tokenize } from '../lexer.ts';
import type { LexerOptions, Token } from '../token.ts';
import {
  parseBinlog,
  parseCacheIndex,
  parseClone,
  parseFlush,
  parseHelp,
  parseImport,
  parseInstall,
  parseKill,
  parseLoadIndex,
  parseMaintenance,
  parseReset,
  parseUninstall,
} from './administration.ts';
import { parseOrderItem } from './call.ts';
import type { Parser } from './clause.ts';
import { Cursor, type ParseContext } from './cursor.ts';
import { parseDelete, parseInsert, parseLoad, parseUpdate } from './data.ts';
import { parseAlter, parseCreate, parseDrop, parseRename } from './definition.ts';
import { parseGetDiagnostics, parseResignal, parseSignal } from './diagnostics.ts';
import { parseBit, parseExpression } from './expression.ts';
import { parseBody } from './flow.ts';
import { parseGrant } from './grant.ts';
import { parseHints } from './hints.ts';
import { parseTableName } from './names.ts';
import { parsePrimary } from './operand.ts';
import { parseCall, parseExecute, parseHandler, parsePrepare } from './prepared.ts';
import { parseCommonTables, parseQuery } from './query.ts';
import { parseChange, parsePurge, parseStopReplica } from './replication.ts';
import { parseSet } from './set.ts';
import { parseDescribe, parseShow } from './show.ts';
import { parseBegin, parseCommit, parseLock, parseRollback, parseStart, parseUnlock, parseXa } from './transaction.ts';

export interface Parsed {
  readonly statement: Statement;
  /** Parameters (`?`) it holds. */
  readonly parameters: number;
  /** Bytes up to and with the `;` that ended it; the whole text where none did. */
  readonly end: number;
}

const GRAMMAR = { parseQuery, parseExpression, parseBit, parsePrimary, parseOrderItem };

const asQuery: Parser = (c) => ({ kind: 'query', query: parseQuery(c) });

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
    'VALUES',
  ];
  if (!c.isOne(...described)) return parseDescribe(c);
  let format = '';
  const analyze = c.accept('ANALYZE');
  if (c.accept('FORMAT')) {
    c.expect('=');
    format = c.nameOrText();
  }
  if (c.acceptAll('FOR', 'CONNECTION')) {
    const id = parseExpression(c);
    return { kind: 'kill', query: true, id, explains: true, analyzes: analyze };
  }
  if (!c.isOne('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'TABLE', 'WITH', '(', 'VALUES')) throw c.fail();
  return { kind: 'explain', statement: parseInner(c), format, analyze };
}

const STATEMENTS: Readonly<Record<string, Parser>> = {
  __proto__: null as never,
  SHOW: parseShow,
  DESC: parseExplain,
  DESCRIBE: parseExplain,
  EXPLAIN: parseExplain,
  SET: parseSet,
  USE: (c) => ({ kind: 'use', schema: c.name() }),
  CREATE: (c) => parseCreate(c, parseInner),
  DROP: parseDrop,
  ALTER: (c) => parseAlter(c, parseInner),
  RENAME: parseRename,
  TRUNCATE: (c) => {
    c.accept('TABLE');
    return { kind: 'truncate', table: parseTableName(c) };
  },
  INSERT: (c) => parseInsert(c, false),
  REPLACE: (c) => parseInsert(c, true),
  UPDATE: (c) => parseUpdate(c),
  DELETE: (c) => parseDelete(c),
  LOAD: (c) => (c.accept('INDEX') ? parseLoadIndex(c) : parseLoad(c)),
  SIGNAL: parseSignal,
  RESIGNAL: parseResignal,
  GET: parseGetDiagnostics,
  CLONE: parseClone,
  BINLOG: parseBinlog,
  IMPORT: parseImport,
  CACHE: parseCacheIndex,
  GRANT: (c) => parseGrant(c, false),
  REVOKE: (c) => parseGrant(c, true),
  BEGIN: parseBegin,
  START: parseStart,
  STOP: parseStopReplica,
  COMMIT: parseCommit,
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

const QUERY_STARTS = ['SELECT', 'TABLE', 'VALUES', 'WITH', '('];

function parseInner(c: Cursor): Statement {
  if (c.is('WITH')) return parseWith(c);
  if (c.isOne(...QUERY_STARTS)) return asQuery(c);
  const parser = c.token.kind === 'word' ? STATEMENTS[c.token.upper] : undefined;
  if (!parser) throw c.fail();
  c.advance();
  return parser(c);
}

/** WITH opens a query, or an UPDATE or DELETE that reads its tables. */
function parseWith(c: Cursor): Statement {
  const mark = c.mark();
  const leading = parseCommonTables(c);
  const word = c.acceptOne('UPDATE', 'DELETE');
  if (word) return word === 'UPDATE' ? parseUpdate(c, leading) : parseDelete(c, leading);
  c.back(mark);
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
    // Comments alone are a statement that does nothing.
    if (text.trim() === '') throw sqlError('ER_EMPTY_QUERY');
    return { statement: { kind: 'empty' }, parameters: 0, end: text.length };
  }
  if (c.is(';')) {
    // Semicolons at the end are no part of a statement: of nothing else nothing is left.
    if (multi && tokens.every(({ kind, text }) => kind === 'end' || text === ';')) throw sqlError('ER_EMPTY_QUERY');
    throw c.fail();
  }
  const parsed = parseInner(c);
  const { hints, told } = parseHints(text, tokens, lexing);
  const warned = c.told.length + told.length > 0 ? { ...parsed, told: [...c.told, ...told] } : parsed;
  const statement = hints.length > 0 ? { ...warned, hints } : warned;
  if (c.accept(';')) {
    if (c.ended) return { statement, parameters: c.parameters, end: text.length };
    if (!multi) throw c.fail();
    return { statement, parameters: c.parameters, end: c.token.start };
  }
  if (!c.ended) throw c.fail();
  return { statement, parameters: c.parameters, end: text.length };
}

/** A routine as far as its body is read by it. */
interface Bodied {
  readonly type: RoutineType;
  readonly parameters: readonly { readonly name: string }[];
}

/** A routine's body (bytes held as latin1), again as it was when the routine was made. */
export function parseRoutineBody(routine: Bodied, body: string, lexing: LexerOptions, context: ParseContext): Flow {
  const c = new Cursor(body, tokenize(body, lexing), context, GRAMMAR);
  return parseBody(c, parseInner, routine.type, routine.parameters).flow;
}
