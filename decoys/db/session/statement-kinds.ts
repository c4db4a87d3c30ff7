// What kinds of statement have in common: which commit, write, cannot be prepared or leave the warnings as they are.
// Source: https://dev.mysql.com/doc/refman/9.7/en/implicit-commit.html, sql-prepared-statements.html
import type { Statement } from '../sql/ast/statement.ts';

/** Statements PREPARE refuses. */
export const UNPREPARABLE: ReadonlySet<Statement['kind']> = new Set([
  'prepare',
  'execute',
  'deallocate',
  'get-diagnostics',
  'signal',
  'resignal',
  'handler-open',
  'handler-read',
  'handler-close',
  'create-routine',
  'load-data',
  'lock-tables',
  'unlock-tables',
  'savepoint',
  'begin',
  'use',
]);

/** Statements that cannot run while tables are locked. */
export const DATABASES: ReadonlySet<Statement['kind']> = new Set([
  'create-database',
  'alter-database',
  'drop-database',
]);

/** Statements that change rows. */
export const WRITES: ReadonlySet<Statement['kind']> = new Set(['insert', 'update', 'delete', 'load-data']);

/** Statements that end a transaction before they run. */
export const COMMITS: ReadonlySet<Statement['kind']> = new Set([
  'create-database',
  'alter-database',
  'drop-database',
  'create-table',
  'create-index',
  'drop-index',
  'alter-table',
  'drop-table',
  'truncate',
  'rename-table',
  'create-view',
  'create-user',
  'alter-user',
  'drop-user',
  'rename-user',
  'grant',
  'set-password',
  'create-routine',
  'drop-routine',
  'create-udf',
  'install-plugin',
  'uninstall-plugin',
  'flush',
  'table-maintenance',
]);

/** Statements that leave the warnings of the one before as they are. */
export function keepsWarnings(statement: Statement): boolean {
  if (statement.kind === 'get-diagnostics' || statement.kind === 'resignal') return true;
  if (statement.kind === 'show')
    return ['warnings', 'errors', 'count-warnings', 'count-errors'].includes(statement.what);
  return false;
}

/** What SHOW reads from the dictionary's own tables, which are transactional. */
const SHOWN_FROM_DICTIONARY: ReadonlySet<string> = new Set([
  'databases',
  'tables',
  'table-status',
  'columns',
  'index',
  'triggers',
  'events',
  'procedure-status',
  'function-status',
  'charset',
  'collation',
]);

/** Statements that read or lock transactional tables; most tell by the tables they named. */
export function opensTransaction(statement: Statement, named: boolean): boolean {
  if (statement.kind === 'show') return SHOWN_FROM_DICTIONARY.has(statement.what);
  return named && statement.kind !== 'handler-open';
}
