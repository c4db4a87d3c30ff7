// How JSON values compare: by kind first, and then as that kind does.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json.html#json-comparison
import { compareDecimals, Decimal } from './decimal.ts';
import { type JsonData, Opaque } from './json.ts';
import { Temporal } from './temporal.ts';

const MOMENTS = { date: 5, time: 6, datetime: 7 } as const;

/** Kinds from the lowest: nothing, numbers, texts, objects, arrays, truths, moments, bytes. */
function rankOf(data: JsonData): number {
  if (data === null) return -1;
  if (typeof data === 'bigint' || typeof data === 'number' || data instanceof Decimal) return 0;
  if (typeof data === 'string') return 1;
  if (typeof data === 'boolean') return 4;
  if (data instanceof Temporal) return MOMENTS[data.kind];
  if (data instanceof Opaque) return 8;
  return Array.isArray(data) ? 3 : 2;
}

const order = (a: number | bigint | string, b: number | bigint | string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareNumbers(a: JsonData, b: JsonData): number {
  const exact = (data: JsonData) =>
    typeof data === 'bigint' ? new Decimal(data, 0) : data instanceof Decimal ? data : undefined;
  const [x, y] = [exact(a), exact(b)];
  return x && y ? compareDecimals(x, y) : order(Number(a), Number(b));
}

function compareArrays(a: readonly JsonData[], b: readonly JsonData[]): number {
  for (const [at, item] of a.entries()) {
    if (at >= b.length) return 1;
    const found = compareJson(item, b[at] as JsonData);
    if (found !== 0) return found;
  }
  return a.length === b.length ? 0 : -1;
}

type JsonObject = { readonly [key: string]: JsonData };

function compareObjects(a: JsonObject, b: JsonObject): number {
  const [first, second] = [Object.keys(a).sort(), Object.keys(b).sort()];
  if (first.length !== second.length) return order(first.length, second.length);
  for (const [at, key] of first.entries()) {
    const found = order(key, second[at] as string) || compareJson(a[key] as JsonData, b[key] as JsonData);
    if (found !== 0) return found;
  }
  return 0;
}

/** -1, 0 or 1; documents nest no deeper than JSON_DEPTH. */
export function compareJson(a: JsonData, b: JsonData): number {
  const [rank, other] = [rankOf(a), rankOf(b)];
  if (rank !== other) return order(rank, other);
  if (rank === 0) return compareNumbers(a, b);
  if (a instanceof Temporal && b instanceof Temporal) return order(a.format(6), b.format(6));
  if (a instanceof Opaque && b instanceof Opaque) return Buffer.compare(a.bytes, b.bytes);
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(Number(a), Number(b));
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  return a === null ? 0 : compareObjects(a as JsonObject, b as JsonObject);
}
