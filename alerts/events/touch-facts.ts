// What an event keeps of a touch line: who, where, what, each checked and cut, since a captured decoy may write anything.
import { TECHNIQUES, type TechniqueId } from '../../decoys/touch/actions.ts';
import { clip } from '../../decoys/touch/caps.ts';
import { DECOYS, type TouchLine } from '../../decoys/touch/schema.ts';

const MESSAGE_CHARS = 512;
const NAME_CHARS = 253;
const LABELS = 16;
const TECHNIQUE_IDS = 8;

export interface Side {
  readonly ip?: string;
  readonly port?: number;
}

export interface TouchFacts {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Touches folded into the line. */
  readonly count: number;
  readonly action: string;
  readonly message: string;
  readonly source: Side;
  readonly destination: Side;
  /** The decoy's pod. */
  readonly pod: string;
  readonly labels: readonly string[];
  readonly namespace?: string;
  readonly cluster?: string;
  readonly node?: string;
  /** `network.protocol` or `network.transport`. */
  readonly protocol?: string;
  readonly techniques: readonly TechniqueId[];
}

export function touchFacts(line: TouchLine): TouchFacts {
  const stamped = Date.parse(line['@timestamp']);
  const { orchestrator, event } = line;
  const techniques = textsAt(line, 'threat', 'technique', 'id').filter((id): id is TechniqueId =>
    Object.hasOwn(TECHNIQUES, id),
  );
  return {
    id: clip(event.id, NAME_CHARS),
    startMs: event.start ? Date.parse(event.start) : stamped,
    endMs: event.end ? Date.parse(event.end) : stamped,
    count: line.honeypod.count ?? 1,
    action: clip(event.action, NAME_CHARS),
    message: clip(textAt(line, 'message') ?? '', MESSAGE_CHARS),
    source: side(line.source),
    destination: side(line.destination),
    pod: clip(orchestrator.resource.name, NAME_CHARS),
    labels: orchestrator.resource.label.slice(0, LABELS).map((label) => clip(label, NAME_CHARS)),
    namespace: name(textAt(line, 'orchestrator', 'namespace')),
    cluster: name(textAt(line, 'orchestrator', 'cluster', 'name')),
    node: name(textAt(line, 'host', 'name')),
    protocol: name(textAt(line, 'network', 'protocol') ?? textAt(line, 'network', 'transport')),
    techniques: techniques.slice(0, TECHNIQUE_IDS),
  };
}

function side(endpoint: Side | undefined): Side {
  return { ip: endpoint?.ip, port: endpoint?.port };
}

function name(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : clip(text, NAME_CHARS);
}

/** A captured decoy may call itself anything, and more each time: only names of ours are counted apart. */
export function knownDecoy(name: string): string {
  return DECOYS.find((decoy) => decoy === name) ?? 'other';
}

/** The text under these keys; undefined where there is none or something else. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, keys);
  return typeof found === 'string' ? found : undefined;
}

/** The texts of the list under these keys. */
export function textsAt(value: unknown, ...keys: readonly string[]): string[] {
  const found = at(value, keys);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}

function at(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
