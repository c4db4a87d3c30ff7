// Literals: numbers, text with its introducer, hexadecimal and bit strings, dates and times.
// Source: https://dev.mysql.com/doc/refman/9.7/en/literals.html
import { sqlError } from '../errors.ts';
import { tellOdd, zoned } from '../functions/time-argument.ts';
import type { Node } from '../scope.ts';
import {
  type Charset,
  decodeText,
  findCharset,
  firstCharacter,
  invalidBytes,
  strictText,
  unitBytes,
} from '../value/charset.ts';
import { parseDecimal } from '../value/decimal.ts';
import type { Temporal } from '../value/temporal.ts';
import { readDate, readTime } from '../value/temporal-text.ts';
import {
  bytesType,
  countType,
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  textType,
  timeType,
} from '../value/type.ts';
import { type Compiler, LITERAL, literal, type Of } from './compiler.ts';

/** A decimal has nine words of nine digits, as many as its whole part takes of them that part's; a literal's digits past them are not read. */
const WORDS = 9;
const WORD_DIGITS = 9;
/** What a literal of more whole digits is read as. */
const MOST_DIGITS = 65;
/** Bytes of it the warning of that shows. */
const SHOWN_BYTES = 80;

/** A number's whole digits, and those behind its point that are read; of more than there are words for, the most there may be, with a warning. */
function decimalDigits(c: Compiler, text: string): readonly [whole: string, fraction: string] {
  const point = text.indexOf('.');
  const whole = (point < 0 ? text : text.slice(0, point)).replace(/^0+(?=\d)/, '');
  if (whole.length > WORDS * WORD_DIGITS) {
    c.x.warn('ER_TRUNCATED_WRONG_VALUE', 'DECIMAL', text.slice(0, SHOWN_BYTES));
    return ['9'.repeat(MOST_DIGITS), ''];
  }
  const left = (WORDS - Math.ceil(Math.max(1, whole.length) / WORD_DIGITS)) * WORD_DIGITS;
  return [whole, point < 0 ? '' : text.slice(point + 1, point + 1 + left)];
}

export function compileNumber(c: Compiler, e: Of<'number'>): Node {
  if (e.form === 'float') {
    const value = Number(e.text);
    if (!Number.isFinite(value)) throw sqlError('ER_ILLEGAL_VALUE_FOR_TYPE', 'double', e.text);
    return literal(doubleType({ length: e.text.length, nullable: false }), value);
  }
  const [whole, fraction] = decimalDigits(c, e.text);
  if (e.form === 'integer') {
    const value = BigInt(whole);
    if (value > 18446744073709551615n)
      return literal(decimalType(whole.length, 0, { nullable: false }), parseDecimal(whole));
    const unsigned = value > 9223372036854775807n;
    return literal(countType(e.text.length + (unsigned ? 0 : 1), { unsigned }), value);
  }
  const value = parseDecimal(fraction === '' ? whole || '0' : `${whole}.${fraction}`);
  return literal(decimalType(whole.length + value.scale, value.scale, { nullable: false }), value);
}

export function compileString(c: Compiler, e: Of<'string'>): Node {
  if (e.introducer === 'binary') return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  const introducer = e.introducer === 'national' ? 'utf8mb3' : e.introducer;
  const charset = introducer ? findCharset(introducer) : undefined;
  if (e.introducer && !charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', e.introducer);
  if (!charset && c.x.session.connectionCollation() === 'binary')
    return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  const decoded = charset ? strictText(e.bytes, charset.name) : decodeText(e.bytes, c.x.session.clientCharset());
  if (decoded === undefined) {
    if (charset) return unfit(c, e.bytes, charset);
    return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  }
  const collation = charset ? charset.defaultCollation : c.x.session.connectionCollation();
  return literal(textType([...decoded].length, { nullable: false, collation }), decoded, LITERAL);
}

/** Text that is none of its introducer's character set: each byte that is no character of it a question mark, with a warning. */
function unfit(c: Compiler, bytes: Buffer, charset: Charset): Node {
  c.x.warn('ER_INVALID_CHARACTER_STRING', charset.name, invalidBytes(bytes, charset.name));
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const next = firstCharacter(bytes, at, charset.name);
    text += next === undefined ? '?' : decodeText(bytes.subarray(at, next), charset.name);
    at = next ?? at + unitBytes(charset.name);
  }
  const type = textType([...text].length, { nullable: false, collation: charset.defaultCollation });
  return literal(type, text, LITERAL);
}

/** A hexadecimal or bit literal: bytes that are a number where one is wanted; with an introducer, text. */
export function compileBytes(c: Compiler, e: Of<'bytes'>): Node {
  if (e.introducer === 'binary') return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  if (e.introducer) {
    const charset = findCharset(e.introducer);
    if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', e.introducer);
    const text = strictText(e.bytes, charset.name);
    if (text === undefined && charset.name === 'ascii') return unfit(c, e.bytes, charset);
    if (text === undefined)
      throw sqlError('ER_INVALID_CHARACTER_STRING', charset.name, invalidBytes(e.bytes, charset.name));
    return literal(textType([...text].length, { nullable: false, collation: charset.defaultCollation }), text, LITERAL);
  }
  const type = bytesType(e.bytes.length, { nullable: false, unsigned: e.form === 'hex', decimals: 0 });
  return { ...literal(type, e.bytes, LITERAL), digits: true };
}

/** Digits of a literal's fraction; what is written after six of them is rounded away. */
function fractionDigits(text: string): number {
  return Math.min(6, /\.(\d{1,64})/.exec(text)?.[1]?.length ?? 0);
}

const TEMPORAL_NAMES = { date: 'DATE', time: 'TIME', timestamp: 'DATETIME' } as const;

export function compileTemporal(c: Compiler, e: Of<'temporal'>): Node {
  const read = e.type === 'time' ? readTime(e.text) : readDate(e.text);
  const { value } = read;
  const kind = e.type === 'timestamp' ? 'datetime' : e.type;
  if (!value || read.truncated || value.kind !== kind || !allowed(c, value) || value.year > LAST_YEAR)
    throw sqlError('ER_WRONG_VALUE', TEMPORAL_NAMES[e.type], e.text);
  tellOdd(e.text, read.odd, c.x);
  if (e.type === 'date') return literal(dateType({ nullable: false }), value);
  const type = (e.type === 'time' ? timeType : datetimeType)(fractionDigits(e.text), { nullable: false });
  return literal(type, zoned(value, read.zone, c.x));
}

const LAST_YEAR = 9999;

/** Whether the session's modes let a date have no month or day. */
function allowed(c: Compiler, { kind, year, month, day }: Temporal): boolean {
  if (kind === 'time' || (month > 0 && day > 0)) return true;
  const mode = c.x.session.sqlMode();
  return !mode.includes(year === 0 && month === 0 && day === 0 ? 'NO_ZERO_DATE' : 'NO_ZERO_IN_DATE');
}
