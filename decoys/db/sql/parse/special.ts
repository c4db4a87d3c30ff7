// What is written unlike a plain call: constants, CASE, TRIM(… FROM …), MATCH … AGAINST, VALUES(column) and the like.
// Source: https://dev.mysql.com/doc/refman/9.7/en/functions.html

import type { CastType, Expression } from '../ast/expression.ts';
import { call, type Special } from './call.ts';
import { optionalLength, parseCast, parseConvert } from './cast-type.ts';
import type { Cursor } from './cursor.ts';
import {
  parseDateArithmetic,
  parseExtract,
  parseGetFormat,
  parseIntervalFunction,
  parseTimestampUnit,
} from './date-call.ts';
import { parseJsonValue } from './json-value.ts';
import { ADJACENT_FUNCTIONS } from './words.ts';

function temporalLiteral(type: 'date' | 'time' | 'timestamp'): Special {
  return (c, start) => {
    if (c.peek().kind !== 'string') return undefined;
    c.advance();
    const text = c.string();
    return { kind: 'temporal', type, text, start, end: c.lastEnd };
  };
}

function constant(make: (span: { start: number; end: number }) => Expression): Special {
  return (c, start) => {
    c.advance();
    return make({ start, end: c.lastEnd });
  };
}

/** A call; of some functions only where the parenthesis follows at once. */
function calledOnly(parse: Special): Special {
  return (c, start) => {
    const { upper, end } = c.token;
    const next = c.peek();
    if (next.upper !== '(') return undefined;
    const apart = next.start !== end && ADJACENT_FUNCTIONS.has(upper) && !c.context.ignoreSpace;
    return apart ? undefined : parse(c, start);
  };
}

function parseCase(c: Cursor, start: number): Expression {
  c.advance();
  const operand = c.is('WHEN') ? undefined : c.parseExpression(c);
  const branches: [Expression, Expression][] = [];
  while (c.accept('WHEN')) {
    const when = c.parseExpression(c);
    c.expect('THEN');
    branches.push([when, c.parseExpression(c)]);
  }
  if (branches.length === 0) throw c.fail();
  const otherwise = c.accept('ELSE') ? c.parseExpression(c) : undefined;
  c.expect('END');
  return { kind: 'case', operand, branches, otherwise, start, end: c.lastEnd };
}

function parseExists(c: Cursor, start: number): Expression {
  c.advance();
  const query = c.parenthesised(() => c.parseQuery(c));
  return { kind: 'exists', query, start, end: c.lastEnd };
}

/** TRIM([{BOTH|LEADING|TRAILING} [x] FROM] y) */
function parseTrim(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const side = c.acceptOne('BOTH', 'LEADING', 'TRAILING') ?? '';
  const first = side && c.is('FROM') ? undefined : c.parseExpression(c);
  const name = side === 'LEADING' ? 'TRIM LEADING' : side === 'TRAILING' ? 'TRIM TRAILING' : 'TRIM';
  if (c.accept('FROM')) {
    const from = c.parseExpression(c);
    c.expect(')');
    return call(c, name, first ? [from, first] : [from], start);
  }
  if (side || !first) throw c.fail();
  c.expect(')');
  return call(c, name, [first], start);
}

function parseSubstring(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const args = [c.parseExpression(c)];
  if (c.accept('FROM')) {
    args.push(c.parseExpression(c));
    if (c.accept('FOR')) args.push(c.parseExpression(c));
  } else {
    c.expect(',');
    args.push(c.parseExpression(c));
    if (c.accept(',')) args.push(c.parseExpression(c));
  }
  c.expect(')');
  return call(c, 'SUBSTRING', args, start);
}

function parsePosition(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const needle = c.parseBit(c, 0);
  c.expect('IN');
  const hay = c.parseExpression(c);
  c.expect(')');
  return call(c, 'LOCATE', [needle, hay], start);
}

/** What takes the place of VALUES(). */
const VALUES_INSTEAD =
  'an alias (INSERT INTO ... VALUES (...) AS alias) and replace VALUES(col) in the ON DUPLICATE KEY UPDATE clause with alias.col';

function parseValues(c: Cursor, start: number): Expression {
  c.advance();
  const column = c.parenthesised(() => c.qualified().name);
  c.warn('ER_WARN_DEPRECATED_SYNTAX', 'VALUES function', VALUES_INSTEAD);
  return { kind: 'values', column, start, end: c.lastEnd };
}

function parseDefault(c: Cursor, start: number): Expression {
  c.advance();
  const path = c.parenthesised(() => {
    const names = [c.name()];
    while (c.accept('.')) names.push(c.nameAfterDot());
    return names;
  });
  return { kind: 'default', column: path.at(-1) as string, owner: path.at(-2), start, end: c.lastEnd };
}

