// All native functions in one table, with the names that are only another spelling.

import { ENCODING_FUNCTIONS } from './encoding.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { GTID_FUNCTIONS } from './gtid.ts';
import { INFO_FUNCTIONS } from './info.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { NUMBER_FUNCTIONS } from './number.ts';
import { REGEXP_FUNCTIONS } from './regexp.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TIME_FUNCTIONS } from './time.ts';
import { XML_FUNCTIONS } from './xml.ts';

const ALIASES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  CHARACTER_LENGTH: 'CHAR_LENGTH',
  OCTET_LENGTH: 'LENGTH',
  UCASE: 'UPPER',
  LCASE: 'LOWER',
  SUBSTR: 'SUBSTRING',
  MID: 'SUBSTRING',
  CEIL: 'CEILING',
  POWER: 'POW',
  ATAN2: 'ATAN',
  SESSION_USER: 'USER',
  SYSTEM_USER: 'USER',
  SCHEMA: 'DATABASE',
  DAYOFMONTH: 'DAY',
  CURRENT_DATE: 'CURDATE',
  CURRENT_TIME: 'CURTIME',
  CURRENT_TIMESTAMP: 'NOW',
  LOCALTIME: 'NOW',
  LOCALTIMESTAMP: 'NOW',
  JSON_ARRAY_INSERT: 'JSON_INSERT',
  JSON_MERGE: 'JSON_MERGE_PRESERVE',
};

const TABLES: readonly FunctionTable[] = [
  TEXT_FUNCTIONS,
  REGEXP_FUNCTIONS,
  NUMBER_FUNCTIONS,
  TIME_FUNCTIONS,
  JSON_FUNCTIONS,
  ENCODING_FUNCTIONS,
  XML_FUNCTIONS,
  GTID_FUNCTIONS,
  INFO_FUNCTIONS,
];

/** A native function by its name in any case; undefined where MySQL 9.7 has none of that name. */
export function nativeFunction(name: string): FunctionEntry | undefined {
  const upper = name.toUpperCase();
  const real = ALIASES[upper] ?? upper;
  for (const table of TABLES) {
    const found = table[real];
    if (found) return found;
  }
  return undefined;
}
