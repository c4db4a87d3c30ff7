// An object against its CustomResourceDefinition as an API server checks it strictly: the structural schema with unknown fields
// refused, and then the CEL rules (kubernetes.io, "Extend the Kubernetes API with CustomResourceDefinitions").
import { evaluate } from '@marcbachmann/cel-js';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { KubernetesObject } from './manifests.ts';

/** A node of openAPIV3Schema. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
  readonly [keyword: string]: unknown;
}

export function schemaOf(definition: KubernetesObject): Schema {
  return definition.spec.versions[0].schema.openAPIV3Schema as Schema;
}

/** One line a problem. CEL is asked only where the schema holds, as an API server does. */
export function resourceProblems(definition: KubernetesObject, object: unknown): string[] {
  const schema = schemaOf(definition);
  const validate = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, validate);
  if (validate(object)) return celProblems(schema, object, '');
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath}: ${message} ${Object.values(params).join(' ')}`;
  });
}

const compiled = new WeakMap<Schema, ValidateFunction>();

function compile(schema: Schema): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.compile(strict(schema));
}

/** JSON Schema of the same meaning, where what is not named is refused; metadata is Kubernetes' own business. */
function strict(schema: Schema, isMetadata = false): object {
  const { nullable, properties, items, type, ...keywords } = schema;
  const plain = Object.fromEntries(Object.entries(keywords).filter(([key]) => !key.startsWith('x-kubernetes-')));
  return {
    ...plain,
    ...(type ? { type: nullable ? [type, 'null'] : type } : {}),
    ...(items ? { items: strict(items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, strict(value, key === 'metadata')]),
          ),
          additionalProperties: false,
        }
      : {}),
    ...(isMetadata ? { additionalProperties: true } : {}),
  };
}

function celProblems(schema: Schema, value: unknown, path: string): string[] {
  if (value === undefined || value === null) return [];
  const self = celValue(schema, value);
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule, message }) => {
    try {
      return evaluate(rule, { self }) === true ? [] : [`${path}: ${message}`];
    } catch (error) {
      return [`${path}: ${rule}: ${(error as Error).message}`];
    }
  });
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, node]) =>
    celProblems(node, (value as Record<string, unknown>)[key], `${path}/${key}`),
  );
  const items = schema.items && Array.isArray(value) ? schema.items : undefined;
  const inside = items ? (value as unknown[]).flatMap((item, at) => celProblems(items, item, `${path}/${at}`)) : [];
  return [...own, ...below, ...inside];
}

/** Values as CEL sees them: texts of format date-time are timestamps. */
function celValue(schema: Schema, value: unknown): unknown {
  if (schema.format === 'date-time' && typeof value === 'string') return new Date(value);
  if (!schema.properties || typeof value !== 'object' || value === null) return value;
  const { properties } = schema;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, properties[key] ? celValue(properties[key], item) : item]),
  );
}
