// BEGIN, COMMIT, ROLLBACK and SAVEPOINT, as far as one connection can see, and what a client that tracks transactions is told.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html; states as recorded from 9.7.
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** What SET TRANSACTION asked, as the statements that ask it again. */
export function characteristicsAsked({ isolation, readOnly }: Transaction['next']): string {
  const level = isolation === '' ? [] : [`SET TRANSACTION ISOLATION LEVEL ${isolation.replace('-', ' ')};`];
  const access = readOnly === undefined ? [] : [`SET TRANSACTION READ ${readOnly ? 'ONLY' : 'WRITE'};`];
  return [...level, ...access].join(' ');
}

/** The statements that begin a transaction like this one. */
function characteristicsBegun({ isolation, readOnly }: Transaction['next'], snapshot: boolean): string {
  const asked = isolation === '' ? '' : `${characteristicsAsked({ isolation, readOnly: undefined })} `;
  const options = [
    ...(snapshot ? ['WITH CONSISTENT SNAPSHOT'] : []),
    ...(readOnly === undefined ? [] : [`READ ${readOnly ? 'ONLY' : 'WRITE'}`]),
  ];
  return `${asked}START TRANSACTION${options.length > 0 ? ' ' : ''}${options.join(', ')};`;
}

/** Savepoints kept of one transaction; further ones are not, and cannot be gone back to. */
const MAX_SAVEPOINTS = 64;

/** Whether a transaction that begins now may only read. */
function beginsReadOnly(session: Session, readOnly = session.transaction.next.readOnly): boolean {
  return readOnly ?? session.readVariable('transaction_read_only', '').value === 1n;
}

/** Throws 1792 where the transaction, or the one a change would begin, may only read. */
export function refuseReadOnly(x: Execution): void {
  const { session } = x;
  const refused = session.transaction.open ? session.transaction.readOnly : beginsReadOnly(session);
  if (refused) throw sqlError('ER_TRANSACTION_NOT_READ_ONLY');
}

/** The one level of isolation that knows snapshots, and what is told at others. */
const REPEATABLE_READ = 'REPEATABLE-READ';
const SNAPSHOT_IGNORED =
  'InnoDB: WITH CONSISTENT SNAPSHOT was ignored because this phrase can only be used with REPEATABLE READ isolation level.';

/** Begins a transaction like `asked`; one that is open ends. */
function begin(x: Execution, asked: Transaction['next'], snapshot: boolean): Outcome {
  const { transaction, tracker } = x.session;
  const readOnly = beginsReadOnly(x.session, asked.readOnly);
  const isolation = asked.isolation || x.session.text('transaction_isolation');
  x.session.tableLocks.release();
  transaction.commit();
  transaction.open = true;
  transaction.readOnly = readOnly;
  transaction.begun = asked;
  if (snapshot && isolation !== REPEATABLE_READ) x.session.addWarning('Warning', 138, SNAPSHOT_IGNORED);
  if (snapshot) transaction.view();
  tracker.transaction.begin(characteristicsBegun(asked, snapshot), snapshot);
  return OK;
}

/** BEGIN and START TRANSACTION; one that is open ends first. */
export function runBegin(x: Execution, s: Of<'begin'>): Outcome {
  const { transaction } = x.session;
  const was = transaction.open && transaction.readOnly;
  const { isolation, readOnly } = transaction.next;
  return begin(x, { isolation, readOnly: s.readOnly ?? (was ? true : readOnly) }, s.snapshot);
}

/** The transaction is over; the next one is asked for as this one was where `chain` says so. */
function finish(x: Execution, chain: boolean): Outcome {
  const { transaction, work } = x.session;
  work.committed();
  const asked = transaction.open ? transaction.begun : transaction.next;
  transaction.commit();
  return chain ? begin(x, asked, false) : OK;
}

/** Whether another transaction is to begin at once: as said, or as completion_type has it. */
function chains(x: Execution, { chain, plain }: Of<'commit'>): boolean {
  return chain || (plain && x.session.text('completion_type') === 'CHAIN');
}

/** COMMIT, with CHAIN and RELEASE. */
export function runCommit(x: Execution, s: Of<'commit'>): Outcome {
  return finish(x, chains(x, s));
}

/** ROLLBACK, whole or to a savepoint. Throws 1305. */
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
  session.work.rolledBack();
  return finish(x, s.chain || (s.plain && session.text('completion_type') === 'CHAIN'));
}

/** SAVEPOINT; one of the same name goes. Throws 1305. */
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
