// The touch contract: whatever touches come, their lines are valid, short, unforgeable and add up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action } from '../../decoys/touch/actions.ts';
import { escapeBytes, fit, inert, LINE_BYTES, sizeOf } from '../../decoys/touch/caps.ts';
import { communityId } from '../../decoys/touch/community-id.ts';
import { DistinctCounter } from '../../decoys/touch/distinct.ts';
import { ENTRIES } from '../../decoys/touch/fold.ts';
import { PortSet } from '../../decoys/touch/ports.ts';
import { createRecorder } from '../../decoys/touch/recorder.ts';
import type { Touch } from '../../decoys/touch/touch.ts';
import { uuidv7 } from '../../decoys/touch/uuid.ts';
import { countOf, parseLine, touchesOf } from '../harness/lines.ts';

const LONGEST = 'n'.repeat(253);
const IDENTITY = {
  podName: LONGEST,
  namespace: LONGEST,
  podIps: ['10.244.2.31', 'fd00::2:31'],
  podUid: LONGEST,
  nodeName: LONGEST,
  app: LONGEST,
  cluster: LONGEST,
};

function recording({ burst = 0, refill = 0, logCredentials = true, refuse = false } = {}) {
  const texts: string[] = [];
  const clock = { ms: 1_000 };
  const sink = {
    write(line: string) {
      if (!refuse) texts.push(line);
      return !refuse;
    },
    end: () => Promise.resolve(),
  };
  const recorder = createRecorder({
    decoy: 'db',
    identity: IDENTITY,
    sink,
    burst,
    refill,
    logCredentials,
    now: () => 1_764_000_000_000 + clock.ms,
    ticks: () => clock.ms,
  });
  return { recorder, clock, texts, lines: () => texts.join('').split('\n').slice(0, -1).map(parseLine) };
}

function syn(ip: string, port: number, more: Partial<Touch> = {}): Touch {
  return {
    action: 'tcp-syn',
    at: 1_764_000_000_000,
    source: { ip, port: 40_000 },
    destination: { ip: '10.244.2.31', port },
    protocol: 6,
    message: `SYN to ${port}`,
    ...more,
  };
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.constantFrom(
    '\n{"event":{}}\n',
    '\u2028\u0085\u009b2J',
    '\ud800',
    '"}\r\n',
    '\u0000'.repeat(3_000),
    '😀'.repeat(3_000),
    '\\'.repeat(9_000),
  ),
);
const anyTouch: fc.Arbitrary<Touch> = fc.record(
  {
    action: fc.constantFrom(...(Object.keys(ACTIONS) as Action[])),
    at: fc.integer({ min: 1_764_000_000_000, max: 1_764_000_600_000 }),
    source: fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 0, max: 65_535 }) }),
    destination: fc.record({ ip: fc.ipV4(), port: fc.integer({ min: 0, max: 65_535 }) }),
    protocol: fc.integer({ min: 0, max: 255 }),
    count: fc.integer({ min: 1, max: 50 }),
    original: nasty,
    userAgent: nasty,
    user: nasty,
    message: nasty,
    url: fc.record({ original: nasty, path: nasty, domain: nasty }),
    honeypod: fc.record({
      payload: nasty,
      http: fc.record({ headers: fc.array(nasty, { maxLength: 100 }) }),
      mysql: fc.record({ statement: nasty, attributes: fc.dictionary(nasty, nasty, { maxKeys: 60 }) }),
      credential: fc.record({ user: nasty, password: nasty }),
    }),
    urgent: fc.boolean(),
    priority: fc.constantFrom(0, 1, 2),
    foldKey: nasty,
  },
  { requiredKeys: ['action', 'at', 'protocol', 'message'] },
);

