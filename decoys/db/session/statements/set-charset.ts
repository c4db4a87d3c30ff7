// SET of character sets and collations: the variables that hold them, their partners, SET NAMES and SET CHARACTER SET.
// Source: https://dev.mysql.com/doc/refman/9.7/en/charset-connection.html; warnings as recorded from 9.7.

import type { VariableFacts } from '../../persona/system-variables.ts';
import type { SetItem } from '../../sql/ast/administration.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { type Charset, type Collation, collationById, findCharset, findCollation } from '../../sql/value/charset.ts';
import { toText, type Value } from '../../sql/value/value.ts';
import { setClientCharset } from '../client-charset.ts';
import type { Session } from '../session.ts';

const CHARSET_VARIABLES: Readonly<Record<string, string>> = {
  character_set_client: '',
  character_set_connection: 'collation_connection',
  character_set_results: '',
  character_set_database: 'collation_database',
  character_set_server: 'collation_server',
  character_set_filesystem: '',
};
const COLLATION_VARIABLES: Readonly<Record<string, string>> = {
  collation_connection: 'character_set_connection',
  collation_database: 'character_set_database',
  collation_server: 'character_set_server',
  default_collation_for_utf8mb4: '',
};
/** Variables that are to become read-only. */
const ENDING = new Set(['character_set_database', 'collation_database', 'default_collation_for_utf8mb4']);
/** Character sets that are to go. */
const DEPRECATED_CHARSETS = new Set(['utf8mb3', 'ucs2', 'dec8', 'hp8', 'macroman', 'macce']);
/** What utf8mb4 may be sorted by where no collation is named. */
const UTF8MB4_DEFAULTS = new Set(['utf8mb4_0900_ai_ci', 'utf8mb4_general_ci']);
/** Character sets no client may send in. */
const WIDE_CHARSETS = new Set(['ucs2', 'utf16', 'utf16le', 'utf32']);

/** Whether a variable names a character set. */
export function isCharsetVariable(name: string): boolean {
  return Object.hasOwn(CHARSET_VARIABLES, name);
}

/** Whether a variable names a collation. */
export function isCollationVariable(name: string): boolean {
  return Object.hasOwn(COLLATION_VARIABLES, name);
}

function warnEnding(x: Execution, facts: VariableFacts): void {
  if (ENDING.has(facts.name)) x.warn('ER_WARN_SETTING_TO_BE_READ_ONLY', facts.name);
}

/** Tells of an alias or a character set that is to go, by the name it was asked for. */
function warnOld(x: Execution, asked: string, charset: Charset): void {
  if (asked.toLowerCase() === 'utf8') x.warn('ER_WARN_UTF8_ALIAS');
  else if (DEPRECATED_CHARSETS.has(charset.name)) x.warn('ER_WARN_DEPRECATED_SYNTAX', charset.name, 'utf8mb4');
}

function warnOldCollation(x: Execution, collation: Collation): void {
  if (collation.charset === 'utf8mb3') x.warn('ER_WARN_UTF8MB3_COLLATION', collation.name);
}

/** A character set for a variable, by name or id; throws 1115, 1231 or 1232. */
export function convertCharset(x: Execution, facts: VariableFacts, value: Value): Value {
  if (value === null) {
    if (facts.name === 'character_set_results') return null;
    throw sqlError('ER_WRONG_VALUE_FOR_VAR', facts.name, 'NULL');
  }
  const byId = typeof value === 'bigint';
  if (!byId && typeof value !== 'string' && !Buffer.isBuffer(value))
    throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const asked = toText(value) as string;
  const found = byId ? findCharset(collationById(Number(value))?.charset ?? '') : findCharset(asked);
  if (!found) throw sqlError('ER_UNKNOWN_CHARACTER_SET', asked);
  warnOld(x, asked, found);
  warnEnding(x, facts);
  if (facts.name === 'character_set_client' && WIDE_CHARSETS.has(found.name))
    throw sqlError('ER_WRONG_VALUE_FOR_VAR', facts.name, found.name);
  return found.name;
}

/** A collation for a variable, by name or id; throws 1231, 1232 or 1273. */
export function convertCollation(x: Execution, facts: VariableFacts, value: Value): Value {
  if (value === null) throw sqlError('ER_WRONG_VALUE_FOR_VAR', facts.name, 'NULL');
  const byId = typeof value === 'bigint';
  if (!byId && typeof value !== 'string' && !Buffer.isBuffer(value))
    throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const asked = toText(value) as string;
  const found = byId ? collationById(Number(value)) : findCollation(asked);
  if (!found) throw sqlError('ER_UNKNOWN_COLLATION', asked);
  warnOldCollation(x, found);
  warnEnding(x, facts);
  if (facts.name === 'default_collation_for_utf8mb4' && !UTF8MB4_DEFAULTS.has(found.name))
    throw sqlError('ER_INVALID_DEFAULT_UTF8MB4_COLLATION', found.name);
  return found.name;
}

/** Sets the collation that goes with a character set, or the character set that goes with a collation. */
export function setPartner(session: Session, name: string, value: Value): void {
  if (name === 'character_set_results') session.resultCollation = '';
  const partner = CHARSET_VARIABLES[name] || COLLATION_VARIABLES[name];
  if (!partner || value === null) return;
  const text = String(value);
  const other = isCollationVariable(name) ? findCollation(text)?.charset : findCharset(text)?.defaultCollation;
  if (other !== undefined) session.variables.set(partner, other);
}

const CONNECTION_CHARSETS = ['character_set_client', 'character_set_connection', 'character_set_results'];

/** SET NAMES; gives the variables that changed. */
export function setNames(x: Execution, item: Extract<SetItem, { kind: 'names' }>): readonly string[] {
  const { session } = x;
  const asked = item.charset ?? 'utf8mb4';
  const charset = findCharset(asked);
  if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', asked);
  warnOld(x, asked, charset);
  if (WIDE_CHARSETS.has(charset.name)) throw sqlError('ER_WRONG_VALUE_FOR_VAR', 'character_set_client', charset.name);
  const collation = findCollation(item.collation || charset.defaultCollation);
  if (!collation) throw sqlError('ER_UNKNOWN_COLLATION', item.collation);
  if (item.collation) warnOldCollation(x, collation);
  if (collation.charset !== charset.name) throw sqlError('ER_COLLATION_CHARSET_MISMATCH', collation.name, charset.name);
  setClientCharset(session, charset.name, collation.name);
  return CONNECTION_CHARSETS;
}

/** SET CHARACTER SET; gives the variables that changed. */
export function setCharset(x: Execution, item: Extract<SetItem, { kind: 'charset' }>): readonly string[] {
  const { session } = x;
  const charset = findCharset(item.charset ?? 'utf8mb4');
  if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', item.charset ?? '');
  session.variables.set('character_set_client', charset.name);
  session.variables.set('character_set_results', charset.name);
  session.resultCollation = '';
  session.variables.set('character_set_connection', session.text('character_set_database'));
  session.variables.set('collation_connection', session.text('collation_database'));
  return CONNECTION_CHARSETS;
}
