// The shipped workloads as pods under `podman kube play`, their logs piped into `alerts --stdin`: the published attack procedure,
// by the names and ports of the shipped services, opens its security events.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { decoysOf } from '../harness/consistency.ts';
import { DIST, parseAlert } from '../harness/lines.ts';
import { type KubernetesObject, objectsOf } from '../harness/manifests.ts';
import { missing, titled } from '../harness/tools.ts';
import { archiveOf } from './archives.ts';
import { type Attacker, createAttacker } from './cable.ts';
import { statusField } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';
import { asNode, logOf, type PlayedPod, play } from './kube-play.ts';

const objects = ['ip-enum.yaml', 'expose-svc.yaml', 'vuln-svc.yaml'].flatMap(objectsOf);
const workloads = decoysOf(objects).filter(({ spec }) => existsSync(join(DIST, `${decoyOf(spec.template.spec)}.js`)));
const services = objects.filter(({ kind }) => kind === 'Service');
const EVENT_MS = 15_000;
const QUANTITY: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30 };

/** The published attack procedure in its order: a command, and the alerts it has to open that were not open before. */
const ATTACK: readonly (readonly [command: string, opens: readonly string[]])[] = [
  ['ping -c5 -i0.3 tigera-internal-app', ['honeypod.ip.enum']],
  ['nmap -n -sn --max-retries 1 tigera-internal-app/32', []],
  ['nmap -n -Pn -T4 tigera-internal-app', ['honeypod.network.ssh', 'honeypod.port.scan']],
  ['curl -m3 -skI tigera-dashboard-internal-debug.tigera-internal:8888', ['honeypod.fake.svc']],
  ['curl -kL -m3 https://tigera-dashboard-internal-service.tigera-internal', ['honeypod.lure.svc']],
  ['nc -zv -w2 tigera-internal-backend.tigera-internal 3306', ['honeypod.vuln.svc']],
  ['curl -m3 http://tigera-internal-backend.tigera-internal:3306', []],
  ['nmap -n -Pn -p3306 --script=mysql-enum tigera-internal-backend.tigera-internal', []],
];

function decoyOf(spec: KubernetesObject['spec']): string {
  return (spec as NonNullable<typeof spec>).containers[0].image.replace(/^internal-|:.*$/g, '');
}

function bytesOf(quantity: string): number {
  return Number.parseInt(quantity, 10) * (QUANTITY[quantity.replace(/^\d+/, '')] ?? 1);
}

const why = noPodman() || missing('ping', 'nmap', 'curl', 'nc', 'nft', 'catatonit');