describe('touch lines', () => {
  it('are valid, under 8 KiB, one a line, and count every touch, whatever an attacker sends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyTouch, fc.integer({ min: 0, max: 3_000 })), { maxLength: 40 }),
        fc.integer({ min: 0, max: 10 }),
        (stream, burst) => {
          const { recorder, clock, texts, lines } = recording({ burst, refill: 1 });
          let sent = 0;
          for (const [touch, wait] of stream) {
            recorder.touch(touch);
            sent += touch.count ?? 1;
            clock.ms += wait;
            recorder.tick();
          }
          recorder.flush();
          recorder.heartbeat({ mode: 'raw' });
          for (const text of texts) {
            expect(Buffer.byteLength(text)).toBeLessThan(LINE_BYTES);
            expect(text.indexOf('\n')).toBe(text.length - 1);
            expect(text).not.toMatch(/[\u0000-\u0009\u007f-\u009f\u2028\u2029\u202e]/);
          }
          expect(countOf(lines())).toBe(sent);
          expect(lines().map((line) => line.event.sequence)).toEqual(lines().map((_, at) => at + 1));
          expect(lines().at(-1)?.honeypod.touches).toBe(sent);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('reports touches as lost where the reader takes no line, without a gap in the sequence', () => {
    const { recorder } = recording({ refuse: true });
    recorder.touch(syn('10.0.0.1', 1));
    recorder.touch(syn('10.0.0.2', 2, { count: 4 }));
    recorder.flush();
    const after = recording();
    after.recorder.lose(5);
    after.recorder.heartbeat({});
    after.recorder.heartbeat({});
    expect(after.lines().map((line) => [line.event.sequence, line.honeypod.lost])).toEqual([
      [1, 5],
      [2, 0],
    ]);
  });

  it('hide tried passwords behind a hash with LOG_CREDENTIALS=false', () => {
    const { recorder, lines, texts } = recording({ logCredentials: false, burst: 9 });
    for (const password of ['hunter2', 'hunter2', 'other']) {
      recorder.touch({
        ...syn('10.0.0.1', 3306),
        action: 'mysql-login',
        honeypod: { credential: { user: 'root', password, scramble: 'ab', hashcat: '$mysqlna$x' } },
      });
    }
    const hashes = lines().map((line) => line.honeypod.credential?.password_hash);
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
    expect(texts.join('')).not.toMatch(/hunter2|scramble|hashcat/);
  });

  it('have the names and shapes of the published samples', () => {
    const samples = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'touch-samples.ndjson'), 'utf8')
      .trim()
      .split('\n');
    for (const sample of samples) {
      const value = JSON.parse(sample) as Record<string, unknown>;
      expect(() => parseLine(JSON.stringify({ ...value, agent: { ephemeral_id: uuidv7(Date.now()) } }))).not.toThrow();
    }
  });
});

describe('folding', () => {
  it('writes the first touch of each source at once', () => {
    const { recorder, lines } = recording();
    for (let host = 1; host <= 20; host++) recorder.touch(syn(`10.0.0.${host}`, 22));
    expect(lines().map((line) => line.source?.ip)).toEqual(Array.from({ length: 20 }, (_, at) => `10.0.0.${at + 1}`));
  });

  it('makes at most three lines of a thousand probes, with every port', () => {
    const { recorder, clock, lines } = recording();
    for (let port = 1; port <= 1_000; port++) {
      recorder.touch(syn('10.0.0.9', port, { foldKey: 'tcp', urgent: port === 4 }));
      clock.ms += 5;
      recorder.tick();
    }
    clock.ms += 600;
    recorder.tick();
    expect(lines().length).toBeLessThanOrEqual(3);
    expect(countOf(lines())).toBe(1_000);
    expect(lines().at(-1)?.honeypod.scan).toMatchObject({ ports: '5-1000', distinct_ports: 996 });
  });

  it('tells every port of a scan where the decoy keeps them, however many lines it took', () => {
    const { recorder, lines } = recording();
    const ports = new PortSet();
    for (let port = 1; port <= 500; port++) {
      ports.add(port);
      recorder.touch(syn('10.0.0.1', port, { ports, urgent: port === 4 }));
    }
    recorder.flush();
    expect(lines().map(({ honeypod: { count, scan } }) => [count, scan?.ports])).toEqual([
      [1, undefined],
      [3, '1-4'],
      [496, '1-500'],
    ]);
  });

  it('keeps a flood of one source to a few lines a second and a new source at once beside it', () => {
    const { recorder, clock, lines } = recording({ burst: 40, refill: 5 });
    for (let second = 0; second < 60; second++) {
      for (let touch = 0; touch < 2_000; touch++) {
        recorder.touch(syn('10.0.0.9', 3306, { priority: 1 }));
        if (touch % 100 === 0) recorder.tick();
        clock.ms += 0.5;
      }
      if (second === 30) {
        recorder.touch(syn('10.0.0.10', 3306, { priority: 1 }));
        expect(lines().at(-1)?.source?.ip).toBe('10.0.0.10');
      }
    }
    recorder.flush();
    expect(countOf(lines())).toBe(120_001);
    expect(lines().length).toBeLessThan(60 * 10);
  });

  it('gathers spoofed sources it cannot keep apart into one line that estimates their number', () => {
    const { recorder, clock, lines } = recording();
    for (let at = 0; at < 60_000; at++) {
      recorder.touch(syn(`10.${at & 255}.${(at >> 8) & 255}.7`, 80));
      if (at % 100 === 0) {
        clock.ms += 20;
        recorder.tick();
      }
    }
    recorder.flush();
    const apart = touchesOf(lines()).filter((line) => line.event.action === 'unattributed');
    expect(countOf(lines())).toBe(60_000);
    expect(apart.length).toBeLessThanOrEqual(14);
    const sources = apart.reduce((sum, line) => sum + (line.honeypod.sources ?? 0), 0);
    expect(sources).toBeGreaterThan(50_000);
    expect(sources).toBeLessThan(66_000);
  });

  it('goes on where it stopped when there is no room for all that is folded', () => {
    const { recorder, lines } = recording();
    for (let host = 1; host <= 20; host++)
      for (let port = 1; port <= 3; port++) recorder.touch(syn(`10.0.0.${host}`, port));
    let room = 7;
    expect(recorder.flush(() => room-- > 0)).toBe(false);
    expect(recorder.flush()).toBe(true);
    expect(countOf(lines())).toBe(60);
  });

  it('bounds what waits over all sources and kinds, and still counts every touch', () => {
    const { recorder, clock, lines } = recording();
    let sent = 0;
    for (let host = 0; host < 1_000; host++) {
      for (let kind = 0; kind < 20; kind++) {
        recorder.touch(syn(`10.1.${host >> 8}.${host & 255}`, 80, { foldKey: `kind ${kind}`, priority: 1 }));
        sent++;
      }
      clock.ms += 20;
    }
    recorder.flush();
    expect(countOf(lines())).toBe(sent);
    const apart = lines().filter((line) => line.event.action !== 'unattributed');
    expect(apart.length).toBeLessThan(ENTRIES + 2_000);
  });

  it('puts what there is no time to tell apart into one line, counted exactly', () => {
    const { recorder, lines } = recording();
    for (let host = 1; host <= 20; host++)
      for (let port = 1; port <= 3; port++) recorder.touch(syn(`10.0.0.${host}`, port));
    const before = lines().length;
    recorder.summarize();
    expect(lines().length).toBe(before + 1);
    expect(lines().at(-1)?.event.action).toBe('unattributed');
    expect(countOf(lines())).toBe(60);
  });
});

