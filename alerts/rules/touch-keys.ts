// Which dotted names a rule of `dataSet: touches` may ask for: those of the published touch line, and who the source is.
import { TouchLine } from '../../decoys/touch/schema.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: unknown;
  readonly additionalProperties?: unknown;
}

const SOURCE_FIELDS = [
  ...[
    'kind',
    'confidence',
    'namespace',
    'name',
    'nameAggr',
    'type',
    'labels',
    'uid',
    'node',
    'owner',
    'serviceAccount',
    'image',
  ],
].map((field) => `honeypod.source.${field}`);

const exact = new Set<string>(SOURCE_FIELDS);
/** Objects whose own keys nobody can know: attributes a client names, kinds of packets. */
const open: string[] = [];

collect(TouchLine as Node, '');

function collect({ properties, patternProperties }: Node, prefix: string): void {
  if (patternProperties !== undefined) open.push(prefix);
  for (const [name, node] of Object.entries(properties ?? {})) {
    const key = `${prefix}${name}`;
    exact.add(key);
    collect(node, `${key}.`);
  }
}

export function isTouchKey(key: string): boolean {
  return exact.has(key) || open.some((prefix) => key.startsWith(prefix) && key.length > prefix.length);
}
