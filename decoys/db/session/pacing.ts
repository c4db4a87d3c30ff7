// Statements that go through many rows are laid down after some milliseconds, so that other clients are answered, and taken up again when it
// is their turn. One at a time: what it holds is held once, and no other statement that reads or changes rows runs in between.

import { ticksMs } from '../../touch/ticks.ts';
import type { Statement } from '../sql/ast/statement.ts';
import type { Budget } from '../sql/budget.ts';
import { sqlError } from '../sql/errors.ts';
import { finished, type Steps } from '../sql/steps.ts';
import { queriesIn } from '../sql/walk.ts';
import { spendTurn, turnOf } from '../turn.ts';
import type { Session } from './session.ts';

/** The session whose statement is laid down. */
let holder: Session | undefined;
/** Of each source the statements that wait for it; the source whose turn is next comes first. Bounded by connections: one of each. */
const waiting = new Map<string, (() => void)[]>();

/** Statements that neither read nor change rows of a source's tables. */
const APART: ReadonlySet<Statement['kind']> = new Set(['set', 'use', 'show', 'do', 'kill', 'empty']);

function isApart(statement: Statement): boolean {
  if (statement.kind !== 'query') return APART.has(statement.kind);
  const { body, with: common, into } = statement.query;
  if (body.kind !== 'select' || body.from || common.length > 0 || into) return false;
  return body.items.every(({ expression }) => expression && queriesIn(expression).length === 0);
}

function wakeNext(): void {
  const next = waiting.entries().next().value;
  if (!next) return;
  const [source, waiters] = next;
  waiting.delete(source);
  const wake = waiters.shift();
  if (waiters.length > 0) waiting.set(source, waiters);
  wake?.();
}

function untilFree(source: string): Promise<void> {
  return new Promise((resolve) => {
    const waiters = waiting.get(source);
    if (waiters) waiters.push(resolve);
    else waiting.set(source, [resolve]);
  });
}

/** Does `begin`, which runs `statement` or what reads and changes rows, once none that is laid down stands in its way; at once where none does. */
export function inOrder<T>(
  session: Session,
  statement: Statement | undefined,
  begin: () => T | Promise<T>,
): T | Promise<T> {
  return holder === undefined || (statement && isApart(statement)) ? begin() : afterOthers(session, begin);
}

async function afterOthers<T>(session: Session, begin: () => T | Promise<T>): Promise<T> {
  while (holder !== undefined) await untilFree(session.address);
  try {
    return await begin();
  } finally {
    if (holder === undefined) wakeNext();
  }
}

/** Runs a statement whose `budget` is paced: through where it is short, else with others having their turn in between. */
export function inPaces<T>(session: Session, budget: Budget, steps: Steps<T>): T | Promise<T> {
  const first = steps.next();
  if (first.done) return first.value;
  // Somebody else's was laid down before: as short as it may be in one turn, it is run through.
  if (holder !== undefined) return finished(steps);
  holder = session;
  return goOn(session, budget, steps);
}

/** What came of a statement that was stopped. */
type Stopped<T> = { readonly value: T } | { readonly error: unknown };

async function goOn<T>(session: Session, budget: Budget, steps: Steps<T>): Promise<T> {
  let stopped: Stopped<T> | undefined;
  session.stop = () => {
    session.stop = undefined;
    try {
      const step = steps.throw(sqlError('ER_QUERY_INTERRUPTED'));
      stopped = { value: step.done ? step.value : finished(steps) };
    } catch (error) {
      stopped = { error };
    }
  };
  try {
    for (;;) {
      budget.layDown();
      await turnOf(session.address);
      if (stopped) {
        if ('error' in stopped) throw stopped.error;
        return stopped.value;
      }
      const begunMs = ticksMs();
      budget.goOn();
      const step = steps.next();
      spendTurn(ticksMs() - begunMs);
      if (step.done) return step.value;
    }
  } finally {
    session.stop = undefined;
    holder = undefined;
    wakeNext();
  }
}
