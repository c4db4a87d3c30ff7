// How a column is told once it went through a temporary table.
// Source: https://dev.mysql.com/doc/refman/9.7/en/internal-temporary-tables.html, with the metadata a live 9.7.4 sends.
import { FLAG, TYPE } from '../../wire/constants.ts';
import { bytesType, isJson, isNull, keptBytes, type SqlType, storedLength } from '../value/type.ts';

/** Integers of a temporary table are no wider than their digits need. */
const NARROW_DIGITS = 9;
/** What a JSON column of a temporary table tells of its length, in characters. */
const JSON_CHARACTERS = 1_073_741_824;

const NUMBERS: ReadonlySet<number> = new Set([
  TYPE.TINY,
  TYPE.SHORT,
  TYPE.INT24,
  TYPE.LONG,
  TYPE.LONGLONG,
  TYPE.NEWDECIMAL,
  TYPE.FLOAT,
  TYPE.DOUBLE,
]);

/** Types of texts and bytes an expression makes. */
const EXPRESSIONS: ReadonlySet<number> = new Set([TYPE.VAR_STRING, TYPE.BLOB, TYPE.MEDIUM_BLOB, TYPE.LONG_BLOB]);

function isNumberLike(type: SqlType): boolean {
  return NUMBERS.has(type.type);
}

export const KEY_FLAGS = FLAG.PRI_KEY | FLAG.UNIQUE_KEY | FLAG.MULTIPLE_KEY | FLAG.PART_KEY | FLAG.AUTO_INCREMENT;

/** A table's column that went through a temporary table: all but its keys is kept. */
export function throughTemporary(type: SqlType): SqlType {
  if (type.exactFlags) return { ...type, flags: (type.flags ?? 0) & ~KEY_FLAGS };
  return { ...unkeyed(type), decimals: type.decimals, length: type.length };
}

/** Characters, or bytes, past which an expression's value is stored as a BLOB. */
const VARCHAR_LENGTH = 512;

/** What is stored as a BLOB, whose length the server reckons in bytes twice over. */
function storedBlob(type: SqlType, flags: number): SqlType {
  const length = type.text ? keptBytes(type) : type.length;
  return { ...type, type: TYPE.BLOB, exactFlags: true, flags: flags | FLAG.BLOB, decimals: 0, length };
}

/** A column that went through a temporary table: its keys are gone, and numbers are no longer told as binary. */
function unkeyed(type: SqlType): SqlType {
  if (isNull(type)) return { ...bytesType(0, { decimals: 0 }), exactFlags: true, flags: FLAG.BINARY };
  const flags =
    (type.nullable ? 0 : FLAG.NOT_NULL) |
    (type.unsigned ? FLAG.UNSIGNED : 0) |
    (isJson(type) ? FLAG.BLOB : 0) |
    (isNumberLike(type) || (type.text && !type.collation.endsWith('_bin')) ? 0 : FLAG.BINARY);
  if (EXPRESSIONS.has(type.type) && type.length > VARCHAR_LENGTH) return storedBlob(type, flags);
  const length = isJson(type) ? JSON_CHARACTERS : type.length;
  const decimals = isNumberLike(type) ? type.decimals : type.type === TYPE.JSON || type.text ? 0 : type.decimals % 31;
  return { ...type, exactFlags: true, flags, decimals, length, fieldLength: type.fieldLength ?? storedLength(type) };
}

/** As `unkeyed`, of one SELECT: small integers are kept narrow there, but not by UNION or VALUES. */
export function materialized(type: SqlType, narrows: boolean): SqlType {
  if (type.type === TYPE.YEAR && !type.exactFlags) return unkeyed({ ...type, type: TYPE.LONG, unsigned: true });
  const made = unkeyed(type);
  if (!narrows || made.type !== TYPE.LONGLONG || type.length > NARROW_DIGITS) return made;
  const narrow = { ...made, type: TYPE.LONG };
  return { ...narrow, fieldLength: storedLength(narrow) };
}
