// What the dashboard calls an attack, and what it does not: payloads and paths of real attacks, each with the signature it should have,
// and ordinary visits, none of which may have one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newHeadReader, readHead } from '../../decoys/dashboard/http/head.ts';
import { renderingsOf } from '../../decoys/dashboard/signatures/renderings.ts';
import { createScrutiny, type Finding } from '../../decoys/dashboard/signatures/scrutiny.ts';

type Sent = readonly [method: string, target: string, headers?: readonly (readonly [string, string])[], body?: string];

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'dashboard');
/** A rendering is no longer than what it came from; all of them together no longer than this. */
const CHARACTERS = 320 * 1024;
const BODY_BYTES = 64 * 1024;

function fixture<T>(name: string): T[] {
  const lines = readFileSync(join(FIXTURES, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

const peer = { address: '192.0.2.1', port: 40_000, localAddress: '192.0.2.2', localPort: 8_080, session: '' };

function found([method, target, headers = [], text = '']: Sent): Finding | undefined {
  const body = Buffer.from(text, 'latin1');
  const host = headers.some(([name]) => name === 'Host') ? '' : 'Host: 192.0.2.2:8080\r\n';
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = body.length > 0 ? `Content-Length: ${body.length}\r\n` : '';
  const bytes = Buffer.from(`${method} ${target} HTTP/1.1\r\n${host}${lines}${length}\r\n`, 'latin1');
  const progress = readHead(bytes, newHeadReader());
  if (!progress) throw new Error(`half a head: ${method} ${target}`);
  // A scrutiny of its own: what a source did before says nothing here.
  const scrutiny = createScrutiny(() => 0);
  if ('failure' in progress) return scrutiny.refusal(peer, progress.failure, bytes);
  return scrutiny.request({
    peer,
    head: progress.head,
    body: { bytes: body.length, kept: body, sha256: undefined, complete: true },
    status: 200,
    responseBytes: 0,
    responseBodyBytes: 0,
    responseType: undefined,
    note: undefined,
    at: 0,
    durationNs: 0,
  });
}

describe('signatures', () => {
  const attacks = fixture<readonly [signature: string, ...Sent]>('attacks.ndjson');
  it.each([...new Set(attacks.map(([signature]) => signature))])('know %s', (wanted) => {
    const own = attacks.filter(([signature]) => signature === wanted);
    const missed = own.filter(([, ...sent]) => {
      const finding = found(sent);
      return finding === undefined || !finding.name.split(',').includes(wanted) || finding.techniques.length === 0;
    });
    expect(missed).toEqual([]);
  });

  it('see nothing in ordinary visits', () => {
    const visits = fixture<Sent>('visits.ndjson');
    const taken = visits.filter((sent) => found(sent) !== undefined && !found(sent)?.benign);
    expect(taken).toEqual([]);
  });
});

describe('renderings', () => {
  const pieces = [
    '%',
    '25',
    '2e',
    'u',
    '\\',
    'x41',
    '&#',
    '60;',
    '+A',
    'Dw-',
    '/*',
    '*/',
    '!',
    "'",
    '"',
    '${',
    '\0',
    'a',
    '\xc0',
    '\xae',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 200 }).map((parts) => parts.join(''));

  it('are bounded, begin with what was sent, and are never thrown at', () => {
    fc.assert(
      fc.property(text, (sent) => {
        const texts = renderingsOf(sent, true);
        expect(texts[0]).toBe(sent);
        expect(texts.every(({ length }) => length <= sent.length * 2)).toBe(true);
        expect(texts.length).toBeLessThan(32);
      }),
    );
  });

  it.each(pieces)('of a body full of %j stay within their share', (piece) => {
    const texts = renderingsOf(piece.repeat(BODY_BYTES / piece.length), true);
    expect(texts.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(CHARACTERS);
  });
});
