// XA transactions as one connection sees them: started, ended, prepared, finished.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xa-states.html; replies as recorded from a live 9.7.4.
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { Transaction } from '../transaction.ts';

type Administration = Extract<Statement, { kind: 'administration' }>;
export type XaState = 'ACTIVE' | 'IDLE';

/** Transactions one source may have prepared at a time. */
const MAX_PREPARED_XA = 8;

/** What XA RECOVER shows: the transactions the source has prepared, on whatever connection; `as` XID shows them as bytes. */
export function xaRecovered(x: Execution, as: string): readonly (readonly Value[])[] {
  return [...x.session.overlay.preparedXa.keys()].map((xid) => {
    const [global = '', branch = ''] = xid.split(',');
    const data = `${global}${branch}`;
    const shown = as === '' ? data : `0x${Buffer.from(data).toString('hex').toUpperCase()}`;
    return [1n, BigInt(global.length), BigInt(branch.length), shown];
  });
}

/** Statements a transaction that XA began is no place for. Throws 1399. */
export function refuseInXa(x: Execution, s: Statement): void {
  const state = x.session.transaction.xa?.state;
  if (state === undefined) return;
  if (ENDING.has(s.kind) || DEFINING.test(s.kind) || (state === 'IDLE' && USING.has(s.kind) && !readsNothing(s)))
    throw sqlError('ER_XAER_RMFAIL', state);
}

/** A query of no table does not touch the transaction. */
function readsNothing(s: Statement): boolean {
  return s.kind === 'query' && s.query.body.kind === 'select' && s.query.body.from === undefined;
}

const ENDING: ReadonlySet<Statement['kind']> = new Set(['begin', 'commit', 'rollback', 'truncate', 'lock-tables']);
const USING: ReadonlySet<Statement['kind']> = new Set(['query', 'insert', 'update', 'delete', 'call', 'load-data']);
const DEFINING = /^(create|drop|alter|rename)-/;

/** XA START. Throws 1399, 1400 or 1440. */
export function xaStart(x: Execution, s: Administration): Outcome {
  const { session } = x;
  if (session.transaction.xa) throw sqlError('ER_XAER_RMFAIL', session.transaction.xa.state);
  if (session.transaction.open) throw sqlError('ER_XAER_OUTSIDE');
  if (session.overlay.preparedXa.has(s.text)) throw sqlError('ER_XAER_DUPID');
  session.transaction.xa = { xid: s.text, state: 'ACTIVE' };
  session.transaction.open = true;
  session.tracker.transaction.begin(
    `XA START ${s.text
      .split(',')
      .map((part) => `'${part}'`)
      .join(',')};`,
  );
  return OK;
}

/** Throws where the transaction named is not this session's, or not in one of the states. */
function expectState(x: Execution, s: Administration, states: readonly XaState[]): void {
  const { xa } = x.session.transaction;
  if (!xa)
    throw s.what === 'xa-end' || s.what === 'xa-prepare'
      ? sqlError('ER_XAER_RMFAIL', 'NON-EXISTING')
      : sqlError('ER_XAER_NOTA');
  if (!states.includes(xa.state)) throw sqlError('ER_XAER_RMFAIL', xa.state);
  if (xa.xid !== s.text) throw sqlError('ER_XAER_NOTA');
}

/** XA END. */
export function xaEnd(x: Execution, s: Administration): Outcome {
  expectState(x, s, ['ACTIVE']);
  x.session.transaction.xa = { xid: s.text, state: 'IDLE' };
  return OK;
}

/** A prepared transaction is nobody's any more: any connection of the source may finish it. */
export function xaPrepare(x: Execution, s: Administration): Outcome {
  const { session } = x;
  expectState(x, s, ['IDLE']);
  if (session.overlay.preparedXa.size >= MAX_PREPARED_XA || !session.transaction.detach())
    throw sqlError('ER_OUT_OF_RESOURCES');
  session.transaction.xa = undefined;
  session.overlay.preparedXa.set(s.text, session.transaction);
  session.transaction = new Transaction(session.tracker.transaction, session.kept, session.overlay.readViews);
  session.tracker.transaction.end();
  return OK;
}

/** COMMIT and ROLLBACK of the session's own transaction where it is IDLE and may be, or of a prepared one. */
export function xaFinish(own: boolean, prepared: boolean): (x: Execution, s: Administration) => Outcome {
  return (x, s) => {
    const { session } = x;
    const known = prepared && !session.transaction.xa ? session.overlay.preparedXa.get(s.text) : undefined;
    if (known) {
      session.overlay.preparedXa.delete(s.text);
      if (s.what === 'xa-rollback') known.rollback();
      known.commit();
      return OK;
    }
    if (!session.transaction.xa && !prepared) throw sqlError('ER_XAER_RMFAIL', 'NON-EXISTING');
    expectState(x, s, own ? ['IDLE'] : []);
    if (s.what === 'xa-rollback') session.transaction.rollback();
    session.transaction.xa = undefined;
    session.transaction.commit();
    return OK;
  };
}
