// The dashboard's parsers on whatever bytes come: never a throw, never past a cap, the same however the bytes are cut.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newBodyReader, readBody } from '../../decoys/dashboard/http/body.ts';
import { parseHttpDate } from '../../decoys/dashboard/http/date.ts';
import { type HeadProgress, newHeadReader, readHead } from '../../decoys/dashboard/http/head.ts';
import { hostName } from '../../decoys/dashboard/http/host.ts';
import { KEPT_BODIES_BYTES, KEPT_BODY_BYTES } from '../../decoys/dashboard/http/limits.ts';
import { normaliseUri } from '../../decoys/dashboard/http/uri.ts';
import { giveBack, rent, Waiting } from '../../decoys/dashboard/pool.ts';
import { parseRanges } from '../../decoys/dashboard/serve/ranges.ts';
import { SIGNATURES } from '../../decoys/dashboard/signatures/table.ts';
import { type ClientHello, parseClientHello } from '../../decoys/touch/client-hello.ts';

const HTTP_TOKENS = [
  'GET ',
  '/',
  'HTTP/1.',
  '1',
  '\r\n',
  '\n',
  ':',
  ' ',
  'Host: a',
  'a',
  '%',
  '2e',
  '..',
  '?',
  '\0',
  '\xff',
  'Content-Length: ',
  '0',
];
const httpText = fc
  .array(fc.oneof(fc.constantFrom(...HTTP_TOKENS), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 60 })
  .map((parts) => parts.join(''));
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

/** Reads a head as a connection does that gets the bytes in pieces ending at `cuts`. */
function readInPieces(bytes: Buffer, cuts: readonly number[]): HeadProgress {
  const reader = newHeadReader();
  for (const end of [...cuts, bytes.length]) {
    const progress = readHead(bytes.subarray(0, end), reader);
    if (progress) return progress;
  }
  return undefined;
}

function shapeOf(progress: HeadProgress): unknown {
  if (!progress) return 'more';
  if ('head' in progress)
    return { line: progress.head.line, headers: progress.head.headers, bytes: progress.head.bytes };
  return { status: progress.failure.status, reason: progress.failure.reason };
}

describe('request heads', () => {
  it('are read the same in one piece and in many', () => {
    fc.assert(
      fc.property(httpText, fc.array(fc.nat(400), { maxLength: 8 }), (text, cuts) => {
        const bytes = bytesOf(text);
        const sorted = cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b);
        expect(shapeOf(readInPieces(bytes, sorted))).toEqual(shapeOf(readInPieces(bytes, [])));
      }),
      { numRuns: 3_000 },
    );
  });

  it('never take more than one small and four large buffers', () => {
    const bytes = bytesOf(`GET / HTTP/1.1\r\n${`X: ${'a'.repeat(4_000)}\r\n`.repeat(40)}`);
    const progress = readInPieces(bytes, []);
    expect(progress && 'failure' in progress && progress.failure.status).toBe(494);
    expect(progress && 'failure' in progress && progress.failure.at).toBeLessThan(1024 + 4 * 8192);
  });
});

