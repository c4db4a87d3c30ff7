// Outputs of `alerts` into the real things: Alertmanager fires and resolves, Prometheus scrapes and fires, rsyslog writes down.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type AlertsProgram, startAlerts } from '../harness/alerts-program.ts';
import { parseAlert } from '../harness/lines.ts';
import { freePort } from '../harness/ports.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { eventually } from '../harness/time.ts';
import { missing, titled } from '../harness/tools.ts';
import { touchText } from '../harness/touch-text.ts';

const root = mkdtempSync(join(tmpdir(), 'alerts-receivers-'));
const RULES = join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml');
const children: ChildProcess[] = [];
const programs: AlertsProgram[] = [];
const receivers: Receiver[] = [];
let made = 0;

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop('SIGKILL')));
  await Promise.all(
    children.splice(0).map((child) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return gone;
    }),
  );
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folder(): string {
  made += 1;
  const path = join(root, String(made));
  mkdirSync(path);
  return path;
}

async function run(command: string, args: string[], ready: () => Promise<boolean>): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const deadline = Date.now() + 15_000;
  while (!(await ready())) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`${command} is not ready: ${said}`);
    await delay(50);
  }
  return child;
}

const answers = (url: string) => async () => (await fetch(url).catch(() => undefined))?.ok ?? false;
const accepts = (port: number) => () =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

function start(config: string, env: Record<string, string> = {}): AlertsProgram {
  const file = join(folder(), 'config.yaml');
  writeFileSync(file, config);
  const program = startAlerts({ args: ['--stdin', '--rules', RULES, '--config', file], env });
  programs.push(program);
  return program;
}

const touch = (ip: string) => `${touchText({ decoy: 'db', port: 3306, ip })}\n`;

interface Fired {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly status: { readonly state: string };
}

async function alertmanager(hook?: string): Promise<string> {
  const directory = folder();
  const port = await freePort();
  const file = join(directory, 'alertmanager.yml');
  const receiver = hook
    ? `[{ name: hook, webhook_configs: [{ url: '${hook}', send_resolved: true }] }]`
    : '[{ name: hook }]';
  writeFileSync(
    file,
    `route: { receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }\nreceivers: ${receiver}\n`,
  );
  const url = `http://127.0.0.1:${port}`;
  await run(
    'prometheus-alertmanager',
    [
      ...[`--config.file=${file}`, `--storage.path=${directory}`, `--web.listen-address=127.0.0.1:${port}`],
      '--cluster.listen-address=',
    ],
    answers(`${url}/-/ready`),
  );
  return url;
}

async function firedAt(url: string): Promise<Fired[]> {
  return (await (await fetch(`${url}/api/v2/alerts`)).json()) as Fired[];
}

