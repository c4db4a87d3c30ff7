// CREATE, ALTER and DROP DATABASE, and the database a new table is to be in.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-database.html
import { type Database, MAX_DATABASES } from '../../../overlay/overlay.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import type { TableName } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { findCharset, findCollation } from '../../../sql/value/charset.ts';
import { DEFAULT_COLLATION } from '../../../sql/value/type.ts';
import { STATUS } from '../../../wire/constants.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { canonicalSchema, SYSTEM_SCHEMAS, schemaExists } from '../../schemas.ts';
import { checksForeignKeys, childrenOf } from './references.ts';

const NAME_CHARACTERS = 64;

/** Throws 1059 for a name that is too long. */
export function checkName(name: string): void {
  if (name.length > NAME_CHARACTERS) throw sqlError('ER_TOO_LONG_IDENT', name);
}

/** The schema a table is to be in, as a database of the overlay; refuses INFORMATION_SCHEMA and performance_schema. */
export function writableDatabase(x: Execution, table: TableName): Database {
  const { session } = x;
  const schema = canonicalSchema(table.schema || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  if (schema === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, session.accountName.split('@')[1] ?? '%', schema);
  if (schema === 'performance_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, session.accountName.split('@')[1] ?? '%', schema);
  const known = session.overlay.databases.get(schema);
  if (known) return known;
  const made: Database = { name: schema, collation: DEFAULT_COLLATION, tables: new Map(), views: new Map() };
  session.overlay.databases.set(schema, made);
  return made;
}

/** Throws 3989 where the database takes no changes. */
export function refuseReadOnly(database: Database): void {
  if (database.readOnly) throw sqlError('ER_SCHEMA_READ_ONLY', database.name);
}

/** The collation a character set, a collation, or neither names. Throws 1115, 1253 or 1273. */
export function collationFrom(charset: string, collation: string, fallback: string): string {
  const wanted = charset && charset !== 'default' ? findCharset(charset) : undefined;
  if (charset && charset !== 'default' && !wanted) throw sqlError('ER_UNKNOWN_CHARACTER_SET', charset);
  if (collation && collation !== 'default') {
    const found = findCollation(collation);
    if (!found) throw sqlError('ER_UNKNOWN_COLLATION', collation);
    if (wanted && found.charset !== wanted.name)
      throw sqlError('ER_COLLATION_CHARSET_MISMATCH', found.name, wanted.name);
    return found.name;
  }
  return wanted?.defaultCollation ?? fallback;
}

function encrypts(given: string, before: boolean): boolean {
  if (given === '') return before;
  if (!/^[yn]$/i.test(given)) throw sqlError('ER_WRONG_VALUE', 'argument', `${given} (should be Y or N)`);
  return /^y$/i.test(given);
}

function serverCollation(x: Execution): string {
  return x.session.text('collation_server') || DEFAULT_COLLATION;
}

/** CREATE DATABASE. Throws 1007, 1044, 1102, 1114 or 3552. */
export function createDatabase(x: Execution, s: StatementOf<'create-database'>): Outcome {
  const { session } = x;
  const { databases } = session.overlay;
  checkName(s.name);
  if (s.name === '' || s.name.endsWith(' ')) throw sqlError('ER_WRONG_DB_NAME', s.name);
  if (canonicalSchema(s.name) === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', 'information_schema');
  if (s.name === 'mysql') throw sqlError('ER_NO_SYSTEM_SCHEMA_ACCESS', s.name);
  const collation = collationFrom(s.charset, s.collation, serverCollation(x));
  if (schemaExists(session, s.name)) {
    if (!s.ifNotExists) throw sqlError('ER_DB_CREATE_EXISTS', s.name);
    x.note('ER_DB_CREATE_EXISTS', s.name);
    return { kind: 'ok', affected: 1n };
  }
  if (databases.size >= MAX_DATABASES) throw sqlError('ER_RECORD_FILE_FULL', s.name);
  session.overlay.dropped.delete(s.name);
  databases.set(s.name, {
    name: s.name,
    collation,
    encrypted: encrypts(s.encryption, false),
    readOnly: false,
    tables: new Map(),
    views: new Map(),
  });
  return { kind: 'ok', affected: 1n };
}

/** ALTER DATABASE. Throws 1044, 1046, 3503 or 3552. */
export function alterDatabase(x: Execution, s: StatementOf<'alter-database'>): Outcome {
  const name = canonicalSchema(s.name || x.session.database);
  if (name === '') throw sqlError('ER_NO_DB_ERROR');
  if (name === 'information_schema') throw sqlError('ER_DBACCESS_DENIED_ERROR', x.session.user, '%', name);
  if (name === 'mysql') throw sqlError('ER_NO_SYSTEM_SCHEMA_ACCESS', name);
  const collation = collationFrom(s.charset, s.collation, '');
  if (!schemaExists(x.session, name)) throw sqlError('ER_NO_SUCH_DB', name);
  const database = x.session.overlay.databases.get(name);
  if (!database) return { kind: 'ok', affected: 1n };
  if (s.readOnly === undefined) refuseReadOnly(database);
  if (collation !== '') database.collation = collation;
  database.encrypted = encrypts(s.encryption, database.encrypted ?? false);
  database.readOnly = s.readOnly ?? database.readOnly ?? false;
  return { kind: 'ok', affected: 1n };
}

/** DROP DATABASE: its affected rows are the tables that went. Throws 1008, 1044 or 3552. */
export function dropDatabase(x: Execution, s: StatementOf<'drop-database'>): Outcome {
  const { session } = x;
  const schema = canonicalSchema(s.name);
  if (schema === 'information_schema' || schema === 'performance_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  if (schema === 'mysql') throw sqlError('ER_NO_SYSTEM_SCHEMA_ACCESS', schema);
  if (!schemaExists(session, schema)) {
    if (!s.ifExists) throw sqlError('ER_DB_DROP_EXISTS', s.name);
    x.note('ER_DB_DROP_EXISTS', s.name);
    x.statusFlags |= STATUS.DB_DROPPED;
    return OK;
  }
  const own = session.overlay.databases.get(schema);
  if (own) refuseReadOnly(own);
  if (own) refuseReferenced(x, own);
  const tables = (own?.tables.size ?? 0) + (own?.views.size ?? 0);
  session.overlay.databases.delete(schema);
  for (const [key, routine] of session.overlay.routines)
    if (routine.schema === schema) session.overlay.routines.delete(key);
  if ((SYSTEM_SCHEMAS as readonly string[]).includes(schema)) session.overlay.dropped.add(schema);
  const affected = BigInt(tables);
  x.statusFlags |= STATUS.DB_DROPPED;
  if (session.database !== schema) return { kind: 'ok', affected };
  session.database = '';
  session.tracker.schema('');
  return { kind: 'ok', affected };
}

/** Throws 3730 where a table elsewhere refers to one of the database. */
function refuseReferenced(x: Execution, database: Database): void {
  if (!checksForeignKeys(x)) return;
  for (const table of database.tables.values()) {
    const found = childrenOf(x, table).find(({ child }) => child.schema !== database.name);
    if (found) throw sqlError('ER_FK_CANNOT_DROP_PARENT', table.name, found.key.name, found.child.name);
  }
}
