// What a block of a routine adds to the blocks around it: its cursors, and its handlers of conditions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/declare-handler.html, cursors.html
import type { Query } from '../../sql/ast/query.ts';
import type { Condition, Flow, HandlerSpec } from '../../sql/ast/routine.ts';
import { errorCode, type SqlError, sqlError, sqlstateOf } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import { STATUS } from '../../wire/constants.ts';

export type Block = Extract<Flow, { kind: 'block' }>;

export interface Cursor {
  readonly query: Query;
  rows: readonly (readonly Value[])[] | undefined;
  at: number;
}

/** What a block adds to what stands around it. */
export interface Frame {
  readonly block: Block;
  readonly cursors: ReadonlyMap<string, Cursor>;
  readonly outer: Frame | undefined;
}

/** Throws 1324 where no block around declares the cursor. */
export function cursorNamed(frame: Frame | undefined, name: string): Cursor {
  for (let at = frame; at; at = at.outer) {
    const found = at.cursors.get(name);
    if (found) return found;
  }
  throw sqlError('ER_SP_CURSOR_MISMATCH', name);
}

/** Puts the next row of an open cursor into a routine's variables. Throws 1328 where they are not as many, 1329 where no row is left. */
export function fetchRow(x: Execution, cursor: Cursor, into: readonly string[]): void {
  const row = cursor.rows?.[cursor.at];
  if (!row) {
    x.statusFlags |= STATUS.LAST_ROW_SENT;
    throw noData();
  }
  if (row.length !== into.length) throw sqlError('ER_SP_WRONG_NO_OF_FETCH_ARGS');
  cursor.at++;
  for (const [at, local] of into.entries()) {
    const target = x.names?.find([local]);
    if (!target) throw sqlError('ER_UNDECLARED_VAR', local);
    target.set(row[at] ?? null);
  }
}

/** An error, or a warning a statement left. */
type Raised = Pick<SqlError, 'code'> & { readonly sqlstate?: string | undefined; readonly level?: string };

export interface Found {
  readonly handler: HandlerSpec;
  readonly frame: Frame;
}

/** The handler an error or warning meets in the blocks around: the one that fits closest, of the innermost block that has one. */
export function handlerOf(frame: Frame | undefined, error: Raised): Found | undefined {
  for (let at = frame; at; at = at.outer) {
    const own = at;
    const ranked = own.block.handlers
      .map((handler) => ({ handler, rank: Math.max(...handler.conditions.map((one) => rankOf(one, error, own))) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank);
    if (ranked[0]) return { handler: ranked[0].handler, frame: own };
  }
  return undefined;
}

/** What FETCH and SELECT INTO raise where there is no row. */
export function noData(): SqlError {
  return sqlError('ER_SP_FETCH_NO_DATA');
}

/** How closely a condition fits an error: its number, its state, its class; 0 where it does not. */
function rankOf(condition: Condition, error: Raised, frame: Frame): number {
  const state = error.sqlstate ?? sqlstateOf(error.code);
  switch (condition.kind) {
    case 'code':
      return condition.code === error.code ? 3 : 0;
    case 'state':
      return condition.state === state ? 2 : 0;
    case 'named': {
      for (let at: Frame | undefined = frame; at; at = at.outer) {
        const meant = at.block.conditions.get(condition.name);
        if (meant) return meant.kind === 'named' ? 0 : rankOf(meant, error, at);
      }
      return 0;
    }
    default: {
      const warned = error.level === 'Warning' || state.startsWith('01');
      const kind = state.startsWith('02') ? 'NOT FOUND' : warned ? 'SQLWARNING' : 'SQLEXCEPTION';
      return condition.name === kind ? 1 : 0;
    }
  }
}

/** What no handler takes: the statement took too long, or was stopped. */
export const ENDS_BODY: ReadonlySet<number> = new Set([
  errorCode('ER_QUERY_TIMEOUT'),
  errorCode('ER_QUERY_INTERRUPTED'),
]);
