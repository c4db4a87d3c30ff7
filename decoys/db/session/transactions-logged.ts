// Transactions in the binary logs of a source's server: those it began with, and one more for each change.
// Source: https://dev.mysql.com/doc/refman/9.7/en/replication-gtids-concepts.html
import type { Statement } from '../sql/ast/statement.ts';
import type { Outcome } from './outcome.ts';
import type { Session } from './session.ts';
import { COMMITS, WRITES } from './statement-kinds.ts';

/** Transactions of a server's first start: its accounts. */
const AT_FIRST = 5;
/** Bytes of a transaction in a log beside its statement. */
const EVENT_BYTES = 157;
const ROWS_BYTES = 281;

/** How many there are. */
export function transactionsLogged(session: Session): number {
  return session.overlay.replication.transactions ?? AT_FIRST;
}

/** @@gtid_executed of a server whose id they carry. */
export function gtidExecuted(session: Session): string {
  const last = transactionsLogged(session);
  if (last === 0) return '';
  return last === 1 ? `${session.server.uuid}:1` : `${session.server.uuid}:1-${last}`;
}

/** Statements that end a transaction and are not written to a log themselves. */
const UNLOGGED: ReadonlySet<Statement['kind']> = new Set(['install-plugin', 'uninstall-plugin', 'create-udf']);

function isLogged(session: Session, statement: Statement, outcome: Outcome): boolean {
  if (statement.kind === 'commit') return session.loggedChanges;
  if (WRITES.has(statement.kind))
    return outcome.kind === 'ok' && (outcome.affected ?? 0n) > 0n && session.autocommit && !session.transaction.open;
  if (statement.kind === 'flush') return !statement.what.some((what) => / LOGS$|^LOGS$|READ LOCK|EXPORT/.test(what));
  if (statement.kind === 'table-maintenance')
    return statement.operation !== 'check' && statement.operation !== 'checksum';
  return COMMITS.has(statement.kind) && !UNLOGGED.has(statement.kind);
}

/** Counts what a statement that succeeded wrote to the log. */
export function countLogged(session: Session, statement: Statement, outcome: Outcome): void {
  if (WRITES.has(statement.kind) && session.transaction.open) session.loggedChanges = true;
  const logged = isLogged(session, statement, outcome);
  if (statement.kind === 'commit' || statement.kind === 'rollback' || COMMITS.has(statement.kind))
    session.loggedChanges = false;
  if (!logged || session.readVariable('sql_log_bin', '').value === 0n) return;
  const { replication } = session.overlay;
  replication.transactions = transactionsLogged(session) + 1;
  replication.current.bytes += WRITES.has(statement.kind) ? ROWS_BYTES : EVENT_BYTES + (session.info?.length ?? 0);
}
