// Columns of tables that clients create: their types, as told on the wire and in SHOW.
// Source: https://dev.mysql.com/doc/refman/9.7/en/data-types.html; lengths and flags as recorded from 9.7.
import type { ColumnSpec, ColumnType } from '../sql/ast/table.ts';
import { sqlError } from '../sql/errors.ts';
import { findCharset, findCollation } from '../sql/value/charset.ts';
import { MAX_SCALE } from '../sql/value/decimal.ts';
import { DEFAULT_COLLATION, type SqlType } from '../sql/value/type.ts';
import { FLAG, TYPE } from '../wire/constants.ts';

export interface TableColumn {
  readonly name: string;
  /** As SHOW COLUMNS has it: `varchar(255)`, `int unsigned`. */
  readonly columnType: string;
  readonly base: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly length: number;
  readonly values: readonly string[];
  readonly spec: ColumnSpec;
  readonly charset: string;
  readonly collation: string;
  /** Made for a functional index: no statement names it. */
  readonly hidden?: boolean;
  /** The literal default as SHOW COLUMNS has it. */
  readonly shownDefault?: string | undefined;
}

export interface Base {
  readonly type: number;
  readonly length: number;
  readonly unsignedLength?: number;
  readonly kind:
    | 'int'
    | 'real'
    | 'decimal'
    | 'text'
    | 'bytes'
    | 'date'
    | 'time'
    | 'datetime'
    | 'year'
    | 'enum'
    | 'set'
    | 'json'
    | 'bit'
    | 'geometry';
  readonly bits?: number;
}

const BASES: Readonly<Record<string, Base>> = {
  __proto__: null as never,
  tinyint: { type: TYPE.TINY, length: 4, unsignedLength: 3, kind: 'int', bits: 8 },
  smallint: { type: TYPE.SHORT, length: 6, unsignedLength: 5, kind: 'int', bits: 16 },
  mediumint: { type: TYPE.INT24, length: 9, unsignedLength: 8, kind: 'int', bits: 24 },
  int: { type: TYPE.LONG, length: 11, unsignedLength: 10, kind: 'int', bits: 32 },
  bigint: { type: TYPE.LONGLONG, length: 20, unsignedLength: 20, kind: 'int', bits: 64 },
  float: { type: TYPE.FLOAT, length: 12, kind: 'real' },
  double: { type: TYPE.DOUBLE, length: 22, kind: 'real' },
  decimal: { type: TYPE.NEWDECIMAL, length: 10, kind: 'decimal' },
  bit: { type: TYPE.BIT, length: 1, kind: 'bit' },
  char: { type: TYPE.STRING, length: 1, kind: 'text' },
  varchar: { type: TYPE.VAR_STRING, length: 255, kind: 'text' },
  binary: { type: TYPE.STRING, length: 1, kind: 'bytes' },
  varbinary: { type: TYPE.VAR_STRING, length: 255, kind: 'bytes' },
  tinyblob: { type: TYPE.BLOB, length: 255, kind: 'bytes' },
  blob: { type: TYPE.BLOB, length: 65_535, kind: 'bytes' },
  mediumblob: { type: TYPE.BLOB, length: 16_777_215, kind: 'bytes' },
  longblob: { type: TYPE.BLOB, length: 4_294_967_295, kind: 'bytes' },
  tinytext: { type: TYPE.BLOB, length: 255, kind: 'text' },
  text: { type: TYPE.BLOB, length: 65_535, kind: 'text' },
  mediumtext: { type: TYPE.BLOB, length: 16_777_215, kind: 'text' },
  longtext: { type: TYPE.BLOB, length: 4_294_967_295, kind: 'text' },
  date: { type: TYPE.DATE, length: 10, kind: 'date' },
  time: { type: TYPE.TIME, length: 10, kind: 'time' },
  datetime: { type: TYPE.DATETIME, length: 19, kind: 'datetime' },
  timestamp: { type: TYPE.TIMESTAMP, length: 19, kind: 'datetime' },
  year: { type: TYPE.YEAR, length: 4, kind: 'year' },
  enum: { type: TYPE.STRING, length: 0, kind: 'enum' },
  set: { type: TYPE.STRING, length: 0, kind: 'set' },
  json: { type: TYPE.JSON, length: 4_294_967_295, kind: 'json' },
  geometry: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  point: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  linestring: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  polygon: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  multipoint: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  multilinestring: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  multipolygon: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  geomcollection: { type: TYPE.GEOMETRY, length: 4_294_967_295, kind: 'geometry' },
  vector: { type: TYPE.BLOB, length: 8192, kind: 'bytes' },
};

/** Entries of a vector of no other length, and bytes of each. */
const VECTOR_ENTRIES = 2048;
const FLOAT_BYTES = 4;
const VARCHAR_MAX = 16_383;
const VARBINARY_MAX = 65_535;
const BIT_MAX = 64;
const FLOAT_DIGITS = 53;
const FRACTION_DIGITS = 6;

