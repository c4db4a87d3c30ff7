// What a rule of `dataSet: touches` sees: every field of the touch line by its dotted name, and who the source is as `honeypod.source.*`.
import type { TouchLine } from '../../decoys/touch/schema.ts';
import type { Culprit } from '../attribution/culprit.ts';
import type { QueryRecord, Value } from '../query/match.ts';
import { parseRanges } from '../query/ranges.ts';

export function touchRecord(line: TouchLine, culprit: Culprit): QueryRecord {
  const scanned = line.honeypod.scan?.ports;
  const port = line.destination?.port;
  // Many rules ask for the same few fields.
  const found = new Map<string, Value>();
  return {
    get(key) {
      const known = found.get(key);
      if (known !== undefined || found.has(key)) return known;
      const value = key.startsWith('honeypod.source.')
        ? (culprit as unknown as Record<string, Value>)[key.slice(16)]
        : lookUp(line, key);
      found.set(key, value);
      return value;
    },
    portKey: 'destination.port',
    ports: scanned ? parseRanges(scanned) : port === undefined ? undefined : [[port, port]],
  };
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