describe.skipIf(why)(titled('the shipped workloads as pods', why), () => {
  const pods = new Map<string, PlayedPod>();
  const followers: ChildProcess[] = [];
  const alerts: AlertLine[] = [];
  let engine: Engine;
  let attacker: Attacker;
  let collector: ChildProcess;
  let hosts = '';

  const opened = () => [...new Set(alerts.map(({ rule }) => rule.name))];

  beforeAll(async () => {
    engine = startPodman();
    asNode(engine, workloads);
    attacker = createAttacker('kubeplay');
    for (const workload of workloads) {
      engine.run('load', '-i', archiveOf(`internal-${decoyOf(workload.spec.template.spec)}`));
      const pod = await play(engine, workload, { address: attacker.nextAddress() });
      attacker.plug(pod.pid, pod.address);
      pods.set(workload.metadata.name, pod);
    }
    hosts = serve(attacker, pods);
    collector = spawn(process.execPath, [join(DIST, 'alerts.js'), '--stdin'], {
      env: { PATH: process.env.PATH, PAGE_PORT: '0', METRICS_PORT: '0' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // It may end while a follower still writes.
    collector.stdin!.on('error', () => {});
    createInterface({ input: collector.stdout! }).on('line', (text) => alerts.push(parseAlert(text)));
    for (const { container } of pods.values()) {
      const follower = spawn(engine.command[0]!, [...engine.command.slice(1), 'logs', '-f', container], {
        env: engine.env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      follower.stdout!.pipe(collector.stdin!, { end: false });
      followers.push(follower);
    }
  }, 240_000);

  afterAll(async () => {
    for (const follower of followers) follower.kill();
    collector?.kill();
    engine?.run('pod', 'rm', '--all', '--force', '--time=1');
    await engine?.remove();
    attacker?.remove();
    if (hosts) rmSync(hosts, { recursive: true, force: true });
  }, 60_000);

  it.each(workloads.map((workload) => [workload.metadata.name, workload] as const))(
    '%s has the rights it asks for and no more',
    (name, workload) => {
      const { pid, container } = pods.get(name)!;
      expect(statusField(pid, 'CapEff')).toMatch(/^0+$/);
      expect(statusField(pid, 'NoNewPrivs')).toBe('1');
      expect(statusField(pid, 'Seccomp')).toBe('2');
      expect(statusField(pid, 'Uid').split(/\s+/)).toEqual(['65532', '65532', '65532', '65532']);
      const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8').split('\n');
      for (const point of ['/', '/dev/shm'])
        expect(mounts.find((line) => line.split(' ')[1] === point)?.split(' ')[3]).toMatch(/^ro,/);
      const { limits } = workload.spec.template.spec.containers[0].resources;
      const host = JSON.parse(engine.run('inspect', '--format', '{{json .HostConfig}}', container)) as {
        Memory: number;
        NanoCpus: number;
      };
      expect(host.Memory).toBe(bytesOf(limits.memory));
      expect(host.NanoCpus).toBe(Number.parseInt(limits.cpu, 10) * 1e6);
    },
  );

  it.each(ATTACK.filter(([command]) => workloads.some(({ metadata }) => targets(command, metadata.name))))(
    '%s',
    async (command, opens) => {
      const before = opened();
      attacker.attack(command.replace('tigera-internal-app', pods.get('tigera-internal-app')!.address).split(' '));
      const deadline = Date.now() + EVENT_MS;
      while (!opens.every((rule) => opened().includes(rule)) && Date.now() < deadline) await sleep(50);
      const fresh = opened().filter((rule) => !before.includes(rule));
      expect(fresh).toEqual(expect.arrayContaining([...opens]));
      // Five pings are no scan, and nobody but app is asked for port 22.
      const scans = ['honeypod.port.scan', 'honeypod.network.ssh'];
      if (!opens.includes('honeypod.port.scan')) expect(fresh.filter((rule) => scans.includes(rule))).toEqual([]);
    },
    60_000,
  );

  it.skipIf(!existsSync(join(DIST, 'db.js')))(
    'db stays below its 128Mi on a bad day, and answers after it',
    () => {
      const { pid, address, container } = pods.get('tigera-internal-db')!;
      const script = join(import.meta.dirname, 'hostile-mysql.mjs');
      const { stdout } = attacker.attack([process.execPath, script, address, '5000']);
      expect(Number(stdout)).toBeGreaterThan(650);
      // The kernel's own high-water mark of the same process: it was neither killed nor restarted.
      expect(Number.parseInt(statusField(pid, 'VmHWM'), 10) * 1_024).toBeLessThan(bytesOf('128Mi'));
      const greeting = attacker.attack(['bash', '-c', `head -c 90 </dev/tcp/${address}/3306`], 20_000).stdout;
      expect(greeting).toContain('caching_sha2_password');
      // It was let in, and the worst of it was read.
      expect(logOf(engine, container)).toMatch(/"mysql-query".*REPEAT/);
    },
    60_000,
  );

  it('every event names the attacker’s address, the pod and its namespace', () => {
    expect(alerts.length).toBeGreaterThan(0);
    for (const line of alerts) {
      expect(line.source.ip).toMatch(/^10\.78\.\d+\.3$/);
      expect(line.orchestrator?.namespace).toBe('tigera-internal');
    }
  });

  /** Whether a command's target is this workload, or a service with it behind. */
  function targets(command: string, name: string): boolean {
    return (
      command.includes(`${name}`) ||
      services.some(({ metadata, spec }) => spec.selector.app === name && command.includes(`${metadata.name}.`))
    );
  }
});

/** What a cluster's DNS and kube-proxy do for the attacker: each service's name and address leads to its pod's port. */
function serve(attacker: Attacker, pods: ReadonlyMap<string, PlayedPod>): string {
  const names = ['127.0.0.1 localhost'];
  const rules: string[] = [];
  for (const [at, { metadata, spec }] of services.entries()) {
    const pod = pods.get(spec.selector.app);
    if (!pod) continue;
    const address = `10.96.0.${10 + at}`;
    names.push(`${address} ${metadata.name}.${metadata.namespace}`);
    // The way to the pod decides the source address; the packet never leaves with the service's own.
    attacker.attack(['ip', 'route', 'add', address, 'via', pod.address]);
    for (const { port, targetPort } of spec.ports as { port: number; targetPort: number }[])
      rules.push(`ip daddr ${address} tcp dport ${port} dnat to ${pod.address}:${targetPort}`);
  }
  const directory = join('/etc/netns', attacker.netns);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'hosts'), `${names.join('\n')}\n`);
  // Nothing answers there, and that at once.
  writeFileSync(join(directory, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  execFileSync('ip', ['netns', 'exec', attacker.netns, 'nft', '-f', '-'], {
    input: `table ip services {\n chain output {\n type nat hook output priority -100;\n ${rules.join('\n ')}\n }\n}\n`,
  });
  return directory;
}
