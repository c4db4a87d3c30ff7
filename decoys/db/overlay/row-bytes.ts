// What values and rows a client keeps cost of its source's share, in bytes.
import { Json } from '../sql/value/json.ts';
import { toText, type Value } from '../sql/value/value.ts';

/** Values of a row, one a column. */
export type StoredRow = Value[];

/** What a value costs of its source's share, beyond its own bytes. */
const VALUE_OVERHEAD_BYTES = 16;
const BUFFER_OVERHEAD_BYTES = 128;
const ROW_OVERHEAD_BYTES = 64;
/** What a member of a JSON document costs. */
const MEMBER_BYTES = 48;

/** What a value costs, in bytes. */
export function valueBytes(value: Value): number {
  if (typeof value === 'string') return value.length + VALUE_OVERHEAD_BYTES;
  if (Buffer.isBuffer(value)) return value.length + BUFFER_OVERHEAD_BYTES;
  if (value instanceof Json) return Math.max(value.weight * MEMBER_BYTES, (toText(value) as string).length);
  if (value !== null && typeof value === 'object') return VALUE_OVERHEAD_BYTES * 4 + (toText(value) as string).length;
  return VALUE_OVERHEAD_BYTES;
}

/** What a row costs, in bytes. */
export function rowBytes(row: readonly Value[]): number {
  return row.reduce<number>((sum, value) => sum + valueBytes(value), ROW_OVERHEAD_BYTES);
}

/** Bytes of a row's values as its table holds them: text and bytes as long as they are, all else eight. */
export function contentBytes(row: readonly Value[]): number {
  let bytes = 0;
  for (const value of row)
    if (typeof value === 'string' || Buffer.isBuffer(value)) bytes += value.length;
    else if (value !== null) bytes += 8;
  return bytes;
}
