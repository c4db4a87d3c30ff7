// How many bytes a document takes as the server stores it.
// Source: sizes as JSON_STORAGE_SIZE tells them in 9.7.
import { Decimal } from './decimal.ts';
import { isContainer, type JsonData } from './json.ts';

/** Bytes from which offsets and counts take four bytes instead of two. */
const SMALL = 65_536;

/** Bytes of the length before a text. */
function lengthBytes(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4;
}

function integerBytes(value: bigint): number {
  if (value >= -32_768n && value <= 65_535n) return 2;
  return value >= -2_147_483_648n && value <= 4_294_967_295n ? 4 : 8;
}

/** A value that stands in its entry instead of behind it. */
function inlined(data: JsonData): boolean {
  return data === null || typeof data === 'boolean' || (typeof data === 'bigint' && integerBytes(data) === 2);
}

/** Bytes of a value without the one that tells its type. */
export function storedBytes(data: JsonData): number {
  if (data === null || typeof data === 'boolean') return 1;
  if (typeof data === 'bigint') return integerBytes(data);
  if (typeof data === 'number') return 8;
  if (typeof data === 'string') {
    const length = Buffer.byteLength(data);
    return length + lengthBytes(length);
  }
  if (!isContainer(data)) return data instanceof Decimal ? 4 + Math.ceil(data.toString().length / 2) : 10;
  const values: readonly JsonData[] = Array.isArray(data) ? data : Object.values(data);
  const keys = Array.isArray(data) ? [] : Object.keys(data);
  const content =
    values.reduce<number>((bytes, value) => bytes + (inlined(value) ? 0 : storedBytes(value)), 0) +
    keys.reduce((bytes, key) => bytes + Buffer.byteLength(key), 0);
  const small = 4 + values.length * 3 + keys.length * 4 + content;
  return small < SMALL ? small : 8 + values.length * 5 + keys.length * 6 + content;
}