describe('targets', () => {
  it('become absolute paths without dot segments or empty ones, or nothing', () => {
    fc.assert(
      fc.property(httpText, (text) => {
        const uri = normaliseUri(`/${text}`);
        if (!uri) return;
        expect(uri.path.startsWith('/')).toBe(true);
        expect(uri.path.includes('//')).toBe(false);
        expect(uri.path.split('/').some((segment) => segment === '..' || segment === '.')).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['/a/../b', '/b'],
    ['/a/./b/', '/a/b/'],
    ['/a//b', '/a/b'],
    ['/%2e%2e', undefined],
    ['/a/%2E%2e/b', '/b'],
    ['/a%2fb', '/a/b'],
    ['/a%3fb', '/a?b'],
    ['/a#b?c', '/a'],
    ['/a%00', undefined],
    ['/a%4', undefined],
  ])('%s is %s', (uri, path) => {
    expect(normaliseUri(uri)?.path).toBe(path);
  });
});

describe('chunked bodies', () => {
  it('decode to what was encoded, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (chunks, stride) => {
          const framed = [
            ...chunks.map((chunk) =>
              Buffer.concat([bytesOf(`${chunk.length.toString(16)}\r\n`), chunk, bytesOf('\r\n')]),
            ),
            bytesOf('0\r\n\r\n'),
          ];
          const bytes = Buffer.concat(framed);
          const body = newBodyReader({ kind: 'chunked' });
          const budget = { used: 0 };
          let progress: string | number = 'more';
          for (let at = 0; at < bytes.length; at += stride) {
            progress = readBody(bytes.subarray(at, at + stride), 0, body, 1_000_000, budget).progress;
          }
          expect(progress).toBe('done');
          expect(Buffer.concat(body.kept)).toEqual(Buffer.concat(chunks));
        },
      ),
    );
  });

  it('never throw, and keep no more than their share', () => {
    const budget = { used: 0 };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const body = newBodyReader({ kind: 'chunked' });
        readBody(Buffer.from(bytes), 0, body, 1_000, budget);
        expect(body.keptBytes).toBeLessThanOrEqual(KEPT_BODY_BYTES);
      }),
    );
    expect(budget.used).toBeLessThanOrEqual(KEPT_BODIES_BYTES);
  });
});

describe('ranges, hosts and dates', () => {
  it('take any text without a throw, and ranges stay inside the file', () => {
    const rangeText = fc
      .array(fc.constantFrom('bytes=', '0', '9', '-', ',', ' ', '18446744073709551616', 'x', '\t'), { maxLength: 14 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(rangeText, fc.nat(100), (text, length) => {
        const ranges = parseRanges(text, length);
        if (typeof ranges === 'string') return;
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(length);
        }
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(httpText, (text) => {
        hostName(text);
        parseHttpDate(text);
      }),
    );
  });

  it('reads the three forms of a date', () => {
    const expected = Date.UTC(2024, 10, 5, 10, 11, 12) / 1_000;
    expect(parseHttpDate('Tue, 05 Nov 2024 10:11:12 GMT')).toBe(expected);
    expect(parseHttpDate('Tuesday, 05-Nov-24 10:11:12 GMT')).toBe(expected);
    expect(parseHttpDate('Tue Nov  5 10:11:12 2024')).toBe(expected);
    expect(parseHttpDate('Fri, 31 Feb 2028 00:00:00 GMT')).toBeUndefined();
  });
});

describe('ClientHello', () => {
  it('is never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, framed) => {
        const record = Buffer.from([
          0x16,
          3,
          1,
          bytes.length >> 8,
          bytes.length & 0xff,
          1,
          0,
          0,
          Math.max(0, bytes.length - 4),
          ...bytes,
        ]);
        parseClientHello(framed ? record : Buffer.from(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it("has the JA4 of FoxIO's published example", () => {
    // The example of the JA4 specification: a Chrome hello, whose parts it lists.
    const ciphers = [
      '1301',
      '1302',
      '1303',
      'c02b',
      'c02f',
      'c02c',
      'c030',
      'cca9',
      'cca8',
      'c013',
      'c014',
      '009c',
      '009d',
      '002f',
      '0035',
    ];
    const algorithms = ['0403', '0804', '0401', '0503', '0805', '0501', '0806', '0601'];
    const hello = chromeHello(ciphers, algorithms);
    const parsed = parseClientHello(hello) as ClientHello;
    expect(parsed.ja4).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
    expect(parsed.serverName).toBe('a.example');
  });
});

function block(bytes: Buffer, lengthBytes: 1 | 2): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

/** A hello with the extensions of the specification's example: 001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015. */
function chromeHello(ciphers: readonly string[], algorithms: readonly string[]): Buffer {
  const hex = (text: string) => Buffer.from(text, 'hex');
  const bodies: Record<string, Buffer> = {
    '0000': block(Buffer.concat([Buffer.from([0]), block(Buffer.from('a.example'), 2)]), 2),
    '0010': block(Buffer.concat([block(Buffer.from('h2'), 1), block(Buffer.from('http/1.1'), 1)]), 2),
    '000d': block(hex(algorithms.join('')), 2),
    '002b': block(hex('0a0a03040303'), 1),
  };
  const kinds = [
    '2a2a',
    '001b',
    '0000',
    '0033',
    '0010',
    '4469',
    '0017',
    '002d',
    '000d',
    '0005',
    '0023',
    '0012',
    '002b',
    'ff01',
    '000b',
    '000a',
    '0015',
  ];
  const extensions = Buffer.concat(
    kinds.map((kind) => Buffer.concat([hex(kind), block(bodies[kind] ?? Buffer.alloc(0), 2)])),
  );
  const hello = Buffer.concat([
    hex('0303'),
    Buffer.alloc(32),
    block(Buffer.alloc(32), 1),
    block(hex(`1a1a${ciphers.join('')}`), 2),
    block(Buffer.from([0]), 1),
    block(extensions, 2),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), block(hello, 2)]);
  return Buffer.concat([hex('160301'), block(message, 2)]);
}

describe('waiting bytes', () => {
  it('are what was put in, whatever is taken off the front', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 3_000 }), fc.nat(4_000)), { maxLength: 12 }),
        (steps) => {
          const waiting = new Waiting();
          let expected = Buffer.alloc(0);
          for (const [more, taken] of steps) {
            const shared = Buffer.from(more);
            const all = waiting.with(shared);
            expected = Buffer.concat([expected, shared]);
            expect(all.equals(expected)).toBe(true);
            const kept = waiting.keep(all.subarray(Math.min(taken, all.length)));
            expected = expected.subarray(Math.min(taken, expected.length));
            shared.fill(0);
            expect(kept.equals(expected)).toBe(true);
          }
          waiting.keep(Buffer.alloc(0));
        },
      ),
    );
  });

  it('come from memory that is used again', () => {
    const first = rent(5_000);
    giveBack(first);
    expect(rent(4_500)).toBe(first);
  });
});

