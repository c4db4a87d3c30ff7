// Outputs of `alerts` against receivers that are slow, answer 500, reset, refuse, and are away: nothing is lost, order
// is kept per event, and what comes twice says so by its id.
import { createHmac } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { type AlertsProgram, startAlerts } from '../harness/alerts-program.ts';
import { freePort } from '../harness/ports.ts';
import { type Received, type Receiver, startReceiver } from '../harness/receiver.ts';
import { eventually } from '../harness/time.ts';
import { touchStream } from '../harness/touch-stream.ts';
import { touchText } from '../harness/touch-text.ts';

const root = mkdtempSync(join(tmpdir(), 'alerts-outputs-'));
// Calico's five, and a milder one: no more than what a test asks for.
const rules = join(root, 'rules');
mkdirSync(rules);
cpSync(join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml'), join(rules, 'calico.yaml'));
writeFileSync(
  join(rules, 'mild.yaml'),
  `apiVersion: alerts.internal/v1
kind: GlobalAlert
metadata: { name: mild }
spec: { description: mild, severity: 40, dataSet: flows, query: dest_port=443 }`,
);
const receivers: Receiver[] = [];
const programs: AlertsProgram[] = [];
let made = 0;

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop('SIGKILL')));
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  receivers.push(started);
  return started;
}

function start(config: string, { args = ['--stdin'], env = {} as Record<string, string> } = {}): AlertsProgram {
  made += 1;
  const file = join(root, `config-${made}.yaml`);
  writeFileSync(file, config);
  const words = args[0] === 'test' ? args : [...args, '--rules', rules];
  const program = startAlerts({ args: [...words, '--config', file], env });
  programs.push(program);
  return program;
}

const DB = { decoy: 'db', port: 3306 } as const;
const line = (options: Partial<Parameters<typeof touchText>[0]> = {}) => `${touchText({ ...DB, ...options })}\n`;
const eventOf = ({ body }: Received) => (body as AlertLine).event.id;
const noticeOf = ({ body }: Received) => (body as AlertLine).honeypod.notice;
const idOf = ({ headers }: Received) => headers['webhook-id'];
const FAST = 'delivery: { longestPause: 300ms }';

/** An event that escalates: its first touch, then ten, then a hundred. */
function growing(ip: string): string {
  return line({ ip }) + line({ ip, count: 9 }) + line({ ip, count: 90 });
}

