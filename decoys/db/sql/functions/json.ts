// JSON functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-functions.html
import { sqlError } from '../errors.ts';
import { extract, Json, type JsonData, jsonType as jsonTypeName, parseJson, writeJson } from '../value/json.ts';
import { intType, jsonType, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toText, type Value } from '../value/value.ts';
import { type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import { documentOf, isObject, jsonText, pathOf, toJsonData } from './json-argument.ts';

export function entry(
  args: readonly [number, number],
  type: () => SqlType,
  evaluate: FunctionEntry['evaluate'],
  strict = true,
): FunctionEntry {
  return { args, strict, type, evaluate };
}

function contains(target: JsonData, candidate: JsonData): boolean {
  if (Array.isArray(target)) {
    if (Array.isArray(candidate)) return candidate.every((item) => contains(target, item as JsonData));
    return target.some((item) => contains(item as JsonData, candidate));
  }
  if (isObject(target))
    return (
      isObject(candidate) &&
      Object.keys(candidate).every(
        (key) => Object.hasOwn(target, key) && contains(target[key] as JsonData, candidate[key] as JsonData),
      )
    );
  return writeJson(target) === writeJson(candidate);
}

function depth(data: JsonData): number {
  if (data === null || typeof data !== 'object') return 1;
  const items = Array.isArray(data) ? data : Object.values(data);
  return 1 + Math.max(0, ...items.map((item) => depth(item as JsonData)));
}

export function length(data: JsonData): bigint {
  if (Array.isArray(data)) return BigInt(data.length);
  return isObject(data) ? BigInt(Object.keys(data).length) : 1n;
}

/** As JSON_PRETTY writes it. */
export function pretty(data: JsonData, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(data))
    return data.length === 0
      ? '[]'
      : `[\n${data.map((item) => inner + pretty(item as JsonData, inner)).join(',\n')}\n${indent}]`;
  if (!isObject(data)) return writeJson(data);
  const keys = Object.keys(data).sort((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b) || (a < b ? -1 : 1));
  return keys.length === 0
    ? '{}'
    : `{\n${keys.map((key) => `${inner}${JSON.stringify(key)}: ${pretty(data[key] as JsonData, inner)}`).join(',\n')}\n${indent}}`;
}

