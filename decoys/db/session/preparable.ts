// Which statements the binary protocol prepares, which of those tell their columns before they run, and which take a cursor.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-prepared-statements.html; the rest as recorded from 9.7.4.

import type { Statement } from '../sql/ast/statement.ts';
import type { TableName } from '../sql/ast/table.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { isDiagnostic } from './statement-kinds.ts';

type Kinds = ReadonlySet<Statement['kind']>;

/** Statements that are not prepared: error 1295. */
const UNPREPARED: Kinds = new Set<Statement['kind']>([
  'alter-database',
  'alter-routine',
  'begin',
  'create-routine',
  'deallocate',
  'drop-routine',
  'empty',
  'execute',
  'get-diagnostics',
  'handler-close',
  'handler-open',
  'handler-read',
  'install-component',
  'load-data',
  'lock-tables',
  'prepare',
  'resignal',
  'savepoint',
  'shutdown',
  'signal',
  'unlock-tables',
  'use',
]);
/** What of the rest of administration is prepared. */
const PREPARED_ADMINISTRATION: ReadonlySet<string> = new Set([
  'alter-instance',
  'binlog',
  'cache-index',
  'change-filter',
  'change-source',
  'preload-keys',
  'reset-binary-logs',
  'reset-replica',
  'rotate-master-key',
  'set-default-role',
  'set-role',
  'start-replica',
  'stop-replica',
]);
/** SHOW that is a query of INFORMATION_SCHEMA within, and so knows its columns. */
const SHOWN_BY_QUERY: ReadonlySet<string> = new Set([
  'charset',
  'collation',
  'columns',
  'databases',
  'events',
  'function-status',
  'index',
  'open-tables',
  'procedure-status',
  'status',
  'table-status',
  'tables',
  'triggers',
  'variables',
]);
/** Statements whose rows a cursor reads, or that do without. */
const WITH_CURSOR: Kinds = new Set<Statement['kind']>([
  'call',
  'delete',
  'do',
  'explain',
  'insert',
  'query',
  'show',
  'update',
]);
/** Routines that are scheduled, not called, are prepared like tables. */
const EVENTS = 'EVENT';

/** Whether COM_STMT_PREPARE takes a statement; what it does not is told 1295. */
export function isPreparable(statement: Statement): boolean {
  switch (statement.kind) {
    case 'rollback':
      return statement.to === '';
    case 'table-maintenance':
      return statement.operation !== 'check';
    case 'create-user':
      return !statement.role;
    case 'administration':
      return PREPARED_ADMINISTRATION.has(statement.what);
    case 'create-routine':
    case 'drop-routine':
      return statement.type === EVENTS;
    default:
      return !UNPREPARED.has(statement.kind) && !isDiagnostic(statement);
  }
}

/** Whether a SHOW tells its columns when it is prepared. */
export function showsColumns(statement: Extract<Statement, { kind: 'show' }>): boolean {
  return SHOWN_BY_QUERY.has(statement.what);
}

/** Why a statement cannot be read by a cursor; undefined where it can. */
export function cursorError(statement: Statement): SqlError | undefined {
  if (!WITH_CURSOR.has(statement.kind)) return sqlError('ER_WRONG_ARGUMENTS', 'with cursor');
  return statement.kind === 'query' && statement.query.into ? sqlError('ER_SP_BAD_CURSOR_SELECT') : undefined;
}

/** Tables and routines a statement names itself, outside of queries. */
export function namesOf(statement: Statement): readonly TableName[] {
  switch (statement.kind) {
    case 'alter-table':
    case 'create-index':
    case 'create-table':
    case 'drop-index':
    case 'handler-open':
    case 'load-data':
    case 'truncate':
      return [statement.table];
    case 'call':
    case 'alter-event':
    case 'alter-routine':
    case 'create-routine':
    case 'drop-routine':
      return [statement.name];
    case 'create-view':
      return [statement.view];
    case 'drop-table':
    case 'lock-tables':
      return statement.tables;
    default:
      return [];
  }
}
