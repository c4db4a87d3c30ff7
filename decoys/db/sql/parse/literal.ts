// Literals: numbers, texts with their introducers, hexadecimal and bit values, dates and times.
// Source: https://dev.mysql.com/doc/refman/9.7/en/literals.html
import type { Expression } from '../ast/expression.ts';
import { type Cursor, decode } from './cursor.ts';

export function literal(c: Cursor): Expression | undefined {
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

export function parseString(c: Cursor, introducer: string, start: number): Expression {
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

export function parseBytes(c: Cursor, introducer: string, start: number): Expression {
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
