// Options of tables and databases: engine, character set, comment and the rest.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html

import { charsetName } from './cast-type.ts';
import type { Cursor } from './cursor.ts';

export interface TableOptions {
  engine: string;
  charset: string;
  collation: string;
  comment: string;
  autoIncrement: number;
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

const WORD_OPTIONS = ['ROW_FORMAT', 'INSERT_METHOD', 'TABLESPACE', 'SECONDARY_ENGINE'];

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
  } else if (c.accept('AUTO_INCREMENT')) {
    c.accept('=');
    into.autoIncrement = c.integer();
  } else if (c.accept('COMMENT')) {
    c.accept('=');
    into.comment = c.string();
  } else if (c.acceptOne(...NUMBER_OPTIONS)) {
    c.accept('=');
    if (!c.accept('DEFAULT')) c.integer();
  } else if (c.acceptOne(...WORD_OPTIONS)) {
    c.accept('=');
    if (!c.accept('DEFAULT')) c.nameOrText();
  } else if (c.acceptOne(...TEXT_OPTIONS)) {
    c.accept('=');
    c.string();
  } else if (c.acceptAll('DATA', 'DIRECTORY') || c.acceptAll('INDEX', 'DIRECTORY')) {
    c.accept('=');
    c.string();
  } else {
    return parseCharsetOption(c, into);
  }
  return true;
}

export function parseCharsetOption(c: Cursor, into: { charset: string; collation: string }): boolean {
  const mark = c.at;
  c.accept('DEFAULT');
  if (c.acceptAll('CHARACTER', 'SET') || c.acceptAll('CHAR', 'SET') || c.accept('CHARSET')) {
    c.accept('=');
    into.charset = (c.is('DEFAULT') ? c.advance().text : charsetName(c)).toLowerCase();
    return true;
  }
  if (c.accept('COLLATE')) {
    c.accept('=');
    into.collation = (c.is('BINARY') || c.is('DEFAULT') ? c.advance().text : c.nameOrText()).toLowerCase();
    return true;
  }
  if (c.at > mark && c.accept('ENCRYPTION')) {
    c.accept('=');
    c.string();
    return true;
  }
  c.at = mark;
  return false;
}
