// Subqueries asked ahead: those an expression surely asks are worked out in turns before it is, and their rows kept for it.
// An operand that may never be looked at is left alone: what it throws and warns of is told only where it is asked.
import type { Expression } from '../ast/expression.ts';
import type { Query } from '../ast/query.ts';
import { SqlError } from '../errors.ts';
import type { Ahead, Node, Row } from '../scope.ts';
import type { Value } from '../value/value.ts';
import { queriesIn } from '../walk.ts';
import type { CompiledQuery, Compiler } from './compiler.ts';

/** Errors that end a statement for what it takes, whoever asked: 1038, 1041, 3024. */
const OF_RESOURCES: ReadonlySet<number> = new Set([1038, 1041, 3024]);

/** Operators that look at both their sides, whatever the first is. */
const BOTH_SIDES = /^(=|<=>|<>|!=|<|<=|>|>=|\+|-|\*|\/|%|DIV|MOD)$/i;

/** True where every query in the expression is asked each time the expression is. */
function asksAll(e: Expression): boolean {
  switch (e.kind) {
    case 'exists':
    case 'subquery':
      return true;
    case 'in-query':
      return queriesIn(e.operand).length === 0;
    case 'compare-query':
      return queriesIn(e.left).length === 0;
    case 'unary':
      return asksAll(e.operand);
    case 'binary':
      return BOTH_SIDES.test(e.operator) && asksAll(e.left) && asksAll(e.right);
    default:
      return queriesIn(e).length === 0;
  }
}

/** Compiles an expression; the node's `ahead` asks its subqueries, where each is surely asked. */
export function withAhead(c: Compiler, e: Expression, compile: () => Node): Node {
  if (queriesIn(e).length === 0 || !asksAll(e)) return compile();
  const around = c.ahead;
  const ahead: Ahead[] = [];
  c.ahead = ahead;
  try {
    const node = compile();
    return ahead.length === 0 ? node : { ...node, ahead };
  } finally {
    c.ahead = around;
  }
}

/** True where a part of a query sets a variable: it is done when the query is asked, and not before. */
function assigns(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if ('kind' in part && part.kind === 'assign') return true;
  return Object.values(part).some(assigns);
}

type Rows = readonly (readonly Value[])[];

/**
 * Rows of a subquery for a row of the query around it, at most `most`; those that were asked ahead are there. What it held on its
 * way is free again when it is asked the next time, but for the rows it gave; what its first time held stays, for what it found then
 * may be kept.
 */
export function rowsFor(c: Compiler, query: CompiledQuery, asked: Query, most?: number): (row: Row) => Rows {
  const { budget } = c.x;
  let ran = false;
  let kept = 0;
  const ended = (room: number, rows: Rows) => {
    if (ran) {
      budget.letGo(room + kept);
      kept = rows.length * ((rows[0]?.length ?? 0) + 1);
      budget.hold(kept);
    }
    ran = true;
    return rows;
  };
  const rowsOf = (row: Row) => {
    const { room } = budget;
    return ended(room, query.rows(row, most));
  };
  if (!c.ahead || assigns(asked)) return rowsOf;
  let known: Row | undefined;
  let rows: Rows = [];
  c.ahead.push(function* (row) {
    known = undefined;
    const { room } = budget;
    try {
      rows = ended(room, yield* query.steps(row, most));
      known = row;
    } catch (error) {
      // Whoever asks is told.
      if (!(error instanceof SqlError) || OF_RESOURCES.has(error.code)) throw error;
    }
  });
  return (row) => (row === known ? rows : rowsOf(row));
}
