// JSON values as MySQL keeps and writes them: object keys by length then bytes, `", "` and `": "` between.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json.html

import { Decimal } from './decimal.ts';
import { jsonFault } from './json-text.ts';
import { Temporal } from './temporal.ts';

export const JSON_DEPTH = 100;

export type JsonData =
  | null
  | boolean
  | number
  | bigint
  | string
  | Decimal
  | Temporal
  | Opaque
  | readonly JsonData[]
  | { readonly [key: string]: JsonData };

/** Bytes as JSON holds them, which is no text of a character set, with the number of their column type. */
export class Opaque {
  readonly bytes: Buffer;
  readonly type: number;

  constructor(bytes: Buffer, type = 15) {
    this.bytes = bytes;
    this.type = type;
  }

  toString(): string {
    return `base64:type${this.type}:${this.bytes.toString('base64')}`;
  }
}

/** The column type of bits. */
const BIT_TYPE = 16;

/** An array or an object. */
export function isContainer(
  data: JsonData | undefined,
): data is readonly JsonData[] | { readonly [key: string]: JsonData } {
  return (
    typeof data === 'object' &&
    data !== null &&
    !(data instanceof Decimal) &&
    !(data instanceof Temporal) &&
    !(data instanceof Opaque)
  );
}

/** Characters of a text inside a document that count as one member. */
const TEXT_A_MEMBER = 16;

export class Json {
  readonly data: JsonData;
  #weight = 0;

  constructor(data: JsonData) {
    this.data = data;
  }

  /** Members of the document, long texts as several: what going through it once costs. */
  get weight(): number {
    if (this.#weight === 0) this.#weight = weigh(this.data);
    return this.#weight;
  }

  toString(): string {
    return writeJson(this.data);
  }
}

function weigh(whole: JsonData): number {
  let weight = 0;
  const waiting: JsonData[] = [whole];
  for (let data = waiting.pop(); data !== undefined; data = waiting.pop()) {
    weight += typeof data === 'string' ? 1 + data.length / TEXT_A_MEMBER : 1;
    if (isContainer(data)) for (const member of Array.isArray(data) ? data : Object.values(data)) waiting.push(member);
  }
  return Math.ceil(weight);
}

function compareKeys(a: string, b: string): number {
  const difference = Buffer.byteLength(a) - Buffer.byteLength(b);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}

/** A number's shortest digits, without an exponent. */
function plainText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '', exponent] = text.split('e');
  return value.toFixed(Math.min(100, digits.replace(/\D/g, '').length - 1 - Number(exponent)));
}

function writeNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e15 || (magnitude !== 0 && magnitude < 1e-15)) return value.toExponential().replace('e+', 'e');
  return Number.isInteger(value) ? `${value}.0` : plainText(value);
}

/** JSON as the server writes it: a space behind commas and colons. */
export function writeJson(data: JsonData): string {
  if (data === null) return 'null';
  if (typeof data === 'bigint' || typeof data === 'boolean') return String(data);
  if (typeof data === 'number') return writeNumber(data);
  if (typeof data === 'string') return JSON.stringify(data);
  if (data instanceof Decimal) return data.toString();
  if (data instanceof Opaque) return JSON.stringify(data.toString());
  if (data instanceof Temporal) return `"${data.format(data.kind === 'date' ? 0 : 6)}"`;
  if (Array.isArray(data)) return `[${writeMembers(data)}]`;
  const object = data as { readonly [key: string]: JsonData };
  const keys = Object.keys(object).sort(compareKeys);
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${writeJson(object[key] as JsonData)}`).join(', ')}}`;
}

/** Members written at once: the texts of a quarter of a million of them held together take tens of times what they come to. */
const MEMBERS_AT_ONCE = 1_024;

function writeMembers(members: readonly JsonData[]): string {
  if (members.length <= MEMBERS_AT_ONCE) return members.map(writeJson).join(', ');
  const parts: string[] = [];
  for (let at = 0; at < members.length; at += MEMBERS_AT_ONCE)
    parts.push(writeMembers(members.slice(at, at + MEMBERS_AT_ONCE)));
  return parts.join(', ');
}

/** Depth of nesting, found before anything recurses into it. */
function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (inString) {
      if (c === '\\') at++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') deepest = Math.max(deepest, ++depth);
    else if (c === '}' || c === ']') depth--;
  }
  return deepest;
}

function convert(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number' && context?.source !== undefined && /^-?\d+$/.test(context.source)) {
    const exact = BigInt(context.source);
    return exact >= -(2n ** 63n) && exact < 2n ** 64n ? exact : value;
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.assign(Object.create(null), value);
  return value;
}

/** Numbers that are more than an integer of a double: those need their digits as they were written. */
const NEEDS_DIGITS = /\d[.eE]|\d{16}/;

/** Integers most documents hold, once each. */
const SMALL_INTEGERS: readonly bigint[] = Array.from({ length: 256 }, (_, at) => BigInt(at));

/** What was parsed of a text whose numbers are short integers, as `convert` gives it; a reviver takes ten times as long. */
function ofIntegers(value: unknown): JsonData {
  if (typeof value === 'number') return SMALL_INTEGERS[value] ?? BigInt(value);
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = ofIntegers(value[at]);
    return value;
  }
  if (value === null || typeof value !== 'object') return value as JsonData;
  const object: Record<string, JsonData> = Object.create(null);
  for (const [key, member] of Object.entries(value)) object[key] = ofIntegers(member);
  return object;
}

/** The data in a JSON text, or where the text stops being JSON. */
export function parseJson(
  text: string,
): { readonly data: JsonData } | { readonly position: number; readonly reason: string } {
  if (depthOf(text) > JSON_DEPTH) return { position: 0, reason: 'The JSON document exceeds the maximum depth.' };
  try {
    const data = NEEDS_DIGITS.test(text)
      ? (JSON.parse(text, convert as (key: string, value: unknown) => unknown) as JsonData)
      : ofIntegers(JSON.parse(text));
    // A number too large for a double is parsed as Infinity, half of a pair of surrogates as it is.
    const fault = /\d[eE]\+?\d{3}|\d{300}|\\u[dD][89a-fA-F]/.test(text) ? jsonFault(text) : undefined;
    return fault ?? { data };
  } catch {
    // The parser's own words differ from MySQL's.
    return jsonFault(text) ?? { position: 0, reason: 'Invalid value.' };
  }
}

/** The name JSON_TYPE has for a value. */
export function jsonType(data: JsonData): string {
  if (data === null) return 'NULL';
  if (typeof data === 'boolean') return 'BOOLEAN';
  if (typeof data === 'bigint') return data > 9_223_372_036_854_775_807n ? 'UNSIGNED INTEGER' : 'INTEGER';
  if (typeof data === 'number') return 'DOUBLE';
  if (typeof data === 'string') return 'STRING';
  if (data instanceof Decimal) return 'DECIMAL';
  if (data instanceof Opaque) return data.type === BIT_TYPE ? 'BIT' : 'BLOB';
  if (data instanceof Temporal) return data.kind.toUpperCase();
  return Array.isArray(data) ? 'ARRAY' : 'OBJECT';
}