describe('a webhook', () => {
  it('gets the alert line, signed as Standard Webhooks says, with its own headers', async () => {
    const hook = await receiver();
    writeFileSync(join(root, 'secret'), 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0\n');
    const alerts = start(
      `outputs: [{ type: webhook, url: '${hook.url}/in', secret: { file: '${join(root, 'secret')}' },
        headers: { authorization: { env: TOKEN }, x-team: blue } }]`,
      { env: { TOKEN: 'Bearer abc' } },
    );
    alerts.write(line({ ip: '10.5.0.1' }));
    const [request] = await hook.waitFor(1);
    const { headers, text, path } = request!;
    expect(path).toBe('/in');
    expect(headers).toMatchObject({
      authorization: 'Bearer abc',
      'x-team': 'blue',
      'content-type': 'application/json',
    });
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
    const signature = createHmac('sha256', 'secret of the test').update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
    const printed = await alerts.waitFor(() => true);
    expect(request!.body).toEqual(printed);
  });

  it('that answers 500, resets and hangs by turns gets everything, in order per event, twice only what it answered too late', async () => {
    const late = new Set<unknown>();
    const hook = await receiver((request, at) => {
      if (at % 5 === 1) return 500;
      if (at % 5 === 2) return 'reset';
      if (at % 11 !== 3) return 200;
      late.add(idOf(request));
      return (response) => setTimeout(() => response.writeHead(200).end(), 700);
    });
    const alerts = start(`${FAST}\noutputs: [{ type: webhook, url: '${hook.url}', timeout: 400ms }]`);
    const ips = Array.from({ length: 12 }, (_, at) => `10.5.1.${at}`);
    alerts.write(ips.map(growing).join(''));
    await eventually(
      () => new Set(hook.taken.map(idOf)).size === ips.length * 3,
      20_000,
      () => `${new Set(hook.taken.map(idOf)).size} of ${ips.length * 3}`,
    );
    const byEvent = Map.groupBy(hook.taken, eventOf);
    expect(byEvent.size).toBe(ips.length);
    for (const requests of byEvent.values()) {
      const counts = requests.map(({ body }) => (body as AlertLine).honeypod.touches.count);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(noticeOf(requests[0]!)).toBe('opened');
      expect(counts.at(-1)).toBe(100);
    }
    // What was taken is not sent again; only an answer that came too late to be heard makes a second copy.
    const copies = [...Map.groupBy(hook.taken, idOf)].filter(([, requests]) => requests.length > 1);
    expect(copies.filter(([id]) => !late.has(id))).toEqual([]);
  });

  it('that is away gets everything once it is back, also from a run that started after a kill', async () => {
    const port = await freePort();
    made += 1;
    const state = join(root, `state-${made}`);
    const file = join(root, `touches-${made}.log`);
    mkdirSync(state);
    writeFileSync(file, growing('10.5.2.1') + growing('10.5.2.2'));
    const config = `${FAST}\noutputs: [{ type: webhook, url: 'http://127.0.0.1:${port}' }]`;
    const args = ['--file', file, '--state', state];
    const first = start(config, { args });
    await first.said('ECONNREFUSED');
    await first.waitFor((alert) => alert.honeypod.touches.count === 100 && alert.source.ip === '10.5.2.2');
    await first.stop('SIGKILL');
    const second = start(config, { args });
    await second.said('ECONNREFUSED');
    await delay(1_000);
    const hook = await receiver(() => 200, port);
    await hook.waitFor(6);
    await second.said('delivers again');
    await delay(300);
    const byEvent = Map.groupBy(hook.taken, eventOf);
    expect([...byEvent.values()].map((requests) => requests.map(noticeOf))).toEqual(
      Array(2).fill(['opened', 'escalated', 'escalated']),
    );
  });

  it('that refuses one notice for good gets the others; what is given up is said and counted', async () => {
    const port = await freePort();
    const hook = await receiver(({ text }) => (text.includes('10.5.3.2') ? 422 : 200));
    const alerts = start(`${FAST}\noutputs: [{ type: webhook, name: soc, url: '${hook.url}' }]`, {
      env: { METRICS_PORT: String(port), BIND: '127.0.0.1' },
    });
    alerts.write([1, 2, 3].map((host) => line({ ip: `10.5.3.${host}` })).join(''));
    await hook.waitFor(2);
    await alerts.said('output soc: 1 notice lost: the receiver refuses it: answered 422');
    const metrics = await eventually(
      () => alerts.alerts.length >= 3,
      5_000,
      () => 'not printed',
    ).then(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    expect(metrics).toContain('honeypods_notices_lost_total{output="soc"} 1');
    expect(metrics).toContain('honeypods_notices_delivered_total{output="soc"} 2');
  });

  it('that asks to wait is not asked again before', async () => {
    const hook = await receiver((_, at) =>
      at === 0 ? (response) => response.writeHead(429, { 'retry-after': '2' }).end() : 200,
    );
    const alerts = start(`${FAST}\noutputs: [{ type: slack, url: { env: HOOK } }]`, { env: { HOOK: hook.url } });
    alerts.write(line({ ip: '10.5.10.1' }));
    await alerts.said('output slack: answered 429');
    await eventually(
      () => hook.asked.length >= 2,
      5_000,
      () => 'never asked again',
    );
    expect(hook.asked[1]!.atMs - hook.asked[0]!.atMs).toBeGreaterThanOrEqual(1_950);
  });

  it('whose answer to one notice is always 500 gets those of other events meanwhile', async () => {
    const hook = await receiver(({ text }) => (text.includes('10.5.4.1"') ? 500 : 200));
    const alerts = start(`${FAST}\noutputs: [{ type: webhook, url: '${hook.url}' }]`);
    for (let host = 1; host <= 8; host++) alerts.write(line({ ip: `10.5.4.${host}` }));
    await hook.waitFor(7, 20_000);
    expect(new Set(hook.taken.map(({ body }) => (body as AlertLine).source.ip)).size).toBe(7);
  });

  it('hears of an event’s end, and of events too mild for it nothing', async () => {
    const all = await receiver();
    const severe = await receiver();
    const alerts = start(`events: { quiet: 1s }
outputs:
  - { type: webhook, name: all, url: '${all.url}' }
  - { type: webhook, name: severe, url: '${severe.url}', minSeverity: 90 }`);
    alerts.write(line({ decoy: 'dashboard', port: 443, ip: '10.5.5.1' }));
    await all.waitFor(2);
    expect(all.taken.map(noticeOf)).toEqual(['opened', 'closed']);
    expect(all.taken.map(({ body }) => (body as AlertLine).honeypod.state)).toEqual(['open', 'closed']);
    expect(new Set(all.taken.map(eventOf)).size).toBe(1);
    expect(severe.asked).toEqual([]);
  });
});

describe('the end', () => {
  it('waits for outputs that are slow; what nobody took is said', async () => {
    const slow = await receiver(() => (response) => setTimeout(() => response.writeHead(200).end(), 300));
    const gone = await freePort();
    const alerts = start(`outputs:
  - { type: webhook, name: slow, url: '${slow.url}' }
  - { type: webhook, name: gone, url: 'http://127.0.0.1:${gone}', minSeverity: 50 }`);
    for (let host = 0; host < 40; host++) alerts.write(line({ ip: `10.5.9.${host}` }));
    alerts.child.stdin!.end();
    await slow.waitFor(40);
    expect(await alerts.stop()).toBe(0);
    expect(new Set(slow.taken.map(eventOf)).size).toBe(40);
    expect(alerts.stderr).toContain('alerts: output gone: 40 notices not taken; they are lost');
  });
});

describe('an event that goes on', () => {
  it('is told of again at the interval, while it lasts', async () => {
    const hook = await receiver();
    const alerts = start(`events: { quiet: 4s, remind: 1s }\noutputs: [{ type: webhook, url: '${hook.url}' }]`);
    const next = touchStream({ ...DB, sourceOf: () => '10.5.6.1' });
    alerts.write(next());
    await hook.waitFor(3);
    expect(hook.taken.slice(0, 3).map(noticeOf)).toEqual(['opened', 'reminded', 'reminded']);
  });
});

describe('Alertmanager', () => {
  it('is sent open events and the Watchdog again and again, each time to end later, and an event’s end once', async () => {
    const hook = await receiver();
    const alerts = start(`events: { quiet: 4s }\noutputs: [{ type: alertmanager, url: '${hook.url}', resend: 1s }]`);
    alerts.write(line({ ip: '10.5.8.1' }));
    await alerts.waitFor((alert) => alert.honeypod.notice === 'closed', 10_000);
    type Alert = { labels: Record<string, string>; endsAt: string };
    const sent = () => hook.taken.flatMap(({ body, atMs }) => (body as Alert[]).map((alert) => ({ ...alert, atMs })));
    const of = (name: string) => sent().filter(({ labels }) => labels.alertname === name);
    await eventually(
      () => of('honeypod.vuln.svc').some(({ endsAt, atMs }) => Date.parse(endsAt) <= atMs),
      5_000,
      () => 'never resolved',
    );
    for (const name of ['honeypod.vuln.svc', 'Watchdog']) {
      const ends = of(name).map(({ endsAt }) => endsAt);
      expect(ends.length).toBeGreaterThanOrEqual(3);
      const firing = name === 'Watchdog' ? ends : ends.slice(0, -1);
      expect(firing).toEqual(firing.toSorted());
    }
    const resolved = of('honeypod.vuln.svc').filter(({ endsAt, atMs }) => Date.parse(endsAt) <= atMs);
    expect(resolved.length).toBe(1);
    expect(of('honeypod.vuln.svc').at(-1)).toEqual(resolved[0]);
  });
});

describe('passwords that were tried', () => {
  const login = () => {
    const touch = JSON.parse(touchText({ ...DB, action: 'mysql-login', ip: '10.5.7.1' })) as Record<string, unknown>;
    return `${JSON.stringify({
      ...touch,
      user: { name: 'root' },
      honeypod: {
        ...(touch.honeypod as object),
        credential: { user: 'root', password: 'Summer2026!' },
        mysql: { statement: "SET PASSWORD = 'Summer2026!'" },
      },
    })}\n`;
  };

  it('reach only an output that asks for them', async () => {
    const open = await receiver();
    const other = await receiver();
    const alerts = start(
      `outputs:
  - { type: webhook, name: open, url: '${open.url}', passwords: true }
  - { type: webhook, name: other, url: '${other.url}' }
  - { type: falcosidekick, url: '${other.url}' }
  - { type: slack, url: { env: HOOK } }
  - { type: alertmanager, url: '${other.url}' }`,
      { env: { HOOK: other.url } },
    );
    alerts.write(login());
    await open.waitFor(1);
    await eventually(
      () =>
        ['/', '/api/v2/alerts'].every((path) => other.taken.some((request) => request.path === path)) &&
        other.taken.length >= 5,
      5_000,
      () => other.taken.map(({ path }) => path).join(),
    );
    await alerts.waitFor(() => true);
    expect(open.taken[0]!.text).toContain('Summer2026!');
    for (const { text } of other.taken) expect(text).not.toContain('Summer2026!');
    expect(JSON.stringify(alerts.alerts)).not.toContain('Summer2026!');
    expect(
      (other.taken.find(({ path, headers }) => path === '/' && headers['webhook-id'])!.body as AlertLine).honeypod
        .evidence,
    ).toMatchObject({
      credentials: [{ user: 'root', password: '[redacted]' }],
      statements: ["SET PASSWORD = '[redacted]'"],
    });
  });
});

describe('alerts test', () => {
  it('sends a made-up event through every output and says of each whether it arrived', async () => {
    const hook = await receiver();
    const broken = await receiver(() => 503);
    const alerts = start(
      `outputs:
  - { type: webhook, name: soc, url: '${hook.url}' }
  - { type: falcosidekick, url: '${hook.url}' }
  - { type: alertmanager, url: '${hook.url}' }
  - { type: slack, url: { env: HOOK } }
  - { type: webhook, name: broken, url: '${broken.url}' }`,
      { args: ['test'], env: { HOOK: hook.url } },
    );
    expect(await alerts.exit).toBe(1);
    expect(alerts.stderr.map((said) => said.replace(/\d+ ms/, 'N ms')).sort()).toEqual([
      'alerts: output alertmanager: arrived after N ms',
      'alerts: output broken: NOT arrived: answered 503',
      'alerts: output falcosidekick: arrived after N ms',
      'alerts: output slack: arrived after N ms',
      'alerts: output soc: arrived after N ms',
      'alerts: output stdout: arrived after N ms',
    ]);
    expect(hook.taken.length).toBe(8);
    expect(alerts.alerts.map(({ rule, honeypod }) => [rule.name, honeypod.notice])).toEqual([
      ['honeypod.test', 'opened'],
      ['honeypod.test', 'closed'],
    ]);
  });
});
