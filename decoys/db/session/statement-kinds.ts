// What kinds of statement have in common: which commit, write or leave the warnings as they are.
// Source: https://dev.mysql.com/doc/refman/9.7/en/implicit-commit.html, sql-prepared-statements.html
import type { Statement } from '../sql/ast/statement.ts';
import type { Session } from './session.ts';

/** Statements that cannot run while tables are locked. */
export const DATABASES: ReadonlySet<Statement['kind']> = new Set([
  'create-database',
  'alter-database',
  'drop-database',
]);

/** Statements that change rows. */
export const WRITES: ReadonlySet<Statement['kind']> = new Set(['insert', 'update', 'delete', 'load-data']);

/** Statements that a transaction which only reads is no place for. */
export const CHANGES: ReadonlySet<Statement['kind']> = new Set([...WRITES, 'create-table', 'drop-table']);

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
  'alter-routine',
  'alter-event',
  'drop-routine',
  'create-udf',
  'install-plugin',
  'uninstall-plugin',
  'flush',
  'table-maintenance',
]);

/** Whether a statement ends a transaction before it runs; what is the session's alone ends none. */
export function commits(statement: Statement): boolean {
  if (statement.kind === 'create-table' || statement.kind === 'drop-table') if (statement.temporary) return false;
  return COMMITS.has(statement.kind);
}

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

/** Whether a statement reports on others, and so counts no warnings of its own. */
export function isDiagnostic(statement: Statement): boolean {
  if (statement.kind === 'get-diagnostics') return true;
  return statement.kind === 'show' && ['warnings', 'errors', 'count-warnings', 'count-errors'].includes(statement.what);
}

/** Whether a statement leaves alone what the one before affected. */
export function leavesAffected({ kind }: Statement): boolean {
  return kind === 'get-diagnostics' || kind === 'signal' || kind === 'resignal';
}

/** Whether a value cut short is an error, as where rows are changed in a strict mode. */
export function refusesTruncated(session: Session, { kind }: Statement): boolean {
  return (kind === 'insert' || kind === 'update' || kind === 'delete') && session.strict();
}
