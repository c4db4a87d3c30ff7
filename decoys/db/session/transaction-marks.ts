// What a statement did inside a transaction, as a client that tracks transactions is told it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/session-state-tracking.html#session-state-tracking-transaction, as recorded from 9.7.4.
import type { Statement } from '../sql/ast/statement.ts';
import type { Outcome } from './outcome.ts';
import type { Session } from './session.ts';
import type { TransactionMark } from './transaction-tracking.ts';

/** Statements that write to the table they name. */
const WRITES: ReadonlySet<Statement['kind']> = new Set(['insert', 'update', 'delete']);
const NONE: readonly TransactionMark[] = [];

/** Only what is inside a transaction, or with autocommit off begins one, is marked. */
export function marksOf(session: Session, statement: Statement, outcome: Outcome): readonly TransactionMark[] {
  if (!session.tracker.transaction.on || (session.autocommit && !session.transaction.open)) return NONE;
  const marks = new Set<TransactionMark>(outcome.kind === 'rows' ? ['S'] : []);
  if (WRITES.has(statement.kind)) marks.add('W');
  const query = statement.kind === 'query' ? statement.query : undefined;
  const from = query?.body.kind === 'select' ? query.body.from : undefined;
  if (from) marks.add(query?.locking ? 'W' : 'R');
  // Which rows a LIMIT leaves is not told by the statement alone.
  if (query?.limit && from) marks.add('s');
  return [...marks];
}
