// CREATE TABLE, and a table's name wherever one stands.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import type { Statement } from '../ast/statement.ts';
import type { TableParts } from '../ast/table.ts';
import { parseColumnSpec } from './column-spec.ts';
import type { Cursor } from './cursor.ts';
import { parseIndexSpec } from './index-spec.ts';
import { parseTableName } from './names.ts';
import { parsePartitioning } from './partitioning.ts';
import { noOptions, parseTableOption } from './table-options.ts';

function parseParts(c: Cursor, parts: TableParts): void {
  c.expect('(');
  c.list(() => {
    if (!parseIndexSpec(c, parts)) parts.columns.push(parseColumnSpec(c, c.name(), parts));
  });
  c.expect(')');
}

const QUERY_STARTS = ['SELECT', 'WITH', 'TABLE', 'VALUES', '('];

export function parseCreateTable(c: Cursor, temporary: boolean): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const table = parseTableName(c);
  const parts: TableParts = { columns: [], indexes: [], foreignKeys: [], checks: [] };
  const options = noOptions();
  const base = { kind: 'create-table', table, ifNotExists, temporary, ...parts, options } as const;
  const bare = { query: undefined, collisions: 'refuse', partitioning: undefined } as const;
  if (c.accept('LIKE')) return { ...base, ...bare, like: parseTableName(c) };
  if (c.is('(') && c.peek().upper === 'LIKE') {
    c.at += 2;
    const like = parseTableName(c);
    c.expect(')');
    return { ...base, ...bare, like };
  }
  if (c.is('(') && !['SELECT', 'WITH', '(', 'TABLE', 'VALUES'].includes(c.peek().upper)) parseParts(c, parts);
  while (parseTableOption(c, options)) c.accept(',');
  const partitioning = c.acceptAll('PARTITION', 'BY') ? parsePartitioning(c) : undefined;
  const word = c.acceptOne('REPLACE', 'IGNORE');
  const collisions = word === 'REPLACE' ? 'replace' : word === 'IGNORE' ? 'ignore' : 'refuse';
  const as = c.accept('AS');
  const queries = c.isOne(...QUERY_STARTS);
  if ((as || word) && !queries) throw c.fail();
  const query = queries ? c.parseQuery(c) : undefined;
  return { ...base, like: undefined, query, collisions, partitioning };
}
