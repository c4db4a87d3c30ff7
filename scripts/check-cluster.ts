// `npx node scripts/check-cluster.ts`: on the cluster of the current kubeconfig, installs as README says, tries what README
// promises line by line, says of each whether it held, and uninstalls. For a cluster that has the images and no decoys yet.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { exitWith, UserError } from '../decoys/touch/errors.ts';

const MANIFESTS = join(import.meta.dirname, '..', 'manifests');
const ACCOUNT = 'system:serviceaccount:security-events:security-events';
const LOGS = ['logs', '-n', 'security-events', 'deployment/security-events'];
const PAGE_PORT = 18_090;
const WAIT_MS = 60_000;

const USAGE = `usage: npx node scripts/check-cluster.ts [--image IMAGE] [--skip STEP]... [--keep]
  --image IMAGE  of the pod that attacks; it needs the busybox program (busybox)
  --skip STEP    leaves a step out
  --keep         does not uninstall; needed where decoys are installed already`;

interface Said {
  readonly ok: boolean;
  readonly out: string;
  readonly err: string;
}

function kubectl(args: readonly string[], input = ''): Said {
  const { status, stdout, stderr, error } = spawnSync('kubectl', args, { encoding: 'utf8', input });
  if (error) throw new UserError('NO_KUBECTL', `kubectl cannot be run (${(error as NodeJS.ErrnoException).code})`);
  return { ok: status === 0, out: stdout, err: stderr };
}

/** What it wrote. Throws what it said where it fails. */
function ask(...args: string[]): string {
  const { ok, out, err } = kubectl(args);
  if (!ok) throw new Error(`kubectl ${args.join(' ')}: ${err.trim()}`);
  return out;
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const endMs = Date.now() + WAIT_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`no ${what} within ${WAIT_MS / 1_000} s`);
    await delay(500);
  }
}

interface AlertLine {
  readonly '@timestamp': string;
  readonly event: { readonly start: string };
  readonly rule: { readonly name: string };
  readonly honeypod: { readonly source: { readonly pod?: string; readonly namespace?: string } };
}

/** The line that tells of a rule and a pod of the namespace `default`. */
function alertOf(rule: string, pod: string): AlertLine | undefined {
  return kubectl([...LOGS, '--since=5m'])
    .out.split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as AlertLine)
    .find(({ rule: { name }, honeypod: { source } }) => {
      return name === rule && source.pod === pod && source.namespace === 'default';
    });
}

/** `auth can-i` arguments, and whether security-events may. */
const RIGHTS: readonly (readonly [string, boolean])[] = [
  ['list pods -A', true],
  ['watch nodes', true],
  ['watch services -A', true],
  ['list replicasets.apps -A', true],
  ['list jobs.batch -A', true],
  ['watch globalalerts.alerts.internal', true],
  ['watch alertexceptions.alerts.internal', true],
  ['patch globalalerts.alerts.internal --subresource=status', true],
  ['get pods --subresource=log -n tigera-internal', true],
  ['get pods --subresource=log -n default', false],
  ['get secrets -n tigera-internal', false],
  ['create pods -n tigera-internal', false],
  ['create pods --subresource=exec -n tigera-internal', false],
  ['update globalalerts.alerts.internal', false],
  ['create alertexceptions.alerts.internal', false],
];

/** Kind, spec, and what the refusal says. */
const REFUSED: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['GlobalAlert', { description: 'd', dataSet: 'flows' }, 'spec.severity'],
  ['GlobalAlert', { description: 'd', severity: 101, dataSet: 'flows' }, 'less than or equal to 100'],
  ['GlobalAlert', { description: 'd', severity: 5, dataSet: 'flows', period: 'soon' }, 'a duration of at least 1m'],
  ['GlobalAlert', { description: 'd', severity: 5, dataSet: 'flows', condition: 'gt' }, 'condition needs a metric'],
  ['GlobalAlert', { description: 'd', severity: 5, dataSet: 'flows', querry: 'x' }, 'unknown field "spec.querry"'],
  ['AlertException', { description: 'd' }, 'it would silence everything'],
];

function runPod(name: string, image: string, ...command: string[]): void {
  ask('run', '--restart=Never', '--image', image, name, '--', ...command);
}

