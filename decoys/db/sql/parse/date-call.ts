// Calls whose arguments are units of time: DATE_ADD, EXTRACT, TIMESTAMPDIFF, GET_FORMAT and INTERVAL itself.
// Source: https://dev.mysql.com/doc/refman/9.7/en/expressions.html#temporal-intervals
import type { Expression } from '../ast/expression.ts';
import { call, type Special } from './call.ts';
import type { Cursor } from './cursor.ts';
import { INTERVAL_UNITS } from './words.ts';

export function parseInterval(c: Cursor): Expression {
  const start = c.token.start;
  c.expect('INTERVAL');
  const amount = c.parseExpression(c);
  return finishInterval(c, amount, start);
}

function finishInterval(c: Cursor, amount: Expression, start: number): Expression {
  const unit = c.token.upper;
  if (!INTERVAL_UNITS.has(unit)) throw c.fail();
  c.advance();
  return { kind: 'interval', amount, unit, start, end: c.lastEnd };
}

export function parseExtract(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const unit = c.advance();
  if (!INTERVAL_UNITS.has(unit.upper)) throw c.fail(unit);
  c.expect('FROM');
  const from = c.parseExpression(c);
  c.expect(')');
  return call(
    c,
    'EXTRACT',
    [{ kind: 'string', bytes: Buffer.from(unit.upper), introducer: '', first: unit.upper, start, end: start }, from],
    start,
  );
}

/** DATE_ADD(x, INTERVAL n unit), ADDDATE also with days. */
export function parseDateArithmetic(operator: '+' | '-'): Special {
  return (c, start) => {
    const word = c.advance().upper;
    c.expect('(');
    const left = c.parseExpression(c);
    c.expect(',');
    let right: Expression;
    if (c.is('INTERVAL')) right = parseInterval(c);
    else {
      if (word.startsWith('DATE_')) throw c.fail();
      const amount = c.parseExpression(c);
      right = { kind: 'interval', amount, unit: 'DAY', start: amount.start, end: amount.end };
    }
    c.expect(')');
    return { kind: 'binary', operator, left, right, start, end: c.lastEnd };
  };
}

export function parseTimestampUnit(c: Cursor, start: number): Expression {
  const name = c.advance().upper;
  c.expect('(');
  const unit = c.advance();
  const upper = unit.upper.replace(/^SQL_TSI_/, '');
  if (!INTERVAL_UNITS.has(upper)) throw c.fail(unit);
  c.expect(',');
  const first = c.parseExpression(c);
  c.expect(',');
  const second = c.parseExpression(c);
  c.expect(')');
  if (name === 'TIMESTAMPADD') {
    const right: Expression = { kind: 'interval', amount: first, unit: upper, start, end: c.lastEnd };
    return { kind: 'binary', operator: '+', left: second, right, start, end: c.lastEnd };
  }
  return call(
    c,
    'TIMESTAMPDIFF',
    [{ kind: 'string', bytes: Buffer.from(upper), introducer: '', first: upper, start, end: start }, first, second],
    start,
  );
}

export function parseIntervalFunction(c: Cursor, start: number): Expression {
  if (c.peek().upper !== '(') {
    const interval = parseInterval(c);
    c.expect('+');
    const right = c.parseBit(c, 3);
    return { kind: 'binary', operator: '+', left: right, right: interval, start, end: c.lastEnd };
  }
  const mark = c.mark();
  c.advance();
  c.advance();
  const args = c.list(() => c.parseExpression(c));
  c.expect(')');
  if (args.length > 1) return call(c, 'INTERVAL', args, start);
  c.back(mark);
  const interval = parseInterval(c);
  c.expect('+');
  return { kind: 'binary', operator: '+', left: c.parseBit(c, 3), right: interval, start, end: c.lastEnd };
}

export function parseGetFormat(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const what = c.acceptOne('DATE', 'TIME', 'DATETIME', 'TIMESTAMP');
  if (!what) throw c.fail();
  c.expect(',');
  const style = c.parseExpression(c);
  c.expect(')');
  return call(
    c,
    'GET_FORMAT',
    [{ kind: 'string', bytes: Buffer.from(what), introducer: '', first: what, start, end: start }, style],
    start,
  );
}