const noAlertmanager = missing('prometheus-alertmanager');
describe.skipIf(noAlertmanager)(titled('Alertmanager', noAlertmanager), () => {
  it('fires while an event is open and resolves when it closes; the Watchdog fires all along', async () => {
    const hook = await startReceiver();
    receivers.push(hook);
    const url = await alertmanager(hook.url);
    const alerts = start(`events: { quiet: 4s }
outputs: [{ type: alertmanager, url: '${url}', resend: 30s, labels: { cluster: test } }]`);
    alerts.write(touch('10.6.0.1') + touch('10.6.0.2'));
    await alerts.waitFor((line) => line.source.ip === '10.6.0.2');
    let fired: Fired[] = [];
    const names = () => fired.map(({ labels }) => labels.alertname).sort();
    for (let tries = 0; names().length < 3 && tries < 50; tries++, await delay(50)) fired = await firedAt(url);
    expect(names()).toEqual(['Watchdog', 'honeypod.vuln.svc', 'honeypod.vuln.svc']);
    const one = fired.find(({ annotations }) => annotations.source_ip === '10.6.0.1')!;
    expect(one.status.state).toBe('active');
    expect(one.labels).toMatchObject({
      severity: 'critical',
      decoy: 'db',
      namespace: 'tigera-internal',
      cluster: 'test',
    });
    expect(one.labels.event_id).toBe(alerts.alerts.find(({ source }) => source.ip === '10.6.0.1')!.event.id);

    type Hook = { status: string; alerts: { status: string; labels: Record<string, string> }[] };
    const told = (status: string) =>
      hook.taken
        .flatMap(({ body }) => (body as Hook).alerts)
        .filter((alert) => alert.status === status && alert.labels.event_id === one.labels.event_id);
    await eventually(
      () => told('firing').length > 0,
      5_000,
      () => 'no firing notification',
    );
    await alerts.waitFor((line) => line.honeypod.notice === 'closed', 10_000);
    await eventually(
      () => told('resolved').length > 0,
      10_000,
      () => 'no resolved notification',
    );
    for (let tries = 0; names().length > 1 && tries < 100; tries++, await delay(50)) fired = await firedAt(url);
    expect(names()).toEqual(['Watchdog']);
  }, 40_000);

  it('that starts late gets the open events all the same', async () => {
    const port = await freePort();
    const alerts = start(`delivery: { longestPause: 500ms }
outputs: [{ type: alertmanager, url: 'http://127.0.0.1:${port}', resend: 1s }]`);
    alerts.write(touch('10.6.1.1'));
    await alerts.said('ECONNREFUSED');
    const directory = folder();
    writeFileSync(join(directory, 'a.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
    const url = `http://127.0.0.1:${port}`;
    await run(
      'prometheus-alertmanager',
      [
        ...[`--config.file=${join(directory, 'a.yml')}`, `--storage.path=${directory}`],
        ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
      ],
      answers(`${url}/-/ready`),
    );
    let fired: Fired[] = [];
    for (let tries = 0; fired.length < 2 && tries < 100; tries++, await delay(50)) fired = await firedAt(url);
    expect(fired.map(({ labels }) => labels.alertname).sort()).toEqual(['Watchdog', 'honeypod.vuln.svc']);
  });
});

const noPrometheus = missing('prometheus', 'promtool', 'prometheus-alertmanager');
describe.skipIf(noPrometheus)(titled('Prometheus', noPrometheus), () => {
  it('finds nothing wrong with the metrics, scrapes them, and notices by absent() that alerts is gone', async () => {
    const metrics = await freePort();
    const port = await freePort();
    const sink = await alertmanager();
    const directory = folder();
    // The published rules, without the time they wait before they fire.
    const published = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'prometheus-rules.yaml'), 'utf8');
    writeFileSync(
      join(directory, 'rules.yml'),
      `${published.replaceAll(/^ +for: .*\n/gm, '')}
      - { alert: HoneypodSeen, expr: 'sum by (rule) (honeypods_events_open) > 0' }
`,
    );
    execFileSync('promtool', ['check', 'rules', join(directory, 'rules.yml')], { stdio: 'ignore' });
    writeFileSync(
      join(directory, 'prometheus.yml'),
      `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${join(directory, 'rules.yml')}]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['${new URL(sink).host}'] }] }] }
scrape_configs: [{ job_name: alerts, static_configs: [{ targets: ['127.0.0.1:${metrics}'] }] }]
`,
    );
    const alerts = start('outputs: []', { METRICS_PORT: String(metrics), BIND: '127.0.0.1' });
    alerts.write(touch('10.6.2.1') + touch('10.6.2.2'));
    await alerts.waitFor((line) => line.source.ip === '10.6.2.2');
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    expect(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
    expect(text).not.toContain('10.6.2');

    const url = `http://127.0.0.1:${port}`;
    await run(
      'prometheus',
      [
        ...[`--config.file=${join(directory, 'prometheus.yml')}`, `--storage.tsdb.path=${join(directory, 'data')}`],
        ...[`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
      ],
      answers(`${url}/-/ready`),
    );
    type Answer = { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
    const query = async (expression: string) =>
      ((await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)).json()) as Answer).data
        .result;
    const until = async (expression: string) => {
      for (let tries = 0; tries < 100; tries++, await delay(100)) {
        const result = await query(expression);
        if (result.length > 0) return result;
      }
      throw new Error(`no result: ${expression}`);
    };
    expect((await until('honeypods_touches_total{decoy="db"}'))[0]!.value[1]).toBe('2');
    expect((await until('ALERTS{alertname="HoneypodSeen", alertstate="firing"}'))[0]!.metric.rule).toBe(
      'honeypod.vuln.svc',
    );
    const before = (await query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric.alertname);
    expect(before).toContain('HoneypodStateInMemory');
    expect(before).not.toContain('HoneypodAlertsAbsent');
    await alerts.stop();
    await until('ALERTS{alertname="HoneypodAlertsAbsent", alertstate="firing"}');
    let fired: Fired[] = [];
    for (
      let tries = 0;
      tries < 100 && !fired.some(({ labels }) => labels.alertname === 'HoneypodAlertsAbsent');
      tries++
    ) {
      fired = await firedAt(sink);
      await delay(100);
    }
    expect(fired.map(({ labels }) => labels.alertname)).toContain('HoneypodAlertsAbsent');
  }, 60_000);
});

describe('metrics', () => {
  it('are given to whoever has the token where there is one, and to nobody else', async () => {
    const port = await freePort();
    const token = join(folder(), 'token');
    writeFileSync(token, 'open sesame\n');
    const alerts = start('outputs: []', { METRICS_PORT: String(port), BIND: '127.0.0.1', METRICS_TOKEN_FILE: token });
    alerts.write(touch('10.6.3.1'));
    await alerts.waitFor(() => true);
    const ask = async (path: string, authorization?: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers: authorization ? { authorization } : {} })).status;
    expect(await ask('/metrics')).toBe(401);
    expect(await ask('/metrics', 'Bearer open')).toBe(401);
    expect(await ask('/metrics', 'Bearer open sesame')).toBe(200);
    expect(await ask('/', 'Bearer open sesame')).toBe(404);
  });

  it('on a port that is taken: an error where it was asked for', async () => {
    const taken = await startReceiver();
    receivers.push(taken);
    const port = new URL(taken.url).port;
    const alerts = start('outputs: []', { METRICS_PORT: port, BIND: '127.0.0.1' });
    expect(await alerts.exit).toBe(2);
    expect(alerts.stderr.at(-1)).toBe(
      `alerts: METRICS_PORT=${port}: the port is already in use; choose another (1-65535), or 0 for none`,
    );
  });
});

const noSyslog = missing('rsyslogd');
describe.skipIf(noSyslog)(titled('rsyslog', noSyslog), () => {
  async function rsyslog(directory: string, port: number, tls = ''): Promise<ChildProcess> {
    const config = join(directory, 'rsyslog.conf');
    writeFileSync(
      config,
      `global(workDirectory="${directory}" ${tls ? `defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="${directory}/ca.pem" defaultNetstreamDriverCertFile="${directory}/cert.pem" defaultNetstreamDriverKeyFile="${directory}/key.pem"` : ''})
module(load="imtcp" ${tls})
input(type="imtcp" port="${port}" address="127.0.0.1")
template(name="all" type="string" string="%pri% %protocol-version% %timestamp:::date-rfc3339% %hostname% %app-name% %msgid% %msg%\\n")
action(type="omfile" file="${directory}/out.log" template="all" asyncWriting="off")
`,
    );
    return run('rsyslogd', ['-n', '-f', config, '-i', join(directory, `pid-${port}`)], accepts(port));
  }

  const written = (directory: string): string[] =>
    existsSync(join(directory, 'out.log'))
      ? readFileSync(join(directory, 'out.log'), 'utf8').split('\n').filter(Boolean)
      : [];

  const FORM = /^(\d+) 1 (\S+) (\S+) (\S+) (\S+) (\{.*\})$/;

  it('writes down each notice whole, over TCP', async () => {
    const directory = folder();
    const port = await freePort();
    await rsyslog(directory, port);
    const alerts = start(`outputs: [{ type: syslog, address: 'tcp://127.0.0.1:${port}', facility: local3 }]`);
    for (let at = 0; at < 40; at++) alerts.write(touch(`10.6.4.${at}`));
    const lines = await eventually(
      () => written(directory).length >= 40 && written(directory),
      10_000,
      () => `${written(directory).length} of 40`,
    );
    const ids = lines.map((line) => {
      const [, priority, , , app, msgid, json] = FORM.exec(line)!;
      expect([priority, app, msgid]).toEqual(['154', 'alerts', 'honeypod.vuln.svc']);
      return parseAlert(json!).event.id;
    });
    await alerts.waitFor((line) => line.source.ip === '10.6.4.39');
    expect(ids).toEqual(alerts.alerts.map(({ event }) => event.id));
  });

  it('that is killed and comes back gets what was written to nobody', async () => {
    const directory = folder();
    const port = await freePort();
    const first = await rsyslog(directory, port);
    const alerts = start(`delivery: { longestPause: 300ms }
outputs: [{ type: syslog, address: 'tcp://127.0.0.1:${port}' }]`);
    alerts.write(touch('10.6.5.0'));
    await eventually(
      () => written(directory).length === 1,
      10_000,
      () => 'the first never came',
    );
    const gone = new Promise((resolve) => first.once('exit', resolve));
    first.kill('SIGKILL');
    await gone;
    for (let at = 1; at <= 20; at++) alerts.write(touch(`10.6.5.${at}`));
    await alerts.said('output syslog:');
    await rsyslog(directory, port);
    await alerts.said('delivers again');
    const sources = () => new Set(written(directory).map((line) => parseAlert(FORM.exec(line)![6]!).source.ip));
    await eventually(
      () => sources().size === 21,
      10_000,
      () => `${sources().size} of 21`,
    );
  });

  const noTls =
    missing('openssl') || (existsSync('/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so') ? '' : 'needs rsyslog-gnutls');
  it.skipIf(noTls)(titled('takes them over TLS from a sender that checks its certificate', noTls), async () => {
    const directory = folder();
    const port = await freePort();
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=test CA',
    );
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'req.pem', '-subj', '/CN=localhost');
    writeFileSync(join(directory, 'ext'), 'subjectAltName=DNS:localhost\n');
    openssl(
      'x509',
      '-req',
      '-in',
      'req.pem',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'cert.pem',
      '-days',
      '2',
      '-extfile',
      'ext',
    );
    await rsyslog(directory, port, 'streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon"');
    const trusting = start(
      `outputs: [{ type: syslog, address: 'tls://localhost:${port}', ca: '${directory}/ca.pem' }]`,
    );
    const doubting = start(`outputs: [{ type: syslog, address: 'tls://localhost:${port}' }]`);
    trusting.write(touch('10.6.6.1'));
    doubting.write(touch('10.6.6.2'));
    await eventually(
      () => written(directory).some((line) => line.includes('10.6.6.1')),
      10_000,
      () => `nothing came: ${trusting.stderr.join('\n')}`,
    );
    await doubting.said('tried again until it is taken');
    expect(written(directory).some((line) => line.includes('10.6.6.2'))).toBe(false);
  });
});
