// DROP TABLE and VIEW, TRUNCATE and RENAME TABLE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/drop-table.html

import type { OverlayTable } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import type { TableName } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { expectIdle, expectUnlocked, redefined } from '../../row-locking.ts';
import { canonicalSchema, schemaExists, tableExists } from '../../schemas.ts';
import type { Session } from '../../session.ts';
import { canBeEmptied, takesChange } from '../../system-writes.ts';
import { materialize } from '../materialize.ts';
import { checkName, refuseReadOnly, writableDatabase } from './database.ts';
import { checksForeignKeys, childrenOf } from './references.ts';

interface Dropped {
  readonly schema: string;
  readonly name: string;
  readonly table: OverlayTable | undefined;
  readonly drop: () => void;
}

function dropTemporary(session: Session, key: string): void {
  session.temporary.delete(key);
  session.tracker.changed();
}

/** What DROP would take away; undefined where there is none of that name. */
function droppable(x: Execution, s: StatementOf<'drop-table'>, schema: string, name: string): Dropped | undefined {
  const { session } = x;
  const key = `${schema}.${name}`;
  if (!s.view && session.temporary.has(key))
    return { schema, name, table: undefined, drop: () => dropTemporary(session, key) };
  if (s.temporary) return undefined;
  const database = session.overlay.databases.get(schema);
  const table = database?.tables.get(name);
  if (s.view && table) throw sqlError('ER_WRONG_OBJECT', schema, name, 'VIEW');
  if (!database || !(s.view ? database.views.has(name) : table)) return undefined;
  refuseReadOnly(database);
  const drop = () => {
    if (s.view) database.views.delete(name);
    else database.tables.delete(name);
    session.overlay.openTables.close(schema, name);
    for (const [id, routine] of session.overlay.routines)
      if (!s.view && routine.type === 'TRIGGER' && routine.schema === schema && routine.table === name)
        session.overlay.routines.delete(id);
  };
  return { schema, name, table, drop };
}

