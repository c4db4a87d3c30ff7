// CREATE, ALTER and DROP DATABASE, and the database a new table is to be in.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-database.html
import { type Database, MAX_DATABASES } from '../../../overlay/overlay.ts';
import type { TableName } from '../../../sql/ast/definition.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { findCharset, findCollation } from '../../../sql/value/charset.ts';
import { DEFAULT_COLLATION } from '../../../sql/value/type.ts';
import { STATUS } from '../../../wire/constants.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { canonicalSchema, schemaExists } from '../../schemas.ts';

const NAME_CHARACTERS = 64;

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

export function collationFrom(charset: string, collation: string, fallback: string): string {
  if (collation && collation !== 'default') {
    const found = findCollation(collation);
    if (!found) throw sqlError('ER_UNKNOWN_COLLATION', collation);
    return found.name;
  }
  if (!charset || charset === 'default') return fallback;
  const found = findCharset(charset);
  if (!found) throw sqlError('ER_UNKNOWN_CHARACTER_SET', charset);
  return found.defaultCollation;
}

export function createDatabase(x: Execution, s: StatementOf<'create-database'>): Outcome {
  const { session } = x;
  const { databases } = session.overlay;
  checkName(s.name);
  if (s.name === '' || s.name.endsWith(' ')) throw sqlError('ER_WRONG_DB_NAME', s.name);
  if (canonicalSchema(s.name) === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', 'information_schema');
  if (s.name === 'mysql') throw sqlError('ER_NO_SYSTEM_SCHEMA_ACCESS', s.name);
  if (schemaExists(session, s.name)) {
    if (!s.ifNotExists) throw sqlError('ER_DB_CREATE_EXISTS', s.name);
    x.note('ER_DB_CREATE_EXISTS', s.name);
    return { kind: 'ok', affected: 1n };
  }
  if (databases.size >= MAX_DATABASES) throw sqlError('ER_RECORD_FILE_FULL', s.name);
  session.overlay.dropped.delete(s.name);
  databases.set(s.name, {
    name: s.name,
    collation: collationFrom(s.charset, s.collation, DEFAULT_COLLATION),
    tables: new Map(),
    views: new Map(),
  });
  return { kind: 'ok', affected: 1n };
}

export function alterDatabase(x: Execution, s: StatementOf<'alter-database'>): Outcome {
  const name = s.name || x.session.database;
  if (name === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(x.session, name)) throw sqlError('ER_BAD_DB_ERROR', name);
  const database = x.session.overlay.databases.get(name);
  const collation = collationFrom(s.charset, s.collation, database?.collation ?? DEFAULT_COLLATION);
  if (database) database.collation = collation;
  return { kind: 'ok', affected: 1n };
}

export function dropDatabase(x: Execution, s: StatementOf<'drop-database'>): Outcome {
  const { session } = x;
  const schema = canonicalSchema(s.name);
  if (schema === 'information_schema' || schema === 'performance_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  if (!schemaExists(session, schema)) {
    if (!s.ifExists) throw sqlError('ER_DB_DROP_EXISTS', s.name);
    x.note('ER_DB_DROP_EXISTS', s.name);
    x.statusFlags |= STATUS.DB_DROPPED;
    return OK;
  }
  const tables = session.overlay.databases.get(schema)?.tables.size ?? 0;
  session.overlay.databases.delete(schema);
  for (const [key, routine] of session.overlay.routines)
    if (routine.schema === schema) session.overlay.routines.delete(key);
  session.overlay.dropped.add(schema);
  const affected = BigInt(tables);
  x.statusFlags |= STATUS.DB_DROPPED;
  if (session.database !== schema) return { kind: 'ok', affected };
  session.database = '';
  session.tracker.schema('');
  return { kind: 'ok', affected };
}
