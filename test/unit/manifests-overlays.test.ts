// What kustomize makes of the manifests: everything, every component, and disguises; the parts fit each other in each.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../../alerts/outputs/prometheus/metrics.ts';
import { createPipeline } from '../../alerts/pipeline.ts';
import { parseRules } from '../../alerts/rules/load.ts';
import { argumentsOf, decoysOf, misfits } from '../harness/consistency.ts';
import { typeProblems } from '../harness/kubernetes-types.ts';
import {
  build,
  buildWith,
  type KubernetesObject,
  MANIFESTS,
  noKustomize,
  objectsOf,
  overlayDirectory,
  podTemplateOf,
} from '../harness/manifests.ts';
import { violations } from '../harness/pod-security.ts';
import { missing, titled } from '../harness/tools.ts';
import { touchText } from '../harness/touch-text.ts';

const ROOT = join(MANIFESTS, '..');
const why = noKustomize();

/** A port touched on a decoy, and the alerts that opens. */
const OPENS: readonly (readonly [decoy: 'app' | 'dashboard' | 'db', port: number, rules: readonly string[]])[] = [
  ['app', 80, ['honeypod.ip.enum']],
  ['app', 22, ['honeypod.ip.enum', 'honeypod.network.ssh']],
  ['dashboard', 8080, ['honeypod.fake.svc']],
  ['dashboard', 443, ['honeypod.lure.svc']],
  ['db', 3306, ['honeypod.vuln.svc']],
];

/** What each decoy listens on tells which it is, however it is called. */
const FIRST_PORT = { app: undefined, dashboard: 8080, db: 3306 } as const;

/** The alerts that a touch of this decoy opens, its pod being where and what these objects say. */
function opened(objects: readonly KubernetesObject[], decoy: keyof typeof FIRST_PORT, port: number): string[] {
  const alerts = objects.filter(({ kind, spec }) => kind === 'GlobalAlert' && spec.dataSet === 'flows');
  const { rules, errors } = parseRules(alerts.map((alert) => JSON.stringify(alert)).join('\n---\n'), 'test');
  expect(errors).toEqual([]);
  const workload = decoysOf(objects).find(
    (object) => podTemplateOf(object)!.spec.containers[0].ports?.[0].containerPort === FIRST_PORT[decoy],
  )!;
  const { name, namespace } = workload.metadata;
  const found: string[] = [];
  const pipeline = createPipeline({
    rules,
    onEvent: (event, change) => change === 'opened' && found.push(event.rule.name),
  });
  pipeline.line(touchText({ decoy, port, namespace, app: name }));
  return found.sort();
}

function expectWhole(objects: readonly KubernetesObject[]): void {
  expect(misfits(objects)).toEqual([]);
  for (const [decoy, port, rules] of OPENS) expect(opened(objects, decoy, port), `${decoy} ${port}`).toEqual(rules);
}

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

function overlayOf(...components: string[]): KubernetesObject[] {
  return buildWith(components, made);
}

/** Runs `npm run disguise` as README has it. */
function disguise(...flags: readonly string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'scripts', 'disguise.ts'), ...flags], { encoding: 'utf8', cwd: ROOT });
}

