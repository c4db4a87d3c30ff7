// JSON functions that change a document: JSON_SET, JSON_REMOVE, the merges.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-modification-functions.html
import { sqlError } from '../errors.ts';
import { Json, type JsonData } from '../value/json.ts';
import type { PathStep } from '../value/json-path.ts';
import { isJson, isNull, isString, jsonType, type SqlType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import { entry } from './json.ts';
import { documentOf, isObject, singlePathOf, toJsonData } from './json-argument.ts';

type Edit = 'set' | 'insert' | 'replace' | 'remove' | 'append' | 'array-insert';

/** Containers one call made: those it may change, so that a call of thousands of changes copies each container once. */
type Made = Set<JsonData>;

function ownObject(data: { readonly [key: string]: JsonData }, made: Made): Record<string, JsonData> {
  if (made.has(data)) return data as Record<string, JsonData>;
  const copy: Record<string, JsonData> = Object.assign(Object.create(null), data);
  made.add(copy);
  return copy;
}

/** The items of an array, or of a value that counts as one. */
function ownArray(data: JsonData, made: Made): JsonData[] {
  if (Array.isArray(data) && made.has(data)) return data as JsonData[];
  const copy = Array.isArray(data) ? [...(data as readonly JsonData[])] : [data];
  made.add(copy);
  return copy;
}

function edit(data: JsonData, path: readonly PathStep[], value: JsonData, how: Edit, made: Made): JsonData {
  const [first, ...rest] = path;
  if (!first) {
    if (how !== 'append') return how === 'insert' ? data : value;
    const items = ownArray(data, made);
    items.push(value);
    return items;
  }
  if ('key' in first) return isObject(data) ? editMember(data, first.key, rest, value, how, made) : data;
  if (!('index' in first)) throw sqlError('ER_JSON_WILDCARDS');
  const length = Array.isArray(data) ? data.length : 1;
  return editItem(data, first.last ? length - 1 - first.index : first.index, length, rest, value, how, made);
}

function editMember(
  data: { readonly [key: string]: JsonData },
  key: string,
  rest: readonly PathStep[],
  value: JsonData,
  how: Edit,
  made: Made,
): JsonData {
  const has = Object.hasOwn(data, key);
  if (rest.length > 0 || how === 'append' || how === 'array-insert') {
    if (!has) return data;
    const own = ownObject(data, made);
    own[key] = edit(own[key] as JsonData, rest, value, how, made);
    return own;
  }
  if (how === 'remove') {
    if (!has) return data;
    const own = ownObject(data, made);
    delete own[key];
    return own;
  }
  if (has ? how === 'insert' : how === 'replace') return data;
  const own = ownObject(data, made);
  own[key] = value;
  return own;
}

function editItem(
  data: JsonData,
  at: number,
  length: number,
  rest: readonly PathStep[],
  value: JsonData,
  how: Edit,
  made: Made,
): JsonData {
  const isArray = Array.isArray(data);
  const inside = at >= 0 && at < length;
  if (rest.length > 0 || how === 'append') {
    if (!inside) return data;
    const items = ownArray(data, made);
    items[at] = edit(items[at] as JsonData, rest, value, how, made);
    return isArray ? items : (items[0] as JsonData);
  }
  if (how === 'array-insert') {
    if (!isArray) return data;
    const items = ownArray(data, made);
    items.splice(Math.max(0, Math.min(at, length)), 0, value);
    return items;
  }
  if (inside ? how === 'insert' : how === 'replace' || how === 'remove') return data;
  const items = ownArray(data, made);
  if (!inside) {
    items.push(value);
    return items;
  }
  if (how === 'remove') items.splice(at, 1);
  else items[at] = value;
  return isArray ? items : (items[0] as JsonData);
}

function editor(how: Edit, name: string): FunctionEntry {
  return {
    args: [3, MANY],
    takes: 'j',
    type: () => jsonType(),
    pairsFrom: 1,
    evaluate: ([document, ...pairs]) => {
      if (document === null) return null;
      const made: Made = new Set();
      let data = documentOf(document as Value, 1, name);
      for (let at = 0; at + 1 < pairs.length; at += 2) {
        if (pairs[at] === null) return null;
        const path = singlePathOf(pairs[at] as Value);
        if (how === 'array-insert' && !('index' in (path.at(-1) ?? {}))) throw sqlError('ER_JSON_PATH_NOT_CELL');
        data = edit(data, path, toJsonData(pairs[at + 1] as Value), how, made);
      }
      return new Json(data);
    },
  };
}

function mergePatch(target: JsonData, patch: JsonData, made: Made): JsonData {
  if (!isObject(patch)) return patch;
  const merged = ownObject(isObject(target) ? target : {}, made);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key] ?? null, value, made);
  }
  return merged;
}

function mergePreserve(a: JsonData, b: JsonData, made: Made): JsonData {
  if (isObject(a) && isObject(b)) {
    const merged = ownObject(a, made);
    for (const [key, value] of Object.entries(b))
      merged[key] = Object.hasOwn(merged, key) ? mergePreserve(merged[key] as JsonData, value, made) : value;
    return merged;
  }
  const items = ownArray(a, made);
  for (const item of Array.isArray(b) ? (b as readonly JsonData[]) : [b]) items.push(item);
  return items;
}

/** Every document is looked at, though one that is NULL makes all of it NULL. */
function merger(name: string, merge: (a: JsonData, b: JsonData, made: Made) => JsonData): FunctionEntry {
  return {
    args: [2, MANY],
    takes: 'j',
    type: () => jsonType(),
    evaluate: (args, _x, types) => {
      const documents = args.map((arg, at) => {
        const type = types[at] as SqlType;
        if (!isJson(type) && !isString(type) && !isNull(type)) throw sqlError('ER_INVALID_TYPE_FOR_JSON', at + 1, name);
        return arg === null ? undefined : documentOf(arg, at + 1, name);
      });
      if (documents.includes(undefined)) return null;
      const made: Made = new Set();
      return new Json((documents as JsonData[]).reduce((a, b) => merge(a, b, made)));
    },
  };
}

export const JSON_EDIT_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  JSON_SET: editor('set', 'json_set'),
  JSON_INSERT: editor('insert', 'json_insert'),
  JSON_REPLACE: editor('replace', 'json_replace'),
  JSON_ARRAY_APPEND: editor('append', 'json_array_append'),
  JSON_ARRAY_INSERT: editor('array-insert', 'json_array_insert'),
  JSON_REMOVE: entry([2, MANY], jsonType, ([document, ...paths]) => {
    const made: Made = new Set();
    let data = documentOf(document as Value, 1, 'json_remove');
    for (const given of paths) {
      const path = singlePathOf(given as Value);
      if (path.length === 0) throw sqlError('ER_JSON_VACUOUS_PATH');
      data = edit(data, path, null, 'remove', made);
    }
    return new Json(data);
  }),
  JSON_MERGE_PATCH: merger('json_merge_patch', mergePatch),
  JSON_MERGE_PRESERVE: merger('json_merge_preserve', mergePreserve),
};
