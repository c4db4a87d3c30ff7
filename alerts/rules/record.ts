// What a rule of `dataSet: touches` sees: every field of the touch line by its dotted name, and who the source is as `honeypod.source.*`.
import type { TouchLine } from '../../decoys/touch/schema.ts';
import type { Culprit } from '../attribution/culprit.ts';
import { parseRanges } from '../query/ranges.ts';
import type { QueryRecord, Value } from '../query/record.ts';
import { touchPath } from './touch-keys.ts';

const SOURCE_PREFIX = 'honeypod.source.';

type Field = (line: TouchLine, culprit: Culprit) => Value;
/** Where each key is, worked out once. */
const FIELDS = new Map<string, Field>();

export function touchRecord(line: TouchLine, culprit: Culprit): QueryRecord {
  const scanned = line.honeypod.scan?.ports;
  const port = line.destination?.port;
  return {
    get: (key) => (FIELDS.get(key) ?? fieldOf(key))(line, culprit),
    portKey: 'destination.port',
    ports: scanned ? parseRanges(scanned) : port === undefined ? undefined : [[port, port]],
  };
}

function fieldOf(key: string): Field {
  if (key.startsWith(SOURCE_PREFIX)) {
    const name = key.slice(SOURCE_PREFIX.length);
    return remember(key, (_, culprit) => (culprit as unknown as Record<string, Value>)[name]);
  }
  const path = touchPath(key);
  // Names that clients choose are not worked out before: there is no end to them.
  return path ? remember(key, (line) => asValue(valueAt(line, path))) : (line) => lookUp(line, key);
}

/** Only keys of the published line come here, so their number is bounded. */
function remember(key: string, field: Field): Field {
  FIELDS.set(key, field);
  return field;
}

function valueAt(line: TouchLine, path: readonly string[]): unknown {
  let found: unknown = line;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** `a.b.c` in nested objects whose own keys may hold dots (`ecs.version`). Own properties only. */
function lookUp(object: unknown, key: string): Value {
  if (typeof object !== 'object' || object === null) return undefined;
  if (Object.hasOwn(object, key)) return asValue((object as Record<string, unknown>)[key]);
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
    const head = key.slice(0, dot);
    if (!Object.hasOwn(object, head)) continue;
    const found = lookUp((object as Record<string, unknown>)[head], key.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function asValue(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value)
    ? value.filter((item) => typeof item === 'string' || typeof item === 'number')
    : undefined;
}
