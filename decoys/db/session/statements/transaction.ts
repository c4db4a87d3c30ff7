// BEGIN, COMMIT, ROLLBACK and SAVEPOINT, as far as one connection can see, and what a client that tracks transactions is told.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html; states as recorded from 9.7.
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { transactionChange } from '../../wire/session-track.ts';
import { OK, type Outcome } from '../outcome.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const NO_TRANSACTION = '________';
const EXPLICIT = 'T_______';
const SNAPSHOT = 'T_R_____';

/** What the client is told of the transaction's state: nothing of it where it is as told before. */
function tell(x: Execution, state: string): readonly Buffer[] {
  const same = x.session.transaction.told === state;
  x.session.transaction.told = state;
  return [same ? Buffer.alloc(0) : transactionChange(state)];
}
/** Savepoints kept of one transaction; further ones are not, and cannot be gone back to. */
const MAX_SAVEPOINTS = 64;

/** Ends what a transaction was, and tells a client that saw it begin. */
function end(x: Execution): readonly Buffer[] {
  const { session } = x;
  const was = session.transaction.open && session.autocommit;
  session.transaction.commit();
  return was ? tell(x, NO_TRANSACTION) : [];
}

export function runBegin(x: Execution, s: Of<'begin'>): Outcome {
  const { session } = x;
  if (!session.transaction.open) session.transaction.told = NO_TRANSACTION;
  const was = session.transaction.open && session.transaction.readOnly;
  session.transaction.commit();
  session.transaction.open = true;
  session.transaction.readOnly = s.readOnly || was;
  return { kind: 'ok', changes: tell(x, s.snapshot ? SNAPSHOT : EXPLICIT) };
}

export function runCommit(x: Execution, s: Of<'commit'>): Outcome {
  const { readOnly } = x.session.transaction;
  const changes = end(x);
  if (!s.chain) return { kind: 'ok', changes };
  x.session.transaction.open = true;
  x.session.transaction.readOnly = readOnly;
  return { kind: 'ok', changes: tell(x, EXPLICIT) };
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
  return { kind: 'ok', changes: end(x) };
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
