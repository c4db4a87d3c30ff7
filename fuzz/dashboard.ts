// Fuzzing the dashboard decoy: requests on its debug site, TLS and anything else on its lure, a client beside them, and its books.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { mutated as mutatedRequest } from '../test/dashboard-twin/mutate.ts';
import type { Probe } from '../test/dashboard-twin/probe.ts';
import { freePort } from '../test/harness/ports.ts';
import { asShipped } from './as-shipped.ts';
import { createBooks } from './books.ts';
import { type Case, once, type Part, pick, type Random } from './case.ts';
import { play } from './conversation.ts';
import { mutated } from './mutate.ts';
import { Finding, type Session, type Target } from './target.ts';
import { tellingPart } from './telling.ts';
import { watch } from './watched.ts';
import { within } from './within.ts';

const HOST = '127.0.0.1';
const FUZZER = '127.0.0.8';
const CLIENT = '127.0.0.9';
const MEMORY_MB = 110;
const SERVED_MS = 5_000;
const PIPELINED = 6;
/** Longest text one repetition of a recorded probe is drawn out to, characters. */
const REPEATED_CHARS = 60_000;

const FIXTURE = join(import.meta.dirname, '..', 'test', 'fixtures', 'dashboard', 'probes.json');
const PROBES: readonly Probe[] = (JSON.parse(readFileSync(FIXTURE, 'utf8')) as Probe[]).filter(({ slow }) => !slow);
const TEXTS = PROBES.map(textOf);

/** A ClientHello for `shop.example` with one cipher suite, SNI and ALPN (RFC 8446 4.1.2), to be changed. */
const HELLO =
  '\x16\x03\x01\0\x56\x01\0\0\x52\x03\x03' +
  'r'.repeat(32) +
  '\0\0\x02\x13\x01\x01\0\0\x27\0\0\0\x11\0\x0f\0\0\x0cshop.example\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1';
const WORDS = [
  ...['\r\n', '\n', '\r', '\0', ' ', '\t', ':', ',', ';', '=', '%', '%00', '%2e', '../', '\\', '?', '#', '&', '//'],
  ...[
    'GET ',
    'POST ',
    'HTTP/1.1',
    'HTTP/2.0',
    'Host: ',
    'Content-Length: ',
    'Transfer-Encoding: chunked\r\n',
    'Expect: 100-continue\r\n',
  ],
  ...[
    'Range: bytes=',
    'Cookie: ',
    'Authorization: Basic ',
    '{"a":',
    '<script>',
    '${jndi:ldap://',
    '\x16\x03\x01',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ],
  ...[
    '/debug/pprof/profile?seconds=',
    '/debug/vars',
    '/api/v1/login',
    '/.env',
    '/.git/config',
    '/metrics',
    '/openapi.json',
  ],
];

function textOf(probe: Probe): string {
  return probe.send
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('rep' in part)
        return part.rep[0].repeat(Math.min(part.rep[1], Math.ceil(REPEATED_CHARS / part.rep[0].length)));
      return 'tmpl' in part ? part.tmpl : '';
    })
    .join('');
}

function request(random: Random): string {
  if (once(3, random)) return mutated(pick(TEXTS, random), random, WORDS, TEXTS);
  const text = textOf(mutatedRequest(random(2 ** 31), PROBES));
  return once(3, random) ? mutated(text, random, WORDS, TEXTS) : text;
}

function deal(random: Random): Case {
  const to = once(6, random) ? 'lure' : 'debug';
  const bytes = () => (to === 'lure' && !once(3, random) ? mutated(HELLO, random, WORDS, TEXTS) : request(random));
  const parts: Part[] = [];
  for (let times = once(30, random) ? 0 : 1 + random(once(4, random) ? PIPELINED : 2); times > 0; times--) {
    const text = bytes();
    const at = once(5, random) ? random(text.length + 1) : text.length;
    parts.push(text.slice(0, at), { pauseMs: at === text.length ? 0 : random(4) }, text.slice(at));
    if (once(2, random)) parts.push({ answer: true });
  }
  if (once(3, random)) parts.push({ end: pick(['fin', 'reset'] as const, random) });
  return { to, parts: parts.filter((part) => part !== '') };
}

/** What a plain request for a small file is answered. */
function fetchFile(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const socket = connect({ host: HOST, port, localAddress: CLIENT }, () =>
      socket.write('GET /tiny.txt HTTP/1.0\r\n\r\n'),
    );
    socket.setEncoding('latin1').on('data', (text: string) => {
      seen += text;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(seen));
  });
}

export const dashboard: Target = {
  atOnce: 32,
  lacking: () =>
    process.platform === 'linux' ? '' : 'needs Linux, where every address of 127.0.0.0/8 is a client of its own',
  deal,
  async start(): Promise<Session> {
    const [debugPort, lurePort] = [await freePort(), await freePort()];
    const books = createBooks([FUZZER, CLIENT]);
    const { nodeFlags, env } = asShipped('dashboard');
    const program = watch('dashboard', {
      env: { ...env, BIND: '0.0.0.0', DEBUG_PORT: String(debugPort), TLS_PORT: String(lurePort), COUNTERS: 'false' },
      nodeFlags,
      memoryMb: MEMORY_MB,
      onLine: books.line,
    });
    await program.said('dashboard: ');
    let connections = 0;
    let asked = 0;
    let told: string | undefined;
    return {
      async send(one) {
        const port = one.to === 'lure' ? lurePort : debugPort;
        const { bytes, connected } = await play({ host: HOST, port, from: FUZZER }, one);
        if (connected) connections += 1;
        told ??= tellingPart(bytes);
        if (one.to === 'lure' && bytes.length > 0) told ??= `the lure answered ${bytes.length} bytes`;
      },
      async ask() {
        asked += 1;
        const answer = await within(SERVED_MS, 'a client that asked for a file', fetchFile(debugPort));
        if (!answer.startsWith('HTTP/1.1 200 OK\r\n'))
          throw new Finding(`a client was answered ${answer.slice(0, 200)}`);
      },
      wrong: () => program.wrong() ?? told,
      async end() {
        await program.stop();
        books.settle();
        const requests = books.byAction(CLIENT).get('http-request');
        if (requests !== asked) throw new Finding(`a client asked ${asked} times; lines have ${requests} requests`);
        if (books.of(FUZZER) < connections)
          throw new Finding(`${connections} connections left only ${books.of(FUZZER)} touches`);
        return { touches: books.told, lines: books.lines, peakMb: program.peakMb() };
      },
      kill: program.kill,
    };
  },
};
