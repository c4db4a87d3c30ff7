// What every part of the compiler shares: its shape, the kinds it compiles, and operands one column wide.

import type { Expression } from '../ast/expression.ts';
import type { Query } from '../ast/query.ts';
import { operandOf, realOf } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import type { Ahead, Node, Row, Scope, ScopeColumn } from '../scope.ts';
import type { Steps } from '../steps.ts';
import { Json } from '../value/json.ts';
import { compareJson } from '../value/json-order.ts';
import { isJson, type SqlType } from '../value/type.ts';
import { toBoolean, toNumber, type Value } from '../value/value.ts';

/** What compiling a subquery gives: its columns and its rows for an outer row. */
export interface CompiledQuery {
  readonly columns: readonly ScopeColumn[];
  readonly rows: (outerRow: Row | undefined, limit?: number) => readonly (readonly Value[])[];
  /** As `rows`, for whoever can wait. */
  readonly steps: (outerRow: Row | undefined, limit?: number) => Steps<readonly (readonly Value[])[]>;
  /** Of a set operation: its rows as its own queries gave them, not yet of the columns' types. */
  readonly given?: (outerRow: Row | undefined) => Steps<readonly (readonly Value[])[]>;
}

export interface Compiler {
  readonly x: Execution;
  readonly compile: (e: Expression, scope: Scope) => Node;
  readonly compileQuery: (query: Query, scope: Scope) => CompiledQuery;
  /** Where subqueries of the expression under way that can be asked ahead are put; undefined where none can. */
  ahead: Ahead[] | undefined;
}

export type Kinds = Expression['kind'];
export type Of<K extends Kinds> = Extract<Expression, { kind: K }>;

export const LITERAL = 4;
export const NUMERIC = 5;

export function literal(type: SqlType, value: Value, coercibility = NUMERIC): Node {
  return { type, get: () => value, constant: value, coercibility };
}

/** Compiles an operand that must be one column wide. */
export function scalar(c: Compiler, e: Expression, scope: Scope): Node {
  const node = c.compile(e, scope);
  if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
  return node;
}

/** An operand whose truth is asked for; JSON is told in warning 3986 that it is compared with 0. */
export function condition(c: Compiler, node: Node): Node {
  if (isJson(node.type)) c.x.warn('ER_WARN_JSON_BOOLEAN');
  return node;
}

/** An operand as truth; text that is no number is told in warning 1292. */
export function truth(c: Compiler, node: Node, row: Row): boolean | null {
  const value = operandOf(node, row, c.x);
  if (value === null) return null;
  if (value instanceof Json) return compareJson(value.data, 0n) !== 0;
  if (node.quiet) return toNumber(value) !== 0;
  if (typeof value === 'string' || Buffer.isBuffer(value)) return realOf(value, c.x) !== 0;
  return toBoolean(value);
}

export function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

export function width(node: Node): number {
  return node.row?.length ?? 1;
}
