// PREPARE, EXECUTE, CALL, HANDLER: statements that name another thing to run or read.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-prepared-statements.html, handler.html
import type { Expression } from '../ast/expression.ts';
import type { Limit } from '../ast/query.ts';
import type { Statement } from '../ast/statement.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseLimit } from './into.ts';
import { parseRoutineName, parseTableName } from './names.ts';

export function parseCall(c: Cursor): Statement {
  const name = parseRoutineName(c);
  let args: ReturnType<typeof parseExpression>[] = [];
  if (c.accept('(')) {
    if (!c.is(')')) args = c.list(() => parseExpression(c));
    c.expect(')');
  }
  return { kind: 'call', name, args };
}

export function parsePrepare(c: Cursor): Statement {
  const name = c.name();
  c.expect('FROM');
  if (c.token.kind !== 'string' && c.token.kind !== 'variable') throw c.fail();
  return { kind: 'prepare', name, from: parseExpression(c) };
}

export function parseExecute(c: Cursor): Statement {
  const name = c.name();
  const using = c.accept('USING')
    ? c.list(() => {
        if (c.token.kind !== 'variable') throw c.fail();
        return decode(c.advance().text);
      })
    : [];
  return { kind: 'execute', name, using };
}

const READS = ['FIRST', 'NEXT', 'PREV', 'LAST'] as const;

/** HANDLER t OPEN [AS a] | READ … | CLOSE */
export function parseHandler(c: Cursor): Statement {
  const table = parseTableName(c);
  if (c.accept('OPEN')) {
    const alias = c.accept('AS') || c.isName() ? c.name() : table.name;
    return { kind: 'handler-open', table, alias };
  }
  // Only OPEN names a schema: what is open goes by its alias.
  if (table.schema !== '') throw c.fail();
  if (c.accept('CLOSE')) return { kind: 'handler-close', name: table.name };
  c.expect('READ');
  const index = c.isName() && !READS.includes(c.token.upper as 'FIRST') ? c.name() : '';
  const step = c.acceptOne(...READS) as (typeof READS)[number] | undefined;
  let keys: readonly Expression[] = [];
  let operator = '';
  if (!step) {
    operator = index === '' ? '' : (c.acceptOne('=', '<=', '>=', '<', '>') ?? '');
    if (operator === '') throw c.fail();
    keys = c.parenthesised(() => c.list(() => parseExpression(c)));
  }
  const where = c.accept('WHERE') ? parseExpression(c) : undefined;
  const limit: Limit | undefined = parseLimit(c);
  return { kind: 'handler-read', name: table.name, index, step: step ?? 'KEY', operator, keys, where, limit };
}
