// CAST and CONVERT, and the types they may name.
// Source: https://dev.mysql.com/doc/refman/9.7/en/cast-functions.html
import type { CastType, Expression } from '../ast/expression.ts';
import { sqlError } from '../errors.ts';
import { findCollation } from '../value/charset.ts';
import { type Cursor, decode } from './cursor.ts';

/** Character sets that are to go. */
export const DEPRECATED_CHARSETS: ReadonlySet<string> = new Set([
  'utf8mb3',
  'ucs2',
  'macroman',
  'macce',
  'dec8',
  'hp8',
]);

/** Short names of character sets after CHAR. */
const NAMED_CHARSETS: Readonly<Record<string, string>> = { __proto__: null as never, ASCII: 'latin1', UNICODE: 'ucs2' };

const GEOMETRIES: ReadonlySet<string> = new Set([
  ...['POINT', 'LINESTRING', 'POLYGON', 'MULTIPOINT', 'MULTILINESTRING', 'MULTIPOLYGON', 'GEOMETRYCOLLECTION'],
  'GEOMCOLLECTION',
]);

export function parseCast(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const operand = c.parseExpression(c);
  if (c.acceptAll('AT', 'TIME', 'ZONE')) {
    c.accept('INTERVAL');
    c.string();
  }
  c.expect('AS');
  if (GEOMETRIES.has(c.token.upper)) {
    const kind = c.advance().upper.replace('GEOMETRYCOLLECTION', 'GEOMCOLLECTION');
    c.expect(')');
    return {
      kind: 'call',
      schema: '',
      name: `CAST_AS_${kind}`,
      args: [operand],
      nameStart: start,
      start,
      end: c.lastEnd,
    };
  }
  const type = parseCastType(c);
  const array = c.accept('ARRAY');
  c.expect(')');
  return { ...castNode(c, operand, type, start), ...(array && { array }) };
}

export function optionalLength(c: Cursor): number | undefined {
  if (!c.accept('(')) return undefined;
  const length = c.integer();
  c.expect(')');
  return length;
}

const MAX_LENGTH = 4_294_967_295;

/** Characters or bytes asked for. Throws 1439 where no column is as wide, 1690 for the widest. */
function castLength(c: Cursor): number | undefined {
  const length = optionalLength(c);
  if (length !== undefined && length > MAX_LENGTH)
    throw sqlError('ER_TOO_BIG_DISPLAYWIDTH', 'cast as char', MAX_LENGTH);
  if (length === MAX_LENGTH) throw sqlError('ER_DATA_OUT_OF_RANGE', 'char(n)', 'cast_as_char');
  return length;
}

export function parseCastType(c: Cursor): CastType {
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
      const length = castLength(c);
      let charset = word === 'NCHAR' ? 'utf8mb3' : '';
      if (word === 'NCHAR') c.warn('ER_WARN_DEPRECATED_NATIONAL');
      if (c.acceptAll('CHARACTER', 'SET') || c.acceptAll('CHAR', 'SET') || c.accept('CHARSET'))
        charset = charsetName(c);
      else if (c.accept('BINARY')) charset = '';
      else charset = NAMED_CHARSETS[c.token.upper] ?? charset;
      if (c.isOne('ASCII', 'UNICODE'))
        c.warn('ER_WARN_DEPRECATED_SYNTAX', c.advance().upper, 'CHARACTER SET charset_name');
      if (charset.toLowerCase() === 'utf8mb3' && word !== 'NCHAR')
        c.warn('ER_WARN_DEPRECATED_SYNTAX', 'utf8mb3', 'utf8mb4');
      return { base: 'char', length, decimals: undefined, charset: charset.toLowerCase() };
    }
    case 'BINARY':
      c.advance();
      return { ...none, base: 'binary', length: castLength(c) };
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
  const lower = name.toLowerCase();
  if (lower === 'utf8') c.warn('ER_WARN_UTF8_ALIAS');
  if (DEPRECATED_CHARSETS.has(lower)) c.warn('ER_WARN_DEPRECATED_SYNTAX', lower, 'utf8mb4');
  return name;
}

/** What follows COLLATE, in lower case; one of UTF8MB3 is told to be of a set that is to go. */
export function collationName(c: Cursor): string {
  const name = (c.is('BINARY') ? c.advance().text : c.nameOrText()).toLowerCase();
  const found = findCollation(name);
  if (found?.charset === 'utf8mb3') c.warn('ER_WARN_UTF8MB3_COLLATION', found.name);
  return name;
}

/** Bytes of a cast that messages show. */
const SOURCE_BYTES = 256;

function castNode(
  c: Cursor,
  operand: Expression,
  type: CastType,
  start: number,
): Extract<Expression, { kind: 'cast' }> {
  const made = { kind: 'cast', operand, type, start, end: c.lastEnd } as const;
  if (type.base !== 'decimal') return made;
  const text = (from: number, to: number) => decode(c.text.slice(from, Math.min(to, from + SOURCE_BYTES)));
  return { ...made, source: { operand: text(operand.start, operand.end), whole: text(start, c.lastEnd) } };
}

export function parseConvert(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const operand = c.parseExpression(c);
  if (c.accept('USING')) {
    const charset = charsetName(c);
    c.expect(')');
    return { kind: 'convert-charset', operand, charset: charset.toLowerCase(), start, end: c.lastEnd };
  }
  c.expect(',');
  const type = parseCastType(c);
  c.expect(')');
  return castNode(c, operand, type, start);
}
