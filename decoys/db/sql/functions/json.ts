// JSON functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-functions.html
import { sqlError } from '../errors.ts';
import { matchesLike } from '../like.ts';
import { isContainer, Json, type JsonData, jsonType as jsonTypeName, parseJson, writeJson } from '../value/json.ts';
import { compareJson } from '../value/json-order.ts';
import { extract, findsMany, keyStep, placesOf } from '../value/json-path.ts';
import { storedBytes } from '../value/json-storage.ts';
import { intType, isJson, isNull, isString, jsonType, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import { documentOf, isObject, jsonText, pathOf, singlePathOf, toJsonData } from './json-argument.ts';

export function entry(
  args: readonly [number, number],
  type: () => SqlType,
  evaluate: FunctionEntry['evaluate'],
  strict = true,
): FunctionEntry {
  return { args, strict, type, evaluate, takes: 'j' };
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
  return equalJson(target, candidate);
}

function depth(data: JsonData): number {
  if (!isContainer(data)) return 1;
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

/** Throws 3064 where the argument is no text. */
function checkText(type: SqlType, name: string): void {
  if (!isString(type) && !isNull(type)) throw sqlError('ER_INCORRECT_TYPE', '1', name);
}

/** Throws 1210 where LIKE's escape is more than one character. */
function checkEscape(escaping: Value | undefined): void {
  if (escaping === undefined || escaping === null) return;
  if ([...(toText(escaping) as string)].length > 1) throw sqlError('ER_WRONG_ARGUMENTS', 'ESCAPE');
}

/** 'one' (true) or 'all'. Throws 3154 for anything else. */
function oneOf(value: Value, name: string): boolean {
  const text = (toText(value) as string).toLowerCase();
  if (text !== 'one' && text !== 'all') throw sqlError('ER_JSON_BAD_ONE_OR_ALL', name);
  return text === 'one';
}

/** Members in common: of arrays any, of objects any with the same value; a scalar is an array of itself. */
function overlaps(a: JsonData, b: JsonData): boolean {
  if (isObject(a) && isObject(b))
    return Object.keys(a).some((key) => Object.hasOwn(b, key) && equalJson(a[key] as JsonData, b[key] as JsonData));
  const list = (data: JsonData): readonly JsonData[] => (Array.isArray(data) ? data : [data]);
  return list(a).some((item) => list(b).some((other) => equalJson(item, other)));
}

const equalJson = (a: JsonData, b: JsonData): boolean => compareJson(a, b) === 0;

export const JSON_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  JSON_OBJECT: {
    args: [0, MANY],
    takes: 'j',
    type: () => jsonType(),
    pairsFrom: 0,
    evaluate: (args) => {
      const object: Record<string, JsonData> = Object.create(null);
      for (let at = 0; at + 1 < args.length; at += 2) {
        if (args[at] === null) throw sqlError('ER_JSON_NULL_KEY');
        object[toText(args[at] as Value) as string] = toJsonData(args[at + 1] as Value);
      }
      return new Json(object);
    },
  },
  JSON_ARRAY: entry([0, MANY], jsonType, (args) => new Json(args.map(toJsonData)), false),
  JSON_EXTRACT: entry([2, MANY], jsonType, ([document, ...paths]) => {
    const data = documentOf(document as Value, 1, 'json_extract');
    const steps = paths.map((path) => pathOf(path as Value));
    const found = steps.flatMap((path) => extract(data, path));
    if (found.length === 0) return null;
    const many = steps.length > 1 || steps.some((path) => path.some(findsMany));
    return new Json(many ? found : (found[0] as JsonData));
  }),
  JSON_UNQUOTE: {
    args: [1, 1],
    strict: true,
    type: ([arg]) =>
      arg?.type === 245
        ? { ...textType(1_073_741_823), type: 251, flags: 128, collation: 'utf8mb4_bin' }
        : jsonText(textLength(arg as SqlType)),
    evaluate: ([value], _x, [type]) => {
      if (!isJson(type as SqlType)) checkText(type as SqlType, 'json_unquote');
      if (value instanceof Json) return typeof value.data === 'string' ? value.data : value.toString();
      const text = toText(value as Value) as string;
      if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
      const parsed = parseJson(text);
      if (!('data' in parsed))
        throw sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', 1, 'json_unquote', parsed.reason, parsed.position);
      return typeof parsed.data === 'string' ? parsed.data : text;
    },
  },
  JSON_QUOTE: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => jsonText(textLength(arg as SqlType) * 6 + 2),
    evaluate: ([value], _x, [type]) => {
      checkText(type as SqlType, 'json_quote');
      return JSON.stringify(toText(value as Value));
    },
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
      if (path === undefined) return length(data);
      const steps = pathOf(path);
      const found = extract(data, steps);
      if (found.length === 0) return null;
      return steps.some(findsMany) ? BigInt(found.length) : length(found[0] as JsonData);
    },
  ),
  JSON_DEPTH: entry(
    [1, 1],
    () => intType(21),
    ([value]) => BigInt(depth(documentOf(value as Value, 1, 'json_depth'))),
  ),
  JSON_KEYS: entry([1, 2], jsonType, ([value, path]) => {
    const data = documentOf(value as Value, 1, 'json_keys');
    const found = path === undefined ? data : extract(data, singlePathOf(path))[0];
    return found !== undefined && isObject(found)
      ? new Json(Object.keys(found).sort((a, b) => a.length - b.length || (a < b ? -1 : 1)))
      : null;
  }),
  JSON_CONTAINS: entry(
    [2, 3],
    () => intType(21),
    ([target, candidate, path]) => {
      const data = documentOf(target as Value, 1, 'json_contains');
      const found = path === undefined ? data : extract(data, singlePathOf(path))[0];
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
      const one = oneOf(how as Value, 'json_contains_path');
      const hits = paths.map((path) => extract(data, pathOf(path as Value)).length > 0);
      return fromBoolean(one ? hits.some(Boolean) : hits.every(Boolean));
    },
  ),
  JSON_PRETTY: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...textType(16_777_216), type: 251, flags: 128, collation: 'utf8mb4_bin' }),
    evaluate: ([value]) => pretty(documentOf(value as Value, 1, 'json_pretty')),
  },
  JSON_SEARCH: {
    args: [3, MANY],
    type: () => jsonType(),
    check: ([, , , escaping]) => checkEscape(escaping),
    evaluate: ([document, how, needle, escaping, ...paths], x) => {
      if (document === null || how === null || needle === null || paths.includes(null)) return null;
      const data = documentOf(document as Value, 1, 'json_search');
      const one = oneOf(how as Value, 'json_search');
      const wanted = toText(needle as Value) as string;
      const escapes = (escaping === undefined || escaping === null ? '' : (toText(escaping) as string)) || '\\';
      const found: string[] = [];
      const walk = (value: JsonData, path: string) => {
        x.spend(1);
        if (typeof value === 'string') {
          if (matchesLike(value, wanted, escapes, 'utf8mb4_bin', (steps) => x.spend(steps))) found.push(path);
        } else if (Array.isArray(value)) {
          for (const [at, item] of value.entries()) walk(item as JsonData, `${path}[${at}]`);
        } else if (isObject(value))
          for (const key of Object.keys(value)) walk(value[key] as JsonData, path + keyStep(key));
      };
      if (paths.length === 0) walk(data, '$');
      for (const path of paths) for (const [value, place] of placesOf(data, pathOf(path as Value))) walk(value, place);
      if (found.length === 0) return null;
      const distinct = [...new Set(found)];
      return new Json(one || distinct.length === 1 ? (distinct[0] as string) : distinct);
    },
  },
  JSON_OVERLAPS: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(1, { nullable: args.some((type) => type.nullable) }),
    evaluate: ([a, b], x) => {
      const [first, second] = [documentOf(a as Value, 1, 'json_overlaps'), documentOf(b as Value, 2, 'json_overlaps')];
      x.spend(Number(length(first)) * Number(length(second)));
      return fromBoolean(overlaps(first, second));
    },
  },
  JSON_STORAGE_FREE: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => intType(21, { nullable: (arg as SqlType).nullable }),
    evaluate: ([value]) => {
      documentOf(value as Value, 1, 'json_storage_free');
      return 0n;
    },
  },
  JSON_STORAGE_SIZE: entry(
    [1, 1],
    () => intType(21),
    ([value]) => BigInt(1 + storedBytes(documentOf(value as Value, 1, 'json_storage_size'))),
  ),
  'MEMBER OF': {
    args: [2, 2],
    strict: true,
    takes: 'j',
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value, list]) => {
      const data = documentOf(list as Value, 2, 'member of');
      const wanted = toJsonData(value as Value);
      return fromBoolean((Array.isArray(data) ? data : [data]).some((item) => equalJson(item as JsonData, wanted)));
    },
  },
};
