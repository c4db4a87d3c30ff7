// Documents and paths as JSON functions take them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json.html

import { sqlError } from '../errors.ts';
import { Decimal } from '../value/decimal.ts';
import { isContainer, Json, type JsonData, Opaque, parseJson } from '../value/json.ts';
import { findsMany, type PathStep, readPath } from '../value/json-path.ts';
import { Temporal } from '../value/temporal.ts';
import { type SqlType, textType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';

/** What a value is inside JSON when it is put there: text stays text. */
export function toJsonData(value: Value): JsonData {
  if (value === null) return null;
  if (value instanceof Json) return value.data;
  if (typeof value === 'bigint' || typeof value === 'string') return value;
  if (typeof value === 'number') return value;
  if (value instanceof Decimal || value instanceof Temporal) return value;
  if (Buffer.isBuffer(value)) return new Opaque(value);
  return toText(value);
}

/** The document an argument holds; text is parsed, and refused with 3141 where it is no JSON. */
export function documentOf(value: Value, argument: number, name: string): JsonData {
  if (value instanceof Json) return value.data;
  if (Buffer.isBuffer(value)) throw sqlError('ER_JSON_BAD_CHARSET', 'binary');
  if (typeof value !== 'string') throw sqlError('ER_INVALID_TYPE_FOR_JSON', argument, name);
  const parsed = parseJson(toText(value) as string);
  if ('data' in parsed) return parsed.data;
  throw sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', argument, name, parsed.reason, parsed.position);
}

/** A path that leads to one place. Throws 3149 where it may lead to several. */
export function singlePathOf(value: Value): readonly PathStep[] {
  const path = pathOf(value);
  if (path.some(findsMany)) throw sqlError('ER_JSON_WILDCARDS');
  return path;
}

export function pathOf(value: Value): readonly PathStep[] {
  const path = readPath(toText(value) as string);
  if (typeof path === 'number') throw sqlError('ER_INVALID_JSON_PATH', path);
  return path;
}

export const isObject = (data: JsonData): data is { readonly [key: string]: JsonData } =>
  isContainer(data) && !Array.isArray(data);

/** JSON's text operations are told with the BINARY flag, as its collation is utf8mb4_bin. */
export const jsonText = (length: number): SqlType => ({ ...textType(length), flags: 128, collation: 'utf8mb4_bin' });
