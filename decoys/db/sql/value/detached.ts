// Values by themselves: V8 keeps the whole text a part was cut from, and Node the whole slab a short Buffer lies in, for as long as the
// part is kept. What stays after its statement is copied, or a few bytes that were booked would hold a megabyte that was not.
import { VALUE_BYTES } from '../../limits.ts';
import { Json, type JsonData } from './json.ts';
import type { Value } from './value.ts';

/** Shorter parts of a text are copies already (V8's SlicedString::kMinLength). */
const SLICED_CHARACTERS = 13;

/** The same text, holding nothing else; one of more than half of what a text may be holds at most as much again, and is left as it is. */
export function detached(text: string): string {
  if (text.length < SLICED_CHARACTERS || text.length > VALUE_BYTES / 2) return text;
  const narrow = Buffer.from(text, 'latin1').toString('latin1');
  return narrow === text ? narrow : Buffer.from(text, 'utf16le').toString('utf16le');
}

export function detachedBytes(bytes: Buffer): Buffer {
  if (bytes.length === bytes.buffer.byteLength) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

function detachedData(data: JsonData): JsonData {
  if (typeof data === 'string') return detached(data);
  if (Array.isArray(data)) return data.map(detachedData);
  if (data === null || typeof data !== 'object' || Object.getPrototypeOf(data) !== null) return data;
  const object = data as { readonly [key: string]: JsonData };
  const copy: Record<string, JsonData> = Object.create(null);
  for (const key of Object.keys(object)) copy[key] = detachedData(object[key] as JsonData);
  return copy;
}

/** The same value, holding nothing of what it was cut from. */
export function detachedValue(value: Value): Value {
  if (typeof value === 'string') return detached(value);
  if (Buffer.isBuffer(value)) return detachedBytes(value);
  return value instanceof Json ? new Json(detachedData(value.data)) : value;
}
