// LOCK TABLES, UNLOCK TABLES and FLUSH, which may lock tables too.
// Source: https://dev.mysql.com/doc/refman/9.7/en/lock-tables.html, flush.html

import type { StatementOf } from '../../sql/ast/statement.ts';
import type { TableName } from '../../sql/ast/table.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { forgetFailures } from '../failed-logins.ts';
import { OK, type Outcome } from '../outcome.ts';
import { expectIdle, expectUnlocked } from '../row-locking.ts';
import { canonicalSchema } from '../schemas.ts';
import { flushBinaryLogs } from './binary-log.ts';
import { channelsOf } from './replication.ts';

/** Takes the locks named, giving up those held. Throws where a table is not there or may not be locked. */
export function runLockTables(x: Execution, s: StatementOf<'lock-tables'>): Outcome {
  const { session } = x;
  session.tableLocks.release();
  for (const table of s.tables) {
    const source = session.table(table.schema, table.name);
    if (source.schema === 'information_schema')
      throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', source.schema);
    if (source.schema === 'performance_schema')
      throw sqlError('ER_TABLEACCESS_DENIED_ERROR', 'SELECT, LOCK TABLES', session.user, session.address, source.name);
  }
  session.transaction.commit();
  const locks = s.tables.map((table) => ({ ...table, schema: schemaOf(x, table) }));
  for (const { schema, name, write } of locks) {
    expectUnlocked(session, schema, name, write);
    const own = session.overlay.databases.get(schema)?.tables.get(name);
    if (own && write) expectIdle(session, own);
  }
  session.tableLocks.take(locks);
  session.overlay.keepers.add(session);
  session.tracker.transaction.lock();
  return OK;
}

function schemaOf(x: Execution, table: TableName): string {
  return canonicalSchema(table.schema || x.session.database);
}

/** Gives up the session's table locks, the global one too. */
export function runUnlockTables(x: Execution): Outcome {
  const { tableLocks, transaction, tracker } = x.session;
  if (tableLocks.held) transaction.commit();
  tracker.transaction.unlock();
  tableLocks.release();
  tableLocks.global = false;
  return OK;
}

/** Closes the tables named, or all. */
function closeTables(x: Execution, tables: readonly TableName[]): void {
  const { openTables } = x.session.overlay;
  for (const table of tables) openTables.close(schemaOf(x, table), table.name);
  if (tables.length === 0) openTables.clear();
}

/** Tables of mysql that are written by the server alone. */
const LOG_TABLES: ReadonlySet<string> = new Set(['general_log', 'slow_log']);

/** FLUSH: takes locks WITH READ LOCK; there is nothing else to flush. */
export function runFlush(x: Execution, s: StatementOf<'flush'>): Outcome {
  if (s.what.some((what) => what.startsWith('TABLES '))) {
    if (x.session.tableLocks.held) throw sqlError('ER_LOCK_OR_ACTIVE_TRANSACTION');
    for (const table of s.tables) {
      const { schema, name } = x.session.table(table.schema, table.name);
      const own = x.session.overlay.databases.get(schema)?.tables.get(name);
      if (own && own.facts.engine !== 'InnoDB' && s.what.includes('TABLES FOR EXPORT'))
        throw sqlError('ER_NISAMCHK', name);
      if (schema === 'mysql' && LOG_TABLES.has(name))
        throw new SqlError(1556, 'HY000', "You can't use locks with log tables.");
      if (schema === 'mysql')
        x.session.addWarning(
          'Warning',
          1235,
          `InnoDB: This version of MySQL doesn't yet support 'FLUSH TABLES FOR EXPORT on table \`${schema}\`.\`${name}\` in a general tablespace.'`,
        );
    }
    const locks = s.tables.map((table) => ({ ...table, schema: schemaOf(x, table), alias: table.name, write: false }));
    x.session.overlay.keepers.add(x.session);
    if (locks.length === 0) x.session.tableLocks.global = true;
    else x.session.tableLocks.take(locks);
  }
  if (s.channel !== '') channelsOf(x.session, s.channel);
  if (s.what.some((what) => what === 'LOGS' || what === 'BINARY LOGS')) flushBinaryLogs(x);
  if (s.what.includes('TABLES')) closeTables(x, s.tables);
  if (s.what.includes('USER_RESOURCES')) x.session.server.countedOf(x.session.overlay).use.clear();
  if (s.what.includes('STATUS')) x.session.work.forget();
  if (s.what.includes('PRIVILEGES')) {
    x.session.addWarning('Warning', 1681, "'FLUSH PRIVILEGES' is deprecated and will be removed in a future release.");
    for (const account of x.session.overlay.accounts.values()) forgetFailures(account);
  }
  return OK;
}
