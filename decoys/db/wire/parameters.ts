// Parameters as COM_STMT_EXECUTE and query attributes carry them: a NULL bitmap, types with or without names, values.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html and page_protocol_com_query.html

import { decodeText } from '../sql/value/charset.ts';
import { parseDecimal } from '../sql/value/decimal.ts';
import { Temporal } from '../sql/value/temporal.ts';
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

function dateTime(kind: 'date' | 'datetime'): (reader: ByteReader) => Value {
  return (reader) => {
    const size = reader.uint(1);
    const [year, month, day] = size >= 4 ? [reader.uint(2), reader.uint(1), reader.uint(1)] : [0, 0, 0];
    const [hour, minute, second] = size >= 7 ? [reader.uint(1), reader.uint(1), reader.uint(1)] : [0, 0, 0];
    const micro = size >= 11 ? reader.uint(4) : 0;
    return new Temporal({ kind, year, month, day, hour, minute, second, micro });
  };
}

function time(reader: ByteReader): Value {
  const size = reader.uint(1);
  if (size === 0) return new Temporal({ kind: 'time' });
  const negative = reader.uint(1) === 1;
  const days = reader.uint(4);
  const [hour, minute, second] = [reader.uint(1), reader.uint(1), reader.uint(1)];
  return new Temporal({
    kind: 'time',
    negative,
    hour: Math.min(838, days * 24 + hour),
    minute,
    second,
    micro: size >= 12 ? reader.uint(4) : 0,
  });
}

const READERS: Readonly<Record<number, (reader: ByteReader, unsigned: boolean) => Value>> = {
  [TYPE.TINY]: integer(1),
  [TYPE.SHORT]: integer(2),
  [TYPE.YEAR]: integer(2),
  [TYPE.LONG]: integer(4),
  [TYPE.INT24]: integer(4),
  [TYPE.LONGLONG]: (reader, unsigned) => (unsigned ? reader.biguint() : reader.bigint()),
  [TYPE.FLOAT]: (reader) => reader.float(),
  [TYPE.DOUBLE]: (reader) => reader.double(),
  [TYPE.DATE]: dateTime('date'),
  [TYPE.DATETIME]: dateTime('datetime'),
  [TYPE.TIMESTAMP]: dateTime('datetime'),
  [TYPE.TIME]: time,
  [TYPE.NULL]: () => null,
};
const BYTES = new Set<number>([TYPE.BLOB, TYPE.TINY_BLOB, TYPE.MEDIUM_BLOB, TYPE.LONG_BLOB, TYPE.GEOMETRY, TYPE.BIT]);

/** Bytes of a text parameter as a value of its type. */
export function bytesValue(bytes: Buffer, type: number, charset: string): Value {
  if (type === TYPE.NEWDECIMAL || type === TYPE.DECIMAL) {
    const text = bytes.toString('latin1', 0, 100);
    return /^[+-]?\d{1,65}(\.\d{1,30})?$/.test(text) ? parseDecimal(text.replace('+', '')) : text;
  }
  if (BYTES.has(type)) return bytes;
  return decodeText(bytes, charset) ?? bytes;
}

export function readTypes(reader: ByteReader, count: number, named: boolean): ParameterType[] {
  return Array.from({ length: count }, () => {
    const type = reader.uint(2);
    const name = named ? (reader.lenencBytes() ?? Buffer.alloc(0)).toString() : '';
    return { type: type & 0xff, unsigned: (type & UNSIGNED) !== 0, name };
  });
}

/** Values in order; one whose bytes were sent ahead is taken from `ahead`. */
export function readValues(
  reader: ByteReader,
  types: readonly ParameterType[],
  bitmap: Buffer,
  charset: string,
  ahead: ReadonlyMap<number, Buffer>,
): Value[] {
  return types.map(({ type, unsigned }, at) => {
    if (((bitmap[at >> 3] as number) >> (at & 7)) & 1) return null;
    const sent = ahead.get(at);
    if (sent) return bytesValue(sent, type, charset);
    const read = READERS[type];
    if (read) return read(reader, unsigned);
    const bytes = reader.lenencBytes();
    if (bytes === null) throw new ShortPacket('NULL where a value was announced');
    return bytesValue(bytes, type, charset);
  });
}

/** Query attributes before a COM_QUERY's text, taken off it; throws ShortPacket. */
export function readQueryAttributes(reader: ByteReader, charset: string): ReadonlyMap<string, Value> {
  const count = reader.lenenc() ?? 0;
  reader.lenenc();
  const attributes = new Map<string, Value>();
  if (count === 0) return attributes;
  if (count > MAX_PARAMETERS) throw new ShortPacket('more attributes than a statement may have');
  const bitmap = reader.raw((count + 7) >> 3);
  reader.uint(1);
  const types = readTypes(reader, count, true);
  const values = readValues(reader, types, bitmap, charset, new Map());
  for (const [at, type] of types.entries()) attributes.set(type.name, values[at] as Value);
  return attributes;
}