/** DROP TABLE and DROP VIEW: where one is missing, none goes. Throws 1046, 1049, 1051 or 1066. */
export function dropTables(x: Execution, s: StatementOf<'drop-table'>): Outcome {
  const { session } = x;
  const missing: string[] = [];
  const found: Dropped[] = [];
  for (const [at, { schema: given, name }] of s.tables.entries()) {
    const schema = canonicalSchema(given || session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    session.tableLocks.checkWrite(schema, name, name);
    expectUnlocked(session, schema, name, true);
    const twice = s.tables.findIndex((other) => other.name === name && other.schema === given) !== at;
    if (twice) throw sqlError('ER_NONUNIQ_TABLE', name);
    const known = droppable(x, s, schema, name);
    if (known?.table && !s.view) expectIdle(session, known.table);
    if (known) found.push(known);
    else if (
      !s.view &&
      schemaExists(session, schema) &&
      tableExists(session, schema, name) &&
      isSystem(x, schema, name)
    )
      refuseSystemDrop(x, schema, name);
    else if (!schemaExists(session, schema) && !s.ifExists) throw sqlError('ER_BAD_DB_ERROR', schema);
    else missing.push(`${schema}.${name}`);
  }
  if (missing.length > 0 && !s.ifExists) throw sqlError('ER_BAD_TABLE_ERROR', missing.join(','));
  refuseParents(x, found);
  for (const name of missing) x.note('ER_BAD_TABLE_ERROR', name);
  for (const { drop } of found) drop();
  return OK;
}

function isSystem(x: Execution, schema: string, name: string): boolean {
  const own = x.session.overlay.databases.get(schema);
  return !own?.views.has(name) && !own?.tables.has(name);
}

/** Throws 3730 where a table stays that refers to one that goes. */
function refuseParents(x: Execution, dropped: readonly Dropped[]): void {
  if (!checksForeignKeys(x)) return;
  for (const { table, name } of dropped) {
    if (!table) continue;
    const found = childrenOf(x, table).find(({ child }) => !dropped.some((other) => other.table === child));
    if (found) throw sqlError('ER_FK_CANNOT_DROP_PARENT', name, found.key.name, found.child.name);
  }
}

function refuseSystemDrop(x: Execution, schema: string, name: string): void {
  const { session } = x;
  if (schema === 'information_schema') throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  if (schema === 'performance_schema')
    throw sqlError('ER_TABLEACCESS_DENIED_ERROR', 'DROP', session.user, session.address, name);
  throw sqlError('ER_NO_SYSTEM_TABLE_ACCESS', 'system table', `${schema}.${name}`);
}

/** TRUNCATE of a table of the performance schema: what was asked so far is forgotten, or it is refused. */
function truncateCounted(x: Execution, name: string): Outcome {
  const { session } = x;
  session.table('performance_schema', name);
  if (!canBeEmptied(name)) throw sqlError('ER_TABLEACCESS_DENIED_ERROR', 'DROP', session.user, session.address, name);
  if (takesChange('performance_schema', name, 'DELETE'))
    materialize(x, { schema: 'performance_schema', name }, 'DELETE').restore([]);
  else if (name.startsWith('events_statements')) session.server.historyOf(session.overlay).forget();
  return OK;
}

/** The logs are begun anew. */
function emptiesLog(x: Execution, name: string): boolean {
  const { generalLog, slowLog } = x.session.overlay;
  const log = name === 'general_log' ? generalLog : name === 'slow_log' ? slowLog : undefined;
  log?.clear();
  return log !== undefined;
}

/** TRUNCATE TABLE, which is a new table of the same definition. Throws 1146 or 1701. */
export function truncate(x: Execution, s: StatementOf<'truncate'>): Outcome {
  const schema = canonicalSchema(s.table.schema || x.session.database);
  if (x.session.overlay.databases.get(schema)?.views.has(s.table.name))
    throw sqlError('ER_NO_SUCH_TABLE', `${schema}.${s.table.name}`);
  if (schema === 'performance_schema') return truncateCounted(x, s.table.name);
  if (schema === 'mysql' && emptiesLog(x, s.table.name)) return OK;
  const table = materialize(x, s.table);
  expectIdle(x.session, table);
  const found = checksForeignKeys(x) ? childrenOf(x, table).find(({ child }) => child !== table) : undefined;
  if (found) {
    const named = `\`${found.child.schema}\`.\`${found.child.name}\`, CONSTRAINT \`${found.key.name}\``;
    throw sqlError('ER_TRUNCATE_ILLEGAL_FK', named);
  }
  table.restore([]);
  table.autoIncrement = 1n;
  table.opened = false;
  redefined(x.session, table);
  return OK;
}

function renameView(x: Execution, from: TableName, to: TableName): boolean {
  const schema = canonicalSchema(from.schema || x.session.database);
  const own = x.session.overlay.databases.get(schema);
  const view = own?.views.get(from.name);
  if (!own || !view) return false;
  const target = writableDatabase(x, to);
  if (tableExists(x.session, target.name, to.name)) throw sqlError('ER_TABLE_EXISTS_ERROR', to.name);
  if (target !== own) throw sqlError('ER_FORBID_SCHEMA_CHANGE', own.name, target.name);
  own.views.delete(from.name);
  own.views.set(to.name, { ...view, name: to.name });
  return true;
}

/** Gives a table another name; keys that refer to it follow, and its own constraints named after it do too. */
export function renameTable(x: Execution, table: OverlayTable, to: TableName): void {
  checkName(to.name);
  const target = writableDatabase(x, to);
  refuseReadOnly(target);
  if (table.temporary) {
    x.session.temporary.delete(`${table.schema}.${table.name}`);
    table.name = to.name;
    x.session.temporary.set(`${table.schema}.${to.name}`, table);
    return;
  }
  if (tableExists(x.session, target.name, to.name)) throw sqlError('ER_TABLE_EXISTS_ERROR', to.name);
  const children = childrenOf(x, table);
  const stem = table.name;
  const renamed = <T extends { readonly name: string }>(item: T, word: string): T =>
    new RegExp(`^_${word}_\\d+$`).test(item.name.slice(stem.length)) && item.name.startsWith(stem)
      ? { ...item, name: to.name + item.name.slice(stem.length) }
      : item;
  x.session.overlay.databases.get(table.schema)?.tables.delete(table.name);
  for (const { child, key } of children)
    child.foreignKeys = child.foreignKeys.map((other) =>
      other.name === key.name ? { ...other, schema: target.name, table: to.name } : other,
    );
  table.foreignKeys = table.foreignKeys.map((key) => renamed(key, 'ibfk'));
  table.checks = table.checks.map((check) => renamed(check, 'chk'));
  table.schema = target.name;
  table.name = to.name;
  target.tables.set(to.name, table);
}

/** The table RENAME means, which is none of TEMPORARY ones. */
function lasting(x: Execution, from: TableName): OverlayTable {
  const schema = canonicalSchema(from.schema || x.session.database);
  const own = x.session.overlay.databases.get(schema)?.tables.get(from.name);
  if (x.session.temporary.has(`${schema}.${from.name}`) && !own)
    throw sqlError('ER_NO_SUCH_TABLE', `${schema}.${from.name}`);
  return own ?? materialize(x, from);
}

/** RENAME TABLE: all of the pairs or none. */
export function renameTables(x: Execution, s: StatementOf<'rename-table'>): Outcome {
  const undo: (() => void)[] = [];
  try {
    for (const [from, to] of s.pairs) {
      if (renameView(x, from, to)) continue;
      const table = lasting(x, from);
      const before = { schema: table.schema, name: table.name };
      renameTable(x, table, to);
      undo.push(() => renameTable(x, table, before));
    }
  } catch (error) {
    // All pairs or none.
    for (const back of undo.reverse()) back();
    throw error;
  }
  return OK;
}
