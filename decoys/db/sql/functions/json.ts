// JSON functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-functions.html
import { sqlError } from '../errors.ts';
import { Decimal } from '../value/decimal.ts';
import {
  extract,
  Json,
  type JsonData,
  jsonType as jsonTypeName,
  type PathStep,
  parseJson,
  parsePath,
  writeJson,
} from '../value/json.ts';
import { intType, jsonType, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toText, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { MANY } from './function.ts';

/** What a value is inside JSON when it is put there: text stays text. */
export function toJsonData(value: Value): JsonData {
  if (value === null) return null;
  if (value instanceof Json) return value.data;
  if (typeof value === 'bigint' || typeof value === 'string') return value;
  if (typeof value === 'number') return value;
  if (value instanceof Decimal) return value.toNumber();
  return toText(value);
}

/** The document an argument holds; text is parsed, and refused with 3141 where it is no JSON. */
function documentOf(value: Value, argument: number, name: string): JsonData {
  if (value instanceof Json) return value.data;
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) throw sqlError('ER_INVALID_TYPE_FOR_JSON', argument, name);
  const parsed = parseJson(toText(value) as string);
  if ('data' in parsed) return parsed.data;
  throw sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', argument, name, parsed.reason, parsed.position);
}

function pathOf(value: Value): readonly PathStep[] {
  const path = parsePath(toText(value) as string);
  if (!path) throw sqlError('ER_INVALID_JSON_PATH', 1);
  return path;
}

const isObject = (data: JsonData): data is { readonly [key: string]: JsonData } =>
  data !== null && typeof data === 'object' && !Array.isArray(data);

function entry(
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

function length(data: JsonData): bigint {
  if (Array.isArray(data)) return BigInt(data.length);
  return isObject(data) ? BigInt(Object.keys(data).length) : 1n;
}

type Edit = 'set' | 'insert' | 'replace' | 'remove' | 'append';

function edit(data: JsonData, path: readonly PathStep[], value: JsonData, how: Edit): JsonData {
  const [first, ...rest] = path;
  if (!first) {
    if (how === 'append') return Array.isArray(data) ? [...data, value] : [data, value];
    return how === 'insert' ? data : value;
  }
  if ('key' in first) {
    if (!isObject(data)) return data;
    const has = Object.hasOwn(data, first.key);
    if (rest.length > 0 || how === 'append')
      return has ? { ...data, [first.key]: edit(data[first.key] as JsonData, rest, value, how) } : data;
    if (how === 'remove') return Object.fromEntries(Object.entries(data).filter(([key]) => key !== first.key));
    return (has ? how === 'insert' : how === 'replace') ? data : { ...data, [first.key]: value };
  }
  if (!('index' in first)) throw sqlError('ER_INVALID_JSON_PATH', 1);
  const items = Array.isArray(data) ? [...data] : [data];
  const at = first.last ? items.length - 1 - first.index : first.index;
  if (rest.length > 0 || how === 'append') {
    if (at < 0 || at >= items.length) return data;
    items[at] = edit(items[at] as JsonData, rest, value, how);
    return Array.isArray(data) ? items : (items[0] as JsonData);
  }
  if (at < items.length && at >= 0) {
    if (how === 'insert') return data;
    if (how === 'remove') items.splice(at, 1);
    else items[at] = value;
    return Array.isArray(data) ? items : (items[0] as JsonData);
  }
  return how === 'replace' || how === 'remove' ? data : [...items, value];
}

function editor(how: Edit, name: string): FunctionEntry {
  return entry(
    [3, MANY],
    jsonType,
    ([document, ...pairs]) => {
      if (document === null) return null;
      let data = documentOf(document as Value, 1, name);
      for (let at = 0; at + 1 < pairs.length; at += 2) {
        if (pairs[at] === null) return null;
        data = edit(data, pathOf(pairs[at] as Value), toJsonData(pairs[at + 1] as Value), how);
      }
      return new Json(data);
    },
    false,
  );
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

function mergePatch(target: JsonData, patch: JsonData): JsonData {
  if (!isObject(patch)) return patch;
  const merged: Record<string, JsonData> = Object.assign(Object.create(null), isObject(target) ? target : {});
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key] ?? null, value);
  }
  return merged;
}

function mergePreserve(a: JsonData, b: JsonData): JsonData {
  if (isObject(a) && isObject(b)) {
    const merged: Record<string, JsonData> = Object.assign(Object.create(null), a);
    for (const [key, value] of Object.entries(b))
      merged[key] = Object.hasOwn(merged, key) ? mergePreserve(merged[key] as JsonData, value) : value;
    return merged;
  }
  return [...(Array.isArray(a) ? a : [a]), ...(Array.isArray(b) ? b : [b])];
}

/** JSON's text operations are told with the BINARY flag, as its collation is utf8mb4_bin. */
const jsonText = (length: number): SqlType => ({ ...textType(length), flags: 128, collation: 'utf8mb4_bin' });

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
  JSON_SET: editor('set', 'json_set'),
  JSON_INSERT: editor('insert', 'json_insert'),
  JSON_REPLACE: editor('replace', 'json_replace'),
  JSON_ARRAY_APPEND: editor('append', 'json_array_append'),
  JSON_REMOVE: entry([2, MANY], jsonType, ([document, ...paths]) => {
    let data = documentOf(document as Value, 1, 'json_remove');
    for (const path of paths) data = edit(data, pathOf(path as Value), null, 'remove');
    return new Json(data);
  }),
  JSON_MERGE_PATCH: entry(
    [2, MANY],
    jsonType,
    (args) => new Json(args.map((arg, at) => documentOf(arg as Value, at + 1, 'json_merge_patch')).reduce(mergePatch)),
  ),
  JSON_MERGE_PRESERVE: entry(
    [2, MANY],
    jsonType,
    (args) =>
      new Json(args.map((arg, at) => documentOf(arg as Value, at + 1, 'json_merge_preserve')).reduce(mergePreserve)),
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
