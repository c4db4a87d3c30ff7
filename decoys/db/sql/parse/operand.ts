// Simple expressions: what stands between two operators, with its signs, COLLATE and JSON arrows.
// Source: https://dev.mysql.com/doc/refman/9.7/en/expressions.html (simple_expr)
import type { Expression } from '../ast/expression.ts';
import { sqlError } from '../errors.ts';
import { findCharset } from '../value/charset.ts';
import { parseColumnOrCall } from './call.ts';
import { DEPRECATED_CHARSETS } from './cast-type.ts';
import { type Cursor, decode } from './cursor.ts';
import { literal, parseBytes, parseString } from './literal.ts';
import { SPECIAL } from './special.ts';

const SCOPES: Readonly<Record<string, 'global' | 'session' | 'persist'>> = {
  GLOBAL: 'global',
  SESSION: 'session',
  LOCAL: 'session',
  PERSIST: 'persist',
};

export function isQueryStart(c: Cursor, ahead = 0): boolean {
  let at = ahead;
  while (c.peek(at).upper === '(') at++;
  return (
    ['SELECT', 'WITH', 'TABLE'].includes(c.peek(at).upper) ||
    (c.peek(at).upper === 'VALUES' && c.peek(at + 1).upper === 'ROW')
  );
}

export function parseSimple(c: Cursor): Expression {
  c.enter();
  c.operand();
  const start = c.token.start;
  let value = parsePrefix(c);
  for (;;) {
    if (c.accept('COLLATE')) {
      const collation = c.token.kind === 'string' ? c.string() : c.name();
      value = { kind: 'collate', operand: value, collation, start, end: c.lastEnd };
    } else if (c.is('||') && c.context.pipesAsConcat) {
      c.advance();
      value = {
        kind: 'call',
        schema: '',
        name: 'CONCAT',
        args: [value, parsePrefix(c)],
        nameStart: start,
        start,
        end: c.lastEnd,
      };
    } else if (value.kind === 'column' && c.isOne('->', '->>')) {
      const unquote = c.advance().upper === '->>';
      const path = parsePrefix(c);
      const extract: Expression = {
        kind: 'call',
        schema: '',
        name: 'JSON_EXTRACT',
        args: [value, path],
        nameStart: start,
        start,
        end: c.lastEnd,
      };
      value = unquote
        ? { kind: 'call', schema: '', name: 'JSON_UNQUOTE', args: [extract], nameStart: start, start, end: c.lastEnd }
        : extract;
    } else break;
  }
  c.leave();
  return value;
}

const PREFIXES = ['-', '+', '~', '!'];

function parsePrefix(c: Cursor): Expression {
  const { token } = c;
  const { start } = token;
  const not = c.context.highNot && token.kind === 'word' && token.upper === 'NOT';
  if (not || (token.kind === 'operator' && PREFIXES.includes(token.upper))) {
    c.advance();
    const operand = parseSimple(c);
    if (token.upper === '!') c.warn('ER_WARN_DEPRECATED_SYNTAX', '!', 'NOT');
    // A sign of plus leaves nothing behind, not even in the column's name.
    return token.upper === '+' ? operand : { kind: 'unary', operator: token.upper, operand, start, end: c.lastEnd };
  }
  if (token.upper === 'BINARY' && c.peek().upper !== '.') {
    c.advance();
    const operand = parseSimple(c);
    c.warn('ER_WARN_DEPRECATED_SYNTAX', 'BINARY expr', 'CAST');
    return {
      kind: 'cast',
      operand,
      type: { base: 'binary', length: undefined, decimals: undefined, charset: '' },
      start,
      end: c.lastEnd,
    };
  }
  return parsePrimary(c);
}

export function parsePrimary(c: Cursor): Expression {
  const found = literal(c);
  if (found) return found;
  const { token } = c;
  const { start } = token;
  if (token.kind === 'variable') return parseUserVariable(c);
  if (token.kind === 'system') return parseSystemVariable(c);
  if (token.upper === '(') return parseParentheses(c);
  if (token.upper === '{' && c.peek().kind === 'word') return parseOdbc(c);
  if (token.kind === 'quoted') return parseColumnOrCall(c);
  if (token.kind !== 'word') throw c.fail();
  const special = SPECIAL[token.upper];
  if (special) {
    const made = special(c, start);
    if (made) return made;
  }
  if (
    token.text.startsWith('_') &&
    isCharset(token.text.slice(1)) &&
    (c.peek().kind === 'string' || c.peek().kind === 'hex' || c.peek().kind === 'bit')
  ) {
    c.advance();
    const introducer = token.text.slice(1).toLowerCase();
    if (introducer === 'utf8') c.warn('ER_WARN_UTF8_ALIAS');
    else if (DEPRECATED_CHARSETS.has(introducer)) c.warn('ER_WARN_DEPRECATED_SYNTAX', introducer, 'utf8mb4');
    return c.token.kind === 'string' ? parseString(c, introducer, start) : parseBytes(c, introducer, start);
  }
  return parseColumnOrCall(c);
}

function parseUserVariable(c: Cursor): Expression {
  const token = c.advance();
  const name = decode(token.text);
  if (name === '' && c.is(':=')) throw sqlError('ER_ILLEGAL_USER_VAR', '');
  if (!c.accept(':=')) return { kind: 'variable', name, start: token.start, end: token.end };
  const value = c.parseExpression(c);
  c.warn('ER_WARN_SETTING_IN_EXPRESSION');
  return { kind: 'assign', name, value, start: token.start, end: c.lastEnd };
}

function parseSystemVariable(c: Cursor): Expression {
  const start = c.advance().start;
  const scope = c.peek().text === '.' ? SCOPES[c.token.upper] : undefined;
  if (scope) {
    c.advance();
    c.advance();
  }
  let name = scope ? c.nameAfterDot() : c.name();
  if (c.accept('.')) name += `.${c.nameAfterDot()}`;
  return { kind: 'system', scope: scope ?? '', name, start, end: c.lastEnd };
}

function parseParentheses(c: Cursor): Expression {
  const start = c.token.start;
  if (isQueryStart(c)) {
    const mark = c.mark();
    c.advance();
    if (isQueryStart(c)) {
      const query = c.parseQuery(c);
      if (c.accept(')')) return { kind: 'subquery', query, start, end: c.lastEnd };
      if (c.peek(-1).upper !== ')') throw c.fail();
    }
    c.back(mark);
  }
  c.expect('(');
  const first = c.parseExpression(c);
  if (c.is(',')) {
    const items = [first];
    while (c.accept(',')) items.push(c.parseExpression(c));
    c.expect(')');
    return { kind: 'row', items, start, end: c.lastEnd };
  }
  c.expect(')');
  return { ...first, start, end: c.lastEnd };
}

function isCharset(name: string): boolean {
  return findCharset(name) !== undefined;
}

/** ODBC's {ts '…'}, {d '…'}, {t '…'} and {name expr}. */
function parseOdbc(c: Cursor): Expression {
  const start = c.advance().start;
  const name = c.name().toLowerCase();
  const type = ({ ts: 'timestamp', d: 'date', t: 'time' } as const)[name as 'ts'];
  const isText = c.token.kind === 'string';
  const value = c.parseExpression(c);
  c.expect('}');
  if (type && isText && value.kind === 'string')
    return { kind: 'temporal', type, text: value.bytes.toString(), start, end: c.lastEnd };
  return value;
}