export const JSON_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  JSON_OBJECT: entry(
    [0, MANY],
    jsonType,
    (args) => {
      if (args.length % 2 === 1) throw sqlError('ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT', 'json_object');
      const object: Record<string, JsonData> = Object.create(null);
      for (let at = 0; at + 1 < args.length; at += 2)
        object[toText(args[at] as Value) ?? ''] = toJsonData(args[at + 1] as Value);
      return new Json(object);
    },
    false,
  ),
  JSON_ARRAY: entry([0, MANY], jsonType, (args) => new Json(args.map(toJsonData)), false),
  JSON_EXTRACT: entry([2, MANY], jsonType, ([document, ...paths]) => {
    const data = documentOf(document as Value, 1, 'json_extract');
    const steps = paths.map((path) => pathOf(path as Value));
    const found = steps.flatMap((path) => extract(data, path));
    if (found.length === 0) return null;
    const many = steps.length > 1 || steps.some((path) => path.some((step) => 'all' in step));
    return new Json(many ? found : (found[0] as JsonData));
  }),
  JSON_UNQUOTE: {
    args: [1, 1],
    strict: true,
    type: ([arg]) =>
      arg?.type === 245
        ? { ...textType(1_073_741_823), type: 251, flags: 128, collation: 'utf8mb4_bin' }
        : jsonText(textLength(arg as SqlType)),
    evaluate: ([value]) => {
      if (value instanceof Json) return typeof value.data === 'string' ? value.data : value.toString();
      const text = toText(value as Value) as string;
      if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
      const parsed = parseJson(text);
      return 'data' in parsed && typeof parsed.data === 'string' ? parsed.data : text;
    },
  },
  JSON_QUOTE: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => jsonText(textLength(arg as SqlType) * 6 + 2),
    evaluate: ([value]) => JSON.stringify(toText(value as Value)),
  },
  JSON_VALID: entry(
    [1, 1],
    () => intType(21),
    ([value]) => {
      if (value instanceof Json) return 1n;
      return fromBoolean(
        (typeof value === 'string' || Buffer.isBuffer(value)) && 'data' in parseJson(toText(value as Value) as string),
      );
    },
  ),
  JSON_TYPE: entry(
    [1, 1],
    () => jsonText(17),
    ([value]) => jsonTypeName(documentOf(value as Value, 1, 'json_type')),
  ),
  JSON_LENGTH: entry(
    [1, 2],
    () => intType(21),
    ([value, path]) => {
      const data = documentOf(value as Value, 1, 'json_length');
      const found = path === undefined ? data : extract(data, pathOf(path))[0];
      return found === undefined ? null : length(found);
    },
  ),
  JSON_DEPTH: entry(
    [1, 1],
    () => intType(21),
    ([value]) => BigInt(depth(documentOf(value as Value, 1, 'json_depth'))),
  ),
  JSON_KEYS: entry([1, 2], jsonType, ([value, path]) => {
    const data = documentOf(value as Value, 1, 'json_keys');
    const found = path === undefined ? data : extract(data, pathOf(path))[0];
    return found !== undefined && isObject(found)
      ? new Json(Object.keys(found).sort((a, b) => a.length - b.length || (a < b ? -1 : 1)))
      : null;
  }),
  JSON_CONTAINS: entry(
    [2, 3],
    () => intType(21),
    ([target, candidate, path]) => {
      const data = documentOf(target as Value, 1, 'json_contains');
      const found = path === undefined ? data : extract(data, pathOf(path))[0];
      return found === undefined
        ? null
        : fromBoolean(contains(found, documentOf(candidate as Value, 2, 'json_contains')));
    },
  ),
  JSON_CONTAINS_PATH: entry(
    [3, MANY],
    () => intType(21),
    ([document, how, ...paths]) => {
      const data = documentOf(document as Value, 1, 'json_contains_path');
      const hits = paths.map((path) => extract(data, pathOf(path as Value)).length > 0);
      return fromBoolean(
        (toText(how as Value) as string).toLowerCase() === 'all' ? hits.every(Boolean) : hits.some(Boolean),
      );
    },
  ),
  JSON_PRETTY: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...textType(67_108_864), type: 251, flags: 128, collation: 'utf8mb4_bin' }),
    evaluate: ([value]) => pretty(documentOf(value as Value, 1, 'json_pretty')),
  },
  JSON_SEARCH: entry([3, MANY], jsonType, ([document, how, needle]) => {
    const data = documentOf(document as Value, 1, 'json_search');
    const wanted = toText(needle as Value) as string;
    const found: string[] = [];
    const walk = (value: JsonData, path: string) => {
      if (value === wanted) found.push(path);
      else if (Array.isArray(value)) for (const [at, item] of value.entries()) walk(item as JsonData, `${path}[${at}]`);
      else if (isObject(value))
        for (const key of Object.keys(value))
          walk(value[key] as JsonData, `${path}.${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}`);
    };
    walk(data, '$');
    if (found.length === 0) return null;
    return new Json(
      (toText(how as Value) as string).toLowerCase() === 'one' || found.length === 1 ? (found[0] as string) : found,
    );
  }),
  JSON_STORAGE_FREE: entry(
    [1, 1],
    () => intType(21),
    ([value]) => {
      documentOf(value as Value, 1, 'json_storage_free');
      return 0n;
    },
  ),
  JSON_STORAGE_SIZE: entry(
    [1, 1],
    () => intType(21),
    ([value]) => BigInt(writeJson(documentOf(value as Value, 1, 'json_storage_size')).length),
  ),
  'MEMBER OF': entry(
    [2, 2],
    () => intType(1),
    ([value, list]) => {
      const data = documentOf(list as Value, 2, 'member of');
      const wanted = writeJson(toJsonData(value as Value));
      return fromBoolean((Array.isArray(data) ? data : [data]).some((item) => writeJson(item as JsonData) === wanted));
    },
  ),
};
