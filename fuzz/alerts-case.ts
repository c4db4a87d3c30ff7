// Deals cases for `alerts`: touch lines whose JSON is changed field by field, runtime wrappings, calls of the page and of the metrics,
// rule files with changed queries, configuration files. Bytes are UTF-8 kept as latin1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from '../decoys/touch/uuid.ts';
import { type Case, once, pick, type Random } from './case.ts';
import { mutated } from './mutate.ts';

const FIXTURES = join(import.meta.dirname, '..', 'test', 'fixtures');
const LINES: readonly string[] = readFileSync(join(FIXTURES, 'alerts', 'touches.ndjson'), 'utf8')
  .trim()
  .split('\n');
const RULES: readonly string[] = ['calico-honeypods.yaml']
  .map((name) => readFileSync(join(FIXTURES, 'alerts', name), 'utf8'))
  .concat(readFileSync(join(import.meta.dirname, '..', 'manifests', 'alerts.yaml'), 'utf8'))
  .flatMap((text) => text.split(/^---$/m).slice(1));
/** Nothing here leaves the machine: the program under test has no network but its own loopback. */
const CONFIG = `events: { quiet: 10m, remind: 4h }
delivery: { longestPause: 1m, keep: 24h }
outputs:
  - { type: webhook, name: soc, url: 'http://127.0.0.1:9/in', secret: { env: SECRET }, minSeverity: 50, headers: { X-A: b } }
  - { type: falcosidekick, url: 'http://127.0.0.1:9', timeout: 5s, off: true }
  - { type: slack, url: { env: SLACK }, passwords: true }
  - { type: alertmanager, url: 'http://127.0.0.1:9', resend: 1m, labels: { cluster: prod } }
  - { type: syslog, address: 'tcp://127.0.0.1:9', facility: local0 }
`;
const QUERIES = RULES.map((text) => /query: (.*)/.exec(text)?.[1] ?? '');

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  'true',
  '1e999',
  '\\u0000',
  '\\ud800',
  '"__proto__":',
  '"event":',
  '\n',
  '\0',
  '\xff',
];
const QUERY_WORDS = [
  ...[
    'AND',
    'OR',
    'NOT',
    'IN',
    'NOTIN',
    '{',
    '}',
    '(',
    ')',
    '"',
    "'",
    '=',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    '*',
    '?',
    ',',
    '\\',
    '${',
    '}',
    '.',
  ],
  ...[
    'event.action',
    'honeypod.count',
    'source.ip',
    '"*a*a*a*a*a*a*b"',
    '"10.0.0.0/8"',
    'dest_port',
    '"1e400"',
    '__proto__',
    'constructor',
    '"2026-02-30"',
  ],
];
const YAML_WORDS = [
  '&a',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!js/function ',
  '- ',
  ': ',
  '|\n',
  '>\n',
  '{',
  '}',
  '[',
  ']',
  '---\n',
  '...',
  '%YAML 1.1\n',
  '\t',
  '"',
  '#',
];
const HTTP_WORDS = [
  ...[
    '?',
    '&',
    '=',
    '%',
    '%00',
    '%ff',
    '/',
    '..',
    '\r\n',
    ' ',
    ':',
    '"',
    '{',
    '}',
    'id=',
    'limit=',
    'offset=',
    'q=',
    'sort=',
    'state=',
    'range=',
    'after=',
  ],
  ...[
    'Host: localhost\r\n',
    'Host: evil.example\r\n',
    'Origin: http://evil.example\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\n',
    'Sec-Fetch-Site: cross-site\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\n',
  ],
];
const PATHS = [
  ...[
    '/',
    '/events',
    '/dashboard',
    '/exceptions',
    '/api/events?state=all&sort=count&q=pprof&limit=100&offset=0',
    '/api/events?rule=honeypod.dos&decoy=app',
  ],
  ...[
    '/api/facets',
    '/api/summary',
    '/api/event?id={{EVENT}}&reveal=1',
    '/api/touches?id={{EVENT}}&after=0',
    '/api/dashboard?range=24h',
    '/api/exceptions',
  ],
  ...[
    '/api/export?format=csv',
    '/api/export?format=ndjson&state=all',
    '/api/export?id={{EVENT}}',
    '/assets/none',
    '/metrics',
  ],
];
/** Calls that change something; without `prove`, which would touch whatever addresses changed lines name. */
const POSTS: readonly (readonly [string, string])[] = [
  ['/api/dismiss', '{"ids":["{{EVENT}}"]}'],
  ['/api/dismiss', '{"filter":"state=all&q=curl"}'],
  ['/api/undo', '{"ids":["{{EVENT}}"]}'],
  ['/api/undo', '{"stamp":1}'],
  ['/api/exceptions', '{"event":"{{EVENT}}","scope":"address","onlyRule":true,"endMs":0,"description":"x"}'],
  ['/api/exceptions/delete', '{"name":"x"}'],
];
/** An event's id stands in for the word when the case is played. */
const EVENT = '{{EVENT}}';
const EVENT_ID = '0'.repeat(36);
const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    0.5,
    2 ** 31,
    2 ** 53,
    1e308,
    '',
    ' ',
    '0',
    '*',
    'a'.repeat(5_000),
    '\0',
    '\u202e',
    '\ud800',
    '<img src=x onerror=alert(1)>',
  ],
  ...[
    '__proto__',
    'constructor',
    '10.0.0.0/8',
    '::ffff:1.2.3.4',
    '1970-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    '1-65535',
    '9-1,,',
    '${source.ip}',
    "=cmd|'/c'!A1",
  ],
  ...[
    [],
    {},
    [[[[]]]],
    [null],
    { a: { b: { c: {} } } },
    Array.from({ length: 300 }, () => 'x'),
    { toString: 1 },
    { length: -1 },
  ],
];

