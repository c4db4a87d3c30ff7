// Indexes and constraints of a table, and CREATE INDEX.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-index.html
import type { IndexSpec } from '../ast/definition.ts';
import type { Statement } from '../ast/statement.ts';
import { parseReferences } from './column-spec.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { checkName, parseTableName } from './names.ts';

function parseKeyParts(c: Cursor): IndexSpec['columns'] {
  return c.parenthesised(() =>
    c.list(() => {
      if (c.is('(')) {
        c.parenthesised(() => parseExpression(c));
        c.acceptOne('ASC', 'DESC');
        return { name: '', length: undefined };
      }
      const name = c.name();
      const length = c.is('(') ? c.parenthesised(() => c.integer()) : undefined;
      c.acceptOne('ASC', 'DESC');
      return { name, length };
    }),
  );
}

function parseIndexOptions(c: Cursor): void {
  for (;;) {
    if (c.accept('USING') || c.accept('TYPE')) {
      if (!c.acceptOne('BTREE', 'HASH', 'RTREE')) throw c.fail();
    } else if (c.accept('KEY_BLOCK_SIZE')) {
      c.accept('=');
      c.integer();
    } else if (c.accept('COMMENT')) c.string();
    else if (c.acceptAll('WITH', 'PARSER')) c.name();
    else if (!c.acceptOne('VISIBLE', 'INVISIBLE')) return;
  }
}

/** An index or constraint of a table definition; undefined where what follows is a column. */
export function parseIndexSpec(c: Cursor): IndexSpec | 'constraint' | undefined {
  let name = '';
  if (c.accept('CONSTRAINT') && c.isName()) name = c.name();
  if (c.acceptAll('PRIMARY', 'KEY')) {
    parseIndexOptions(c);
    const columns = parseKeyParts(c);
    parseIndexOptions(c);
    return { kind: 'primary', name: 'PRIMARY', columns };
  }
  if (c.acceptAll('FOREIGN', 'KEY')) {
    if (c.isName()) c.name();
    parseKeyParts(c);
    c.expect('REFERENCES');
    parseReferences(c);
    return 'constraint';
  }
  if (c.accept('CHECK')) {
    c.parenthesised(() => parseExpression(c));
    if (!c.acceptAll('NOT', 'ENFORCED')) c.accept('ENFORCED');
    return 'constraint';
  }
  const word = c.acceptOne('UNIQUE', 'INDEX', 'KEY', 'FULLTEXT', 'SPATIAL');
  if (!word) return undefined;
  const kind = ({ UNIQUE: 'unique', INDEX: 'index', KEY: 'index', FULLTEXT: 'fulltext', SPATIAL: 'spatial' } as const)[
    word as 'KEY'
  ];
  c.acceptOne('INDEX', 'KEY');
  if (c.isName() && !(c.is('USING') && c.peek(2).upper === '(')) name = checkName(c.name(), 'ER_WRONG_NAME_FOR_INDEX');
  parseIndexOptions(c);
  const columns = parseKeyParts(c);
  parseIndexOptions(c);
  return { kind, name, columns };
}

export function parseCreateIndex(c: Cursor, kind: IndexSpec['kind']): Statement {
  c.expect('INDEX');
  const name = c.name();
  parseIndexOptions(c);
  c.expect('ON');
  const table = parseTableName(c);
  const columns = parseKeyParts(c);
  parseIndexOptions(c);
  while (c.acceptOne('ALGORITHM', 'LOCK')) {
    c.accept('=');
    c.advance();
  }
  return { kind: 'create-index', table, index: { kind, name, columns } };
}
