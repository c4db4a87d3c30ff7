// CREATE VIEW.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-view.html
import type { Statement } from '../ast/statement.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseTableName } from './names.ts';

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