/** Binary digits a FLOAT(p) keeps in four bytes; more make a DOUBLE. */
const SINGLE_DIGITS = 24;

function normalized(type: ColumnType): ColumnType {
  if (type.name === 'bool') return { ...type, name: 'tinyint', length: 1 };
  if (type.name === 'serial') return { ...type, name: 'bigint', unsigned: true };
  if (type.name === 'float' && type.decimals === undefined && (type.length ?? 0) <= FLOAT_DIGITS)
    return { ...type, name: (type.length ?? 0) > SINGLE_DIGITS ? 'double' : 'float', length: undefined };
  if (type.charset === 'binary') {
    const bytes: Readonly<Record<string, string>> = {
      char: 'binary',
      varchar: 'varbinary',
      text: 'blob',
      tinytext: 'tinyblob',
      mediumtext: 'mediumblob',
      longtext: 'longblob',
    };
    return { ...type, name: bytes[type.name] ?? type.name, charset: '', collation: '' };
  }
  return type;
}

function lengthOf(type: ColumnType, base: Base, bytesPerCharacter: number): number {
  switch (base.kind) {
    case 'int':
      if (type.length !== undefined) return type.length;
      return type.unsigned ? (base.unsignedLength as number) : base.length;
    case 'decimal': {
      const precision = type.length ?? 10;
      return precision + ((type.decimals ?? 0) > 0 ? 1 : 0) + (type.unsigned ? 0 : 1);
    }
    case 'enum':
      return Math.max(0, ...type.values.map((value) => [...value].length));
    case 'set':
      return type.values.reduce((sum, value) => sum + [...value].length + 1, -1);
    case 'time':
    case 'datetime':
      return base.length + (type.length ? type.length + 1 : 0);
    case 'text':
      return base.type === TYPE.BLOB
        ? base.length === 255
          ? 255
          : base.length
        : (type.length ?? base.length) * Math.min(1, bytesPerCharacter);
    default:
      return type.name === 'vector' ? (type.length ?? VECTOR_ENTRIES) * FLOAT_BYTES : (type.length ?? base.length);
  }
}

function columnTypeText(type: ColumnType, base: Base): string {
  const sign = `${type.unsigned ? ' unsigned' : ''}${type.zerofill ? ' zerofill' : ''}`;
  const fraction = type.length ? `(${type.length})` : '';
  switch (base.kind) {
    case 'int':
      return `${type.name}${type.name === 'tinyint' && type.length === 1 && !type.unsigned ? '(1)' : type.zerofill ? `(${type.length ?? base.unsignedLength})` : ''}${sign}`;
    case 'decimal':
      return `decimal(${type.length ?? 10},${type.decimals ?? 0})${sign}`;
    case 'real':
      return `${type.name}${type.decimals !== undefined ? `(${type.length},${type.decimals})` : ''}${sign}`;
    case 'enum':
    case 'set':
      return `${type.name}(${type.values.map((value) => `'${value.replace(/'/g, "''")}'`).join(',')})`;
    case 'time':
    case 'datetime':
      return `${type.name}${fraction}`;
    case 'bit':
      return `bit(${type.length ?? 1})`;
    case 'text':
    case 'bytes':
      if (type.name === 'vector') return `vector(${type.length ?? VECTOR_ENTRIES})`;
      return base.type === TYPE.BLOB ? type.name : `${type.name}(${type.length ?? 1})`;
    default:
      return type.name;
  }
}

