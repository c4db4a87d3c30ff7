// All native functions in one table, with the names that are only another spelling.

import type { PersonaChanges } from '../../persona/persona-changes.ts';
import { AES_FUNCTIONS } from './aes.ts';
import { CLASSIC_HASHES } from './classic-hash.ts';
import { CLOCK_FUNCTIONS } from './clock.ts';
import { CONTROL_FUNCTIONS } from './control.ts';
import { DATE_FORMAT_FUNCTIONS } from './date-format.ts';
import { DATE_PART_FUNCTIONS } from './date-part.ts';
import { DATE_READING_FUNCTIONS } from './date-reading.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { GEOHASH_FUNCTIONS } from './geohash.ts';
import { GEOMETRY_DISTANCE_FUNCTIONS } from './geometry-distance.ts';
import { GEOMETRY_LINE_FUNCTIONS } from './geometry-line.ts';
import { GEOMETRY_MAKE_FUNCTIONS } from './geometry-make.ts';
import { GEOMETRY_READ_FUNCTIONS } from './geometry-read.ts';
import { GEOMETRY_RELATE_FUNCTIONS } from './geometry-relate.ts';
import { GEOMETRY_TEXT_FUNCTIONS } from './geometry-text.ts';
import { GEOMETRY_TRANSFORM_FUNCTIONS } from './geometry-transform.ts';
import { GTID_FUNCTIONS } from './gtid.ts';
import { INFO_FUNCTIONS } from './info.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { JSON_EDIT_FUNCTIONS } from './json-edit.ts';
import { JSON_SCHEMA_FUNCTIONS } from './json-schema.ts';
import { LOCK_FUNCTIONS } from './locking.ts';
import { NUMBER_FUNCTIONS } from './number.ts';
import { NUMBER_FORMAT_FUNCTIONS } from './number-format.ts';
import { REGEXP_FUNCTIONS } from './regexp.ts';
import { ROUNDING_FUNCTIONS } from './rounding.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TEXT_BUILD_FUNCTIONS } from './text-build.ts';
import { TEXT_LIST_FUNCTIONS } from './text-list.ts';
import { TEXT_NUMBER_FUNCTIONS } from './text-number.ts';
import { TIME_FUNCTIONS } from './time.ts';
import { UNIX_TIME_FUNCTIONS } from './unix-time.ts';
import { VECTOR_FUNCTIONS } from './vector.ts';
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
  ROUNDING_FUNCTIONS,
  TIME_FUNCTIONS,
  CLOCK_FUNCTIONS,
  DATE_PART_FUNCTIONS,
  DATE_FORMAT_FUNCTIONS,
  DATE_READING_FUNCTIONS,
  UNIX_TIME_FUNCTIONS,
  JSON_FUNCTIONS,
  JSON_SCHEMA_FUNCTIONS,
  JSON_EDIT_FUNCTIONS,
  ENCODING_FUNCTIONS,
  AES_FUNCTIONS,
  XML_FUNCTIONS,
  GTID_FUNCTIONS,
  INFO_FUNCTIONS,
  CONTROL_FUNCTIONS,
  LOCK_FUNCTIONS,
  VECTOR_FUNCTIONS,
  GEOHASH_FUNCTIONS,
  GEOMETRY_RELATE_FUNCTIONS,
  GEOMETRY_DISTANCE_FUNCTIONS,
  GEOMETRY_TRANSFORM_FUNCTIONS,
  GEOMETRY_READ_FUNCTIONS,
  GEOMETRY_TEXT_FUNCTIONS,
  GEOMETRY_LINE_FUNCTIONS,
  GEOMETRY_MAKE_FUNCTIONS,
];

/** A native function by its name in any case; undefined where the persona's version has none of that name. */
export function nativeFunction(name: string, { lacks, has }: PersonaChanges): FunctionEntry | undefined {
  const upper = name.toUpperCase();
  if (lacks.functions.includes(upper)) return undefined;
  if (has.classicHashes && Object.hasOwn(CLASSIC_HASHES, upper)) return CLASSIC_HASHES[upper];
  const real = ALIASES[upper] ?? upper;
  for (const table of TABLES) {
    const found = table[real];
    if (found) return found;
  }
  return undefined;
}

/** Functions of other tables that give texts or bytes and are NULL only where an argument is. */
const MORE_TEXT: ReadonlySet<string> = new Set([
  'AES_ENCRYPT',
  'CHAR USING',
  'COMPRESS',
  'CURRENT_ROLE',
  'CURRENT_USER',
  'FORMAT_BYTES',
  'JSON_PRETTY',
  'ROLES_GRAPHML',
  'STATEMENT_DIGEST',
  'STATEMENT_DIGEST_TEXT',
  'STRING_TO_VECTOR',
  'USER',
  'UUID',
  'VECTOR_TO_STRING',
]);

/** Functions of texts that may be NULL whatever they are given. */
const MAY_BE_NULL: ReadonlySet<string> = new Set([
  'BIN',
  'CONV',
  'ELT',
  'FROM_BASE64',
  'OCT',
  'UNHEX',
  'WEIGHT_STRING',
]);

/** Functions that are NULL for a count they first see with the row. */
const COUNTED: ReadonlySet<string> = new Set(['REPEAT', 'SPACE']);

/** Whether a function, named in upper case, gives a text that is NULL only under strict sql_mode; `fixed` where no row changes its arguments. */
export function isNullUnderStrictOnly(name: string, fixed: boolean): boolean {
  const real = ALIASES[name] ?? name;
  if (MORE_TEXT.has(real)) return true;
  if (MAY_BE_NULL.has(real) || (COUNTED.has(real) && !fixed)) return false;
  return TEXT_TABLES.some((table) => table[real] !== undefined);
}

/** Functions only the views of information_schema may call. */
const INTERNAL =
  /^(?:INTERNAL_\w{1,60}|CAN_ACCESS_\w{1,40}|GET_DD_\w{1,40}|GET_JDV_\w{1,40}|CONVERT_CPU_ID_MASK|CONVERT_INTERVAL_TO_USER_INTERVAL|IS_VISIBLE_DD_OBJECT|REMOVE_DD_PROPERTY_KEY)$/i;

export function isInternalFunction(name: string): boolean {
  return INTERNAL.test(name);
}
