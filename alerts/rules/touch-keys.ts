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
/** Names from the line down to each key. */
const paths = new Map<string, readonly string[]>();
/** Objects whose own keys nobody can know: attributes a client names, kinds of packets. */
const open: string[] = [];

collect(TouchLine as Node, []);

function collect({ properties, patternProperties }: Node, above: readonly string[]): void {
  if (patternProperties !== undefined) open.push(above.map((name) => `${name}.`).join(''));
  for (const [name, node] of Object.entries(properties ?? {})) {
    const path = [...above, name];
    exact.add(path.join('.'));
    paths.set(path.join('.'), path);
    collect(node, path);
  }
}

/** Names from the line down to `key`; undefined where the key is below an object whose keys nobody can know. */
export function touchPath(key: string): readonly string[] | undefined {
  return paths.get(key);
}

export function isTouchKey(key: string): boolean {
  return exact.has(key) || open.some((prefix) => key.startsWith(prefix) && key.length > prefix.length);
}
