// What values and rows a client keeps cost of its source's share, in bytes.
import { toText, type Value } from '../sql/value/value.ts';

/** Values of a row, one a column. */
export type StoredRow = Value[];

/** What a value costs of its source's share, beyond its own bytes. */
const VALUE_OVERHEAD_BYTES = 16;
const ROW_OVERHEAD_BYTES = 64;

/** What a value costs, in bytes. */
export function valueBytes(value: Value): number {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value.length + VALUE_OVERHEAD_BYTES;
  if (value !== null && typeof value === 'object') return VALUE_OVERHEAD_BYTES * 4 + (toText(value) as string).length;
  return VALUE_OVERHEAD_BYTES;
}

/** What a row costs, in bytes. */
export function rowBytes(row: readonly Value[]): number {
  return row.reduce<number>((sum, value) => sum + valueBytes(value), ROW_OVERHEAD_BYTES);
}