describe.skipIf(why)(titled('kustomize', why), () => {
  it('builds everything, and nothing is left out', () => {
    const built = build(MANIFESTS);
    const files = readdirSync(MANIFESTS).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
    const ids = (objects: readonly KubernetesObject[]) =>
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`).sort();
    expect(ids(built)).toEqual(ids(files.flatMap(objectsOf)));
    expectWhole(built);
  });

  it('the check finds what does not fit', () => {
    const whole = build(MANIFESTS);
    const change = (kind: string, name: string, edit: (object: KubernetesObject) => void) => {
      const built = structuredClone(whole);
      edit(built.find((object) => object.kind === kind && object.metadata.name === name)!);
      return misfits(built).join('\n');
    };
    expect(
      change('Service', 'tigera-internal-backend', ({ spec }) => Object.assign(spec.selector, { app: 'db' })),
    ).toContain('0 workloads');
    expect(
      change('Service', 'tigera-internal-backend', ({ spec }) => Object.assign(spec.ports[0], { targetPort: 3307 })),
    ).toContain('3307');
    expect(
      change('GlobalAlert', 'honeypod.vuln.svc', (alert) =>
        Object.assign(alert.spec, { query: alert.spec.query.replace('-db', '-mysql') }),
      ),
    ).toContain('app=tigera-internal-mysql');
    expect(
      change('GlobalAlert', 'honeypod.fake.svc', (alert) =>
        Object.assign(alert.spec, { query: alert.spec.query.replace('8080', '8081') }),
      ),
    ).toContain('8081');
    expect(
      change('NetworkPolicy', 'internal', ({ spec }) => spec.podSelector.matchExpressions[0].values.pop()),
    ).toContain('tigera-internal-db: its egress');
    expect(
      change('RoleBinding', 'logs', ({ metadata }) => Object.assign(metadata, { namespace: 'default' })),
    ).toContain('may not be read');
    const environment = (name: string, value: string) =>
      change('Deployment', 'security-events', ({ spec }) => {
        const { env } = spec.template.spec.containers[0];
        env.find((one: { name: string }) => one.name === name).value = value;
      });
    expect(environment('DB_LABEL', 'mysql')).toContain('tigera-internal-db: not among the followed');
    // Where app is with the others, either of the two variables says where they are.
    expect(environment('APP_NAMESPACE', 'elsewhere')).toBe('');
  });

  it('pull-secret: every pod pulls with it', () => {
    const built = overlayOf('pull-secret');
    expectWhole(built);
    const pods = built.flatMap((object) => podTemplateOf(object) ?? []);
    expect(pods.length).toBe(4);
    for (const { spec } of pods) expect(spec.imagePullSecrets).toEqual([{ name: 'tigera-pull-secret' }]);
  });

  it('host-users: no pod shares the node’s users', () => {
    const built = overlayOf('host-users');
    expectWhole(built);
    for (const { spec } of built.flatMap((object) => podTemplateOf(object) ?? [])) expect(spec.hostUsers).toBe(false);
  });

  it('persistent-state: the state is on a claim', async () => {
    const built = overlayOf('persistent-state');
    expectWhole(built);
    expect(
      await typeProblems(built.filter(({ kind }) => kind === 'PersistentVolumeClaim' || kind === 'Deployment')),
    ).toEqual([]);
    const collector = built.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'security-events')!;
    const { volumes, containers } = podTemplateOf(collector)!.spec;
    expect(volumes).toContainEqual({ name: 'state', persistentVolumeClaim: { claimName: 'state' } });
    expect(volumes.filter(({ name }: { name: string }) => name === 'state').length).toBe(1);
    expect(containers[0].volumeMounts).toContainEqual({ name: 'state', mountPath: '/state' });
  });

  it('monitoring: a PodMonitor finds the metrics port, and the rules ask for metrics there are', async () => {
    const built = overlayOf('monitoring');
    expectWhole(built);
    expect(await typeProblems(built.filter(({ apiVersion }) => apiVersion.startsWith('monitoring')))).toEqual([]);
    const monitor = built.find(({ kind }) => kind === 'PodMonitor')!;
    const collector = built.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'security-events')!;
    const { metadata, spec } = podTemplateOf(collector)!;
    expect(metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
    expect(spec.containers[0].ports).toContainEqual({
      name: monitor.spec.podMetricsEndpoints[0].port,
      containerPort: 9090,
      protocol: 'TCP',
    });
    const rules = built.find(({ kind }) => kind === 'PrometheusRule')!.spec.groups[0].rules as {
      alert: string;
      expr: string;
    }[];
    expect(rules.map(({ alert }) => alert)).toContain('HoneypodSilent');
    const readings = {
      version: '',
      startedMs: 0,
      durable: true,
      openEvents: [],
      outputs: [],
      residentBytes: 0,
      cpuSeconds: 0,
    };
    const known = createMetrics()
      .text(readings, 0)
      .match(/^# TYPE \S+/gm)!
      .map((line) => line.slice(7));
    for (const { expr } of rules) for (const name of expr.match(/honeypods_\w+/g)!) expect(known).toContain(name);
  });

  it('no-net-raw: everything under restricted, app counts', () => {
    const built = overlayOf('no-net-raw');
    expectWhole(built);
    for (const template of built.flatMap((object) => podTemplateOf(object) ?? []))
      expect(violations(template, 'restricted')).toEqual([]);
    const namespace = built.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === 'tigera-internal')!;
    expect(namespace.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const app = built.find(({ kind }) => kind === 'DaemonSet')!;
    expect(podTemplateOf(app)!.spec.containers[0].env).toContainEqual({ name: 'WATCH', value: 'counters' });
  });

  it('net-raw: app alone in a privileged namespace, with three capabilities and no way out', async () => {
    const built = overlayOf('net-raw');
    expectWhole(built);
    expect(await typeProblems(built)).toEqual([]);
    const app = built.find(({ kind }) => kind === 'DaemonSet')!;
    expect(podTemplateOf(app)!.spec.containers[0].securityContext.capabilities).toEqual({
      add: ['NET_RAW', 'SETUID', 'SETGID'],
      drop: ['ALL'],
    });
    const level = (name?: string) =>
      built.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name)?.metadata.labels?.[
        'pod-security.kubernetes.io/enforce'
      ];
    expect(level(app.metadata.namespace)).toBe('privileged');
    for (const decoy of decoysOf(built).filter(({ kind }) => kind !== 'DaemonSet')) {
      expect(level(decoy.metadata.namespace)).toBe('baseline');
      expect(violations(podTemplateOf(decoy)!, 'baseline')).toEqual([]);
    }
  });

  it('all components go together', async () => {
    const built = overlayOf('pull-secret', 'host-users', 'persistent-state', 'monitoring', 'net-raw');
    expectWhole(built);
    expect(await typeProblems(built)).toEqual([]);
  });

  it('Calico’s own form of the alerts says the same as ours', () => {
    const ours = objectsOf('ip-enum.yaml')
      .concat(objectsOf('expose-svc.yaml'), objectsOf('vuln-svc.yaml'))
      .filter(({ kind }) => kind === 'GlobalAlert');
    const theirs = objectsOf('calico/alerts.yaml');
    const plain = ({ metadata, spec }: KubernetesObject) => ({ name: metadata.name, spec });
    expect(theirs.map(plain)).toEqual(ours.map(plain));
    for (const alert of theirs) {
      expect(alert.apiVersion).toBe('projectcalico.org/v3');
      expect(alert.spec.dataSet).toBe('flows');
    }
    expect(parseRules(readFileSync(join(MANIFESTS, 'calico', 'alerts.yaml'), 'utf8'), 'test').errors).toEqual([]);
  });

  describe('a disguise', () => {
    it('renames namespace, workloads, labels, services and images; alerts and all the rest follow', async () => {
      const out = overlayDirectory();
      made.push(out);
      const names = ['--namespace', 'payments', '--app', 'ledger', '--dashboard', 'backoffice', '--db', 'orders'];
      const run = disguise(
        ...names,
        '--db-service',
        'orders-mysql',
        '--registry',
        'registry.example.com:5000/pay',
        '--out',
        out,
      );
      expect(run.stderr).toBe('');
      expect(run.status).toBe(0);
      expect(run.stdout).toContain(`kubectl apply -k ${out}`);
      const built = build(out);
      expectWhole(built);
      expect(await typeProblems(built)).toEqual([]);
      expect(
        decoysOf(built)
          .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
          .sort(),
      ).toEqual(['payments/backoffice', 'payments/ledger', 'payments/orders']);
      const services = built.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
      expect(services.sort()).toEqual(['backoffice', 'backoffice-debug', 'orders-mysql']);
      const images = decoysOf(built).map((decoy) => podTemplateOf(decoy)!.spec.containers[0].image);
      expect(images.sort()).toEqual(
        ['backoffice', 'ledger', 'orders'].map((name) => `registry.example.com:5000/pay/${name}:0.1.0`),
      );
      expect(argumentsOf(built)).toContain('--selector=app in (ledger, backoffice, orders)');
      // Not even alerts, which only people read, are left with an old name.
      expect(JSON.stringify(built)).not.toMatch(/tigera|internal-(app|dashboard|db)/);
    });

    it('needs no more than a namespace, and goes with net-raw', () => {
      const out = overlayDirectory();
      made.push(out);
      expect(
        disguise('--namespace', 'crm', '--component', 'net-raw', '--component', 'persistent-state', '--out', out)
          .status,
      ).toBe(0);
      const built = build(out);
      expectWhole(built);
      expect(
        decoysOf(built)
          .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
          .sort(),
      ).toEqual(['crm-node/crm-agent', 'crm/crm-console', 'crm/crm-db']);
      expect(JSON.stringify(built)).not.toContain('tigera');
    });

    it('does not overwrite what is there', () => {
      const out = overlayDirectory();
      made.push(out);
      writeFileSync(join(out, 'kustomization.yaml'), 'mine');
      const run = disguise('--namespace', 'crm', '--out', out);
      expect(run.status).toBe(2);
      expect(run.stderr).toMatch(/^disguise: --out .* exists; remove it or choose another directory\n$/);
      expect(existsSync(join(out, 'names.yaml'))).toBe(false);
    });
  });
});

const noPromtool = missing('promtool');
describe.skipIf(noPromtool)(titled('Prometheus’ rules', noPromtool), () => {
  const { spec } = objectsOf('components/monitoring/rules.yaml')[0]!;
  const silent = 'honeypods_events_open{rule="honeypod.silent",decoy="app",severity="medium"}';
  const heard = 'honeypods_last_heartbeat_timestamp_seconds';
  const slack = '{output="slack"}';

  const up = 'honeypods_build_info';

  it('are those published for every Prometheus', () => {
    const published = parse(readFileSync(join(ROOT, 'docs', 'prometheus-rules.yaml'), 'utf8')) as unknown;
    expect(spec).toEqual(published);
  });

  it.each([
    ['a silent decoy', { [silent]: '0 1 1', [up]: '1x9' }, '2m', ['HoneypodSilent']],
    ['no decoy heard', { [heard]: '0x9', [up]: '1x9' }, '4m', ['HoneypodDecoysUnheard']],
    ['decoys heard', { [heard]: '0 60 120 180 240', [up]: '1x9' }, '4m', []],
    ['security-events gone', { [up]: '1 _ _' }, '10m', ['HoneypodAlertsAbsent']],
    [
      'an output that takes nothing',
      { [`honeypods_outbox_oldest_seconds${slack}`]: '0 280 301', [up]: '1x9' },
      '2m',
      ['HoneypodOutputStuck'],
    ],
    [
      'a notice given up',
      { [`honeypods_notices_lost_total${slack}`]: '0 0 1 1', [up]: '1x9' },
      '3m',
      ['HoneypodNoticesLost'],
    ],
    ['lost touches', { 'honeypods_lost_total{decoy="app"}': '0 0 50 50', [up]: '1x9' }, '3m', ['HoneypodTouchesLost']],
    ['state in memory', { honeypods_state_durable: '0x9', [up]: '1x9' }, '6m', ['HoneypodStateInMemory']],
  ] as const)('%s', (_name, series, at, fires) => {
    const out = overlayDirectory();
    made.push(out);
    writeFileSync(join(out, 'rules.json'), JSON.stringify(spec));
    const alerts = (spec.groups[0].rules as { alert: string; labels: Record<string, string> }[]).map(
      ({ alert }) => alert,
    );
    const test = {
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: alerts.map((alert) => ({
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
        eval_time: at,
        exp_samples: (fires as readonly string[]).includes(alert) ? [{ value: 1, labels: '{}' }] : [],
      })),
    };
    const file = join(out, 'test.json');
    writeFileSync(file, JSON.stringify({ rule_files: ['rules.json'], evaluation_interval: '1m', tests: [test] }));
    const run = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
    expect(run.status, `${run.stdout}${run.stderr}`).toBe(0);
  });
});

describe('disguise, a wrong flag is one clear line', () => {
  it.each([
    [[], '--namespace NAME is required; see --help'],
    [
      ['--namespace', 'Payments'],
      '--namespace "Payments": must be 1 to 63 of a-z, 0-9 and "-", no "-" first and no "-" last',
    ],
    [['--namespace', 'honeypots'], '--namespace "honeypots": must not say "honey": intruders read it'],
    [
      ['--namespace', 'kube-system'],
      '--namespace "kube-system": must not be a namespace that is there for something else',
    ],
    [['--namespace', 'a', '--app', 'x', '--db', 'x'], '--db "x": must differ from --app'],
    [
      ['--namespace', 'a', '--db-service', '3db'],
      '--db-service "3db": must be 1 to 63 of a-z, 0-9 and "-", a letter first and no "-" last',
    ],
    [
      ['--namespace', 'a', '--registry', 'https://r.example'],
      '--registry "https://r.example": must be HOST or HOST/PATH as in image names, without "https://" and a "/" at its end',
    ],
    [
      ['--namespace', 'a', '--component', 'x'],
      '--component "x": must be one of pull-secret, host-users, persistent-state, monitoring, net-raw, no-net-raw',
    ],
    [
      ['--namespace', 'a', '--component', 'net-raw', '--component', 'no-net-raw'],
      '--component "no-net-raw": says the opposite of net-raw; give one of them',
    ],
    [['payments'], 'payments: not a flag; see --help'],
    [['--name', 'x'], "Unknown option '--name'"],
  ])('%j', (flags, message) => {
    const run = disguise(...flags);
    expect(run.status).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr.startsWith(`disguise: ${message}`), run.stderr).toBe(true);
    expect(run.stderr.split('\n').length).toBe(2);
  });
});
