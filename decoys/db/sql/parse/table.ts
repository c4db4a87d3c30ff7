// CREATE, ALTER, DROP of tables, indexes, views and databases.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-data-definition-statements.html
import type { AlterAction, ColumnSpec, IndexSpec, TableName } from '../ast/definition.ts';
import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/statement.ts';
import { parseColumnType } from './column-type.ts';
import { type Cursor, decode } from './cursor.ts';
import { charsetName, parseExpression } from './expression.ts';

export function parseTableName(c: Cursor): TableName {
  return c.qualified();
}

function parseDefaultValue(c: Cursor): Expression {
  if (c.is('(')) return c.parenthesised(() => parseExpression(c));
  const start = c.token.start;
  const sign = c.acceptOne('-', '+');
  const value = parseExpression(c);
  return sign === '-' ? { kind: 'unary', operator: '-', operand: value, start, end: c.lastEnd } : value;
}

function parseReferences(c: Cursor): void {
  parseTableName(c);
  if (c.is('(')) c.parenthesised(() => c.list(() => c.name()));
  while (c.isOne('MATCH', 'ON')) {
    if (c.accept('MATCH')) {
      if (!c.acceptOne('FULL', 'PARTIAL', 'SIMPLE')) throw c.fail();
      continue;
    }
    c.advance();
    if (!c.acceptOne('DELETE', 'UPDATE')) throw c.fail();
    if (!c.acceptOne('RESTRICT', 'CASCADE') && !c.acceptAll('SET', 'NULL') && !c.acceptAll('NO', 'ACTION'))
      c.expect('SET', 'DEFAULT');
  }
}

export function parseColumnSpec(c: Cursor, name: string): ColumnSpec {
  const type = parseColumnType(c);
  let nullable: boolean | undefined;
  let fallback: Expression | undefined;
  let [onUpdateNow, autoIncrement, primary, unique] = [false, false, false, false];
  let comment = '';
  let collation = type.collation;
  for (;;) {
    if (c.acceptAll('NOT', 'NULL')) nullable = false;
    else if (c.accept('NULL')) nullable = true;
    else if (c.accept('DEFAULT')) fallback = parseDefaultValue(c);
    else if (c.acceptAll('ON', 'UPDATE')) {
      parseExpression(c);
      onUpdateNow = true;
    } else if (c.accept('AUTO_INCREMENT')) autoIncrement = true;
    else if (c.acceptAll('PRIMARY', 'KEY') || (c.is('KEY') && c.accept('KEY'))) primary = true;
    else if (c.accept('UNIQUE')) {
      c.accept('KEY');
      unique = true;
    } else if (c.accept('COMMENT')) comment = c.string();
    else if (c.accept('COLLATE')) collation = (c.is('BINARY') ? c.advance().text : c.nameOrText()).toLowerCase();
    else if (c.accept('REFERENCES')) parseReferences(c);
    else if (c.acceptOne('VISIBLE', 'INVISIBLE')) nullable ??= undefined;
    else if (c.accept('CONSTRAINT') || c.is('CHECK')) {
      if (c.isName()) c.name();
      c.expect('CHECK');
      c.parenthesised(() => parseExpression(c));
      if (c.accept('NOT')) c.expect('ENFORCED');
      else c.accept('ENFORCED');
    } else if (c.acceptAll('GENERATED', 'ALWAYS') || c.is('AS')) {
      c.expect('AS');
      fallback = c.parenthesised(() => parseExpression(c));
      c.acceptOne('VIRTUAL', 'STORED');
    } else if (c.acceptOne('STORAGE', 'COLUMN_FORMAT')) c.advance();
    else if (c.accept('SRID')) c.integer();
    else break;
  }
  return {
    name,
    type: { ...type, collation },
    nullable,
    fallback,
    onUpdateNow,
    autoIncrement,
    primary,
    unique,
    comment,
  };
}

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
function parseIndexSpec(c: Cursor): IndexSpec | 'constraint' | undefined {
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
  if (c.isName() && !(c.is('USING') && c.peek(2).upper === '(')) name = c.name();
  parseIndexOptions(c);
  const columns = parseKeyParts(c);
  parseIndexOptions(c);
  return { kind, name, columns };
}

interface TableOptions {
  engine: string;
  charset: string;
  collation: string;
  comment: string;
  autoIncrement: number;
}

const NUMBER_OPTIONS = [
  'AVG_ROW_LENGTH',
  'CHECKSUM',
  'TABLE_CHECKSUM',
  'DELAY_KEY_WRITE',
  'KEY_BLOCK_SIZE',
  'MAX_ROWS',
  'MIN_ROWS',
  'STATS_AUTO_RECALC',
  'STATS_PERSISTENT',
  'STATS_SAMPLE_PAGES',
  'PACK_KEYS',
  'AUTOEXTEND_SIZE',
];
const WORD_OPTIONS = ['ROW_FORMAT', 'INSERT_METHOD', 'TABLESPACE', 'SECONDARY_ENGINE'];
const TEXT_OPTIONS = [
  'CONNECTION',
  'PASSWORD',
  'COMPRESSION',
  'ENCRYPTION',
  'ENGINE_ATTRIBUTE',
  'SECONDARY_ENGINE_ATTRIBUTE',
];