describe('parts of a line', () => {
  // Values published with the specification (baseline, seed 0).
  it.each([
    [
      {
        protocol: 6,
        sourceIp: '128.232.110.120',
        destinationIp: '66.35.250.204',
        sourcePort: 34855,
        destinationPort: 80,
      },
      '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    ],
    [
      {
        protocol: 6,
        sourceIp: '66.35.250.204',
        destinationIp: '128.232.110.120',
        sourcePort: 80,
        destinationPort: 34855,
      },
      '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    ],
    [
      { protocol: 17, sourceIp: '192.168.1.52', destinationIp: '8.8.8.8', sourcePort: 54585, destinationPort: 53 },
      '1:d/FP5EW3wiY1vCndhwleRRKHowQ=',
    ],
    [
      { protocol: 1, sourceIp: '192.168.0.89', destinationIp: '192.168.0.1', sourcePort: 8, destinationPort: 0 },
      '1:X0snYXpgwiv9TZtqg64sgzUn6Dk=',
    ],
  ])('community id of %o', (flow, id) => {
    expect(communityId(flow)).toBe(id);
  });

  it('ids sort in the order they are made, also when the clock steps back', () => {
    const ids = [1_000, 1_000, 900, 1_001, 1_001].map((ms) => uuidv7(1_764_000_000_000 + ms));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('ports: a set of any ports reads back as sorted ranges', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 300 }), (ports) => {
        const set = new PortSet();
        for (const port of ports) set.add(port);
        const expanded = set
          .toRanges(100_000)
          .split(',')
          .filter(Boolean)
          .flatMap((range) => {
            const [first = 0, last = first] = range.split('-').map(Number);
            return Array.from({ length: last - first + 1 }, (_, at) => first + at);
          });
        expect(expanded).toEqual([...new Set(ports)].sort((a, b) => a - b));
        expect(set.size).toBe(expanded.length);
        expect(set.toRanges(20).length).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('ports: a settled set keeps its size and ranges', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 65_535 }), { maxLength: 80 }), (ports) => {
        const [live, settled] = [new PortSet(), new PortSet()];
        for (const port of ports) for (const set of [live, settled]) set.add(port);
        settled.settle();
        expect(settled.add(7)).toBe(false);
        expect([settled.size, settled.toRanges()]).toEqual([live.size, live.toRanges()]);
      }),
    );
  });

  it('ports: all 65,536 are one range', () => {
    const set = new PortSet();
    for (let port = 0; port < 65_536; port++) set.add(port);
    expect([set.toRanges(), set.size]).toEqual(['0-65535', 65_536]);
  });

  it('counts distinct sources within a tenth', () => {
    for (const size of [10, 1_000, 100_000]) {
      const counter = new DistinctCounter();
      for (let at = 0; at < size * 2; at++) counter.add(`10.${at % size}.1`);
      expect(Math.abs(counter.estimate() - size) / size).toBeLessThan(0.1);
    }
  });

  it('escapes bytes so that they read back', () => {
    expect(escapeBytes(Buffer.from('a\\b\n\x00\xff', 'latin1'))).toBe('a\\\\b\\x0a\\x00\\xff');
  });

  it('leaves the JSON value as it is when it makes text inert', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(JSON.parse(inert(JSON.stringify(text)))).toBe(JSON.parse(JSON.stringify(text)));
      }),
    );
  });

  it('never takes a value for smaller than its line is', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3, values: [nasty, fc.integer()] }), (value) => {
        expect(sizeOf(value)).toBeGreaterThanOrEqual(Buffer.byteLength(inert(JSON.stringify(value))));
        expect(typeof fit(value).truncated).toBe('boolean');
      }),
    );
  });
});
