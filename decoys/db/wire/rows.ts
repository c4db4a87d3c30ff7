// Rows on the wire: text protocol for COM_QUERY, binary protocol for prepared statements.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html
import { encodeText } from '../sql/value/charset.ts';
import { Temporal } from '../sql/value/temporal.ts';
import { toInteger, toNumber, toText, type Value } from '../sql/value/value.ts';
import type { ByteWriter } from './bytes.ts';
import { type Column, writtenCharset } from './column.ts';
import { FLAG, TYPE } from './constants.ts';

/** Fractions of a time have at most six digits; more means none were asked for. */
const TIME_DECIMALS = 6;

/** A double with a fraction of fixed length: its own digits, then zeros. */
function fixedDouble(value: number, decimals: number): string {
  const own = String(value);
  const fraction = own.split('.')[1]?.length ?? 0;
  return /^-?\d+(\.\d+)?$/.test(own) && fraction < decimals
    ? `${own}${fraction === 0 && decimals > 0 ? '.' : ''}${'0'.repeat(decimals - fraction)}`
    : value.toFixed(decimals);
}

/** A ZEROFILL column's number is as wide as the column. */
function textOf(value: Value, column: Column): string {
  const text = plainText(value, column);
  return (column.flags & FLAG.ZEROFILL) === 0 ? text : text.padStart(column.length, '0');
}

function plainText(value: Value, column: Column): string {
  if (value instanceof Temporal) return value.format(column.decimals <= TIME_DECIMALS ? column.decimals : 0);
  if (typeof value === 'number' && column.decimals < 31 && (column.type === TYPE.DOUBLE || column.type === TYPE.FLOAT))
    return fixedDouble(value, column.decimals);
  if (typeof value === 'number' && column.type === TYPE.FLOAT) return floatText(value);
  return toText(value) as string;
}

/** A FLOAT shows six significant digits. */
function floatText(value: number): string {
  return toText(Number(value.toPrecision(6))) as string;
}

/** `charset` is what results are told in; null leaves text as it is kept. */
export function writeTextRow(
  out: ByteWriter,
  row: readonly Value[],
  columns: readonly Column[],
  charset: string | null,
): void {
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at] as Column;
    const value = row[at] ?? null;
    if (value === null) out.uint(0xfb, 1);
    else if (Buffer.isBuffer(value)) out.lenencBytes(value);
    else if (column.type === TYPE.BIT) out.lenencBytes(bitBytes(value, column.length));
    else writeText(out, textOf(value, column), writtenCharset(column, charset));
  }
}

/** A BIT column's value: as many bytes as its bits fill, the highest first. */
function bitBytes(value: Value, bits: number): Buffer {
  const size = Math.min(8, Math.max(1, Math.ceil(bits / 8)));
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, toInteger(value) ?? 0n));
  return bytes.subarray(8 - size);
}

function writeText(out: ByteWriter, text: string, charset: string | null): void {
  if (charset === null || charset === 'utf8mb4' || charset === 'binary') out.lenencText(text);
  else out.lenencBytes(encodeText(text, charset));
}

const INTEGER_BYTES: Readonly<Record<number, number>> = {
  [TYPE.TINY]: 1,
  [TYPE.SHORT]: 2,
  [TYPE.YEAR]: 2,
  [TYPE.INT24]: 4,
  [TYPE.LONG]: 4,
  [TYPE.LONGLONG]: 8,
};

function writeDate(out: ByteWriter, value: Temporal): void {
  const timed = value.kind === 'datetime' && (value.hour || value.minute || value.second || value.micro);
  if (value.year === 0 && value.month === 0 && value.day === 0 && !timed) {
    out.uint(0, 1);
    return;
  }
  out
    .uint(timed ? (value.micro ? 11 : 7) : 4, 1)
    .uint(value.year, 2)
    .uint(value.month, 1)
    .uint(value.day, 1);
  if (!timed) return;
  out.uint(value.hour, 1).uint(value.minute, 1).uint(value.second, 1);
  if (value.micro) out.uint(value.micro, 4);
}

function writeTime(out: ByteWriter, value: Temporal): void {
  if (!value.hour && !value.minute && !value.second && !value.micro) {
    out.uint(0, 1);
    return;
  }
  out
    .uint(value.micro ? 12 : 8, 1)
    .uint(value.negative ? 1 : 0, 1)
    .uint(Math.floor(value.hour / 24), 4);
  out
    .uint(value.hour % 24, 1)
    .uint(value.minute, 1)
    .uint(value.second, 1);
  if (value.micro) out.uint(value.micro, 4);
}

/** A row of the binary protocol: its NULLs as bits, its values by their types. */
export function writeBinaryRow(
  out: ByteWriter,
  row: readonly Value[],
  columns: readonly Column[],
  charset: string | null,
): void {
  const bitmap = Buffer.alloc(Math.floor((columns.length + 9) / 8));
  for (let at = 0; at < columns.length; at++) {
    if ((row[at] ?? null) === null) bitmap[(at + 2) >> 3] = (bitmap[(at + 2) >> 3] as number) | (1 << ((at + 2) & 7));
  }
  out.uint(0, 1).raw(bitmap);
  for (let at = 0; at < columns.length; at++) {
    const value = row[at] ?? null;
    if (value !== null) writeBinaryValue(out, value, columns[at] as Column, charset);
  }
}

function writeBinaryValue(out: ByteWriter, value: Value, column: Column, charset: string | null): void {
  const bytes = INTEGER_BYTES[column.type];
  if (bytes === 8) out.biguint(toInteger(value) as bigint);
  else if (bytes !== undefined) out.uint(Number(BigInt.asUintN(bytes * 8, toInteger(value) as bigint)), bytes);
  else if (column.type === TYPE.DOUBLE) out.double(toNumber(value) as number);
  else if (column.type === TYPE.FLOAT) out.float(toNumber(value) as number);
  else if (value instanceof Temporal && column.type === TYPE.TIME) writeTime(out, value);
  else if (value instanceof Temporal && [TYPE.DATE, TYPE.DATETIME, TYPE.TIMESTAMP].includes(column.type as 10))
    writeDate(out, value);
  else if (Buffer.isBuffer(value)) out.lenencBytes(value);
  else if (column.type === TYPE.BIT) out.lenencBytes(bitBytes(value, column.length));
  else writeText(out, textOf(value, column), writtenCharset(column, charset));
}
