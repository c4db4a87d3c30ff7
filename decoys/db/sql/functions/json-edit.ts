// JSON functions that change a document: JSON_SET, JSON_REMOVE, the merges.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-modification-functions.html
import { sqlError } from '../errors.ts';
import { Json, type JsonData } from '../value/json.ts';
import type { PathStep } from '../value/json-path.ts';
import { isJson, isNull, isString, jsonType, type SqlType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import { checkPairs, entry } from './json.ts';
import { documentOf, isObject, singlePathOf, toJsonData } from './json-argument.ts';

type Edit = 'set' | 'insert' | 'replace' | 'remove' | 'append' | 'array-insert';

function edit(data: JsonData, path: readonly PathStep[], value: JsonData, how: Edit): JsonData {
  const [first, ...rest] = path;
  if (!first) {
    if (how === 'append') return Array.isArray(data) ? [...data, value] : [data, value];
    return how === 'insert' ? data : value;
  }
  if ('key' in first) {
    if (!isObject(data)) return data;
    const has = Object.hasOwn(data, first.key);
    if (rest.length > 0 || how === 'append' || how === 'array-insert')
      return has ? { ...data, [first.key]: edit(data[first.key] as JsonData, rest, value, how) } : data;
    if (how === 'remove') return Object.fromEntries(Object.entries(data).filter(([key]) => key !== first.key));
    return (has ? how === 'insert' : how === 'replace') ? data : { ...data, [first.key]: value };
  }
  if (!('index' in first)) throw sqlError('ER_JSON_WILDCARDS');
  const items = Array.isArray(data) ? [...data] : [data];
  const at = first.last ? items.length - 1 - first.index : first.index;
  if (rest.length > 0 || how === 'append') {
    if (at < 0 || at >= items.length) return data;
    items[at] = edit(items[at] as JsonData, rest, value, how);
    return Array.isArray(data) ? items : (items[0] as JsonData);
  }
  if (how === 'array-insert') {
    if (!Array.isArray(data)) return data;
    items.splice(Math.max(0, Math.min(at, items.length)), 0, value);
    return items;
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
  return {
    args: [3, MANY],
    takes: 'j',
    type: () => jsonType(),
    checkTypes: (types) => checkPairs(types.length - 1, name),
    evaluate: ([document, ...pairs]) => {
      if (document === null) return null;
      let data = documentOf(document as Value, 1, name);
      for (let at = 0; at + 1 < pairs.length; at += 2) {
        if (pairs[at] === null) return null;
        const path = singlePathOf(pairs[at] as Value);
        if (how === 'array-insert' && !('index' in (path.at(-1) ?? {}))) throw sqlError('ER_JSON_PATH_NOT_CELL');
        data = edit(data, path, toJsonData(pairs[at + 1] as Value), how);
      }
      return new Json(data);
    },
  };
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

/** Every document is looked at, though one that is NULL makes all of it NULL. */
function merger(name: string, merge: (a: JsonData, b: JsonData) => JsonData): FunctionEntry {
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
      return new Json((documents as JsonData[]).reduce(merge));
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
    let data = documentOf(document as Value, 1, 'json_remove');
    for (const given of paths) {
      const path = singlePathOf(given as Value);
      if (path.length === 0) throw sqlError('ER_JSON_VACUOUS_PATH');
      data = edit(data, path, null, 'remove');
    }
    return new Json(data);
  }),
  JSON_MERGE_PATCH: merger('json_merge_patch', mergePatch),
  JSON_MERGE_PRESERVE: merger('json_merge_preserve', mergePreserve),
};
