// Calls of functions and aggregates, and columns, which begin alike.
// Source: https://dev.mysql.com/doc/refman/9.7/en/function-resolution.html

import type { Expression, OrderItem } from '../ast/expression.ts';
import { sqlError } from '../errors.ts';
import { grammarCount, takesPrecision } from './arity.ts';
import type { Cursor } from './cursor.ts';
import { parseOver, parseWindowCall } from './window.ts';
import {
  ADJACENT_FUNCTIONS,
  AGGREGATES,
  BARE_FUNCTIONS,
  CALLABLE_KEYWORDS,
  isGrammarFunction,
  isKeyword,
  isReserved,
  WINDOW_FUNCTIONS,
} from './words.ts';

export type Special = (c: Cursor, start: number) => Expression | undefined;

export function call(c: Cursor, name: string, args: readonly Expression[], start: number): Expression {
  return { kind: 'call', schema: '', name, args, nameStart: start, start, end: c.lastEnd };
}

export function parseOrderItem(c: Cursor): OrderItem {
  const expression = c.parseExpression(c);
  const descending = c.accept('DESC');
  if (!descending) c.accept('ASC');
  return { expression, descending };
}

/** Totals that may take each value once. */
const DISTINCT_TOTALS: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'GROUP_CONCAT']);

function parseAggregate(c: Cursor, name: string, start: number): Expression {
  c.advance();
  c.expect('(');
  if (c.is('DISTINCT') && !DISTINCT_TOTALS.has(name)) throw c.fail();
  const distinct = c.accept('DISTINCT');
  const star = name === 'COUNT' && !distinct && c.accept('*');
  if (!distinct) c.accept('ALL');
  const args = star ? [] : [c.parseExpression(c)];
  const several = name === 'GROUP_CONCAT' || (name === 'COUNT' && distinct);
  while (!star && (several ? c.accept(',') : name === 'JSON_OBJECTAGG' && args.length === 1)) {
    if (!several) c.expect(',');
    args.push(c.parseExpression(c));
  }
  let order: readonly OrderItem[] = [];
  let separator: Buffer | undefined;
  if (name === 'GROUP_CONCAT') {
    if (c.acceptAll('ORDER', 'BY')) order = c.list(() => parseOrderItem(c));
    if (c.accept('SEPARATOR')) {
      if (c.token.kind !== 'string' && c.token.kind !== 'hex') throw c.fail();
      const token = c.advance();
      separator = token.kind === 'hex' ? Buffer.from(token.text, 'hex') : Buffer.from(token.text, 'latin1');
    }
  }
  c.expect(')');
  const over = c.accept('OVER') ? parseOver(c) : undefined;
  if (over && distinct) throw sqlError('ER_NOT_SUPPORTED_YET', '<window function>(DISTINCT ..)');
  if (over && name === 'GROUP_CONCAT') throw sqlError('ER_NOT_SUPPORTED_YET', 'group_concat as window function');
  return { kind: 'aggregate', name, distinct, star, args, order, separator, over, start, end: c.lastEnd };
}

function parseArguments(c: Cursor, name = ''): Expression[] {
  c.expect('(');
  const [fewest, most] = grammarCount(name) ?? [0, Number.POSITIVE_INFINITY];
  const args: Expression[] = [];
  if (takesPrecision(name) && !c.is(')') && c.token.kind !== 'integer') throw c.fail();
  if (!c.is(')') || fewest > 0) {
    do {
      if (args.length >= most) throw c.peek(-1).upper === ',' ? c.fail(c.peek(-1)) : c.fail();
      args.push(parseCallArgument(c));
      if (args.length < fewest && !c.is(',')) throw c.fail();
    } while (c.accept(','));
  }
  if (takesPrecision(name) && args.length > 1) throw c.fail();
  c.expect(')');
  return args;
}

/** An argument of a plain function call may carry an alias, which only UDFs see. */
function parseCallArgument(c: Cursor): Expression {
  const value = c.parseExpression(c);
  if (c.accept('AS')) c.nameOrText();
  return value;
}

/** MOD(a, b) is a % b. */
function modulo(c: Cursor, [left, right]: readonly [Expression, Expression], start: number): Expression {
  return { kind: 'binary', operator: '%', left, right, start, end: c.lastEnd };
}

export function parseColumnOrCall(c: Cursor): Expression {
  const { token } = c;
  const { start, upper } = token;
  const isWord = token.kind === 'word';
  const called = c.peek().upper === '(';
  const adjacent = called && (c.context.ignoreSpace === true || c.peek().start === token.end);
  if (isWord && called) {
    if (adjacent && AGGREGATES.has(upper)) {
      if (upper === 'ANY_VALUE') {
        c.advance();
        return call(c, upper, parseArguments(c), start);
      }
      return parseAggregate(c, upper, start);
    }
    if (WINDOW_FUNCTIONS.has(upper)) return parseWindowCall(c, upper, start);
    const callable =
      adjacent || !ADJACENT_FUNCTIONS.has(upper)
        ? CALLABLE_KEYWORDS.has(upper) || ADJACENT_FUNCTIONS.has(upper)
        : false;
    if (callable || !isKeyword(upper)) {
      c.advance();
      const args = parseArguments(c, upper);
      if (upper === 'MOD' && args.length === 2) return modulo(c, args as [Expression, Expression], start);
      return call(c, !callable && ADJACENT_FUNCTIONS.has(upper) ? `${token.text} ` : token.text, args, start);
    }
    if (isReserved(upper)) throw c.fail();
    c.advance();
    throw c.fail();
  }
  if (isWord && BARE_FUNCTIONS.has(upper)) {
    c.advance();
    return call(c, upper, [], start);
  }
  if (!c.isName()) throw c.fail();
  const path = [c.name()];
  if (called && token.kind === 'quoted') {
    const name = path[0] as string;
    return call(c, isGrammarFunction(name.toUpperCase()) ? `${name} ` : name, parseArguments(c), start);
  }
  while (c.is('.') && path.length < 3) {
    c.advance();
    if (c.is('*')) throw c.fail();
    path.push(c.nameAfterDot());
  }
  if (path.length === 2 && c.is('(')) {
    const args = parseArguments(c);
    return {
      kind: 'call',
      schema: path[0] as string,
      name: path[1] as string,
      args,
      nameStart: start,
      start,
      end: c.lastEnd,
    };
  }
  return { kind: 'column', path, start, end: c.lastEnd };
}
