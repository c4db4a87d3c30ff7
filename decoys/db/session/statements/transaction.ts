// BEGIN, COMMIT, ROLLBACK and SAVEPOINT, as far as one connection can see, and what a client that tracks transactions is told.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html; states as recorded from 9.7.
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { transactionChange } from '../../wire/session-track.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const NO_TRANSACTION = '________';
const EXPLICIT = 'T_______';
const SNAPSHOT = 'T_R_____';

/** What the client is told of the transaction's state: that something changed, and what where it is not as told before. */
function tell(x: Execution, state: string): readonly Buffer[] {
  const same = x.session.transaction.told === state;
  x.session.transaction.told = state;
  x.session.transaction.ended = false;
  return [same ? Buffer.alloc(0) : transactionChange(state)];
}

/** What is still to be told of a transaction that a statement ended by the way. */
export function tellEnded(x: Execution): readonly Buffer[] {
  return x.session.transaction.ended ? tell(x, NO_TRANSACTION) : [];
}

/** Savepoints kept of one transaction; further ones are not, and cannot be gone back to. */
const MAX_SAVEPOINTS = 64;

/** Ends what a transaction was, and tells a client that saw it begin. */
function end(x: Execution): readonly Buffer[] {
  x.session.transaction.commitByTheWay();
  return tellEnded(x);
}

/** Whether a transaction that begins now may only read. */
function beginsReadOnly(session: Session): boolean {
  return session.transaction.nextReadOnly ?? session.readVariable('transaction_read_only', '').value === 1n;
}

/** Throws 1792 where the transaction, or the one a change would begin, may only read. */
export function refuseReadOnly(x: Execution): void {
  const { session } = x;
  const refused = session.transaction.open ? session.transaction.readOnly : beginsReadOnly(session);
  if (refused) throw sqlError('ER_TRANSACTION_NOT_READ_ONLY');
}

export function runBegin(x: Execution, s: Of<'begin'>): Outcome {
  const { session } = x;
  const { transaction } = session;
  if (!transaction.open) transaction.told = NO_TRANSACTION;
  const readOnly = s.readOnly ?? (transaction.open ? transaction.readOnly : beginsReadOnly(session));
  session.tableLocks.release();
  transaction.commit();
  transaction.open = true;
  transaction.readOnly = readOnly;
  return { kind: 'ok', changes: tell(x, s.snapshot ? SNAPSHOT : EXPLICIT) };
}

/** COMMIT AND CHAIN, ROLLBACK AND CHAIN: another transaction of the same kind begins at once. */
function chain(x: Execution): Outcome {
  const { transaction } = x.session;
  const { readOnly } = transaction;
  if (!transaction.open) transaction.told = NO_TRANSACTION;
  transaction.commit();
  transaction.open = true;
  transaction.readOnly = readOnly;
  return { kind: 'ok', changes: tell(x, EXPLICIT) };
}

export function runCommit(x: Execution, s: Of<'commit'>): Outcome {
  return s.chain ? chain(x) : { kind: 'ok', changes: end(x) };
}

export function runRollback(x: Execution, s: Of<'rollback'>): Outcome {
  const { session } = x;
  if (s.to !== '') {
    const at = session.transaction.savepoints.findIndex(
      (savepoint) => savepoint.name.toLowerCase() === s.to.toLowerCase(),
    );
    if (at < 0) throw sqlError('ER_SP_DOES_NOT_EXIST', 'SAVEPOINT', s.to);
    session.transaction.rollback(session.transaction.savepoints[at]?.at ?? 0);
    session.transaction.savepoints.length = at + 1;
    return OK;
  }
  session.transaction.rollback();
  return s.chain ? chain(x) : { kind: 'ok', changes: end(x) };
}

export function runSavepoint(x: Execution, s: Of<'savepoint'>): Outcome {
  const { session } = x;
  const at = session.transaction.savepoints.findIndex(
    (savepoint) => savepoint.name.toLowerCase() === s.name.toLowerCase(),
  );
  if (s.release) {
    if (at < 0) throw sqlError('ER_SP_DOES_NOT_EXIST', 'SAVEPOINT', s.name);
    session.transaction.savepoints.length = at;
    return OK;
  }
  if (at >= 0) session.transaction.savepoints.splice(at, 1);
  if (session.transaction.open && session.transaction.savepoints.length < MAX_SAVEPOINTS)
    session.transaction.savepoints.push({ name: s.name, at: session.transaction.undo.length });
  return OK;
}
