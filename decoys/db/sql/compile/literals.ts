// Literals: numbers, text with its introducer, hexadecimal and bit strings, dates and times.
// Source: https://dev.mysql.com/doc/refman/9.7/en/literals.html
import { sqlError } from '../errors.ts';
import type { Node } from '../scope.ts';
import { decodeText, findCharset } from '../value/charset.ts';
import { parseDecimal } from '../value/decimal.ts';
import { Temporal } from '../value/temporal.ts';
import { parseDate, parseTime } from '../value/temporal-text.ts';
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

export function compileNumber(e: Of<'number'>): Node {
  if (e.form === 'integer') {
    const value = BigInt(e.text);
    const digits = value.toString().length;
    if (value > 18446744073709551615n)
      return literal(decimalType(digits, 0, { nullable: false }), parseDecimal(e.text));
    const unsigned = value > 9223372036854775807n;
    return literal(countType(Math.max(digits, e.text.length) + (unsigned ? 0 : 1), { unsigned }), value);
  }
  if (e.form === 'float') {
    const value = Number(e.text);
    if (!Number.isFinite(value)) throw sqlError('ER_ILLEGAL_VALUE_FOR_TYPE', 'double', e.text);
    return literal(doubleType({ length: e.text.length, nullable: false }), value);
  }
  const value = parseDecimal(
    e.text.startsWith('.') ? `0${e.text}` : e.text.endsWith('.') ? e.text.slice(0, -1) : e.text,
  );
  const whole = e.text.split('.')[0]?.replace(/^0+(?=\d)/, '') ?? '';
  return literal(decimalType(whole.length + value.scale, value.scale, { nullable: false }), value);
}

export function compileString(c: Compiler, e: Of<'string'>): Node {
  if (e.introducer === 'binary') return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  const introducer = e.introducer === 'national' ? 'utf8mb3' : e.introducer;
  const charset = introducer ? findCharset(introducer) : undefined;
  if (e.introducer && !charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', e.introducer);
  if (!charset && c.x.session.connectionCollation() === 'binary')
    return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  const decoded = decodeText(e.bytes, charset ? charset.name : c.x.session.clientCharset());
  if (decoded === undefined) {
    if (charset)
      throw sqlError('ER_INVALID_CHARACTER_STRING', charset.name, e.bytes.toString('hex').toUpperCase().slice(0, 12));
    return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  }
  const collation = charset ? charset.defaultCollation : c.x.session.connectionCollation();
  return literal(textType([...decoded].length, { nullable: false, collation }), decoded, LITERAL);
}

export function compileTemporal(e: Of<'temporal'>): Node {
  const value = e.type === 'time' ? parseTime(e.text) : parseDate(e.text);
  const fits = value && (e.type === 'time' || value.kind === (e.type === 'date' ? 'date' : 'datetime'));
  if (!fits)
    throw sqlError('ER_WRONG_VALUE', e.type === 'date' ? 'DATE' : e.type === 'time' ? 'TIME' : 'DATETIME', e.text);
  const decimals = value.micro === 0 ? 0 : (/\.(\d+)/.exec(e.text)?.[1]?.length ?? 0);
  if (e.type === 'date') return literal(dateType({ nullable: false }), value);
  if (e.type === 'time') return literal(timeType(decimals, { nullable: false }), value);
  return literal(datetimeType(decimals, { nullable: false }), new Temporal({ ...value, kind: 'datetime' }));
}
