// All native functions in one table, with the names that are only another spelling.

import { CLOCK_FUNCTIONS } from './clock.ts';
import { CONTROL_FUNCTIONS } from './control.ts';
import { DATE_FORMAT_FUNCTIONS } from './date-format.ts';
import { DATE_PART_FUNCTIONS } from './date-part.ts';
import { DATE_READING_FUNCTIONS } from './date-reading.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { GTID_FUNCTIONS } from './gtid.ts';
import { INFO_FUNCTIONS } from './info.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { JSON_EDIT_FUNCTIONS } from './json-edit.ts';
import { LOCK_FUNCTIONS } from './locking.ts';
import { NUMBER_FUNCTIONS } from './number.ts';
import { NUMBER_FORMAT_FUNCTIONS } from './number-format.ts';
import { REGEXP_FUNCTIONS } from './regexp.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TEXT_BUILD_FUNCTIONS } from './text-build.ts';
import { TEXT_LIST_FUNCTIONS } from './text-list.ts';
import { TEXT_NUMBER_FUNCTIONS } from './text-number.ts';
import { TIME_FUNCTIONS } from './time.ts';
import { UNIX_TIME_FUNCTIONS } from './unix-time.ts';
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

const TEXT_TABLES: readonly FunctionTable[] = [
  TEXT_FUNCTIONS,
  TEXT_BUILD_FUNCTIONS,
  TEXT_NUMBER_FUNCTIONS,
  TEXT_LIST_FUNCTIONS,
  NUMBER_FORMAT_FUNCTIONS,
];
const TABLES: readonly FunctionTable[] = [
  ...TEXT_TABLES,
  REGEXP_FUNCTIONS,
  NUMBER_FUNCTIONS,
  TIME_FUNCTIONS,
  CLOCK_FUNCTIONS,
  DATE_PART_FUNCTIONS,
  DATE_FORMAT_FUNCTIONS,
  DATE_READING_FUNCTIONS,
  UNIX_TIME_FUNCTIONS,
  JSON_FUNCTIONS,
  JSON_EDIT_FUNCTIONS,
  ENCODING_FUNCTIONS,
  XML_FUNCTIONS,
  GTID_FUNCTIONS,
  INFO_FUNCTIONS,
  CONTROL_FUNCTIONS,
  LOCK_FUNCTIONS,
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

/** Whether a function, named in upper case and not by an alias, is one of strings. */
export function isTextFunction(name: string): boolean {
  return TEXT_TABLES.some((table) => table[name] !== undefined);
}