/** One table option into `into`; false where none follows. */
function parseTableOption(c: Cursor, into: TableOptions): boolean {
  if (c.acceptOne('ENGINE')) {
    c.accept('=');
    into.engine = c.nameOrText();
  } else if (c.accept('AUTO_INCREMENT')) {
    c.accept('=');
    into.autoIncrement = c.integer();
  } else if (c.accept('COMMENT')) {
    c.accept('=');
    into.comment = c.string();
  } else if (c.acceptOne(...NUMBER_OPTIONS)) {
    c.accept('=');
    if (!c.accept('DEFAULT')) c.integer();
  } else if (c.acceptOne(...WORD_OPTIONS)) {
    c.accept('=');
    if (!c.accept('DEFAULT')) c.nameOrText();
  } else if (c.acceptOne(...TEXT_OPTIONS)) {
    c.accept('=');
    c.string();
  } else if (c.acceptAll('DATA', 'DIRECTORY') || c.acceptAll('INDEX', 'DIRECTORY')) {
    c.accept('=');
    c.string();
  } else {
    return parseCharsetOption(c, into);
  }
  return true;
}

function parseCharsetOption(c: Cursor, into: { charset: string; collation: string }): boolean {
  const mark = c.at;
  c.accept('DEFAULT');
  if (c.acceptAll('CHARACTER', 'SET') || c.acceptAll('CHAR', 'SET') || c.accept('CHARSET')) {
    c.accept('=');
    into.charset = (c.is('DEFAULT') ? c.advance().text : charsetName(c)).toLowerCase();
    return true;
  }
  if (c.accept('COLLATE')) {
    c.accept('=');
    into.collation = (c.is('BINARY') || c.is('DEFAULT') ? c.advance().text : c.nameOrText()).toLowerCase();
    return true;
  }
  if (c.at > mark && c.accept('ENCRYPTION')) {
    c.accept('=');
    c.string();
    return true;
  }
  c.at = mark;
  return false;
}

function skipPartitions(c: Cursor): void {
  if (!c.acceptAll('PARTITION', 'BY')) return;
  let depth = 0;
  while (c.token.kind !== 'end' && !(depth === 0 && c.is(';'))) {
    if (c.is('(')) depth++;
    if (c.is(')')) depth--;
    c.advance();
  }
}

export function parseCreateTable(c: Cursor, temporary: boolean): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const table = parseTableName(c);
  const options: TableOptions = { engine: '', charset: '', collation: '', comment: '', autoIncrement: 0 };
  const columns: ColumnSpec[] = [];
  const indexes: IndexSpec[] = [];
  const done = (like: TableName | undefined, query: Parameters<typeof c.parseQuery>[0] | undefined): Statement => ({
    kind: 'create-table',
    table,
    ifNotExists,
    temporary,
    columns,
    indexes,
    like,
    query: query ? c.parseQuery(c) : undefined,
    ...options,
  });
  if (c.accept('LIKE')) return done(parseTableName(c), undefined);
  if (c.is('(') && c.peek().upper === 'LIKE') {
    c.at += 2;
    const like = parseTableName(c);
    c.expect(')');
    return done(like, undefined);
  }
  if (c.is('(') && !['SELECT', 'WITH', '(', 'TABLE'].includes(c.peek().upper)) {
    c.advance();
    c.list(() => {
      const index = parseIndexSpec(c);
      if (index === 'constraint') return;
      if (index) indexes.push(index);
      else columns.push(parseColumnSpec(c, c.name()));
    });
    c.expect(')');
  }
  while (parseTableOption(c, options)) c.accept(',');
  skipPartitions(c);
  c.acceptOne('REPLACE', 'IGNORE');
  c.accept('AS');
  return done(undefined, c.isOne('SELECT', 'WITH', 'TABLE', 'VALUES', '(') ? c : undefined);
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

function parsePlace(c: Cursor): { after: string | undefined; first: boolean } {
  if (c.accept('FIRST')) return { after: undefined, first: true };
  return { after: c.accept('AFTER') ? c.name() : undefined, first: false };
}

