// The page's server as a hostile caller meets it: other hosts, other sites, no token, nonsense; and what its answers hold.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDetails, EventPage, Summary, TouchPage } from '../../alerts/page/api.ts';
import { createIncident } from '../harness/incident.ts';
import { parseAlert } from '../harness/lines.ts';
import { type PageProgram, startPage } from '../harness/page.ts';

const INTRUDER = '10.244.3.17';
const PASSWORD = 'Tr0ub4dor&3';

describe('the page’s server', () => {
  let page: PageProgram;
  let id: string;

  beforeAll(async () => {
    page = await startPage();
    const incident = createIncident();
    incident.heartbeat();
    incident.ping(INTRUDER);
    incident.login(INTRUDER, { user: '=cmd|calc', password: PASSWORD, payload: `PASS ${PASSWORD}` });
    incident.query(INTRUDER, { statement: `SET PASSWORD = '${PASSWORD}'` });
    incident.request(INTRUDER, { path: '/a', header: 'Authorization: Basic cm9vdDpodW50ZXIy' });
    page.alerts.write(incident.take());
    id = (await page.until('rule=honeypod.vuln.svc', 1)).rows[0]!.id;
  });

  afterAll(async () => {
    await page?.alerts.stop();
  });

  it('listens on loopback only', async () => {
    const { readFileSync } = await import('node:fs');
    const hexPort = page.port.toString(16).toUpperCase().padStart(4, '0');
    const sockets = readFileSync('/proc/net/tcp', 'utf8') + readFileSync('/proc/net/tcp6', 'utf8');
    const listening = sockets.split('\n').filter((line) => line.includes(`:${hexPort} `) && / 0A /.test(line));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hexPort}`]);
  });

  it.each(['/', '/api/events', '/api/stream?x', '/assets/none.js', '/api/nothing'])(
    'forbids by header whatever the page does not use: %s',
    async (path) => {
      if (path.startsWith('/api/stream')) return;
      const { headers } = await page.call(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('has no script or style in its document', async () => {
    const { text } = await page.call('/');
    expect(text).not.toMatch(/<style|style=|<script(?![^>]* src=)|\bon[a-z]+=/);
  });

  it.each(['evil.example', 'evil.example:8090', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1'])(
    'answers nobody who calls it %j (DNS rebinding)',
    async (host) => {
      const { status, text } = await page.call('/api/events', { headers: { host } });
      expect(status).toBe(421);
      expect(text).not.toContain('rows');
    },
  );

  it.each(['localhost:9999', '127.0.0.1:1234', '[::1]:8090', 'localhost'])(
    'answers at %s, wherever a port-forward ends',
    async (host) => {
      expect((await page.call('/api/events', { headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses a call of another site: %o', async (headers) => {
    expect((await page.call('/api/events', { headers: headers as unknown as Record<string, string> })).status).toBe(
      403,
    );
  });

  it('changes nothing without the page’s token', async () => {
    const body = JSON.stringify({ ids: [id] });
    for (const headers of [{}, { 'x-page-token': 'wrong' }, { 'x-page-token': '' }])
      expect(
        (
          await page.call('/api/dismiss', {
            method: 'POST',
            headers: headers as unknown as Record<string, string>,
            body,
          })
        ).status,
      ).toBe(403);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await page.call('/api/dismiss', { method })).status).toBe(405);
    expect((await page.get<EventPage>('/api/events?state=dismissed')).total).toBe(0);
  });

  it.each([
    ['/api/dismiss', {}],
    ['/api/dismiss', { ids: [] }],
    ['/api/dismiss', { ids: [1] }],
    ['/api/dismiss', { ids: Array.from({ length: 1_001 }, () => 'x') }],
    ['/api/undo', { stamp: 'x' }],
    ['/api/exceptions', { event: 'none' }],
    ['/api/exceptions/delete', { name: 'none' }],
  ])('says in one line what is wrong with %s %j', async (path, body) => {
    const answer = await page.post(path, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((JSON.parse(answer.text) as { error: string }).error).toMatch(/^[^\n]{5,200}$/);
  });

  it.each(['limit=-1', 'limit=9999', 'offset=x', 'offset=1e9'])('refuses %s', async (query) => {
    expect((await page.call(`/api/events?${query}`)).status).toBe(400);
  });

  it('takes a body of 256 KiB at most', async () => {
    const answer = await page.call('/api/dismiss', {
      method: 'POST',
      headers: { 'x-page-token': await page.token() },
      body: JSON.stringify({ ids: ['x'.repeat(300_000)] }),
    });
    expect(answer.status).toBe(413);
  });

  it('finds nothing by words that would be SQL', async () => {
    for (const words of ["' OR 1=1 --", '%', '_', "x') UNION SELECT 1--"])
      expect(
        (await page.get<EventPage>(`/api/events?q=${encodeURIComponent(words.replaceAll(' ', '\u00a0'))}`)).total,
      ).toBe(0);
    const { status } = await page.call('/api/events?sort=id;DROP+TABLE+events&order=x&state=1&severity=x&since=x');
    expect(status).toBe(200);
  });

  it('shows no password unless asked, wherever it stands', async () => {
    const asked = ['', '&reveal=1'];
    const texts = await Promise.all(
      asked.map(async (reveal) => {
        const [event, touches] = await Promise.all([
          page.call(`/api/event?id=${id}${reveal}`),
          page.call(`/api/touches?id=${id}${reveal}`),
        ]);
        return event.text + touches.text;
      }),
    );
    expect(texts[0]).not.toContain(PASSWORD);
    expect(texts[1]).toContain(PASSWORD);
    const web = (await page.get<EventPage>('/api/events?rule=honeypod.fake.svc')).rows[0]!.id;
    expect((await page.call(`/api/touches?id=${web}`)).text).not.toContain('cm9vdDpodW50ZXIy');
    for (const path of [
      '/api/summary',
      '/api/dashboard?range=1h',
      '/api/events?state=all',
      '/api/export?format=ndjson',
      '/api/export?format=csv',
    ])
      expect((await page.call(path)).text).not.toContain(PASSWORD);
  });

  it('tells one story of the event, and its touches in order', async () => {
    const details = await page.get<EventDetails>(`/api/event?id=${id}`);
    expect(details.story).toContain(INTRUDER);
    expect(details.story).toContain('touched the db decoy');
    expect(details.techniques.map((technique) => technique.id)).toContain('T1213');
    expect(details.mitigations.length).toBeGreaterThan(0);
    const { touches } = await page.get<TouchPage>(`/api/touches?id=${id}`);
    expect(touches.map(({ action }) => action)).toEqual(['mysql-login', 'mysql-query']);
  });

  it('names the accused with what it did and what to do', async () => {
    const { accused, sources } = await page.get<Summary>('/api/summary');
    expect(sources).toBe(1);
    expect(accused[0]).toMatchObject({ title: INTRUDER, confidence: 'unknown' });
    expect(accused[0]!.decoys.toSorted()).toEqual(['app', 'dashboard', 'db']);
    expect(accused[0]!.deeds.join()).toContain('tried users =cmd|calc, root with 1 password');
    expect(accused[0]!.now).toContain(INTRUDER);
  });

  it('exports NDJSON that is what every output gets', async () => {
    const { text, headers } = await page.call('/api/export?format=ndjson&rule=honeypod.vuln.svc');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="security-events-.*\.ndjson"$/);
    const lines = text.trim().split('\n').map(parseAlert);
    expect(lines.map((line) => line.event.id)).toEqual([id]);
  });

  it('exports CSV with a row an event', async () => {
    const { text } = await page.call('/api/export?format=csv&state=all');
    const lines = text.trim().split('\r\n');
    expect(lines[0]).toMatch(/^id,severity,alert,/);
    expect(lines.length).toBe(1 + (await page.get<EventPage>('/api/events?state=all')).total);
  });

  it('dismisses by filter and takes it back by one undo', async () => {
    const before = (await page.get<EventPage>('/api/events')).total;
    const done = JSON.parse((await page.post('/api/dismiss', { filter: 'rule=honeypod.vuln.svc' })).text) as {
      changed: number;
      stamp: number;
    };
    expect(done.changed).toBe(1);
    expect((await page.get<EventPage>('/api/events')).total).toBe(before - 1);
    await page.post('/api/undo', { stamp: done.stamp });
    expect((await page.get<EventPage>('/api/events')).total).toBe(before);
  });

  it('tells open pages of a change within a second', async () => {
    const { get } = await import('node:http');
    const heard: number[] = [];
    const stream = get(`${page.url}/api/stream`, (response) => {
      response.on('data', (part: Buffer) => {
        if (part.includes('event: changed')) heard.push(Date.now());
      });
    });
    stream.on('error', () => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const from = Date.now();
    const incident = createIncident();
    incident.ping('10.9.9.9');
    page.alerts.write(incident.take());
    await expect.poll(() => heard.filter((at) => at >= from).length, { timeout: 3_000 }).toBeGreaterThan(0);
    expect(heard.find((at) => at >= from)! - from).toBeLessThan(1_000);
    stream.destroy();
  });
});

it('says which port is in use, and ends with 2', async () => {
  const first = await startPage();
  const { startAlerts } = await import('../harness/alerts-program.ts');
  const second = startAlerts({ args: ['--stdin'], env: { PAGE_PORT: String(first.port) } });
  expect(await second.exit).toBe(2);
  expect(second.stderr.at(-1)).toBe(
    `alerts: PAGE_PORT=${first.port}: the port is already in use; choose another (1-65535), or 0 for none`,
  );
  await first.alerts.stop();
});
