// Options of tables and databases: engine, character set, comment and the rest.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import type { TableOptions } from '../ast/table.ts';
import { sqlError } from '../errors.ts';
import { findCollation } from '../value/charset.ts';
import { charsetName, collationName } from './cast-type.ts';
import type { Cursor } from './cursor.ts';
import { parseTableName } from './names.ts';

export function noOptions(): TableOptions {
  return { engine: '', charset: '', collation: '', comment: '', autoIncrement: 0, others: new Map() };
}

const NUMBER_OPTIONS = [
  'AVG_ROW_LENGTH',
  'CHECKSUM',
  'TABLE_CHECKSUM',
  'DELAY_KEY_WRITE',
  'KEY_BLOCK_SIZE',
  'MAX_ROWS',
  'MIN_ROWS',
  'STATS_AUTO_RECALC',
  'STATS_PERSISTENT',
  'STATS_SAMPLE_PAGES',
  'PACK_KEYS',
  'AUTOEXTEND_SIZE',
];
const ROW_FORMATS = ['DEFAULT', 'DYNAMIC', 'FIXED', 'COMPRESSED', 'REDUNDANT', 'COMPACT'];
const WORD_OPTIONS = ['INSERT_METHOD', 'TABLESPACE', 'SECONDARY_ENGINE'];
const TEXT_OPTIONS = [
  'CONNECTION',
  'PASSWORD',
  'COMPRESSION',
  'ENCRYPTION',
  'ENGINE_ATTRIBUTE',
  'SECONDARY_ENGINE_ATTRIBUTE',
];

/** One table option into `into`; false where none follows. */
export function parseTableOption(c: Cursor, into: TableOptions): boolean {
  if (c.acceptOne('ENGINE')) {
    c.accept('=');
    into.engine = c.nameOrText();
    return true;
  }
  if (c.accept('AUTO_INCREMENT')) {
    c.accept('=');
    into.autoIncrement = c.integer();
    return true;
  }
  if (c.accept('COMMENT')) {
    c.accept('=');
    into.comment = c.string();
    return true;
  }
  if (c.accept('ROW_FORMAT')) {
    c.accept('=');
    const format = c.acceptOne(...ROW_FORMATS);
    if (!format) throw c.fail();
    into.others.set('ROW_FORMAT', format);
    return true;
  }
  return parseOther(c, into) || parseCharsetOption(c, into);
}

const UNITS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** A size in bytes, as 4194304 or 4M. */
function sizeOf(c: Cursor): string {
  const sized = /^(\d{1,12})([KMGT])$/.exec(c.token.upper);
  if (!sized) return String(c.integer());
  c.advance();
  return String(Number(sized[1]) * (UNITS[sized[2] as string] as number));
}

function parseOther(c: Cursor, into: TableOptions): boolean {
  const number = c.acceptOne(...NUMBER_OPTIONS);
  if (number) {
    c.accept('=');
    const name = number === 'TABLE_CHECKSUM' ? 'CHECKSUM' : number;
    into.others.set(
      name,
      c.accept('DEFAULT') ? 'DEFAULT' : number === 'AUTOEXTEND_SIZE' ? sizeOf(c) : String(c.integer()),
    );
    return true;
  }
  const word = c.acceptOne(...WORD_OPTIONS);
  if (word) {
    c.accept('=');
    into.others.set(word, c.accept('DEFAULT') ? 'DEFAULT' : c.nameOrText());
    return true;
  }
  const text = c.acceptOne(...TEXT_OPTIONS);
  if (text) {
    c.accept('=');
    into.others.set(text, c.string());
    return true;
  }
  if (c.accept('UNION')) {
    c.accept('=');
    c.parenthesised(() => (c.is(')') ? [] : c.list(() => parseTableName(c))));
    return true;
  }
  if (c.acceptAll('DATA', 'DIRECTORY') || c.acceptAll('INDEX', 'DIRECTORY')) {
    c.accept('=');
    into.others.set('DIRECTORY', c.string());
    return true;
  }
  return false;
}

export function parseCharsetOption(c: Cursor, into: { charset: string; collation: string }): boolean {
  const mark = c.at;
  c.accept('DEFAULT');
  if (c.acceptAll('CHARACTER', 'SET') || c.acceptAll('CHAR', 'SET') || c.accept('CHARSET')) {
    c.accept('=');
    const before = into.charset || findCollation(into.collation)?.charset || '';
    into.charset = (c.is('DEFAULT') ? c.advance().text : charsetName(c)).toLowerCase();
    if (before !== '' && before !== 'default' && before !== into.charset)
      throw sqlError('ER_CONFLICTING_DECLARATIONS', 'CHARACTER SET ', before, 'CHARACTER SET ', into.charset);
    return true;
  }
  if (c.accept('COLLATE')) {
    c.accept('=');
    into.collation = c.is('DEFAULT') ? c.advance().text.toLowerCase() : collationName(c);
    return true;
  }
  c.at = mark;
  return false;
}
