// Parameters as COM_STMT_EXECUTE and query attributes carry them: a NULL bitmap, types with or without names, values.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html and page_protocol_com_query.html

import { SqlError, sqlError } from '../sql/errors.ts';
import { decodeText } from '../sql/value/charset.ts';
import { parseDecimal } from '../sql/value/decimal.ts';
import { Temporal } from '../sql/value/temporal.ts';
import {
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  intType,
  type SqlType,
  textType,
  timeType,
} from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { type ByteReader, ShortPacket } from './bytes.ts';
import { TYPE } from './constants.ts';

export const MAX_PARAMETERS = 4096;
const UNSIGNED = 0x8000;

export interface ParameterType {
  readonly type: number;
  readonly unsigned: boolean;
  readonly name: string;
}

function integer(size: 1 | 2 | 4): (reader: ByteReader, unsigned: boolean) => Value {
  return (reader, unsigned) => BigInt(unsigned ? reader.uint(size) : reader.int(size));
}

/** Sizes a date, a time and a time of day may have. */
const TEMPORAL_SIZES = { date: [0, 4], datetime: [0, 4, 7, 11], time: [0, 8, 12] } as const;
const MICROS = 1_000_000;
const MAX_HOURS = 838;

function temporalSize(reader: ByteReader, kind: keyof typeof TEMPORAL_SIZES): number {
  const size = reader.uint(1);
  if (!(TEMPORAL_SIZES[kind] as readonly number[]).includes(size)) throw new ShortPacket('no size of a time');
  return size;
}

function outOfRange(kind: string): SqlError {
  return sqlError('ER_DATA_OUT_OF_RANGE', kind.toUpperCase(), 'set_parameter_value');
}

function dateTime(kind: 'date' | 'datetime'): (reader: ByteReader) => Value {
  return (reader) => {
    const size = temporalSize(reader, kind);
    const [year, month, day] = size >= 4 ? [reader.uint(2), reader.uint(1), reader.uint(1)] : [0, 0, 0];
    const [hour, minute, second] = size >= 7 ? [reader.uint(1), reader.uint(1), reader.uint(1)] : [0, 0, 0];
    const micro = size >= 11 ? reader.uint(4) : 0;
    if (year > 9999 || month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59 || micro >= MICROS)
      throw outOfRange(kind);
    return new Temporal({ kind, year, month, day, hour, minute, second, micro });
  };
}

function time(reader: ByteReader): Value {
  const size = temporalSize(reader, 'time');
  if (size === 0) return new Temporal({ kind: 'time' });
  const negative = reader.uint(1) !== 0;
  const days = reader.uint(4);
  const [hours, minute, second] = [reader.uint(1), reader.uint(1), reader.uint(1)];
  const micro = size >= 12 ? reader.uint(4) : 0;
  const hour = days * 24 + hours;
  if (hour > MAX_HOURS || minute > 59 || second > 59 || micro >= MICROS) throw outOfRange('time');
  return new Temporal({ kind: 'time', negative, hour, minute, second, micro });
}

/** Text of a value whose length the client told; the server takes what is there of one cut short. */
function text(reader: ByteReader): Buffer {
  const size = reader.lenenc();
  if (size === null) throw new ShortPacket('NULL where a value was announced');
  return reader.raw(Math.min(size, reader.left));
}

/** As `text`, of a decimal, which has to be whole. */
function wholeText(reader: ByteReader): Buffer {
  const bytes = reader.lenencBytes();
  if (bytes === null) throw new ShortPacket('NULL where a value was announced');
  return bytes;
}

/** The number a decimal's text begins with. */
function decimal(bytes: Buffer): Value {
  const found = /^[+-]?\d{1,65}(\.\d{1,30})?/.exec(bytes.toString('latin1', 0, 100));
  return parseDecimal(found ? found[0].replace('+', '') : '0');
}

/** Characters of a text parameter before its value is known. */
const TEXT_CHARACTERS = 16_383;
const integerType = (unsigned: boolean) => intType(21, { unsigned });
/** A parameter of which nothing is known. */
export const textParameter = () => textType(TEXT_CHARACTERS);

interface Reading {
  readonly type: (unsigned: boolean) => SqlType;
  readonly read: (reader: ByteReader, unsigned: boolean, charset: string) => Value;
}

const TEXT: Reading = {
  type: textParameter,
  read: (reader, _unsigned, charset) => textValue(text(reader), charset),
};
const DECIMAL: Reading = { type: () => decimalType(65, 30), read: (reader) => decimal(wholeText(reader)) };
const DATETIME: Reading = { type: () => datetimeType(6), read: dateTime('datetime') };

