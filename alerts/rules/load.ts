// Reads rules from YAML: GlobalAlert objects of either group, alone, in a multi-document file or in a List; other kinds are left alone.
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { FLOW_KEYS } from '../flow.ts';
import { keysOf, parseQuery, QueryError } from '../query/expression.ts';
import { CONDITIONS, DATA_SETS, type DataSet, METRICS, type Rule, RuleError } from './rule.ts';
import { isTouchKey } from './touch-keys.ts';

const GROUPS = ['alerts.internal/v1', 'projectcalico.org/v3'];
/** Bytes of one rule file. */
const FILE_BYTES = 4_194_304;
const MINUTE_MS = 60_000;
const DEFAULT_PERIOD_MS = 5 * MINUTE_MS;
const DEFAULT_LOOKBACK_MS = 10 * MINUTE_MS;
/** What decoys and `alerts` themselves know; the other data sets are Calico's own. */
const SEEN_DATA_SETS: readonly DataSet[] = ['flows', 'touches', 'health'];
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export interface Loaded {
  readonly rules: readonly Rule[];
  /** One line a broken rule; the others stand. */
  readonly errors: readonly RuleError[];
}

/** Reads every .yaml, .yml and .json file of a directory (or one file). Throws where it cannot be read at all. */
export function loadRules(path: string): Loaded {
  const files = statSync(path).isDirectory() ? filesIn(path) : [path];
  const rules: Rule[] = [];
  const errors: RuleError[] = [];
  for (const file of files) {
    if (statSync(file).size > FILE_BYTES) {
      errors.push(new RuleError(file, `the file is larger than ${FILE_BYTES} bytes`));
      continue;
    }
    const loaded = parseRules(readFileSync(file, 'utf8'), file);
    errors.push(...loaded.errors);
    for (const rule of loaded.rules) {
      if (rules.some((other) => other.name === rule.name))
        errors.push(new RuleError(rule.name, `a second rule of that name, in ${file}`));
      else rules.push(rule);
    }
  }
  return { rules, errors };
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry: Dirent) => (entry.isFile() || entry.isSymbolicLink()) && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(directory, entry.name))
    .sort();
}

/** Reads the rules of one text. `origin` names it in errors. */
export function parseRules(text: string, origin: string): Loaded {
  const rules: Rule[] = [];
  const errors: RuleError[] = [];
  const take = (value: unknown): void => {
    if (!isRecord(value)) return;
    if (Array.isArray(value.items)) {
      for (const item of value.items) take(item);
      return;
    }
    if (value.kind !== 'GlobalAlert') return;
    if (!GROUPS.includes(String(value.apiVersion))) {
      errors.push(
        new RuleError(
          origin,
          `a GlobalAlert of ${JSON.stringify(value.apiVersion ?? '')}; allowed are ${GROUPS.join(', ')}`,
        ),
      );
      return;
    }
    try {
      rules.push(ruleFrom(value));
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      errors.push(error);
    }
  };
  for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
    const [problem] = document.errors;
    if (problem) errors.push(new RuleError(origin, problem.message.split('\n', 1)[0] ?? 'not YAML'));
    else {
      try {
        take(document.toJS({ maxAliasCount: 100 }));
      } catch (error) {
        errors.push(new RuleError(origin, String(error)));
      }
    }
  }
  return { rules, errors };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks one GlobalAlert object. Throws RuleError naming the field, the value and what is allowed. */
export function ruleFrom(object: Record<string, unknown>): Rule {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const name = typeof metadata.name === 'string' ? metadata.name : '';
  const fail = (message: string): never => {
    throw new RuleError(name || '(a GlobalAlert without a name)', message);
  };
  if (!NAME.test(name)) fail('metadata.name must be lower-case letters, digits, "-" and "."');
  if (!isRecord(object.spec)) return fail('spec is missing');
  const { spec } = object;

  for (const key of Object.keys(spec)) if (!SPEC_KEYS.has(key)) fail(`spec.${key} is not a field of a GlobalAlert`);
  const text = (key: string, fallback?: string): string => {
    const value = spec[key] ?? fallback;
    if (typeof value !== 'string') return fail(`spec.${key} ${value === undefined ? 'is required' : 'must be text'}`);
    return value;
  };
  const choice = <T extends string>(key: string, allowed: readonly T[], fallback?: T): T => {
    const value = text(key, fallback);
    return (
      allowed.find((item) => item === value) ??
      fail(`spec.${key}: ${JSON.stringify(value)} must be one of ${allowed.join(', ')}`)
    );
  };
  const number = (key: string): number => {
    const value = spec[key];
    return typeof value === 'number' && Number.isFinite(value)
      ? value
      : fail(`spec.${key}: ${JSON.stringify(value)} must be a number`);
  };

  const description = text('description');
  if (description === '') fail('spec.description is required');
  const severity = number('severity');
  if (!Number.isInteger(severity) || severity < 1 || severity > 100)
    fail(`spec.severity: ${severity} must be a whole number from 1 to 100`);
  const dataSet = choice('dataSet', DATA_SETS);
  if (!SEEN_DATA_SETS.includes(dataSet))
    fail(`spec.dataSet: ${dataSet} is not seen by decoys; ${SEEN_DATA_SETS.join(', ')} are`);
  const aggregateBy = texts(spec.aggregateBy, () => fail('spec.aggregateBy must be a list of field names'));
  checkKeys(dataSet, aggregateBy, (key) =>
    fail(`spec.aggregateBy: ${JSON.stringify(key)} is not a field of dataSet ${dataSet}`),
  );

  let query: Rule['query'];
  try {
    query = parseQuery(text('query', ''), substitutionsOf(spec.substitutions, fail));
    checkKeys(dataSet, keysOf(query), (key) =>
      fail(`query: ${JSON.stringify(key)} is not a field of dataSet ${dataSet}`),
    );
  } catch (error) {
    if (error instanceof QueryError) return fail(error.message);
    throw error;
  }

  return {
    name,
    description,
    summary: text('summary', description) || description,
    severity,
    dataSet,
    query,
    aggregateBy,
    periodMs: duration(spec.period, 'period', DEFAULT_PERIOD_MS, fail),
    lookbackMs: duration(spec.lookback, 'lookback', DEFAULT_LOOKBACK_MS, fail),
    metric: metricOf(spec, dataSet, choice, text, number, fail),
    ...annotationsOf(metadata.annotations),
  };
}

