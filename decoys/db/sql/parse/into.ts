// LIMIT, and INTO with its files: how much of a result goes where.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select-into.html
import type { Into, Limit } from '../ast/query.ts';
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

function limitNumber(c: Cursor): Limit['count'] {
  const { kind } = c.token;
  if (kind !== 'integer' && kind !== 'parameter' && kind !== 'hex' && kind !== 'word') throw c.fail();
  if (kind === 'word' && (isReserved(c.token.upper) || c.peek().upper === '(')) throw c.fail();
  return c.parseExpression(c);
}

export function parseInto(c: Cursor): Into {
  c.expect('INTO');
  if (c.accept('OUTFILE')) {
    const file = c.string();
    skipFileOptions(c);
    return { kind: 'outfile', file, names: [], local: [] };
  }
  if (c.accept('DUMPFILE')) return { kind: 'dumpfile', file: c.string(), names: [], local: [] };
  const local: boolean[] = [];
  const names = c.list(() => {
    local.push(c.token.kind !== 'variable');
    return c.token.kind === 'variable' ? decode(c.advance().text) : c.name();
  });
  return { kind: 'variables', file: '', names, local };
}

/** FIELDS TERMINATED BY … LINES STARTING BY …: taken in, of no consequence here. */
export function skipFileOptions(c: Cursor): void {
  if (c.acceptAll('CHARACTER', 'SET') || c.accept('CHARSET')) {
    const charset = charsetName(c);
    if (!findCharset(charset)) throw sqlError('ER_UNKNOWN_CHARACTER_SET', charset);
  }
  if (c.acceptOne('FIELDS', 'COLUMNS')) {
    let any = false;
    for (;;) {
      c.accept('OPTIONALLY');
      if (!c.acceptOne('TERMINATED', 'ENCLOSED', 'ESCAPED')) break;
      c.expect('BY');
      skipText(c);
      any = true;
    }
    if (!any) throw c.fail();
  }
  if (c.accept('LINES')) {
    let any = false;
    while (c.acceptOne('TERMINATED', 'STARTING')) {
      c.expect('BY');
      skipText(c);
      any = true;
    }
    if (!any) throw c.fail();
  }
}

function skipText(c: Cursor): void {
  if (c.token.kind !== 'string' && c.token.kind !== 'hex' && c.token.kind !== 'bit') throw c.fail();
  c.advance();
}
