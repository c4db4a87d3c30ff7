// JSON_SCHEMA_VALID and its report: a document held against the draft 4 keywords of a schema.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-validation-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { Json, type JsonData, writeJson } from '../value/json.ts';
import { intType, jsonType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { documentOf, isObject } from './json-argument.ts';
import { patternMatches } from './regexp.ts';
import { charLength } from './text-argument.ts';

type Schema = { readonly [key: string]: JsonData };

interface Failure {
  readonly keyword: string;
  readonly schema: string;
  readonly document: string;
}

const MAX_DEPTH = 50;

const isNumber = (data: JsonData): data is number | bigint => typeof data === 'number' || typeof data === 'bigint';

const TYPES: Readonly<Record<string, (data: JsonData) => boolean>> = {
  __proto__: null as never,
  object: isObject,
  array: Array.isArray,
  string: (data) => typeof data === 'string',
  number: isNumber,
  integer: (data) => typeof data === 'bigint',
  boolean: (data) => typeof data === 'boolean',
  null: (data) => data === null,
};

type Check = (data: JsonData, wanted: JsonData, x: Execution, schema: Schema) => boolean;

const size = (data: JsonData): number =>
  typeof data === 'string'
    ? charLength(data)
    : Array.isArray(data)
      ? data.length
      : isObject(data)
        ? Object.keys(data).length
        : 0;

function bounded(applies: (data: JsonData) => boolean, fits: (size: number, limit: number) => boolean): Check {
  return (data, wanted) => !applies(data) || !isNumber(wanted) || fits(size(data), Number(wanted));
}

const isText = (data: JsonData): boolean => typeof data === 'string';
const most = (value: number, limit: number): boolean => value <= limit;
const least = (value: number, limit: number): boolean => value >= limit;

/** Keywords a document has to satisfy by itself. */
const CHECKS: Readonly<Record<string, Check>> = {
  __proto__: null as never,
  type: (data, wanted) =>
    (Array.isArray(wanted) ? wanted : [wanted]).some((name) => TYPES[String(name)]?.(data) ?? false),
  enum: (data, wanted) => !Array.isArray(wanted) || wanted.some((item) => writeJson(item) === writeJson(data)),
  minimum: (data, wanted, _x, schema) =>
    !isNumber(data) || !isNumber(wanted) || (schema.exclusiveMinimum === true ? data > wanted : data >= wanted),
  maximum: (data, wanted, _x, schema) =>
    !isNumber(data) || !isNumber(wanted) || (schema.exclusiveMaximum === true ? data < wanted : data <= wanted),
  multipleOf: (data, wanted) => !isNumber(data) || !isNumber(wanted) || Number(data) % Number(wanted) === 0,
  minLength: bounded(isText, least),
  maxLength: bounded(isText, most),
  minItems: bounded(Array.isArray, least),
  maxItems: bounded(Array.isArray, most),
  minProperties: bounded(isObject, least),
  maxProperties: bounded(isObject, most),
  pattern: (data, wanted, x) =>
    typeof data !== 'string' || typeof wanted !== 'string' || patternMatches(data, wanted, x),
  required: (data, wanted) =>
    !isObject(data) || !Array.isArray(wanted) || wanted.every((key) => Object.hasOwn(data, String(key))),
  uniqueItems: (data, wanted) =>
    wanted !== true ||
    !Array.isArray(data) ||
    new Set(data.map((item) => writeJson(item as JsonData))).size === data.length,
};

/** The first way the document fails the schema. */
function failureOf(
  data: JsonData,
  schema: JsonData,
  at: { readonly schema: string; readonly document: string },
  x: Execution,
  depth = 0,
): Failure | undefined {
  x.spend(1);
  if (!isObject(schema) || depth > MAX_DEPTH) return undefined;
  if (typeof schema.$ref === 'string' && !schema.$ref.startsWith('#'))
    throw sqlError('ER_NOT_SUPPORTED_YET', 'references in JSON Schema');
  for (const [keyword, wanted] of Object.entries(schema)) {
    const check = CHECKS[keyword];
    if (check && !check(data, wanted, x, schema)) return { keyword, ...at };
  }
  const down = (part: JsonData, inner: JsonData, step: string, place: string) =>
    failureOf(
      part,
      inner,
      { schema: `${at.schema}/${step}`, document: place === '' ? at.document : `${at.document}/${place}` },
      x,
      depth + 1,
    );
  if (isObject(data) && isObject(schema.properties ?? null)) {
    for (const [key, inner] of Object.entries(schema.properties as Schema)) {
      const failed = Object.hasOwn(data, key)
        ? down(data[key] as JsonData, inner, `properties/${key}`, key)
        : undefined;
      if (failed) return failed;
    }
  }
  if (isObject(data) && schema.additionalProperties === false) {
    const known = isObject(schema.properties ?? null) ? (schema.properties as Schema) : {};
    if (Object.keys(data).some((key) => !Object.hasOwn(known, key))) return { keyword: 'additionalProperties', ...at };
  }
  if (Array.isArray(data) && isObject(schema.items ?? null)) {
    for (const [place, item] of data.entries()) {
      const failed = down(item as JsonData, schema.items as JsonData, 'items', String(place));
      if (failed) return failed;
    }
  }
  const all = (name: string) => (Array.isArray(schema[name]) ? (schema[name] as readonly JsonData[]) : []);
  const passing = (name: string) => all(name).filter((inner) => !down(data, inner, name, '')).length;
  if (all('allOf').length > 0 && passing('allOf') < all('allOf').length) return { keyword: 'allOf', ...at };
  if (all('anyOf').length > 0 && passing('anyOf') === 0) return { keyword: 'anyOf', ...at };
  if (all('oneOf').length > 0 && passing('oneOf') !== 1) return { keyword: 'oneOf', ...at };
  if (schema.not !== undefined && !down(data, schema.not, 'not', '')) return { keyword: 'not', ...at };
  return undefined;
}

const ROOT = { schema: '#', document: '#' };

function validate([schema, document]: readonly Value[], name: string, x: Execution): Failure | undefined {
  const parsed = documentOf(schema as Value, 1, name);
  if (!isObject(parsed)) throw sqlError('ER_JSON_WRONG_SCHEMA', 1, name, 'object');
  return failureOf(documentOf(document as Value, 2, name), parsed, ROOT, x);
}

/** A schema that is known and no object is refused even where there is no document. */
function checkSchema(name: string): NonNullable<FunctionEntry['check']> {
  return ([schema]) => {
    if (typeof schema !== 'string' && !(schema instanceof Json)) return;
    if (!isObject(documentOf(schema, 1, name))) throw sqlError('ER_JSON_WRONG_SCHEMA', 1, name, 'object');
  };
}

export const JSON_SCHEMA_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  JSON_SCHEMA_VALID: {
    args: [2, 2],
    strict: true,
    type: (args) => intType(1, { nullable: args.some((type) => type.nullable), boolean: true }),
    check: checkSchema('json_schema_valid'),
    evaluate: (args, x) => (validate(args, 'json_schema_valid', x) ? 0n : 1n),
  },
  JSON_SCHEMA_VALIDATION_REPORT: {
    args: [2, 2],
    strict: true,
    type: () => jsonType(),
    check: checkSchema('json_schema_validation_report'),
    evaluate: (args, x) => {
      const failed = validate(args, 'json_schema_validation_report', x);
      if (!failed) return new Json({ valid: true });
      return new Json({
        valid: false,
        reason: `The JSON document location '${failed.document}' failed requirement '${failed.keyword}' at JSON Schema location '${failed.schema}'`,
        'schema-location': failed.schema,
        'document-location': failed.document,
        'schema-failed-keyword': failed.keyword,
      });
    },
  },
};