function parseAlterAction(c: Cursor, options: TableOptions): AlterAction[] {
  if (c.accept('ADD')) {
    const index = c.is('COLUMN') ? undefined : parseIndexSpec(c);
    if (index === 'constraint') return [{ kind: 'options' }];
    if (index) return [{ kind: 'add-index', index }];
    c.accept('COLUMN');
    if (c.is('('))
      return c.parenthesised(() =>
        c.list(
          () => ({ kind: 'add-column', column: parseColumnSpec(c, c.name()), after: undefined, first: false }) as const,
        ),
      );
    const column = parseColumnSpec(c, c.name());
    return [{ kind: 'add-column', column, ...parsePlace(c) }];
  }
  if (c.accept('DROP')) {
    if (c.acceptAll('PRIMARY', 'KEY')) return [{ kind: 'drop-index', name: 'PRIMARY' }];
    if (c.acceptOne('INDEX', 'KEY')) return [{ kind: 'drop-index', name: c.name() }];
    if (c.acceptAll('FOREIGN', 'KEY') || c.acceptOne('CONSTRAINT', 'CHECK')) {
      c.name();
      return [{ kind: 'options' }];
    }
    c.accept('COLUMN');
    return [{ kind: 'drop-column', name: c.name() }];
  }
  if (c.accept('MODIFY')) {
    c.accept('COLUMN');
    const from = c.name();
    const column = parseColumnSpec(c, from);
    parsePlace(c);
    return [{ kind: 'change-column', from, column }];
  }
  if (c.accept('CHANGE')) {
    c.accept('COLUMN');
    const from = c.name();
    const column = parseColumnSpec(c, c.name());
    parsePlace(c);
    return [{ kind: 'change-column', from, column }];
  }
  if (c.accept('RENAME')) {
    if (c.acceptOne('INDEX', 'KEY')) {
      c.name();
      c.expect('TO');
      c.name();
      return [{ kind: 'options' }];
    }
    if (c.accept('COLUMN')) {
      const from = c.name();
      c.expect('TO');
      return [{ kind: 'rename-column', from, to: c.name() }];
    }
    c.acceptOne('TO', 'AS', '=');
    return [{ kind: 'rename', ...parseTableName(c) }];
  }
  return parseAlterOption(c, options);
}

function parseAlterOption(c: Cursor, options: TableOptions): AlterAction[] {
  if (c.acceptOne('ALGORITHM', 'LOCK')) {
    c.accept('=');
    c.advance();
  } else if (c.acceptOne('ENABLE', 'DISABLE')) c.expect('KEYS');
  else if (c.acceptAll('ORDER', 'BY')) c.list(() => c.name());
  else if (c.acceptAll('CONVERT', 'TO')) {
    if (!parseCharsetOption(c, options)) throw c.fail();
    if (c.accept('COLLATE')) c.nameOrText();
  } else if (c.accept('ALTER')) {
    c.accept('COLUMN');
    c.name();
    if (c.acceptAll('DROP', 'DEFAULT')) return [{ kind: 'options' }];
    c.expect('SET', 'DEFAULT');
    parseDefaultValue(c);
  } else if (!c.accept('FORCE') && !c.acceptAll('DISCARD', 'TABLESPACE') && !c.acceptAll('IMPORT', 'TABLESPACE')) {
    if (!parseTableOption(c, options)) throw c.fail();
    while (parseTableOption(c, options));
  }
  return [{ kind: 'options' }];
}

export function parseAlterTable(c: Cursor): Statement {
  const table = parseTableName(c);
  const options: TableOptions = { engine: '', charset: '', collation: '', comment: '', autoIncrement: 0 };
  const actions = c.token.kind === 'end' || c.is(';') ? [] : c.list(() => parseAlterAction(c, options)).flat();
  skipPartitions(c);
  return { kind: 'alter-table', table, actions };
}

export function parseCreateDatabase(c: Cursor): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const name = c.name();
  const options = { charset: '', collation: '' };
  while (parseCharsetOption(c, options) || parseDatabaseOption(c));
  return { kind: 'create-database', name, ifNotExists, ...options };
}

function parseDatabaseOption(c: Cursor): boolean {
  if (c.accept('ENCRYPTION')) {
    c.accept('=');
    c.string();
    return true;
  }
  if (c.acceptAll('READ', 'ONLY')) {
    c.accept('=');
    c.advance();
    return true;
  }
  return false;
}

export function parseAlterDatabase(c: Cursor): Statement {
  const name = c.isName() && !c.isOne('CHARACTER', 'CHARSET', 'DEFAULT', 'ENCRYPTION') ? c.name() : '';
  const options = { charset: '', collation: '' };
  let any = false;
  while (parseCharsetOption(c, options) || parseDatabaseOption(c)) any = true;
  if (!any) throw c.fail();
  return { kind: 'alter-database', name, ...options };
}

export function parseCreateView(c: Cursor, replace: boolean): Statement {
  const view = parseTableName(c);
  const columns = c.is('(') ? c.parenthesised(() => c.list(() => c.name())) : [];
  c.expect('AS');
  const start = c.token.start;
  const query = c.parseQuery(c);
  const text = decode(c.text.slice(start, c.lastEnd));
  if (c.accept('WITH')) {
    c.acceptOne('CASCADED', 'LOCAL');
    c.expect('CHECK', 'OPTION');
  }
  return { kind: 'create-view', view, query, columns, replace, text };
}
