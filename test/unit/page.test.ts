// The page's pure parts: filters that are never SQL, sums that stay exact, secrets that stay hidden, self-tests known by their connection.
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outside } from '../../alerts/attribution/culprit.ts';
import { openEvent } from '../../alerts/events/security-event.ts';
import { createActivity } from '../../alerts/page/activity.ts';
import { csvField } from '../../alerts/page/export.ts';
import { conditionFrom, SORTS, STATES } from '../../alerts/page/filter.ts';
import { maskedText } from '../../alerts/page/mask.ts';
import { createProver } from '../../alerts/page/prove.ts';
import { COLUMNS, columnsOf } from '../../alerts/page/row.ts';
import { storyOf } from '../../alerts/page/story.ts';
import { installTables, rowStatements } from '../../alerts/page/tables.ts';
import { addTo, createTally, sum } from '../../alerts/page/tally.ts';
import { createEvaluator } from '../../alerts/rules/evaluate.ts';
import { shippedRules } from '../../alerts/rules/shipped.ts';
import { openMemory } from '../../alerts/state/database.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { createIncident } from '../harness/incident.ts';

function linesOf(incident: ReturnType<typeof createIncident>): TouchLine[] {
  return incident
    .take()
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as TouchLine);
}

function eventOf(line: TouchLine) {
  const [match] = createEvaluator(shippedRules().rules).touch(line, outside(line.source?.ip), Date.now());
  return openEvent(match!, Date.now());
}

describe('a filter', () => {
  const { database } = openMemory();
  installTables(database);
  const incident = createIncident();
  incident.query('10.1.1.1', { statement: "SELECT '100%'" });
  const event = eventOf(linesOf(incident)[0]!);
  for (const { sql, values } of rowStatements(event.id, columnsOf(event))) database.prepare(sql).run(...values);
  const ask = (db: DatabaseSync, query: URLSearchParams) => {
    const { where, values, order } = conditionFrom(query, Date.now());
    return db.prepare(`SELECT id FROM page_events WHERE ${where} ORDER BY ${order}`).all(...values);
  };

  it('of any words is one statement that SQLite takes, and changes nothing', () => {
    const name = fc.constantFrom(
      'q',
      'rule',
      'decoy',
      'namespace',
      'node',
      'confidence',
      'severity',
      'state',
      'sort',
      'order',
      'since',
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "'; DROP TABLE page_events; --",
        'ip:',
        ':',
        'x:y',
        '%',
        '\u0000',
        'toString',
        '__proto__:x',
        'constructor:x',
        ...Object.keys(STATES),
        ...Object.keys(SORTS),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 60 }), (pairs) => {
        expect(Array.isArray(ask(database, new URLSearchParams(pairs)))).toBe(true);
      }),
    );
    expect(ask(database, new URLSearchParams()).length).toBe(1);
  });

  it('finds words as they are: a percent sign is no wildcard', () => {
    expect(ask(database, new URLSearchParams({ q: "'100%'" })).length).toBe(1);
    expect(ask(database, new URLSearchParams({ q: "'1%0'" })).length).toBe(0);
  });

  it('asks the index that was made for it', () => {
    const { where, values, order } = conditionFrom(new URLSearchParams(), Date.now());
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN SELECT id FROM page_events WHERE ${where} ORDER BY ${order} LIMIT 100`)
      .all(...values);
    expect(JSON.stringify(plan)).toContain('page_events_active_end');
    expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
  });
});

it('rows hold what their columns say, for any text an intruder chooses', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (user, statement) => {
      const incident = createIncident();
      incident.login('10.1.1.1', { user, password: 'long-enough-secret' });
      incident.query('10.1.1.1', { statement });
      for (const line of linesOf(incident)) {
        const event = eventOf(line);
        const columns = columnsOf(event);
        for (const { name, type } of COLUMNS) expect(typeof columns[name]).toBe(type === 'TEXT' ? 'string' : 'number');
        expect(JSON.stringify(columns)).not.toContain('long-enough-secret');
        expect(storyOf(event)).toContain('10.1.1.1');
      }
    }),
    { numRuns: 60 },
  );
});

it('a tally keeps its bound and its sum', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 9 }))),
      fc.integer({ min: 1, max: 40 }),
      (touches, limit) => {
        const tally = createTally();
        let total = 0;
        for (const [key, count] of touches) {
          addTo(tally, `key ${key}`, 'app', count, limit);
          total += count;
        }
        expect(tally.counts.size).toBeLessThanOrEqual(limit);
        expect([...tally.counts.values()].reduce((all, entry) => all + sum(entry), 0) + tally.others).toBe(total);
      },
    ),
  );
});

it('the dashboard counts every touch once in every range, folded ones too', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const incident = createIncident({ now: () => now - 1_000 });
  for (let at = 0; at < 300; at++) incident.request(`10.1.${at % 7}.1`, { path: `/${at}` });
  incident.ping('10.9.9.9');
  const lines = linesOf(incident);
  const activity = createActivity();
  for (const line of lines) activity.add(line, now);
  for (const range of ['15m', '1h', '3h', '24h', '7d', '30d'] as const) {
    const seen = activity.over(range, now, (ip) => ip);
    expect(seen.total).toBe(301);
    expect(seen.byDecoy).toEqual({ dashboard: 300, app: 1 });
    for (const top of ['sources', 'paths'] as const)
      expect(seen.tops[top].reduce((all, { total }) => all + total, 0) + seen.others[top]).toBe(
        top === 'sources' ? 301 : 300,
      );
  }
});

describe('masking', () => {
  it.each([
    ['Authorization: Basic cm9vdDpyb290', 'cm9vdDpyb290'],
    ['GET / HTTP/1.1\\x0d\\x0aCookie: session=topsecretvalue\\x0d\\x0aX: y', 'topsecretvalue'],
    ['user=a&password=hunter2&x=1', 'hunter2'],
    ['{"password": "hunter2"}', 'hunter2'],
    ["ALTER USER root IDENTIFIED BY 'hunter2'", 'hunter2'],
    ["SET PASSWORD = 'hunter2'", 'hunter2'],
    ['X-Api-Key: abcdef012345', 'abcdef012345'],
  ])('hides the secret of %s', (text, secret) => {
    expect(maskedText(text)).not.toContain(secret);
    expect(maskedText(text)).toContain('[hidden]');
  });

  it.each(['SELECT password FROM users', 'tried 3 passwords', 'GET /password/reset', 'pass through here', ''])(
    'leaves %j as it is',
    (text) => {
      expect(maskedText(text)).toBe(text);
    },
  );

  it('takes no time worth naming for a text made to take long', () => {
    const started = performance.now();
    for (const piece of ['password ', 'password="', 'authorization:', 'pass = ', 'identified by '])
      maskedText(piece.repeat(8_192 / piece.length));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('gives a spreadsheet no formula: %j', (text) => {
    expect(csvField(text)).toMatch(/^"'/);
  });

  it('gives back what went in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const field = csvField(text);
        const plain = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
        expect(plain === text || plain === `'${text}`).toBe(true);
        if (!field.startsWith('"')) expect(field).not.toMatch(/[",\r\n]/);
      }),
    );
  });
});

it('a touch is no self-test because it looks like one: the connection decides', () => {
  const prover = createProver({ onProven: () => Promise.resolve() });
  const incident = createIncident();
  incident.request('127.0.0.1', { userAgent: 'self-test', path: '/self-test', header: 'X-Self-Test: 1' });
  for (const line of linesOf(incident)) expect(prover.isSelfTest(line, Date.now())).toBe(false);
});