describe('signatures', () => {
  it.each([
    ['log4shell', 'target', '/?x=${jndi:ldap://a/b}'],
    ['log4shell', 'headers', 'user-agent: ${${lower:j}ndi:x}'],
    ['shellshock', 'headers', 'User-Agent: () { :;}; /bin/id'],
    ['spring4shell', 'body', 'class.module.classLoader.resources=1'],
    ['web-shell', 'body', '<?php system($_GET[0]);'],
    ['command-injection', 'target', '/?q=1;id'],
    ['sql-injection', 'target', "/?id=1' or 1=1--"],
    ['sql-injection', 'target', '/?id=1 union all select 1,2'],
    ['metadata-service', 'target', '/?u=http://169.254.169.254/'],
    ['path-traversal', 'target', '/../../etc/passwd'],
    ['container-exec', 'target', '/run/default/pod/c'],
    ['kubernetes-credentials', 'target', '/api/v1/namespaces/default/secrets'],
    ['kubernetes-api', 'target', '/apis/apps/v1'],
    ['git-repository', 'target', '/.git/HEAD'],
    ['secrets-hunting', 'target', '/.env.production'],
    ['vulnerable-path', 'target', '/actuator/env'],
    ['xxe', 'body', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///c">]>'],
    ['deserialization', 'body', 'rO0ABXNyAA=='],
  ] as const)('%s is seen in the %s', (name, place, text) => {
    const found = SIGNATURES.filter((signature) => signature.in.includes(place) && signature.pattern.test(text));
    expect(found.map((signature) => signature.name)).toContain(name);
  });

  it('see nothing in what the page itself asks for', () => {
    for (const target of [
      '/',
      '/assets/main.css',
      '/assets/main.js',
      '/api/v1/status',
      '/api/v1/overview',
      '/docs/',
      '/favicon.ico',
      '/login?next=%2Fadmin',
    ]) {
      expect(
        SIGNATURES.filter((signature) => signature.in.includes('target') && signature.pattern.test(target)),
      ).toEqual([]);
    }
  });

  it('take time in proportion to the text', () => {
    const hostile = [
      "' or ".repeat(13_000),
      'union/*'.repeat(9_000),
      '${'.repeat(32_000),
      ';'.repeat(65_000),
      '-- '.repeat(21_000),
      '/cgi-bin/'.repeat(7_000),
      '../'.repeat(21_000),
    ];
    const startedAt = performance.now();
    for (const text of hostile) for (const { pattern } of SIGNATURES) pattern.test(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
