// LIMIT, and INTO with its files: how much of a result goes where.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select-into.html
import type { FileFormat, Into, Limit } from '../ast/query.ts';
import { sqlError } from '../errors.ts';
import { findCharset } from '../value/charset.ts';
import { charsetName } from './cast-type.ts';
import { type Cursor, decode } from './cursor.ts';
import { isReserved } from './words.ts';

export function parseLimit(c: Cursor): Limit | undefined {
  if (!c.accept('LIMIT')) return undefined;
  const first = limitNumber(c);
  if (c.accept(',')) return { count: limitNumber(c), offset: first };
  if (c.accept('OFFSET')) return { count: first, offset: limitNumber(c) };
  return { count: first, offset: undefined };
}

/** The largest count LIMIT takes, and how many digits any below it has fewer than. */
const MOST_ROWS = 18_446_744_073_709_551_615n;
const WHOLE_DIGITS = 20;

function limitNumber(c: Cursor): Limit['count'] {
  const { kind, text, start, end } = c.token;
  if (kind === 'parameter') return c.parsePrimary(c);
  if (kind === 'integer' && (text.length < WHOLE_DIGITS || BigInt(text) <= MOST_ROWS)) {
    c.advance();
    return { kind: 'number', form: 'integer', text, start, end };
  }
  if (kind !== 'word' || isReserved(c.token.upper) || c.peek().upper === '(') throw c.fail();
  return c.parsePrimary(c);
}

export function parseInto(c: Cursor): Into {
  c.expect('INTO');
  if (c.accept('OUTFILE')) {
    const file = c.string();
    return { kind: 'outfile', file, format: parseFileFormat(c), names: [], local: [] };
  }
  if (c.accept('DUMPFILE')) return { kind: 'dumpfile', file: c.string(), format: PLAIN, names: [], local: [] };
  const local: boolean[] = [];
  const names = c.list(() => {
    local.push(c.token.kind !== 'variable');
    return c.token.kind === 'variable' ? decode(c.advance().text) : c.name();
  });
  return { kind: 'variables', file: '', format: PLAIN, names, local };
}

const PLAIN: FileFormat = {
  charset: '',
  fieldEnd: '\t',
  enclosed: '',
  optionally: false,
  escaped: '\\',
  lineStart: '',
  lineEnd: '\n',
};

/** CHARACTER SET, FIELDS TERMINATED BY … and LINES STARTING BY …, each where it is said. */
export function parseFileFormat(c: Cursor): FileFormat {
  const format = { ...PLAIN };
  if (c.acceptAll('CHARACTER', 'SET') || c.accept('CHARSET')) {
    const name = charsetName(c);
    const charset = findCharset(name);
    if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', name);
    format.charset = charset.name;
  }
  if (c.acceptOne('FIELDS', 'COLUMNS')) {
    let any = false;
    for (;;) {
      const optionally = c.accept('OPTIONALLY');
      const word = optionally ? c.acceptOne('ENCLOSED') : c.acceptOne('TERMINATED', 'ENCLOSED', 'ESCAPED');
      if (!word && optionally) throw c.fail();
      if (!word) break;
      c.expect('BY');
      format[FIELD_WORDS[word] as 'fieldEnd'] = separator(c);
      if (optionally) format.optionally = true;
      any = true;
    }
    if (!any) throw c.fail();
  }
  if (c.accept('LINES')) {
    let any = false;
    for (let word = c.acceptOne(...LINE_STARTS); word; word = c.acceptOne(...LINE_STARTS)) {
      c.expect('BY');
      format[word === 'STARTING' ? 'lineStart' : 'lineEnd'] = separator(c);
      any = true;
    }
    if (!any) throw c.fail();
  }
  return format;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  TERMINATED: 'fieldEnd',
  ENCLOSED: 'enclosed',
  ESCAPED: 'escaped',
};
const LINE_STARTS = ['TERMINATED', 'STARTING'];

function separator(c: Cursor): string {
  const { kind, text } = c.token;
  if (kind !== 'string' && kind !== 'hex' && kind !== 'bit') throw c.fail();
  c.advance();
  if (kind === 'hex') return Buffer.from(text, 'hex').toString('latin1');
  if (kind === 'bit') return String.fromCharCode(Number.parseInt(text || '0', 2) & 0xff);
  return text;
}
