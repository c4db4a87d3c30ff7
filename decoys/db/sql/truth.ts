// Expressions where a yes or no is wanted: which ones are one, and what NOT turns them into.
// Source: https://dev.mysql.com/doc/refman/9.7/en/logical-operators.html; forms as 9.7.4 shows them in views, constraints and messages.
import type { Expression } from './ast/expression.ts';

/** Each comparison's opposite; `<=>` has none. */
const OPPOSITE: Readonly<Record<string, string>> = {
  __proto__: null as never,
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

const TRUTHS: ReadonlySet<Expression['kind']> = new Set([
  'between',
  'in',
  'in-query',
  'like',
  'regexp',
  'is',
  'exists',
  'compare-query',
  'boolean',
]);

/** Functions that answer yes or no, which a constraint takes as they are. */
const TRUTH_CALLS =
  /^(JSON_VALID|REGEXP_LIKE|JSON_CONTAINS|JSON_CONTAINS_PATH|JSON_OVERLAPS|MEMBER OF|JSON_SCHEMA_VALID|IS_\w+|ISNULL|ST_\w+|MBR\w+)$/i;

/** AND or OR. */
type Junction = Extract<Expression, { kind: 'binary' }> & { readonly operator: 'AND' | 'OR' };
/** NOT or `!`. */
export type Not = Extract<Expression, { kind: 'unary' }> & { readonly operator: 'NOT' | '!' };

/** True for AND and OR, which chains are made of. */
export function isJunction(e: Expression): e is Junction {
  return e.kind === 'binary' && (e.operator === 'AND' || e.operator === 'OR');
}

/** True for NOT and `!`. */
export function isNot(e: Expression): e is Not {
  return e.kind === 'unary' && (e.operator === 'NOT' || e.operator === '!');
}

/** True where the expression answers yes or no rather than a number. */
export function isTruth(e: Expression): boolean {
  if (TRUTHS.has(e.kind) || isNot(e) || isJunction(e)) return true;
  if (e.kind === 'binary') return e.operator in OPPOSITE || e.operator === '<=>' || e.operator === 'XOR';
  return e.kind === 'call' && TRUTH_CALLS.test(e.name);
}

/** What says the opposite of an expression by itself; undefined where only NOT, AND, OR or XOR around it does. */
export function opposite(e: Expression): Expression | undefined {
  switch (e.kind) {
    case 'binary': {
      const operator = OPPOSITE[e.operator];
      return operator === undefined ? undefined : { ...e, operator };
    }
    case 'is':
    case 'in':
    case 'between':
      return { ...e, not: !e.not };
    case 'call': {
      const [operand] = e.args;
      if (e.name.toUpperCase() !== 'ISNULL' || !operand) return undefined;
      return { kind: 'is', what: 'null', not: true, operand, start: e.start, end: e.end };
    }
    default:
      return undefined;
  }
}

/** The operands of a chain of one logical operator, as the server keeps them; chains lean left, however long. */
export function chain(e: Expression, operator: string): Expression[] {
  const operands: Expression[] = [];
  let rest = e;
  while (rest.kind === 'binary' && rest.operator === operator) {
    operands.push(...chain(rest.right, operator).reverse());
    rest = rest.left;
  }
  operands.push(rest);
  return operands.reverse();
}
