// Fields a touch line may lack but later stages take at their word: each is of its type or the line is none of ours.
// A captured decoy may write anything; types are those of decoys/touch/schema.ts.

type Holds = (value: unknown) => boolean;

const isText: Holds = (value) => typeof value === 'string';
const isCount: Holds = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTexts: Holds = (value) => Array.isArray(value) && value.every(isText);
const isCounts: Holds = (value) => Array.isArray(value) && value.every(isCount);

const FIELDS: readonly (readonly [what: string, holds: Holds, paths: readonly string[]])[] = [
  [
    'text',
    isText,
    [
      ...['message', 'observer.version', 'orchestrator.namespace', 'orchestrator.cluster.name', 'host.name'],
      ...['agent.ephemeral_id', 'network.transport', 'network.protocol', 'user.name', 'user_agent.original'],
      ...[
        'url.path',
        'url.original',
        'honeypod.mode',
        'honeypod.scan.kind',
        'honeypod.scan.tool',
        'honeypod.signature',
      ],
      ...[
        'honeypod.mysql.statement',
        'honeypod.mysql.client',
        'honeypod.mysql.database',
        'honeypod.payload',
        'honeypod.canary',
      ],
      ...[
        'honeypod.credential.user',
        'honeypod.credential.password',
        'honeypod.credential.password_hash',
        'event.reason',
      ],
      ...['http.request.method', 'http.request.body.content', 'tls.client.server_name', 'tls.client.ja4'],
    ],
  ],
  [
    'a number',
    isCount,
    [
      ...['process.uptime', 'source.bytes', 'source.packets', 'http.request.bytes', 'http.response.bytes'],
      ...['http.response.status_code', 'honeypod.lost', 'honeypod.touches', 'honeypod.scan.distinct_ports'],
    ],
  ],
  ['a list of texts', isTexts, ['orchestrator.resource.ip', 'honeypod.http.headers', 'honeypod.samples']],
  ['a list of numbers', isCounts, ['honeypod.ports']],
];

const CHECKS = FIELDS.flatMap(([what, holds, paths]) =>
  paths.map((path) => ({ path, keys: path.split('.'), what, holds })),
);

/** The first field that is there and not of its type, in words; '' where all fit. */
export function misfit(line: object): string {
  for (const { path, keys, what, holds } of CHECKS) {
    let found: unknown = line;
    for (const key of keys) {
      if (found === undefined || found === null) break;
      found = (found as Record<string, unknown>)[key];
    }
    if (found !== undefined && !holds(found)) return `${path} is not ${what}`;
  }
  return '';
}
