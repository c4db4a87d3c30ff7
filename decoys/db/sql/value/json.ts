// JSON values as MySQL keeps and writes them: object keys by length then bytes, `", "` and `": "` between.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json.html

export const JSON_DEPTH = 100;

export type JsonData =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonData[]
  | { readonly [key: string]: JsonData };

export class Json {
  readonly data: JsonData;

  constructor(data: JsonData) {
    this.data = data;
  }

  toString(): string {
    return writeJson(this.data);
  }
}

function compareKeys(a: string, b: string): number {
  const difference = Buffer.byteLength(a) - Buffer.byteLength(b);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}

function writeNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value).replace(/e\+?/, 'e');
}

export function writeJson(data: JsonData): string {
  if (data === null) return 'null';
  if (typeof data === 'bigint' || typeof data === 'boolean') return String(data);
  if (typeof data === 'number') return writeNumber(data);
  if (typeof data === 'string') return JSON.stringify(data);
  if (Array.isArray(data)) return `[${data.map(writeJson).join(', ')}]`;
  const object = data as { readonly [key: string]: JsonData };
  const keys = Object.keys(object).sort(compareKeys);
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${writeJson(object[key] as JsonData)}`).join(', ')}}`;
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

/** The data in a JSON text, or where the text stops being JSON. */
export function parseJson(
  text: string,
): { readonly data: JsonData } | { readonly position: number; readonly reason: string } {
  if (depthOf(text) > JSON_DEPTH) return { position: 0, reason: 'The JSON document exceeds the maximum depth.' };
  try {
    return { data: JSON.parse(text, convert as (key: string, value: unknown) => unknown) as JsonData };
  } catch {
    // The parser's own words differ; position and reason are MySQL's for the common cases.
    if (text.trim() === '') return { position: 0, reason: 'The document is empty.' };
    return { position: 0, reason: 'Invalid value.' };
  }
}

/** Steps of a path: a key, an index, or every member. */
export type PathStep =
  | { readonly key: string }
  | { readonly index: number; readonly last: boolean }
  | { readonly all: 'keys' | 'items' | 'deep' };

const PATH_CHARACTERS = 1024;

export function parsePath(input: string): readonly PathStep[] | undefined {
  const text = input.slice(0, PATH_CHARACTERS).trim();
  if (text[0] !== '$') return undefined;
  const steps: PathStep[] = [];
  let at = 1;
  while (at < text.length) {
    const part =
      /^\s*(?:\.\s*(?:"((?:[^"\\]|\\.)*)"|([\p{L}_$][\p{L}\p{N}_$]*)|(\*))|\[\s*(?:(\d+)|(last)(?:\s*-\s*(\d+))?|(\*))\s*\]|(\*\*))/u.exec(
        text.slice(at),
      );
    if (!part) return undefined;
    at += part[0].length;
    const key = part[1] ?? part[2];
    if (key !== undefined) steps.push({ key });
    else if (part[3]) steps.push({ all: 'keys' });
    else if (part[4] !== undefined) steps.push({ index: Number(part[4]), last: false });
    else if (part[5]) steps.push({ index: Number(part[6] ?? 0), last: true });
    else if (part[7]) steps.push({ all: 'items' });
    else steps.push({ all: 'deep' });
  }
  return steps;
}

function members(data: JsonData): readonly JsonData[] {
  if (data === null || typeof data !== 'object') return [];
  return Array.isArray(data) ? data : Object.values(data);
}

function deep(data: JsonData): JsonData[] {
  return [data, ...members(data).flatMap(deep)];
}

function step(data: JsonData, taken: PathStep): readonly JsonData[] {
  if ('key' in taken) {
    const isObject = data !== null && typeof data === 'object' && !Array.isArray(data);
    const object = data as { readonly [key: string]: JsonData };
    return isObject && Object.hasOwn(object, taken.key) ? [object[taken.key] as JsonData] : [];
  }
  if ('index' in taken) {
    const items = Array.isArray(data) ? data : [data];
    const at = taken.last ? items.length - 1 - taken.index : taken.index;
    return at >= 0 && at < items.length ? [items[at] as JsonData] : [];
  }
  if (taken.all === 'deep') return deep(data);
  if (taken.all === 'items') return Array.isArray(data) ? data : [];
  return Array.isArray(data) ? [] : members(data);
}

export function extract(data: JsonData, path: readonly PathStep[]): JsonData[] {
  let found: readonly JsonData[] = [data];
  for (const taken of path) found = found.flatMap((value) => step(value, taken));
  return [...found];
}

export function jsonType(data: JsonData): string {
  if (data === null) return 'NULL';
  if (typeof data === 'boolean') return 'BOOLEAN';
  if (typeof data === 'bigint') return data > 9_223_372_036_854_775_807n ? 'UNSIGNED INTEGER' : 'INTEGER';
  if (typeof data === 'number') return 'DOUBLE';
  if (typeof data === 'string') return 'STRING';
  return Array.isArray(data) ? 'ARRAY' : 'OBJECT';
}
