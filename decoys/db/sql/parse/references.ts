// REFERENCES and CHECK: the constraints of a table, behind a column or on their own.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-foreign-keys.html and create-table-check-constraints.html
import type { CheckSpec, ForeignKeySpec, ReferenceAction } from '../ast/table.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTableName } from './names.ts';

function parseAction(c: Cursor): ReferenceAction {
  if (c.acceptAll('SET', 'NULL')) return 'SET NULL';
  if (c.acceptAll('SET', 'DEFAULT')) return 'SET DEFAULT';
  if (c.acceptAll('NO', 'ACTION')) return 'NO ACTION';
  const word = c.acceptOne('RESTRICT', 'CASCADE');
  if (!word) throw c.fail();
  return word as 'RESTRICT' | 'CASCADE';
}

/** What follows REFERENCES. */
export function parseReferences(c: Cursor): Pick<ForeignKeySpec, 'table' | 'referenced' | 'onDelete' | 'onUpdate'> {
  const table = parseTableName(c);
  const referenced = c.is('(') ? c.parenthesised(() => c.list(() => c.name())) : [];
  let onDelete: ReferenceAction | undefined;
  let onUpdate: ReferenceAction | undefined;
  if (c.accept('MATCH') && !c.acceptOne('FULL', 'PARTIAL', 'SIMPLE')) throw c.fail();
  while (c.is('ON')) {
    c.advance();
    const event = onDelete ? c.acceptOne('UPDATE') : onUpdate ? c.acceptOne('DELETE') : c.acceptOne('DELETE', 'UPDATE');
    if (!event) throw c.fail();
    if (event === 'DELETE') onDelete = parseAction(c);
    else onUpdate = parseAction(c);
    if (onDelete && onUpdate) break;
  }
  return { table, referenced, onDelete, onUpdate };
}

/** What follows FOREIGN KEY. */
export function parseForeignKey(c: Cursor, name: string): ForeignKeySpec {
  const index = c.isName() ? c.name() : '';
  const columns = c.parenthesised(() => c.list(() => c.name()));
  c.expect('REFERENCES');
  return { name, index, columns, ...parseReferences(c) };
}

function parseEnforcement(c: Cursor): boolean {
  if (c.is('NOT') && c.peek().upper === 'ENFORCED') {
    c.at += 2;
    return false;
  }
  c.accept('ENFORCED');
  return true;
}

/** What follows CHECK. */
export function parseCheck(c: Cursor, name: string, column: string | undefined): CheckSpec {
  const expression = c.parenthesised(() => parseExpression(c));
  return { name, expression, enforced: parseEnforcement(c), column };
}
