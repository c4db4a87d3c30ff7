// DROP TABLE and VIEW, TRUNCATE and RENAME TABLE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/drop-table.html
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { canonicalSchema, schemaExists, tableExists } from '../../schemas.ts';
import { materialize } from '../materialize.ts';
import { writableDatabase } from './database.ts';

export function dropTables(x: Execution, s: StatementOf<'drop-table'>): Outcome {
  const { session } = x;
  const missing: string[] = [];
  const found: (() => void)[] = [];
  for (const table of s.tables) {
    const schema = canonicalSchema(table.schema || session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    session.tableLocks.checkWrite(schema, table.name, table.name);
    const database = session.overlay.databases.get(schema);
    const present = s.view ? database?.views.has(table.name) : database?.tables.has(table.name);
    if (present) found.push(() => (s.view ? database?.views.delete(table.name) : database?.tables.delete(table.name)));
    else if (!s.view && schemaExists(session, schema) && tableExists(session, schema, table.name))
      refuseSystemDrop(x, schema, table.name);
    else if (!schemaExists(session, schema) && !s.ifExists) throw sqlError('ER_BAD_DB_ERROR', schema);
    else missing.push(`${schema}.${table.name}`);
  }
  if (missing.length > 0 && !s.ifExists) throw sqlError('ER_BAD_TABLE_ERROR', missing.join(','));
  for (const name of missing) x.note('ER_BAD_TABLE_ERROR', name);
  for (const drop of found) drop();
  return OK;
}

function refuseSystemDrop(x: Execution, schema: string, name: string): void {
  const { session } = x;
  if (schema === 'information_schema') throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  if (schema === 'performance_schema')
    throw sqlError('ER_TABLEACCESS_DENIED_ERROR', 'DROP', session.user, session.address, name);
  throw sqlError('ER_NO_SYSTEM_TABLE_ACCESS', 'system table', `${schema}.${name}`);
}

export function truncate(x: Execution, s: StatementOf<'truncate'>): Outcome {
  const table = materialize(x, s.table);
  table.restore([]);
  table.autoIncrement = 1n;
  return OK;
}

export function renameTables(x: Execution, s: StatementOf<'rename-table'>): Outcome {
  for (const [from, to] of s.pairs) {
    const table = materialize(x, from);
    const target = writableDatabase(x, to);
    if (tableExists(x.session, target.name, to.name)) throw sqlError('ER_TABLE_EXISTS_ERROR', to.name);
    x.session.overlay.databases.get(table.schema)?.tables.delete(table.name);
    table.schema = target.name;
    table.name = to.name;
    target.tables.set(to.name, table);
  }
  return OK;
}