/** A column from its definition; throws what MySQL answers for one it cannot have. */
export function makeColumn(spec: ColumnSpec, tableCollation: string, keyFlags: number): TableColumn {
  const type = normalized(spec.type);
  const base = BASES[type.name];
  if (!base) throw sqlError('ER_WRONG_FIELD_SPEC', spec.name);
  const collation = collationFor(type, tableCollation);
  const charset = findCollation(collation)?.charset ?? 'utf8mb4';
  checkLengths(spec.name, type, base);
  const serial = spec.type.name === 'serial';
  const autoIncrement = spec.autoIncrement || serial;
  const nullable = !(spec.nullable === false || serial || (keyFlags & FLAG.PRI_KEY) !== 0);
  const text = base.kind === 'text' || base.kind === 'enum' || base.kind === 'set';
  const bytes = base.kind === 'bytes' || base.kind === 'json' || base.kind === 'geometry';
  const temporal = base.kind === 'date' || base.kind === 'time' || base.kind === 'datetime';
  const binaryCollation = text && collation.endsWith('_bin');
  const hasDefault = spec.fallback !== undefined || autoIncrement;
  let flags =
    keyFlags |
    (nullable ? 0 : FLAG.NOT_NULL) |
    (type.unsigned || base.kind === 'bit' || base.kind === 'year' ? FLAG.UNSIGNED : 0);
  flags |=
    (bytes || temporal || binaryCollation ? FLAG.BINARY : 0) |
    (base.type === TYPE.BLOB || base.kind === 'json' || base.kind === 'geometry' ? FLAG.BLOB : 0);
  flags |=
    (base.kind === 'enum' ? FLAG.ENUM : 0) |
    (base.kind === 'set' ? FLAG.SET : 0) |
    (autoIncrement ? FLAG.AUTO_INCREMENT : 0);
  flags |= type.zerofill || base.kind === 'year' ? FLAG.ZEROFILL : 0;
  flags |= !nullable && !hasDefault ? FLAG.NO_DEFAULT : 0;
  flags |= spec.onUpdateNow ? FLAG.ON_UPDATE_NOW : 0;
  if (type.name === 'timestamp' && (spec.onUpdateNow || spec.fallback?.kind === 'call')) flags |= FLAG.TIMESTAMP;
  const decimals =
    base.kind === 'decimal'
      ? (type.decimals ?? 0)
      : base.kind === 'real'
        ? (type.decimals ?? 31)
        : temporal && base.kind !== 'date'
          ? (type.length ?? 0)
          : 0;
  const length = lengthOf(type, base, 1);
  const sqlType: SqlType = {
    type: base.type,
    ...(base.kind === 'enum' || base.kind === 'set' ? { members: type.values } : {}),
    text,
    length,
    decimals,
    unsigned: type.unsigned || base.kind === 'year' || base.kind === 'bit',
    nullable,
    collation: text ? collation : 'binary',
    flags,
    exactFlags: true,
  };
  return {
    name: spec.name,
    columnType: columnTypeText(type, base),
    base: type.name,
    type: sqlType,
    nullable,
    length,
    values: type.values,
    spec: { ...spec, autoIncrement },
    charset: text ? charset : '',
    collation: text ? collation : '',
  };
}

function collationFor(type: ColumnType, tableCollation: string): string {
  if (type.collation === 'binary') return `${findCollation(tableCollation)?.charset ?? 'utf8mb4'}_bin`;
  if (type.collation) {
    const found = findCollation(type.collation);
    if (!found) throw sqlError('ER_UNKNOWN_COLLATION', type.collation);
    return found.name;
  }
  if (!type.charset) return tableCollation || DEFAULT_COLLATION;
  const charset = findCharset(type.charset);
  if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', type.charset);
  return charset.defaultCollation;
}

function checkLengths(name: string, type: ColumnType, base: Base): void {
  const length = type.length ?? 0;
  if (type.name === 'bit' && length > BIT_MAX) throw sqlError('ER_TOO_BIG_DISPLAYWIDTH', name, BIT_MAX);
  if (type.name === 'float' && type.decimals === undefined && length > FLOAT_DIGITS)
    throw sqlError('ER_WRONG_FIELD_SPEC', name);
  if ((base.kind === 'time' || base.kind === 'datetime') && length > FRACTION_DIGITS)
    throw sqlError('ER_TOO_BIG_PRECISION', length, name, FRACTION_DIGITS);
  const split = base.kind === 'set' ? type.values.find((value) => value.includes(',')) : undefined;
  if (split !== undefined) throw sqlError('ER_ILLEGAL_VALUE_FOR_TYPE', 'set', split);
  const met = new Set<string>();
  const twice = type.values.find((value) => met.size === met.add(value.toLowerCase()).size);
  if (twice !== undefined)
    throw sqlError('ER_DUPLICATED_VALUE_IN_TYPE', name, twice, base.kind === 'set' ? 'SET' : 'ENUM');
  if (type.name === 'varchar' && length > VARCHAR_MAX) throw sqlError('ER_TOO_BIG_FIELDLENGTH', name, VARCHAR_MAX);
  if (type.name === 'varbinary' && length > VARBINARY_MAX)
    throw sqlError('ER_TOO_BIG_FIELDLENGTH', name, VARBINARY_MAX);
  if ((type.name === 'char' || type.name === 'binary') && length > 255)
    throw sqlError('ER_TOO_BIG_FIELDLENGTH', name, 255);
  if ((base.kind === 'real' || base.kind === 'decimal') && (type.decimals ?? 0) > MAX_SCALE)
    throw sqlError('ER_TOO_BIG_SCALE', type.decimals ?? 0, name, MAX_SCALE);
  if (base.kind === 'real' && type.decimals !== undefined) {
    if (length > 255) throw sqlError('ER_TOO_BIG_DISPLAYWIDTH', name, 255);
    if (type.decimals > length) throw sqlError('ER_M_BIGGER_THAN_D', name);
  }
  if (base.kind === 'int' && length > 255) throw sqlError('ER_TOO_BIG_DISPLAYWIDTH', name, 255);
  if (base.kind === 'decimal' && length > 65) throw sqlError('ER_TOO_BIG_PRECISION', length, name, 65);
  if (base.kind === 'decimal' && (type.decimals ?? 0) > (type.length ?? 10)) throw sqlError('ER_M_BIGGER_THAN_D', name);
}

/** What the column's type is built on. */
export function baseOf(column: TableColumn): Base {
  return BASES[column.base] as Base;
}
