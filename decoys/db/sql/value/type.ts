// The type of an expression: what its column says on the wire, and how its values compare. Builders name the common ones.
// Source: lengths and flags as recorded from 9.7; an expression's text has 31 decimals ("not specified"), a table's 0.
import { FLAG, TYPE } from '../../wire/constants.ts';
import { findCharset, findCollation } from './charset.ts';

export const DEFAULT_COLLATION = 'utf8mb4_0900_ai_ci';
/** Of names and of the server's own settings. */
export const SYSTEM_COLLATION = 'utf8mb3_general_ci';
/** Decimals of text that comes from no table. */
export const NOT_SPECIFIED = 31;
const BIGINT_LENGTH = 21;
const DOUBLE_LENGTH = 23;

export interface SqlType {
  /** One of TYPE. */
  readonly type: number;
  /** Text (true) or numbers, times and bytes (false). */
  readonly text: boolean;
  /** Characters of text, bytes of everything else. */
  readonly length: number;
  readonly decimals: number;
  readonly unsigned: boolean;
  readonly nullable: boolean;
  readonly collation: string;
  /** Flags beyond NOT_NULL, UNSIGNED and BINARY; of a table's column all of them, as recorded. */
  readonly flags?: number;
  /** Characters the value may need as text, where its column tells fewer. */
  readonly writtenLength?: number;
  /** The truth of a comparison, which is true or false in JSON. */
  readonly boolean?: boolean;
  /** Columns of tables carry their flags whole. */
  readonly exactFlags?: boolean;
  /** Values of an ENUM or SET in the order they sort by. */
  readonly members?: readonly string[] | undefined;
  /** Length a column of a temporary table has to expressions, where the one it tells is shorter. */
  readonly fieldLength?: number | undefined;
}

function make(type: number, fields: Partial<SqlType>): SqlType {
  return { type, text: false, length: 0, decimals: 0, unsigned: false, nullable: true, collation: 'binary', ...fields };
}

export function intType(length: number = BIGINT_LENGTH, fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.LONGLONG, { length, ...fields });
}

/** An integer that is never NULL. */
export function countType(length: number = BIGINT_LENGTH, fields: Partial<SqlType> = {}): SqlType {
  return intType(length, { nullable: false, ...fields });
}

export function booleanType(nullable: boolean): SqlType {
  return intType(1, { nullable, boolean: true });
}

export function doubleType(fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.DOUBLE, { length: DOUBLE_LENGTH, decimals: NOT_SPECIFIED, ...fields });
}

/** Digits a double is written with, and what a fraction of fixed length adds to them. */
const DOUBLE_DIGITS = 17;

/** A double made from one operand: of a fixed fraction where the operand has one. */
export function doubleOf(from: SqlType): SqlType {
  const fixed = !isString(from) && from.decimals < NOT_SPECIFIED;
  return doubleType({
    nullable: from.nullable,
    ...(fixed ? { decimals: from.decimals, length: DOUBLE_DIGITS + from.decimals } : {}),
  });
}

/** The double that + - * % of operands, one of them a double, makes. */
export function doubleOfOperands(left: SqlType, right: SqlType, nullable: boolean): SqlType {
  const loose = (type: SqlType) => isString(type) || type.text || type.decimals >= NOT_SPECIFIED;
  if (loose(left) || loose(right)) return doubleType({ nullable });
  const decimals = Math.max(left.decimals, right.decimals);
  const whole = Math.max(left.length - left.decimals, right.length - right.decimals);
  return doubleType({ nullable, decimals, length: whole + decimals });
}

export function decimalType(precision: number, scale: number, fields: Partial<SqlType> = {}): SqlType {
  const length = precision + (scale > 0 ? 1 : 0) + (fields.unsigned ? 0 : 1);
  return make(TYPE.NEWDECIMAL, { length, decimals: scale, ...fields });
}

/** Bytes past which a value is no VARCHAR, and no MEDIUMBLOB. */
const VARCHAR_BYTES = 65_535;
const MEDIUM_BYTES = 16_777_215;
/** Bytes the widest character of any character set takes. */
const WIDEST_BYTES = 4;

