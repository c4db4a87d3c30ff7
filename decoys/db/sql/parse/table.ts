// CREATE TABLE, and a table's name wherever one stands.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import type { ColumnSpec, IndexSpec, TableName } from '../ast/definition.ts';
import type { Statement } from '../ast/statement.ts';
import { parseColumnSpec } from './column-spec.ts';
import type { Cursor } from './cursor.ts';
import { parseIndexSpec } from './index-spec.ts';
import { parseTableName } from './names.ts';
import { parseTableOption, type TableOptions } from './table-options.ts';

export function skipPartitions(c: Cursor): void {
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
