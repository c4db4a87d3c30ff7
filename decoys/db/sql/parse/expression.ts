// Expressions: MySQL's operator precedence by recursive descent, every node with the bytes it spans.
// Source: https://dev.mysql.com/doc/refman/9.7/en/expressions.html and operator-precedence.html
import type { Expression } from '../ast/expression.ts';
import type { Cursor } from './cursor.ts';
import { parseInterval } from './date-call.ts';
import { literal } from './literal.ts';
import { isQueryStart, parseSimple } from './operand.ts';

const COMPARISONS = ['=', '<=>', '>=', '>', '<=', '<', '<>', '!='];

/** Binary operators of bit_expr, loosest first. */
const BIT_LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%', 'DIV', 'MOD'],
  ['^'],
];

const BIT_RANKS: ReadonlyMap<string, number> = new Map(
  BIT_LEVELS.flatMap((operators, rank) => operators.map((operator) => [operator, rank] as const)),
);

const LITERALS: ReadonlySet<string> = new Set(['integer', 'decimal', 'float', 'string', 'hex']);

/** Long lists are mostly bare literals, which need no descent through the operators. */
function bareLiteral(c: Cursor): Expression | undefined {
  const { kind, upper, start } = c.token;
  if (!LITERALS.has(kind) && upper !== 'NULL') return undefined;
  const next = c.peek();
  if (next.upper !== ',' && next.upper !== ')' && next.kind !== 'end') return undefined;
  if (upper !== 'NULL') return literal(c);
  c.advance();
  return { kind: 'null', start, end: c.lastEnd };
}

export function parseExpression(c: Cursor): Expression {
  const bare = bareLiteral(c);
  if (bare) return bare;
  c.enter();
  const start = c.token.start;
  let left = parseXor(c);
  while (c.isOne('OR', '||')) {
    if (c.is('||') && c.context.pipesAsConcat) break;
    if (c.advance().upper === '||') c.warn('ER_WARN_DEPRECATED_SYNTAX', '|| as a synonym for OR', 'OR');
    left = { kind: 'binary', operator: 'OR', left, right: parseXor(c), start, end: c.lastEnd };
  }
  c.leave();
  return left;
}

function parseXor(c: Cursor): Expression {
  const start = c.token.start;
  let left = parseAnd(c);
  while (c.accept('XOR')) left = { kind: 'binary', operator: 'XOR', left, right: parseAnd(c), start, end: c.lastEnd };
  return left;
}

function parseAnd(c: Cursor): Expression {
  const start = c.token.start;
  let left = parseNot(c);
  for (let word = c.acceptOne('AND', '&&'); word; word = c.acceptOne('AND', '&&')) {
    if (word === '&&') c.warn('ER_WARN_DEPRECATED_SYNTAX', '&&', 'AND');
    left = { kind: 'binary', operator: 'AND', left, right: parseNot(c), start, end: c.lastEnd };
  }
  return left;
}

function parseNot(c: Cursor): Expression {
  const start = c.token.start;
  if (!c.context.highNot && c.accept('NOT')) {
    c.enter();
    const operand = parseNot(c);
    c.leave();
    return { kind: 'unary', operator: 'NOT', operand, start, end: c.lastEnd };
  }
  return parseComparison(c);
}

function parseComparison(c: Cursor): Expression {
  const start = c.token.start;
  let left = parsePredicate(c);
  for (;;) {
    if (c.accept('IS')) {
      const not = c.accept('NOT');
      const word = c.acceptOne('NULL', 'TRUE', 'FALSE', 'UNKNOWN');
      if (!word) throw c.fail();
      left = { kind: 'is', not, operand: left, what: word.toLowerCase() as 'null', start, end: c.lastEnd };
      continue;
    }
    const operator = c.acceptOne(...COMPARISONS);
    if (!operator) return left;
    const quantifier = c.isOne('ALL', 'ANY', 'SOME') && c.peek().upper === '(' ? c.advance().upper : undefined;
    if (quantifier) {
      const query = c.parenthesised(() => c.parseQuery(c));
      left = { kind: 'compare-query', operator, all: quantifier === 'ALL', left, query, start, end: c.lastEnd };
    } else {
      left = {
        kind: 'binary',
        operator: operator === '!=' ? '<>' : operator,
        left,
        right: parsePredicate(c),
        start,
        end: c.lastEnd,
      };
    }
  }
}

function parsePredicate(c: Cursor): Expression {
  const start = c.token.start;
  const operand = parseBit(c, 0);
  const not = c.is('NOT') && ['IN', 'BETWEEN', 'LIKE', 'REGEXP', 'RLIKE'].includes(c.peek().upper);
  if (not) c.advance();
  if (c.accept('IN')) {
    c.expect('(');
    if (isQueryStart(c)) {
      const query = c.parseQuery(c);
      c.expect(')');
      return { kind: 'in-query', not, operand, query, start, end: c.lastEnd };
    }
    const list = c.list(() => parseExpression(c));
    c.expect(')');
    const bare = list.every(({ kind }) => kind === 'number' || kind === 'string');
    return { kind: 'in', not, operand, list, bare, start, end: c.lastEnd };
  }
  if (c.accept('BETWEEN')) {
    const low = parseBit(c, 0);
    c.expect('AND');
    const high = parsePredicate(c);
    return { kind: 'between', not, operand, low, high, start, end: c.lastEnd };
  }
  if (c.accept('LIKE')) {
    const pattern = parseSimple(c);
    const escaping = c.accept('ESCAPE') ? parseSimple(c) : undefined;
    return { kind: 'like', not, operand, pattern, escape: escaping, start, end: c.lastEnd };
  }
  if (c.acceptOne('REGEXP', 'RLIKE'))
    return { kind: 'regexp', not, operand, pattern: parseBit(c, 0), start, end: c.lastEnd };
  if (c.acceptAll('SOUNDS', 'LIKE')) {
    const right = parseBit(c, 0);
    const sound = (arg: Expression): Expression => ({
      kind: 'call',
      schema: '',
      name: 'SOUNDEX',
      args: [arg],
      nameStart: arg.start,
      start: arg.start,
      end: arg.end,
    });
    return { kind: 'binary', operator: '=', left: sound(operand), right: sound(right), start, end: c.lastEnd };
  }
  if (c.acceptAll('MEMBER', 'OF') || c.acceptAll('MEMBER')) {
    const list = c.parenthesised(() => parseSimple(c));
    return {
      kind: 'call',
      schema: '',
      name: 'MEMBER OF',
      args: [operand, list],
      nameStart: start,
      start,
      end: c.lastEnd,
    };
  }
  return operand;
}

/** bit_expr of operators at `level` and tighter ones, by precedence climbing: every one of them binds to the left. */
export function parseBit(c: Cursor, level: number): Expression {
  const start = c.token.start;
  let left = parseSimple(c);
  for (;;) {
    const operator = c.token.upper;
    const rank = BIT_RANKS.get(operator);
    if (rank === undefined || rank < level) return left;
    c.advance();
    const right = (operator === '+' || operator === '-') && c.is('INTERVAL') ? parseInterval(c) : parseBit(c, rank + 1);
    left = { kind: 'binary', operator, left, right, start, end: c.lastEnd };
  }
}
