// Rows a full-text index finds come with the best first, where nothing else leads to them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/fulltext-natural-language.html
import type { Expression } from '../ast/expression.ts';
import type { SelectCore } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { compileMatch } from '../compile/match.ts';
import type { Scope } from '../scope.ts';
import type { Order } from './order.ts';

type Match = Extract<Expression, { kind: 'match' }>;

/** The search all of a condition's rows have to fit: by itself, beside AND, or above a number. */
export function topMatch(e: Expression | undefined): Match | undefined {
  if (e?.kind === 'match') return e;
  if (e?.kind !== 'binary') return undefined;
  if (e.operator === 'AND') return topMatch(e.left) ?? topMatch(e.right);
  return (e.operator === '>' || e.operator === '>=') && e.left.kind === 'match' ? e.left : undefined;
}

/** The order of rows that a full-text index finds; undefined where they come another way. */
export function rankOrder(c: Compiler, { from, where }: SelectCore, scope: Scope): Order | undefined {
  const found = from?.kind === 'table' ? topMatch(where) : undefined;
  return found && [{ node: compileMatch(c, found, scope), descending: true }];
}
