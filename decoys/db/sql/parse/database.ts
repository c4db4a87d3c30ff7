// CREATE and ALTER DATABASE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-database.html
import type { Statement } from '../ast/statement.ts';
import type { Cursor } from './cursor.ts';
import { parseSchemaName } from './names.ts';
import { parseCharsetOption } from './table-options.ts';

export function parseCreateDatabase(c: Cursor): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const name = parseSchemaName(c);
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
  const name = c.isName() && !c.isOne('CHARACTER', 'CHARSET', 'DEFAULT', 'ENCRYPTION') ? parseSchemaName(c) : '';
  const options = { charset: '', collation: '' };
  let any = false;
  while (parseCharsetOption(c, options) || parseDatabaseOption(c)) any = true;
  if (!any) throw c.fail();
  return { kind: 'alter-database', name, ...options };
}