/** The type that holds as many bytes. */
function holding(bytes: number): number {
  if (bytes <= VARCHAR_BYTES) return TYPE.VAR_STRING;
  return bytes > MEDIUM_BYTES ? TYPE.LONG_BLOB : TYPE.MEDIUM_BLOB;
}

/** Bytes a text may take as the server keeps it. */
export function keptBytes({ length, collation }: Pick<SqlType, 'length' | 'collation'>): number {
  return length * (findCharset(findCollation(collation)?.charset ?? '')?.maxBytes ?? WIDEST_BYTES);
}

export function textType(length: number, fields: Partial<SqlType> = {}): SqlType {
  const collation = fields.collation ?? DEFAULT_COLLATION;
  const type = length * WIDEST_BYTES <= VARCHAR_BYTES ? TYPE.VAR_STRING : holding(keptBytes({ length, collation }));
  return make(type, { text: true, length, decimals: NOT_SPECIFIED, collation: DEFAULT_COLLATION, ...fields });
}

export function bytesType(length: number, fields: Partial<SqlType> = {}): SqlType {
  return make(holding(length), { length, decimals: NOT_SPECIFIED, ...fields });
}

export function nullType(): SqlType {
  return make(TYPE.NULL, {});
}

export function dateType(fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.DATE, { length: 10, ...fields });
}

export function timeType(decimals: number, fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.TIME, { length: 10 + (decimals > 0 ? decimals + 1 : 0), decimals, ...fields });
}

export function datetimeType(decimals: number, fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.DATETIME, { length: 19 + (decimals > 0 ? decimals + 1 : 0), decimals, ...fields });
}

export function yearType(fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.YEAR, { length: 4, unsigned: true, ...fields });
}

const JSON_CHARACTERS = 1_073_741_823;
/** Characters text made of a document may have. */
const JSON_TEXT_CHARACTERS = 1_073_741_824;

export function jsonType(fields: Partial<SqlType> = {}): SqlType {
  return make(TYPE.JSON, {
    text: true,
    length: JSON_CHARACTERS,
    decimals: NOT_SPECIFIED,
    flags: FLAG.BINARY,
    collation: 'utf8mb4_bin',
    ...fields,
  });
}

const INTEGERS: ReadonlySet<number> = new Set([
  TYPE.TINY,
  TYPE.SHORT,
  TYPE.INT24,
  TYPE.LONG,
  TYPE.LONGLONG,
  TYPE.YEAR,
  TYPE.BIT,
]);
const TEMPORALS: ReadonlySet<number> = new Set([TYPE.DATE, TYPE.TIME, TYPE.DATETIME, TYPE.TIMESTAMP]);
const STRINGS: ReadonlySet<number> = new Set([
  TYPE.VAR_STRING,
  TYPE.STRING,
  TYPE.BLOB,
  TYPE.TINY_BLOB,
  TYPE.MEDIUM_BLOB,
  TYPE.LONG_BLOB,
  TYPE.ENUM,
  TYPE.SET,
  TYPE.VARCHAR,
  TYPE.GEOMETRY,
]);

export const isInteger = (type: SqlType): boolean => INTEGERS.has(type.type);
export const isTemporal = (type: SqlType): boolean => TEMPORALS.has(type.type);
export const isString = (type: SqlType): boolean => STRINGS.has(type.type);
export const isDecimal = (type: SqlType): boolean => type.type === TYPE.NEWDECIMAL;
export const isDouble = (type: SqlType): boolean => type.type === TYPE.DOUBLE || type.type === TYPE.FLOAT;
export const isJson = (type: SqlType): boolean => type.type === TYPE.JSON;
export const isNull = (type: SqlType): boolean => type.type === TYPE.NULL;

/** Characters of a double written out: its sign, digits, point and exponent. */
const DOUBLE_CHARACTERS = 22;

