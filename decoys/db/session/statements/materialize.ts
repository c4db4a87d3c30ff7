// A table that is about to be written: the source's own, or a copy of a system table made the first time a source writes to it.

import { makeColumn } from '../../overlay/column.ts';
import { OverlayTable } from '../../overlay/table.ts';
import { definitionOf } from '../../persona/contents.ts';
import type { TableName } from '../../sql/ast/table.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { parseStatement } from '../../sql/parse/statement.ts';
import { DEFAULT_COLLATION } from '../../sql/value/type.ts';
import { FLAG } from '../../wire/constants.ts';
import { tableDenied } from '../denied.ts';
import { expectUnlocked } from '../row-locking.ts';
import { canonicalSchema, schemaExists } from '../schemas.ts';
import { refusesChange, takesChange } from '../system-writes.ts';
import { mayWrite } from '../table-rights.ts';
import { withDefault } from './define/column-rules.ts';

/** The table as one that can be written. Throws what the server answers where it may not or cannot be. */
export function materialize(x: Execution, name: TableName, command = 'UPDATE'): OverlayTable {
  const { session } = x;
  const schema = canonicalSchema(name.schema || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  mayWrite(session, command, schema, name.name);
  session.tableLocks.checkWrite(schema, name.name, name.name);
  expectUnlocked(session, schema, name.name, true);
  const known = session.overlay.databases.get(schema);
  const own = session.temporary.get(`${schema}.${name.name}`) ?? known?.tables.get(name.name);
  if (own) {
    if (refusesChange(schema, name.name, command)) throw tableDenied(session, command, name.name);
    if (known?.readOnly && !own.temporary) throw sqlError('ER_SCHEMA_READ_ONLY', schema);
    own.opened = true;
    return own;
  }
  const source = session.table(schema, name.name);
  if (session.overlay.databases.get(schema)?.views.has(name.name)) throw unchangeable(name.name, command);
  if (source.schema === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', 'information_schema');
  if (source.schema === 'performance_schema' && command === 'ALTER')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', source.schema);
  const changes = takesChange(source.schema, name.name, command);
  if (source.schema === 'performance_schema' && !changes)
    throw sqlError('ER_TABLEACCESS_DENIED_ERROR', command, session.user, session.address, name.name);
  const kept = source.schema === 'mysql' || source.schema === 'sys' || changes;
  const definition = kept ? definitionOf(source.schema, name.name) : undefined;
  if (typeof definition !== 'string') throw unchangeable(name.name, command);
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  const table = fromDefinition(x, source.schema, definition);
  for (const row of source.rows(x)) table.insert([...row]);
  let database = session.overlay.databases.get(schema);
  if (!database) {
    database = { name: schema, collation: DEFAULT_COLLATION, tables: new Map(), views: new Map() };
    session.overlay.databases.set(schema, database);
  }
  // Accounts stay where logins look for them, and threads where they run: writing to either writes to a view that lasts for the statement.
  if (name.name !== 'user' && name.name !== 'threads') database.tables.set(name.name, table);
  return table;
}

/** 1471 for a view nothing can be inserted into, else 1288. */
function unchangeable(name: string, command: string): Error {
  return sqlError(command === 'INSERT' ? 'ER_NON_INSERTABLE_TABLE' : 'ER_NON_UPDATABLE_TABLE', name, command);
}

const PLAIN = { ansiQuotes: false, pipesAsConcat: false } as const;

function fromDefinition(x: Execution, schema: string, definition: string): OverlayTable {
  const lexing = { ansiQuotes: false, noBackslashEscapes: false, version: x.session.server.options.persona.number };
  const { statement } = parseStatement(Buffer.from(definition).toString('latin1'), lexing, PLAIN, false);
  if (statement.kind !== 'create-table') throw sqlError('ER_UNKNOWN_ERROR');
  const collation = statement.options.collation || DEFAULT_COLLATION;
  const columns = statement.columns.map((column) => {
    const keyed = statement.indexes.some(
      (index) => index.kind === 'primary' && index.columns.some((part) => part.name === column.name),
    );
    return withDefault(x, makeColumn(column, collation, keyed ? FLAG.PRI_KEY | FLAG.PART_KEY : 0));
  });
  return new OverlayTable(schema, statement.table.name, columns, [...statement.indexes], {
    engine: 'InnoDB',
    collation,
    comment: statement.options.comment,
    others: new Map(),
    createdMs: x.session.server.options.startedMs,
  });
}