/** A column of MATCH: a name and nothing else. */
function parseMatched(c: Cursor): Extract<Expression, { kind: 'column' }> {
  const { start } = c.token;
  const path = [c.name()];
  while (c.accept('.')) path.push(c.nameAfterDot());
  return { kind: 'column', path, start, end: c.lastEnd };
}

function parseMatch(c: Cursor, start: number): Expression {
  c.advance();
  const open = c.accept('(');
  const columns = c.list(() => parseMatched(c));
  if (open) c.expect(')');
  c.expect('AGAINST', '(');
  const against = c.parseBit(c, 0);
  let mode: 'natural' | 'boolean' | 'expansion' = 'natural';
  if (c.accept('IN') && !c.acceptAll('NATURAL', 'LANGUAGE', 'MODE')) {
    c.expect('BOOLEAN', 'MODE');
    mode = 'boolean';
  }
  if (mode === 'natural' && c.acceptAll('WITH', 'QUERY')) {
    c.expect('EXPANSION');
    mode = 'expansion';
  }
  c.expect(')');
  return { kind: 'match', columns, against, mode, start, end: c.lastEnd };
}

function parseRow(c: Cursor, start: number): Expression {
  c.advance();
  const items = c.parenthesised(() => {
    const all = c.list(() => c.parseExpression(c));
    if (all.length < 2) throw c.fail();
    return all;
  });
  return { kind: 'row', items, start, end: c.lastEnd };
}

/** CHAR(1, 2 USING x), WEIGHT_STRING(x AS CHAR(n)), GET_FORMAT(DATE, 'EUR'), JSON_VALUE(…) carry words inside. */
function parseChar(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const args = c.list(() => c.parseExpression(c));
  const charset = c.accept('USING') ? (c.is('BINARY') ? c.advance().text : c.nameOrText()) : '';
  c.expect(')');
  const made = call(c, 'CHAR', args, start);
  return charset
    ? { kind: 'convert-charset', operand: made, charset: charset.toLowerCase(), start, end: c.lastEnd }
    : made;
}

/** WEIGHT_STRING(x AS CHAR(n)) and AS BINARY(n). */
function parseWeightString(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  let operand = c.parseExpression(c);
  if (c.accept('AS')) {
    const base = c.acceptOne('CHAR', 'BINARY');
    if (!base) throw c.fail();
    const length = optionalLength(c);
    if (length === undefined) throw c.fail();
    const type: CastType = { base: base === 'CHAR' ? 'char' : 'binary', length, decimals: undefined, charset: '' };
    operand = { kind: 'cast', operand, type, start: operand.start, end: operand.end };
  }
  c.expect(')');
  return call(c, 'WEIGHT_STRING', [operand], start);
}

function parseGrouping(c: Cursor, start: number): Expression {
  c.advance();
  const args = c.parenthesised(() => c.list(() => c.parseExpression(c)));
  return { kind: 'grouping', args, start, end: c.lastEnd };
}

export const SPECIAL: Readonly<Record<string, Special>> = {
  __proto__: null as never,
  NULL: constant((span) => ({ kind: 'null', ...span })),
  TRUE: constant((span) => ({ kind: 'boolean', value: true, ...span })),
  FALSE: constant((span) => ({ kind: 'boolean', value: false, ...span })),
  DATE: temporalLiteral('date'),
  TIME: temporalLiteral('time'),
  TIMESTAMP: temporalLiteral('timestamp'),
  CASE: parseCase,
  CAST: calledOnly(parseCast),
  CONVERT: calledOnly(parseConvert),
  EXISTS: calledOnly(parseExists),
  TRIM: calledOnly(parseTrim),
  SUBSTRING: calledOnly(parseSubstring),
  SUBSTR: calledOnly(parseSubstring),
  MID: calledOnly(parseSubstring),
  POSITION: calledOnly(parsePosition),
  EXTRACT: calledOnly(parseExtract),
  DATE_ADD: calledOnly(parseDateArithmetic('+')),
  ADDDATE: calledOnly(parseDateArithmetic('+')),
  DATE_SUB: calledOnly(parseDateArithmetic('-')),
  SUBDATE: calledOnly(parseDateArithmetic('-')),
  TIMESTAMPADD: calledOnly(parseTimestampUnit),
  TIMESTAMPDIFF: calledOnly(parseTimestampUnit),
  VALUES: calledOnly(parseValues),
  DEFAULT: calledOnly(parseDefault),
  MATCH: parseMatch,
  INTERVAL: parseIntervalFunction,
  ROW: calledOnly(parseRow),
  CHAR: calledOnly(parseChar),
  GET_FORMAT: calledOnly(parseGetFormat),
  WEIGHT_STRING: calledOnly(parseWeightString),
  GROUPING: calledOnly(parseGrouping),
  JSON_VALUE: calledOnly(parseJsonValue),
};