/** What a client may send; any other type is refused. Types of clients that send NULL alone have nothing to read. */
const READINGS: Readonly<Record<number, Reading>> = {
  [TYPE.TINY]: { type: integerType, read: integer(1) },
  [TYPE.SHORT]: { type: integerType, read: integer(2) },
  [TYPE.LONG]: { type: integerType, read: integer(4) },
  [TYPE.LONGLONG]: {
    type: integerType,
    read: (reader, unsigned) => (unsigned ? reader.biguint() : reader.bigint()),
  },
  [TYPE.FLOAT]: { type: () => doubleType(), read: (reader) => reader.float() },
  [TYPE.DOUBLE]: { type: () => doubleType(), read: (reader) => reader.double() },
  [TYPE.DECIMAL]: DECIMAL,
  [TYPE.NEWDECIMAL]: DECIMAL,
  [TYPE.DATE]: { type: () => dateType(), read: dateTime('date') },
  [TYPE.DATETIME]: DATETIME,
  [TYPE.TIMESTAMP]: DATETIME,
  [TYPE.TIME]: { type: () => timeType(6), read: time },
  [TYPE.VARCHAR]: TEXT,
  [TYPE.VECTOR]: TEXT,
  [TYPE.JSON]: TEXT,
  [TYPE.TINY_BLOB]: TEXT,
  [TYPE.MEDIUM_BLOB]: TEXT,
  [TYPE.LONG_BLOB]: TEXT,
  [TYPE.BLOB]: TEXT,
  [TYPE.VAR_STRING]: TEXT,
  [TYPE.STRING]: TEXT,
};
/** A type of the protocol nothing can be sent as. */
const BOOL = 244;
/** Types only a NULL may have. */
const NULLS: ReadonlySet<number> = new Set([TYPE.NULL, TYPE.INT24]);
/** Types whose values may be sent ahead. */
const AHEAD: ReadonlySet<number> = new Set([
  TYPE.TINY_BLOB,
  TYPE.MEDIUM_BLOB,
  TYPE.LONG_BLOB,
  TYPE.BLOB,
  TYPE.VAR_STRING,
  TYPE.STRING,
]);

/** Bytes as text of a character set; as they are where they are none. */
function textValue(bytes: Buffer, charset: string): Value {
  return decodeText(bytes, charset) ?? bytes;
}

function noSuchType(): SqlError {
  return sqlError('ER_WRONG_ARGUMENTS', 'mysqld_stmt_execute');
}

/** The type a parameter has in the statement it is for, once a value was sent; undefined for what is no type of values. */
export function sqlTypeOf({ type, unsigned }: ParameterType): SqlType | undefined {
  return READINGS[type]?.type(unsigned);
}

/** Types of the values of COM_STMT_EXECUTE; `named` where query attributes go with them. */
export function readTypes(reader: ByteReader, count: number, named: boolean): ParameterType[] {
  return Array.from({ length: count }, () => {
    const type = reader.uint(2);
    const name = named ? (reader.lenencBytes() ?? Buffer.alloc(0)).toString() : '';
    return { type: type & 0xff, unsigned: (type & UNSIGNED) !== 0, name };
  });
}

/** Reads past a value of a type there is none of, as past a text: it has to have begun at least. */
function skipUnknown(reader: ByteReader): Value {
  text(reader);
  return null;
}

/**
 * Values in order; one whose bytes were sent ahead is taken from `ahead`. The packet has to be whole (ShortPacket) before
 * a type no parameter has is refused (SqlError), which new types are even for NULL.
 */
export function readValues(
  reader: ByteReader,
  types: readonly ParameterType[],
  bitmap: Buffer,
  charset: string,
  { ahead, fresh }: { readonly ahead: ReadonlyMap<number, Buffer>; readonly fresh: boolean },
): Value[] {
  let refused: SqlError | undefined;
  const values = types.map(({ type, unsigned }, at): Value => {
    const reading = READINGS[type];
    const isNull = (((bitmap[at >> 3] as number) >> (at & 7)) & 1) !== 0;
    // What was sent ahead counts, whether the bitmap has it NULL or not.
    const sent = ahead.get(at);
    if (isNull && !sent) {
      if (fresh && !reading && !NULLS.has(type)) refused ??= noSuchType();
      return null;
    }
    if (sent && AHEAD.has(type)) return textValue(sent, charset);
    if (sent && !isNull) throw new ShortPacket('a value of that type is not sent ahead');
    if (sent) {
      refused ??= sqlError('ER_WRONG_ARGUMENTS', 'mysqld_stmt_execute');
      return null;
    }
    if (type === BOOL) throw new ShortPacket('a value of a type that has none');
    if (!reading) {
      refused ??= noSuchType();
      return skipUnknown(reader);
    }
    try {
      return reading.read(reader, unsigned, charset);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      refused ??= error;
      return null;
    }
  });
  if (refused) throw refused;
  return values;
}

/** Query attributes before a COM_QUERY's text, taken off it; throws ShortPacket. */
export function readQueryAttributes(reader: ByteReader, charset: string): ReadonlyMap<string, Value> {
  const count = reader.lenenc();
  const sets = reader.lenenc();
  if (count === null || sets !== 1) throw new ShortPacket('one set of attributes is all there is');
  const attributes = new Map<string, Value>();
  if (count === 0) return attributes;
  if (count > MAX_PARAMETERS) throw new ShortPacket('more attributes than a statement may have');
  const bitmap = reader.raw((count + 7) >> 3);
  reader.uint(1);
  const types = readTypes(reader, count, true);
  const values = readValues(reader, types, bitmap, charset, { ahead: new Map(), fresh: true });
  for (const [at, type] of types.entries()) attributes.set(type.name, values[at] as Value);
  return attributes;
}