const SPEC_KEYS = new Set([
  ...['description', 'summary', 'severity', 'dataSet', 'period', 'lookback', 'query', 'aggregateBy', 'field', 'metric'],
  ...['condition', 'threshold', 'substitutions', 'type', 'detector'],
]);

function metricOf(
  spec: Record<string, unknown>,
  dataSet: DataSet,
  choice: <T extends string>(key: string, allowed: readonly T[]) => T,
  text: (key: string) => string,
  number: (key: string) => number,
  fail: (message: string) => never,
): Rule['metric'] {
  if (spec.metric === undefined || spec.metric === '') {
    if (spec.condition !== undefined && spec.condition !== '') fail('spec.condition needs a metric');
    return undefined;
  }
  const kind = choice('metric', METRICS);
  if (kind === 'count' && spec.field !== undefined && spec.field !== '')
    fail('spec.field is not allowed with metric count');
  if (kind !== 'count' && !spec.field) fail(`spec.field is required with metric ${kind}`);
  if (!spec.condition) fail('spec.condition is required with metric');
  const field = kind === 'count' ? undefined : text('field');
  if (field !== undefined)
    checkKeys(dataSet, [field], (key) =>
      fail(`spec.field: ${JSON.stringify(key)} is not a field of dataSet ${dataSet}`),
    );
  return {
    kind,
    field,
    condition: choice('condition', CONDITIONS),
    threshold: spec.threshold === undefined ? 0 : number('threshold'),
  };
}

function checkKeys(dataSet: DataSet, keys: readonly string[], refuse: (key: string) => void): void {
  const isKey = dataSet === 'flows' ? (key: string) => FLOW_KEYS.has(key) : isTouchKey;
  for (const key of keys) if (!isKey(key)) refuse(key);
}

function texts(value: unknown, refuse: () => never): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return refuse();
  return [...new Set(value as string[])];
}

function substitutionsOf(value: unknown, fail: (message: string) => never): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (value === undefined || value === null) return found;
  if (!Array.isArray(value)) fail('spec.substitutions must be a list of {name, values}');
  for (const item of value as unknown[]) {
    if (!isRecord(item) || typeof item.name !== 'string' || !Array.isArray(item.values))
      return fail('spec.substitutions must be a list of {name, values}');
    found.set(item.name, item.values.map(String));
  }
  return found;
}

const UNITS: Record<string, number> = { h: 3_600_000, m: MINUTE_MS, s: 1_000, ms: 1 };

/** A Go duration such as `5m` or `1h30m`, as Kubernetes writes them; at least a minute. */
function duration(value: unknown, key: string, fallback: number, fail: (message: string) => never): number {
  if (value === undefined || value === null || value === '') return fallback;
  const parts = typeof value === 'string' ? [...value.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)/g)] : [];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== value) {
    return fail(`spec.${key}: ${JSON.stringify(value)} must be a duration such as 5m or 1h30m`);
  }
  const ms = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
  return ms >= MINUTE_MS ? ms : fail(`spec.${key}: ${value} must be at least 1m`);
}

/** Annotations our shipped rules carry; Calico's have none. */
const ANNOTATION = 'alerts.internal/';

function annotationsOf(value: unknown): Pick<Rule, 'category' | 'attackVector' | 'techniques' | 'mitigations'> {
  const annotations = isRecord(value) ? value : {};
  const read = (key: string) =>
    typeof annotations[ANNOTATION + key] === 'string' ? (annotations[ANNOTATION + key] as string) : '';
  const list = (key: string, separator: RegExp) =>
    read(key)
      .split(separator)
      .map((item) => item.trim())
      .filter(Boolean);
  return {
    category: read('category'),
    attackVector: read('attack-vector'),
    techniques: list('mitre-techniques', /,/),
    mitigations: list('mitigation', /\n/),
  };
}
