// Expressions: MySQL's operator precedence by recursive descent, every node with the bytes it spans.
// Source: https://dev.mysql.com/doc/refman/9.7/en/expressions.html and operator-precedence.html
import type { CastType, Expression, OrderItem } from '../ast/expression.ts';
import { findCharset } from '../value/charset.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseOver } from './window.ts';
import {
  ADJACENT_FUNCTIONS,
  AGGREGATES,
  BARE_FUNCTIONS,
  CALLABLE_KEYWORDS,
  INTERVAL_UNITS,
  isKeyword,
  isReserved,
  WINDOW_FUNCTIONS,
} from './words.ts';

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
const SCOPES: Readonly<Record<string, 'global' | 'session' | 'persist'>> = {
  GLOBAL: 'global',
  SESSION: 'session',
  LOCAL: 'session',
  PERSIST: 'persist',
};

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
  if (c.accept('NOT')) {
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

function isQueryStart(c: Cursor, ahead = 0): boolean {
  let at = ahead;
  while (c.peek(at).upper === '(') at++;
  return (
    ['SELECT', 'WITH', 'TABLE'].includes(c.peek(at).upper) ||
    (c.peek(at).upper === 'VALUES' && c.peek(at + 1).upper === 'ROW')
  );
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
    return { kind: 'in', not, operand, list, start, end: c.lastEnd };
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
function parseBit(c: Cursor, level: number): Expression {
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

function parseInterval(c: Cursor): Expression {
  const start = c.token.start;
  c.expect('INTERVAL');
  const amount = parseExpression(c);
  return finishInterval(c, amount, start);
}

function finishInterval(c: Cursor, amount: Expression, start: number): Expression {
  const unit = c.token.upper;
  if (!INTERVAL_UNITS.has(unit)) throw c.fail();
  c.advance();
  return { kind: 'interval', amount, unit, start, end: c.lastEnd };
}

function parseSimple(c: Cursor): Expression {
  c.enter();
  c.operand();
  const start = c.token.start;
  let value = parsePrefix(c);
  for (;;) {
    if (c.accept('COLLATE')) {
      const collation = c.token.kind === 'string' ? c.string() : c.is('BINARY') ? c.advance().text : c.name();
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
  if (token.kind === 'operator' && PREFIXES.includes(token.upper)) {
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

function literal(c: Cursor): Expression | undefined {
  const { token } = c;
  const { start } = token;
  if (token.kind === 'integer' || token.kind === 'decimal' || token.kind === 'float') {
    c.advance();
    return { kind: 'number', form: token.kind, text: token.text, start, end: token.end };
  }
  if (token.kind === 'string') {
    const national = /[nN]/.test(c.text[start] ?? '');
    if (national) c.warn('ER_WARN_DEPRECATED_NATIONAL');
    return parseString(c, national ? 'national' : '', start);
  }
  if (token.kind === 'hex' || token.kind === 'bit') return parseBytes(c, '', start);
  if (token.kind === 'parameter') {
    c.advance();
    return { kind: 'parameter', index: c.parameters++, start, end: token.end };
  }
  return undefined;
}

function parseString(c: Cursor, introducer: string, start: number): Expression {
  const first = c.token.text;
  let bytes = '';
  while (c.token.kind === 'string') bytes += c.advance().text;
  return {
    kind: 'string',
    bytes: Buffer.from(bytes, 'latin1'),
    introducer,
    first: decode(first),
    start,
    end: c.lastEnd,
  };
}

function parseBytes(c: Cursor, introducer: string, start: number): Expression {
  const token = c.advance();
  if (token.kind === 'bit') {
    const padded = token.text.padStart(Math.ceil(token.text.length / 8) * 8, '0');
    const octets = padded.match(/.{8}/g) ?? [];
    return {
      kind: 'bytes',
      form: 'bit',
      bytes: Buffer.from(octets.map((octet) => Number.parseInt(octet, 2))),
      introducer,
      start,
      end: token.end,
    };
  }
  const digits = token.text.length % 2 === 1 ? `0${token.text}` : token.text;
  return { kind: 'bytes', form: 'hex', bytes: Buffer.from(digits, 'hex'), introducer, start, end: token.end };
}

function parsePrimary(c: Cursor): Expression {
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
    isCharset(token.text.slice(1)) &&
    (c.peek().kind === 'string' || c.peek().kind === 'hex' || c.peek().kind === 'bit')
  ) {
    c.advance();
    const introducer = token.text.slice(1).toLowerCase();
    if (introducer === 'utf8') c.warn('ER_WARN_UTF8_ALIAS');
    return c.token.kind === 'string' ? parseString(c, introducer, start) : parseBytes(c, introducer, start);
  }
  return parseColumnOrCall(c);
}

function parseUserVariable(c: Cursor): Expression {
  const token = c.advance();
  const name = decode(token.text);
  if (!c.accept(':=')) return { kind: 'variable', name, start: token.start, end: token.end };
  const value = parseExpression(c);
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
  const first = parseExpression(c);
  if (c.is(',')) {
    const items = [first];
    while (c.accept(',')) items.push(parseExpression(c));
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
  const value = parseExpression(c);
  c.expect('}');
  if (type && isText && value.kind === 'string')
    return { kind: 'temporal', type, text: value.bytes.toString(), start, end: c.lastEnd };
  return { ...value, start, end: c.lastEnd };
}

type Special = (c: Cursor, start: number) => Expression | undefined;

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

function calledOnly(parse: Special): Special {
  return (c, start) => (c.peek().upper === '(' ? parse(c, start) : undefined);
}

function call(c: Cursor, name: string, args: readonly Expression[], start: number): Expression {
  return { kind: 'call', schema: '', name, args, nameStart: start, start, end: c.lastEnd };
}

function parseCast(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const operand = parseExpression(c);
  if (c.acceptAll('AT', 'TIME', 'ZONE')) {
    c.accept('INTERVAL');
    c.string();
  }
  c.expect('AS');
  const type = parseCastType(c);
  c.accept('ARRAY');
  c.expect(')');
  return { kind: 'cast', operand, type, start, end: c.lastEnd };
}

function optionalLength(c: Cursor): number | undefined {
  if (!c.accept('(')) return undefined;
  const length = c.integer();
  c.expect(')');
  return length;
}

function parseCastType(c: Cursor): CastType {
  const none = { length: undefined, decimals: undefined, charset: '' };
  if (c.accept('SIGNED') || c.accept('UNSIGNED')) {
    const base = c.peek(-1).upper === 'SIGNED' ? 'signed' : 'unsigned';
    c.acceptOne('INTEGER', 'INT');
    return { base, ...none };
  }
  const word = c.token.upper;
  switch (word) {
    case 'CHAR':
    case 'CHARACTER':
    case 'NCHAR': {
      c.advance();
      const length = optionalLength(c);
      let charset = word === 'NCHAR' ? 'utf8mb3' : '';
      if (word === 'NCHAR') c.warn('ER_WARN_DEPRECATED_NATIONAL');
      if (c.acceptAll('CHARACTER', 'SET') || c.acceptAll('CHAR', 'SET') || c.accept('CHARSET'))
        charset = charsetName(c);
      else if (c.accept('BINARY')) charset = '';
      return { base: 'char', length, decimals: undefined, charset: charset.toLowerCase() };
    }
    case 'BINARY':
      c.advance();
      return { ...none, base: 'binary', length: optionalLength(c) };
    case 'DATE':
    case 'YEAR':
    case 'JSON':
    case 'DOUBLE':
    case 'REAL':
      c.advance();
      if (word === 'DOUBLE') c.accept('PRECISION');
      return { base: word === 'REAL' ? 'double' : (word.toLowerCase() as 'date'), ...none };
    case 'FLOAT': {
      c.advance();
      return { base: 'float', length: optionalLength(c), decimals: undefined, charset: '' };
    }
    case 'DATETIME':
    case 'TIME':
      c.advance();
      return { base: word.toLowerCase() as 'time', length: undefined, decimals: optionalLength(c), charset: '' };
    case 'DECIMAL':
    case 'DEC': {
      c.advance();
      let length: number | undefined;
      let decimals: number | undefined;
      if (c.accept('(')) {
        length = c.integer();
        if (c.accept(',')) decimals = c.integer();
        c.expect(')');
      }
      return { base: 'decimal', length, decimals, charset: '' };
    }
    default:
      throw c.fail();
  }
}

/** The name of a character set, with the warning `utf8` deserves. */
export function charsetName(c: Cursor): string {
  const name = c.is('BINARY') ? c.advance().text : c.nameOrText();
  if (name.toLowerCase() === 'utf8') c.warn('ER_WARN_UTF8_ALIAS');
  return name;
}

function parseConvert(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const operand = parseExpression(c);
  if (c.accept('USING')) {
    const charset = charsetName(c);
    c.expect(')');
    return { kind: 'convert-charset', operand, charset: charset.toLowerCase(), start, end: c.lastEnd };
  }
  c.expect(',');
  const type = parseCastType(c);
  c.expect(')');
  return { kind: 'cast', operand, type, start, end: c.lastEnd };
}

function parseCase(c: Cursor, start: number): Expression {
  c.advance();
  const operand = c.is('WHEN') ? undefined : parseExpression(c);
  const branches: [Expression, Expression][] = [];
  while (c.accept('WHEN')) {
    const when = parseExpression(c);
    c.expect('THEN');
    branches.push([when, parseExpression(c)]);
  }
  if (branches.length === 0) throw c.fail();
  const otherwise = c.accept('ELSE') ? parseExpression(c) : undefined;
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
  const first = side && c.is('FROM') ? undefined : parseExpression(c);
  const name = side === 'LEADING' ? 'TRIM LEADING' : side === 'TRAILING' ? 'TRIM TRAILING' : 'TRIM';
  if (c.accept('FROM')) {
    const from = parseExpression(c);
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
  const args = [parseExpression(c)];
  if (c.accept('FROM')) {
    args.push(parseExpression(c));
    if (c.accept('FOR')) args.push(parseExpression(c));
  } else {
    c.expect(',');
    args.push(parseExpression(c));
    if (c.accept(',')) args.push(parseExpression(c));
  }
  c.expect(')');
  return call(c, 'SUBSTRING', args, start);
}

function parsePosition(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const needle = parseBit(c, 0);
  c.expect('IN');
  const hay = parseExpression(c);
  c.expect(')');
  return call(c, 'LOCATE', [needle, hay], start);
}

function parseExtract(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const unit = c.advance();
  if (!INTERVAL_UNITS.has(unit.upper)) throw c.fail(unit);
  c.expect('FROM');
  const from = parseExpression(c);
  c.expect(')');
  return call(
    c,
    'EXTRACT',
    [{ kind: 'string', bytes: Buffer.from(unit.upper), introducer: '', first: unit.upper, start, end: start }, from],
    start,
  );
}

/** DATE_ADD(x, INTERVAL n unit), ADDDATE also with days. */
function parseDateArithmetic(operator: '+' | '-'): Special {
  return (c, start) => {
    const word = c.advance().upper;
    c.expect('(');
    const left = parseExpression(c);
    c.expect(',');
    let right: Expression;
    if (c.is('INTERVAL')) right = parseInterval(c);
    else {
      if (word.startsWith('DATE_')) throw c.fail();
      const amount = parseExpression(c);
      right = { kind: 'interval', amount, unit: 'DAY', start: amount.start, end: amount.end };
    }
    c.expect(')');
    return { kind: 'binary', operator, left, right, start, end: c.lastEnd };
  };
}

function parseTimestampUnit(c: Cursor, start: number): Expression {
  const name = c.advance().upper;
  c.expect('(');
  const unit = c.advance();
  const upper = unit.upper.replace(/^SQL_TSI_/, '');
  if (!INTERVAL_UNITS.has(upper)) throw c.fail(unit);
  c.expect(',');
  const first = parseExpression(c);
  c.expect(',');
  const second = parseExpression(c);
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

function parseValues(c: Cursor, start: number): Expression {
  c.advance();
  const column = c.parenthesised(() => c.list(() => c.name())[0] as string);
  return { kind: 'values', column, start, end: c.lastEnd };
}

function parseDefault(c: Cursor, start: number): Expression {
  c.advance();
  const column = c.parenthesised(() => {
    let name = c.name();
    while (c.accept('.')) name = c.nameAfterDot();
    return name;
  });
  return { kind: 'default', column, start, end: c.lastEnd };
}

function parseMatch(c: Cursor, start: number): Expression {
  c.advance();
  const open = c.accept('(');
  const columns = c.list(() => parsePrimary(c));
  if (open) c.expect(')');
  c.expect('AGAINST', '(');
  const against = parseBit(c, 0);
  if (c.accept('IN')) {
    if (!c.acceptAll('NATURAL', 'LANGUAGE', 'MODE')) c.expect('BOOLEAN', 'MODE');
  }
  if (c.acceptAll('WITH', 'QUERY')) c.expect('EXPANSION');
  c.expect(')');
  return { kind: 'match', columns, against, start, end: c.lastEnd };
}

function parseIntervalFunction(c: Cursor, start: number): Expression {
  if (c.peek().upper !== '(') {
    const interval = parseInterval(c);
    c.expect('+');
    const right = parseBit(c, 3);
    return { kind: 'binary', operator: '+', left: right, right: interval, start, end: c.lastEnd };
  }
  const mark = c.mark();
  c.advance();
  c.advance();
  const args = c.list(() => parseExpression(c));
  c.expect(')');
  if (args.length > 1) return call(c, 'INTERVAL', args, start);
  c.back(mark);
  const interval = parseInterval(c);
  c.expect('+');
  return { kind: 'binary', operator: '+', left: parseBit(c, 3), right: interval, start, end: c.lastEnd };
}

function parseRow(c: Cursor, start: number): Expression {
  c.advance();
  const items = c.parenthesised(() => c.list(() => parseExpression(c)));
  return { kind: 'row', items, start, end: c.lastEnd };
}

/** CHAR(1, 2 USING x), WEIGHT_STRING(x AS CHAR(n)), GET_FORMAT(DATE, 'EUR'), JSON_VALUE(…) carry words inside. */
function parseChar(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const args = c.list(() => parseExpression(c));
  const charset = c.accept('USING') ? (c.is('BINARY') ? c.advance().text : c.nameOrText()) : '';
  c.expect(')');
  const made = call(c, 'CHAR', args, start);
  return charset
    ? { kind: 'convert-charset', operand: made, charset: charset.toLowerCase(), start, end: c.lastEnd }
    : made;
}

function parseGetFormat(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const what = c.acceptOne('DATE', 'TIME', 'DATETIME', 'TIMESTAMP');
  if (!what) throw c.fail();
  c.expect(',');
  const style = parseExpression(c);
  c.expect(')');
  return call(
    c,
    'GET_FORMAT',
    [{ kind: 'string', bytes: Buffer.from(what), introducer: '', first: what, start, end: start }, style],
    start,
  );
}

/** WEIGHT_STRING(x AS CHAR(n)) and AS BINARY(n). */
function parseWeightString(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  let operand = parseExpression(c);
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
  const args = c.parenthesised(() => c.list(() => parseExpression(c)));
  return { kind: 'grouping', args, start, end: c.lastEnd };
}

const SPECIAL: Readonly<Record<string, Special>> = {
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
};

export function parseOrderItem(c: Cursor): OrderItem {
  const expression = parseExpression(c);
  const descending = c.accept('DESC');
  if (!descending) c.accept('ASC');
  return { expression, descending };
}

function parseAggregate(c: Cursor, name: string, start: number): Expression {
  c.advance();
  c.expect('(');
  const distinct = c.accept('DISTINCT');
  const star = name === 'COUNT' && !distinct && c.accept('*');
  if (!distinct) c.accept('ALL');
  const args = star ? [] : c.list(() => parseExpression(c));
  if (args.length > 1 && name !== 'GROUP_CONCAT' && name !== 'JSON_OBJECTAGG' && !(name === 'COUNT' && distinct))
    throw c.fail();
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
  return { kind: 'aggregate', name, distinct, star, args, order, separator, over, start, end: c.lastEnd };
}

function parseArguments(c: Cursor): Expression[] {
  c.expect('(');
  const args = c.is(')') ? [] : c.list(() => parseCallArgument(c));
  c.expect(')');
  return args;
}

/** An argument of a plain function call may carry an alias, which only UDFs see. */
function parseCallArgument(c: Cursor): Expression {
  const value = parseExpression(c);
  if (c.accept('AS')) c.nameOrText();
  return value;
}

/** MOD(a, b) is a % b. */
function modulo(c: Cursor, [left, right]: readonly [Expression, Expression], start: number): Expression {
  return { kind: 'binary', operator: '%', left, right, start, end: c.lastEnd };
}

function parseColumnOrCall(c: Cursor): Expression {
  const { token } = c;
  const { start, upper } = token;
  const isWord = token.kind === 'word';
  const called = c.peek().upper === '(';
  const adjacent = called && c.peek().start === token.end;
  if (isWord && called) {
    if (adjacent && AGGREGATES.has(upper)) {
      if (upper === 'ANY_VALUE') {
        c.advance();
        return call(c, upper, parseArguments(c), start);
      }
      return parseAggregate(c, upper, start);
    }
    if (WINDOW_FUNCTIONS.has(upper)) {
      c.advance();
      const args = parseArguments(c);
      if (c.acceptAll('RESPECT', 'NULLS')) c.is('OVER');
      c.expect('OVER');
      return { kind: 'window', name: upper, args, over: parseOver(c), start, end: c.lastEnd };
    }
    const callable =
      adjacent || !ADJACENT_FUNCTIONS.has(upper)
        ? CALLABLE_KEYWORDS.has(upper) || ADJACENT_FUNCTIONS.has(upper)
        : false;
    if (callable || !isKeyword(upper)) {
      c.advance();
      const args = parseArguments(c);
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
  if (called && token.kind === 'quoted') return call(c, path[0] as string, parseArguments(c), start);
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
