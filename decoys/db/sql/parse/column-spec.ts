// A column as CREATE and ALTER TABLE define it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import type { ColumnSpec } from '../ast/definition.ts';
import type { Expression } from '../ast/expression.ts';
import { parseColumnType } from './column-type.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';

export function parseDefaultValue(c: Cursor): Expression {
  if (c.is('(')) return c.parenthesised(() => parseExpression(c));
  const start = c.token.start;
  const sign = c.acceptOne('-', '+');
  const value = parseExpression(c);
  return sign === '-' ? { kind: 'unary', operator: '-', operand: value, start, end: c.lastEnd } : value;
}

export function parseReferences(c: Cursor): void {
  c.qualified();
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
