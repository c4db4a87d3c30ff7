// CREATE and ALTER DATABASE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-database.html
import type { Statement } from '../ast/statement.ts';
import type { Cursor } from './cursor.ts';
import { parseSchemaName } from './names.ts';
import { parseCharsetOption } from './table-options.ts';

interface Options {
  charset: string;
  collation: string;
  encryption: string;
  readOnly: boolean | undefined;
}

function parseDatabaseOption(c: Cursor, into: Options, alters: boolean): boolean {
  if (parseCharsetOption(c, into)) return true;
  const mark = c.at;
  c.accept('DEFAULT');
  if (c.accept('ENCRYPTION')) {
    c.accept('=');
    into.encryption = c.string();
    return true;
  }
  c.at = mark;
  if (!alters || !c.acceptAll('READ', 'ONLY')) return false;
  c.accept('=');
  if (c.accept('DEFAULT')) into.readOnly = false;
  else into.readOnly = c.integer() !== 0;
  return true;
}

export function parseCreateDatabase(c: Cursor): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const name = parseSchemaName(c);
  const options: Options = { charset: '', collation: '', encryption: '', readOnly: undefined };
  while (parseDatabaseOption(c, options, false));
  return { kind: 'create-database', name, ifNotExists, ...options };
}

const OPTION_STARTS = ['CHARACTER', 'CHARSET', 'CHAR', 'COLLATE', 'DEFAULT', 'ENCRYPTION', 'READ'];

export function parseAlterDatabase(c: Cursor): Statement {
  const name = c.isName() && !c.isOne(...OPTION_STARTS) ? parseSchemaName(c) : '';
  const options: Options = { charset: '', collation: '', encryption: '', readOnly: undefined };
  let any = false;
  while (parseDatabaseOption(c, options, true)) any = true;
  if (!any) throw c.fail();
  return { kind: 'alter-database', name, ...options };
}
