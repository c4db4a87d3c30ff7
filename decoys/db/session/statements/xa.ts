// XA transactions as one connection sees them: started, ended, prepared, finished.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xa-states.html; replies as recorded from a live 9.7.4.
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Transaction } from '../transaction.ts';

type Administration = Extract<Statement, { kind: 'administration' }>;
export type XaState = 'ACTIVE' | 'IDLE' | 'PREPARED';

/** What XA RECOVER shows: the transaction that is prepared, if one is. */
export function xaRecovered(xa: Transaction['xa']): readonly (readonly Value[])[] {
  if (xa?.state !== 'PREPARED') return [];
  const [global = '', branch = ''] = xa.xid.split(',');
  return [[1n, BigInt(global.length), BigInt(branch.length), `${global}${branch}`]];
}

export function xaStart(x: Execution, s: Administration): Outcome {
  const { session } = x;
  if (session.transaction.xa) throw sqlError('ER_XAER_RMFAIL', session.transaction.xa.state);
  if (session.transaction.open) throw sqlError('ER_XAER_OUTSIDE');
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
  if (!xa) throw states.includes('PREPARED') ? sqlError('ER_XAER_NOTA') : sqlError('ER_XAER_RMFAIL', 'NON-EXISTING');
  if (!states.includes(xa.state)) throw sqlError('ER_XAER_RMFAIL', xa.state);
  if (xa.xid !== s.text) throw sqlError('ER_XAER_NOTA');
}

export function xaEnd(x: Execution, s: Administration): Outcome {
  expectState(x, s, ['ACTIVE']);
  x.session.transaction.xa = { xid: s.text, state: 'IDLE' };
  return OK;
}

export function xaPrepare(x: Execution, s: Administration): Outcome {
  expectState(x, s, ['IDLE']);
  x.session.transaction.xa = { xid: s.text, state: 'PREPARED' };
  x.session.transaction.open = false;
  x.session.tracker.transaction.end();
  return OK;
}

/** COMMIT and ROLLBACK of a transaction in one of `states`. */
export function xaFinish(...states: readonly XaState[]): (x: Execution, s: Administration) => Outcome {
  return (x, s) => {
    const { session } = x;
    expectState(x, s, states);
    if (s.what === 'xa-rollback') session.transaction.rollback();
    session.transaction.xa = undefined;
    session.transaction.commit();
    return OK;
  };
}