type Json = Record<string, unknown>;

/** Every object of a value, with itself. */
function objectsOf(value: Json): Json[] {
  const found = [value];
  for (const object of found)
    for (const inner of Object.values(object))
      if (typeof inner === 'object' && inner !== null) found.push(inner as Json);
  return found;
}

/** A UUIDv7 of random numbers, so that a case is the same bytes each time. */
function idOf(random: Random): string {
  return uuidv7(1_790_000_000_000 + random(2 ** 31)).replace(
    /-[^-]*$/,
    () =>
      `-${random(2 ** 31)
        .toString(16)
        .padStart(12, '0')}`,
  );
}

function line(random: Random): string {
  const value = JSON.parse(pick(LINES, random)) as Json & { event: Json };
  value.event.id = idOf(random);
  for (let times = once(4, random) ? 0 : 1 + random(4); times > 0; times--) {
    const object = pick(objectsOf(value), random);
    const keys = Object.keys(object);
    if (keys.length === 0) continue;
    const key = pick(keys, random);
    const kind = random(5);
    if (kind < 2) object[key] = structuredClone(pick(ODD_VALUES, random));
    else if (kind === 2) delete object[key];
    else if (kind === 3) object[key] = pick(Object.values(JSON.parse(pick(LINES, random)) as Json), random);
    else
      Object.defineProperty(
        object,
        pick(['__proto__', 'constructor', 'toJSON', key.toUpperCase(), 'x'.repeat(random(900))], random),
        { value: structuredClone(pick(ODD_VALUES, random)), enumerable: true, configurable: true, writable: true },
      );
  }
  const text = Buffer.from(JSON.stringify(value)).toString('latin1');
  const wrapped = once(5, random) ? wrap(text, random) : text;
  return once(6, random) ? mutated(wrapped, random, JSON_WORDS, LINES) : wrapped;
}

function wrap(text: string, random: Random): string {
  if (once(3, random)) return JSON.stringify({ log: `${text}\n`, stream: 'stdout', time: '2026-11-23T04:00:00Z' });
  return `2026-11-23T04:26:32.127Z std${pick(['out', 'err'], random)} ${pick(['F', 'P', 'X'], random)} ${text}`;
}

function call(random: Random): string {
  const [path, body] = once(3, random) ? pick(POSTS, random) : [pick(PATHS, random), ''];
  const own = [
    'Host: localhost',
    ...(once(9, random) ? [] : ['X-Page-Token: {{TOKEN}}']),
    ...(once(3, random) ? ['Connection: close'] : []),
  ];
  const changed = (text: string) => (once(2, random) ? mutated(text, random, HTTP_WORDS, PATHS) : text);
  const content = body === '' ? '' : changed(body);
  const length =
    body === '' ? [] : [`Content-Length: ${once(9, random) ? random(99) : content.replaceAll(EVENT, EVENT_ID).length}`];
  const text = `${body === '' ? pick(['GET', 'GET', 'GET', 'HEAD', 'PUT'], random) : 'POST'} ${changed(path)} HTTP/1.1\r\n${[...own, ...length].join('\r\n')}\r\n\r\n${content}`;
  return once(5, random) ? mutated(text, random, HTTP_WORDS, PATHS) : text;
}

/** A rule file: one GlobalAlert with its query, or any of its text, changed. */
function rule(random: Random, at: number): string {
  const base = pick(RULES, random).replace(/name: \S+/, `name: fuzz.rule-${at}`);
  if (once(3, random)) return `---${mutated(base, random, YAML_WORDS, RULES)}`;
  const query = mutated(pick(QUERIES, random).replace(/^'|'$/g, ''), random, QUERY_WORDS, QUERIES);
  return `---${base.replace(/query: .*/, () => `query: ${JSON.stringify(query)}`)}`;
}

const RULES_AT_ONCE = 60;
/** Of so many cases one starts a program of its own. */
const PROGRAMS = 150;

export function dealAlerts(random: Random): Case {
  if (once(PROGRAMS, random)) {
    if (once(3, random))
      return { to: 'config', parts: [mutated(CONFIG, random, [...YAML_WORDS, ...CONFIG.match(/\w+/g)!], [CONFIG])] };
    return { to: 'rules', parts: Array.from({ length: RULES_AT_ONCE }, (_, at) => rule(random, at)) };
  }
  if (once(4, random)) return { to: once(8, random) ? 'metrics' : 'page', parts: [call(random), { answer: true }] };
  return { to: 'stdin', parts: Array.from({ length: 1 + random(20) }, () => line(random)) };
}
