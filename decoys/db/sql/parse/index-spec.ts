// Indexes and constraints of a table, and CREATE INDEX.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-index.html
import type { AlterAction } from '../ast/definition.ts';
import type { Statement } from '../ast/statement.ts';
import type { IndexSpec, KeyPart, TableParts } from '../ast/table.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { checkName, parseTableName } from './names.ts';
import { parseCheck, parseForeignKey } from './references.ts';

function parseKeyPart(c: Cursor): KeyPart {
  if (c.is('(')) {
    const expression = c.parenthesised(() => parseExpression(c));
    return { name: '', length: undefined, expression, descending: c.acceptOne('ASC', 'DESC') === 'DESC' };
  }
  const name = c.name();
  const length = c.is('(') ? c.parenthesised(() => c.integer()) : undefined;
  return { name, length, descending: c.acceptOne('ASC', 'DESC') === 'DESC' };
}

function parseKeyParts(c: Cursor): KeyPart[] {
  return c.parenthesised(() => c.list(() => parseKeyPart(c)));
}

type Options = { -readonly [K in 'using' | 'comment' | 'invisible' | 'parser' | 'blockSize']?: IndexSpec[K] };

function parseUsing(c: Cursor, into: Options): boolean {
  if (!c.acceptOne('USING', 'TYPE')) return false;
  const using = c.acceptOne('BTREE', 'HASH', 'RTREE');
  if (!using) throw c.fail();
  into.using = using;
  return true;
}

function parseIndexOption(c: Cursor, into: Options): boolean {
  if (parseUsing(c, into)) return true;
  if (c.accept('KEY_BLOCK_SIZE')) {
    c.accept('=');
    into.blockSize = c.integer();
  } else if (c.accept('COMMENT')) into.comment = c.string();
  else if (c.acceptAll('WITH', 'PARSER')) into.parser = c.name();
  else if (c.acceptOne('ENGINE_ATTRIBUTE', 'SECONDARY_ENGINE_ATTRIBUTE')) {
    c.accept('=');
    c.string();
  } else if (c.accept('VISIBLE')) into.invisible = false;
  else if (c.accept('INVISIBLE')) into.invisible = true;
  else return false;
  return true;
}

function parseIndexRest(c: Cursor, kind: IndexSpec['kind'], name: string): IndexSpec {
  const options: Options = {};
  parseUsing(c, options);
  const columns = parseKeyParts(c);
  while (parseIndexOption(c, options));
  return { kind, name, columns, ...options };
}

const KINDS = { UNIQUE: 'unique', INDEX: 'index', KEY: 'index', FULLTEXT: 'fulltext', SPATIAL: 'spatial' } as const;

/** An index or constraint of a table definition into `into`; false where what follows is a column. */
export function parseIndexSpec(c: Cursor, into: Omit<TableParts, 'columns'>): boolean {
  const constrained = c.accept('CONSTRAINT');
  let name = constrained && !c.isOne('PRIMARY', 'FOREIGN', 'UNIQUE', 'CHECK') ? c.name() : '';
  if (c.acceptAll('PRIMARY', 'KEY')) {
    if (c.isName() && !c.isOne('USING', 'TYPE')) c.name();
    into.indexes.push(parseIndexRest(c, 'primary', 'PRIMARY'));
    return true;
  }
  if (c.acceptAll('FOREIGN', 'KEY')) {
    into.foreignKeys.push(parseForeignKey(c, name));
    return true;
  }
  if (c.accept('CHECK')) {
    into.checks.push(parseCheck(c, name, undefined));
    return true;
  }
  const word = constrained ? c.acceptOne('UNIQUE') : c.acceptOne('UNIQUE', 'INDEX', 'KEY', 'FULLTEXT', 'SPATIAL');
  if (!word) {
    if (constrained) throw c.fail();
    return false;
  }
  if (word !== 'INDEX' && word !== 'KEY') c.acceptOne('INDEX', 'KEY');
  if (c.isName() && !(c.isOne('USING', 'TYPE') && ['BTREE', 'HASH', 'RTREE'].includes(c.peek().upper)))
    name = checkName(c.name(), 'ER_WRONG_NAME_FOR_INDEX');
  into.indexes.push(parseIndexRest(c, KINDS[word as keyof typeof KINDS], name));
  return true;
}

/** ALGORITHM and LOCK behind CREATE and DROP INDEX. */
export function parseIndexLock(c: Cursor): AlterAction[] {
  const actions: AlterAction[] = [];
  for (let word = c.acceptOne('ALGORITHM', 'LOCK'); word; word = c.acceptOne('ALGORITHM', 'LOCK')) {
    c.accept('=');
    actions.push({ kind: word === 'LOCK' ? 'lock' : 'algorithm', value: c.nameOrText().toUpperCase() });
  }
  return actions;
}

export function parseCreateIndex(c: Cursor, kind: IndexSpec['kind']): Statement {
  c.expect('INDEX');
  const name = c.name();
  const options: Options = {};
  parseUsing(c, options);
  c.expect('ON');
  const table = parseTableName(c);
  const index = { ...options, ...parseIndexRest(c, kind, name) };
  return { kind: 'create-index', table, index, actions: parseIndexLock(c) };
}