/** Characters a value of the type needs as text. */
export function textLength(type: SqlType): number {
  if (isJson(type)) return JSON_TEXT_CHARACTERS;
  if (type.text) return type.length;
  if (type.writtenLength !== undefined) return type.writtenLength;
  if (type.type === TYPE.DOUBLE) return DOUBLE_CHARACTERS;
  if (isTemporal(type) && type.type === TYPE.DATE) return 10;
  return type.length;
}

/** Length of an integer column in a temporary table; of any other its own. */
export function storedLength(type: SqlType): number | undefined {
  return type.type === TYPE.LONGLONG && !type.unsigned ? 20 : type.type === TYPE.LONG ? 11 : undefined;
}

/** The type a column of a temporary table has to expressions. */
export function widened(type: SqlType): SqlType {
  // TINYINT(1) is one digit wide to its clients alone.
  if (type.type === TYPE.TINY && type.length === 1 && type.exactFlags)
    return { ...type, length: type.unsigned ? 3 : 4, fieldLength: undefined };
  return type.fieldLength === undefined ? type : { ...type, length: type.fieldLength, fieldLength: undefined };
}

/** Digits before and after the point of a numeric type. */
export function digitsOf(type: SqlType): { readonly whole: number; readonly scale: number } {
  if (isDecimal(type)) {
    const precision = type.length - (type.decimals > 0 ? 1 : 0) - (type.unsigned ? 0 : 1);
    return { whole: precision - type.decimals, scale: type.decimals };
  }
  if (isInteger(type)) return { whole: Math.max(1, type.length - (type.unsigned ? 0 : 1)), scale: 0 };
  return { whole: 65, scale: 0 };
}

export function wireFlags(type: SqlType): number {
  if (type.exactFlags) return type.flags ?? 0;
  return (
    (type.nullable ? 0 : FLAG.NOT_NULL) |
    (type.unsigned ? FLAG.UNSIGNED : 0) |
    (type.text && !type.collation.endsWith('_bin') ? 0 : FLAG.BINARY) |
    (type.flags ?? 0)
  );
}

/** The type of a value that is one or the other: UNION's columns, CASE, IF, COALESCE. */
export function mergeTypes(types: readonly SqlType[]): SqlType {
  const known = types.filter((type) => !isNull(type));
  if (known.length === 0) return types[0] ?? nullType();
  const nullable = types.some((type) => type.nullable);
  const first = known[0] as SqlType;
  if (known.every(isInteger)) {
    const length = Math.max(...known.map((type) => type.length));
    return intType(length, { nullable, unsigned: known.every((type) => type.unsigned) });
  }
  const numeric = (type: SqlType) => isInteger(type) || isDecimal(type) || isDouble(type);
  if (known.every(numeric)) {
    if (known.some(isDouble)) return known.reduce((a, b) => doubleOfOperands(a, b, nullable));
    const scale = Math.max(...known.map((type) => digitsOf(type).scale));
    const whole = Math.max(...known.map((type) => digitsOf(type).whole));
    return decimalType(Math.min(65, whole + scale), scale, { nullable });
  }
  if (known.every(isJson)) return jsonType({ nullable });
  if (known.every((type) => type.type === first.type) && isTemporal(first)) {
    const length = Math.max(...known.map((type) => type.length));
    return {
      ...first,
      flags: 0,
      exactFlags: false,
      nullable,
      length,
      decimals: Math.max(...known.map((type) => type.decimals)),
    };
  }
  if (known.every(isTemporal)) return datetimeType(Math.max(...known.map((type) => type.decimals)), { nullable });
  const length = Math.max(...known.map(textLength));
  const bytes = known.some((type) => !type.text && isString(type));
  const blob = known.find(
    (type) => type.type === TYPE.BLOB || type.type === TYPE.LONG_BLOB || type.type === TYPE.MEDIUM_BLOB,
  );
  const made = bytes
    ? bytesType(Math.max(...known.map((type) => (type.text ? type.length * 4 : type.length))), { nullable })
    : textType(length, { nullable, collation: known.find((type) => type.text)?.collation ?? DEFAULT_COLLATION });
  return blob && !bytes ? { ...made, type: blob.type } : made;
}
