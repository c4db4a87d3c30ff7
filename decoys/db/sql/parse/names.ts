// Names of schemas, tables and routines where a statement holds one, refused while it is read where none can be called so.
// Source: https://dev.mysql.com/doc/refman/9.7/en/identifiers.html (no final space, 64 characters); errors as recorded from 9.7.
import type { TableName } from '../ast/table.ts';
import { type ErrorName, sqlError } from '../errors.ts';
import type { Cursor } from './cursor.ts';

/** Characters of a name. */
export const NAME_CHARACTERS = 64;

type NameError = Extract<
  ErrorName,
  'ER_WRONG_DB_NAME' | 'ER_WRONG_TABLE_NAME' | 'ER_SP_WRONG_NAME' | 'ER_WRONG_NAME_FOR_INDEX'
>;

/** Throws `wrong` for an empty name or one that ends in a space, 1059 for one that is too long. */
export function checkName(name: string, wrong: NameError): string {
  if (name === '' || name.endsWith(' ')) throw sqlError(wrong, name);
  if (name.length > NAME_CHARACTERS && [...name].length > NAME_CHARACTERS) throw sqlError('ER_TOO_LONG_IDENT', name);
  return name;
}

export function parseSchemaName(c: Cursor): string {
  return checkName(c.name(), 'ER_WRONG_DB_NAME');
}

function parseQualified(c: Cursor, wrong: NameError): TableName {
  const { at } = c;
  const name = c.qualified();
  checkName(name.name, wrong);
  if (c.at > at + 1) checkName(name.schema, 'ER_WRONG_DB_NAME');
  return name;
}

export function parseTableName(c: Cursor): TableName {
  return parseQualified(c, 'ER_WRONG_TABLE_NAME');
}

/** The name of a procedure, function, trigger or event. */
export function parseRoutineName(c: Cursor): TableName {
  return parseQualified(c, 'ER_SP_WRONG_NAME');
}
