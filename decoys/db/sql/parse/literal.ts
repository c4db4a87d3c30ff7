// Literals: numbers, texts with their introducers, hexadecimal and bit values, dates and times.
// Source: https://dev.mysql.com/doc/refman/9.7/en/literals.html
import type { Expression } from '../ast/expression.ts';
import { decodeText } from '../value/charset.ts';
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

/** A text as the name of its column: what cannot be printed before it is left out, and what follows a byte of zero. */
function shownName(first: string, introducer: string): string {
  const charset = introducer === '' || introducer === 'national' || introducer === 'binary' ? undefined : introducer;
  const plain = charset === 'ascii' ? first.replace(/[\x80-\xff]+/g, '') : first;
  const text = charset ? (decodeText(Buffer.from(plain, 'latin1'), charset) ?? '') : decode(plain);
  return text.replace(UNPRINTABLE_START, '').split('\0', 1)[0] as string;
}

const UNPRINTABLE_START = /^[\x00-\x20\x7f]+/;

export function parseString(c: Cursor, introducer: string, start: number): Expression {
  const first = c.token.text;
  let bytes = '';
  while (c.token.kind === 'string') bytes += c.advance().text;
  return {
    kind: 'string',
    bytes: Buffer.from(bytes, 'latin1'),
    introducer,
    first: shownName(first, introducer),
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