/** Each throws what did not hold, and may answer with a word on what did. */
const STEPS: Readonly<Record<string, (image: string) => Promise<string> | string>> = {
  install() {
    const said = [
      kubectl(['apply', '-f', join(MANIFESTS, 'common.yaml')]),
      kubectl(['wait', '--for=condition=Established', 'crd', '-l', 'app.kubernetes.io/part-of=alerts.internal']),
      kubectl(['apply', '-k', MANIFESTS]),
    ];
    const warnings = said.flatMap(({ err }) => err.split('\n').filter(Boolean));
    const [, ...more] = warnings;
    if (said.some(({ ok }) => !ok) || more.length > 0) throw new Error(warnings.join('\n'));
    if (warnings.some((line) => !/restricted.*internal-app/.test(line))) throw new Error(warnings.join('\n'));
    return `${warnings.length} warning, of app under "restricted"`;
  },
  again() {
    const changed = ask('apply', '-k', MANIFESTS)
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith(' unchanged'));
    if (changed.length > 0) throw new Error(changed.join('\n'));
    return 'all unchanged';
  },
  refusals() {
    for (const [kind, spec, message] of REFUSED) {
      const object = { apiVersion: 'alerts.internal/v1', kind, metadata: { name: 'check-cluster' }, spec };
      const { ok, err } = kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(object));
      if (ok || !err.includes(message)) throw new Error(`${JSON.stringify(spec)}: ${ok ? 'accepted' : err}`);
    }
    return `${REFUSED.length} wrong objects`;
  },
  rights() {
    for (const [words, expected] of RIGHTS) {
      const { out } = kubectl(['auth', 'can-i', ...words.split(' '), '--as', ACCOUNT]);
      if (out.trim() !== (expected ? 'yes' : 'no')) throw new Error(`${words}: ${out.trim()}`);
    }
    return `${RIGHTS.length} questions`;
  },
  pods() {
    const workloads = ['daemonset/tigera-internal-app', 'deployment/tigera-internal-dashboard'];
    for (const workload of [...workloads, 'deployment/tigera-internal-db'])
      ask('rollout', 'status', '-n', 'tigera-internal', workload, '--timeout=180s');
    ask('rollout', 'status', '-n', 'security-events', 'deployment/security-events', '--timeout=180s');
    return '';
  },
  async statuses() {
    const read = () =>
      ask('get', 'globalalerts.alerts.internal', '-o', 'jsonpath={.items[*].status.active}').split(' ');
    const count = ask('get', 'globalalerts.alerts.internal', '-o', 'name').trim().split('\n').length;
    await until('status of each alert', () => {
      const active = read();
      return active.length === count && active.every((value) => value === 'true') ? true : undefined;
    });
    return `${count} alerts active`;
  },
  async ping(image) {
    const app = ask(
      ...'get pods -n tigera-internal -l app=tigera-internal-app -o jsonpath={.items[0].status.podIP}'.split(' '),
    );
    runPod('ping-runner', image, 'ping', '-c1', app);
    const line = await until('honeypod.ip.enum by default/ping-runner', () =>
      alertOf('honeypod.ip.enum', 'ping-runner'),
    );
    return `named ${Date.parse(line['@timestamp']) - Date.parse(line.event.start)} ms after its ping`;
  },
  async services(image) {
    const reach = [
      'busybox wget -T3 -qO /dev/null http://tigera-dashboard-internal-debug.tigera-internal:8888',
      'busybox nc -w2 tigera-dashboard-internal-service.tigera-internal 443 </dev/null',
      'busybox nc -w2 tigera-internal-backend.tigera-internal 3306 </dev/null',
    ];
    runPod('service-runner', image, 'sh', '-c', `${reach.join('; ')}; true`);
    const rules = ['honeypod.fake.svc', 'honeypod.lure.svc', 'honeypod.vuln.svc'];
    for (const rule of rules) await until(`${rule} by default/service-runner`, () => alertOf(rule, 'service-runner'));
    return rules.join(', ');
  },
  exec() {
    const words = 'exec -n security-events deployment/security-events -- /nodejs/bin/node /app/main.mjs prove';
    return `${
      ask(...words.split(' '))
        .trim()
        .split('\n').length
    } decoys proven`;
  },
  async page() {
    const words = `port-forward -n security-events deployment/security-events ${PAGE_PORT}:8090`;
    const forward = spawn('kubectl', words.split(' '), { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await new Promise((resolve, reject) => {
        forward.stdout.once('data', resolve);
        forward.once('exit', () => reject(new Error('kubectl port-forward ended')));
      });
      const { status } = await fetch(`http://127.0.0.1:${PAGE_PORT}/`);
      if (status !== 200) throw new Error(`HTTP ${status}`);
    } finally {
      forward.kill();
    }
    return '';
  },
};

function uninstall(): string {
  ask('delete', 'pod', 'ping-runner', 'service-runner', '--ignore-not-found', '--wait=false');
  ask('delete', '-k', MANIFESTS, '--ignore-not-found');
  const left = ask('get', 'crd,clusterrole,clusterrolebinding', '-o', 'name')
    .split('\n')
    .filter((name) => /alerts\.internal|alerts-(view|edit)|security-events/.test(name));
  if (left.length > 0) throw new Error(`left: ${left.join(' ')}`);
  return '';
}

/** What somebody relies on is not to be uninstalled at the end. */
function refuseInstalled(keep: boolean): void {
  const { ok, out, err } = kubectl(['get', 'crd', 'globalalerts.alerts.internal', '--ignore-not-found', '-o', 'name']);
  if (!ok) throw new UserError('NO_CLUSTER', `the cluster cannot be asked: ${err.trim().split('\n').at(-1)}`);
  if (out !== '' && !keep)
    throw new UserError('INSTALLED', 'decoys are installed here already; --keep tries them and does not uninstall');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      image: { type: 'string', default: 'busybox' },
      skip: { type: 'string', multiple: true, default: [] },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const unknown = values.skip.find((name) => !(name in STEPS));
  if (unknown !== undefined)
    throw new UserError('BAD_FLAG', `--skip ${unknown}: no step; there are ${Object.keys(STEPS).join(', ')}`);
  refuseInstalled(values.keep);
  const steps: typeof STEPS = { ...STEPS, ...(values.keep ? {} : { uninstall }) };
  for (const [name, step] of Object.entries(steps)) {
    if (values.skip.includes(name)) {
      process.stdout.write(`${'skipped'.padEnd(8)} ${name}\n`);
      continue;
    }
    try {
      process.stdout.write(`${'held'.padEnd(8)} ${name}  ${await step(values.image)}\n`);
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(`${'FAILED'.padEnd(8)} ${name}  ${(error as Error).message}\n`);
    }
  }
}

main().catch((error: unknown) => exitWith('check-cluster', error));
