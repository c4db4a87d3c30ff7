// One flood of the app decoy, run as its image runs it: what was sent, told and lost, what it cost, and how long a newcomer had to wait.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TouchLine } from '../decoys/touch/schema.ts';
import { RECIPES } from '../images/recipes.ts';
import { createNetwork, type Network } from '../test/harness/netns.ts';
import { linkOf, received, setCable } from '../test/protocol/app-network.ts';

const HERE = import.meta.dirname;
const CGROUP = `/sys/fs/cgroup/cpu/app-bench-${process.pid}`;
const PERIOD_US = 100_000;
const RMEM_MAX = '/proc/sys/net/core/rmem_max';
/** Until IPv6 has found its neighbours, and until everything that waits is read. */
const SETTLE_MS = 1_500;
const STOP_MS = 3_000;
const CAPABILITIES = ['--bounding-set', '-all,+net_raw,+setuid,+setgid', '--inh-caps', '-all'];

export interface Run {
  readonly path: 'adaptive' | 'stock';
  readonly kind: string;
  /** Packets a second; 0 is as fast as it goes. */
  readonly rate: number;
  /** Part of a CPU; 0 is no limit. */
  readonly cpu: number;
  /** The host's limit of receive buffers, bytes; left as it is where absent. */
  readonly rmem?: number;
  readonly seconds: number;
  readonly sources: number;
}

export interface Result {
  readonly sent: number;
  readonly seconds: number;
  readonly lost: number;
  /** Packets the kernel received less those told, ignored, lost and unseen. */
  readonly unaccounted: number;
  /** CPU time of the decoy a packet sent. */
  readonly microseconds: number;
  readonly peakBytes: number;
  readonly linesPerSecond: number;
  /** From the start of ping to its line; null where none came. */
  readonly newcomerMs: number | null;
  /** From the start of nmap to the line that calls it a port scan. */
  readonly scannerMs: number | null;
  readonly receiveBuffer: number;
}

interface Timed {
  readonly at: number;
  readonly line: TouchLine;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** CPU time of all threads of a process, ns. */
function cpuTime(pid: number): number {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return sum;
}

function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}

function sum(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((total, count) => total + count, 0);
}

function startDecoy(netns: string, path: Run['path']) {
  const { flags, env } = RECIPES.find(({ name }) => name === 'internal-app')!;
  const shipped = flags.map((flag) => flag.replace('--allow-fs-read=/app', `--allow-fs-read=${join(HERE, '..')}`));
  const script = path === 'stock' ? join(HERE, 'app-stock.ts') : join(HERE, '..', 'dist', 'app.js');
  const command = ['netns', 'exec', netns, 'setpriv', ...CAPABILITIES, process.execPath, ...shipped, script];
  return spawn('ip', command, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ...env } });
}

function startSender({ attacker, decoy }: Network, { kind, rate, seconds, sources }: Run): Promise<number> {
  const sender = spawn(
    'ip',
    [
      ...['netns', 'exec', attacker.netns, process.execPath, join(HERE, 'app-sender.ts')],
      ...['--kind', kind, '--rate', `${rate}`, '--seconds', `${seconds}`],
      ...['--source', attacker.ip, '--destination', decoy.ip, '--sources', `${sources}`],
      ...(sources > 1 ? ['--packets', `${sources}`] : []),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  sender.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => sender.once('close', () => resolve((JSON.parse(said) as { sent: number }).sent)));
}

/** An address of the attacker's own, and its first touch under the flood: `done` tells its line from others. */
function intrude({ attacker }: Network, host: number, command: (ip: string) => string[]) {
  const ip = attacker.ip.replace(/\.\d+$/, `.${host}`);
  execFileSync('ip', ['-n', attacker.netns, 'addr', 'add', `${ip}/24`, 'dev', linkOf(attacker.netns).name]);
  return {
    start() {
      const startedAt = performance.now();
      spawn('ip', ['netns', 'exec', attacker.netns, ...command(ip)], { stdio: 'ignore' });
      return (lines: readonly Timed[], done: (line: TouchLine) => boolean): number | null => {
        const first = lines.find(({ line }) => line.source?.ip === ip && done(line));
        return first ? first.at - startedAt : null;
      };
    },
  };
}

/** Limits, floods, counts, and puts everything back. */
export async function flood(run: Run): Promise<Result> {
  const rmemBefore = readFileSync(RMEM_MAX, 'utf8');
  const network = createNetwork('appfl');
  if (run.cpu > 0) mkdirSync(CGROUP);
  try {
    if (run.rmem !== undefined) writeFileSync(RMEM_MAX, String(run.rmem));
    if (run.cpu > 0) writeFileSync(join(CGROUP, 'cpu.cfs_quota_us'), String(Math.round(run.cpu * PERIOD_US)));
    return await measure(run, network);
  } finally {
    writeFileSync(RMEM_MAX, rmemBefore);
    network.remove();
    if (run.cpu > 0) rmdirSync(CGROUP);
  }
}

async function measure(run: Run, network: Network): Promise<Result> {
  const { decoy, attacker } = network;
  // Answers to spoofed sources go back the way they came.
  execFileSync('ip', ['-n', decoy.netns, 'route', 'add', 'default', 'via', attacker.ip]);
  setCable(network, 'down');
  const child = startDecoy(decoy.netns, run.path);
  const lines: Timed[] = [];
  createInterface({ input: child.stdout }).on('line', (text) =>
    lines.push({ at: performance.now(), line: JSON.parse(text) }),
  );
  await new Promise((resolve) => child.stderr.once('data', resolve));
  const pid = child.pid!;
  if (run.cpu > 0) writeFileSync(join(CGROUP, 'cgroup.procs'), String(pid));
  const before = received(decoy.netns);
  setCable(network, 'up');
  // Of made-up sources few are seen twice: there a single ping has to do.
  const pings = run.sources > 1 ? '1' : '5';
  const newcomer = intrude(network, 77, (ip) => ['ping', '-c', pings, '-i0.2', '-W1', '-I', ip, decoy.ip]);
  const scanner = intrude(network, 78, (ip) => [
    ...['nmap', '-n', '-Pn', '-sS', '--max-retries', '0', '-S', ip, '-e', linkOf(attacker.netns).name],
    ...['-p', '100-119', decoy.ip],
  ]);
  await wait(SETTLE_MS);

  const cpuBefore = cpuTime(pid);
  const linesBefore = lines.length;
  const started = performance.now();
  const done = startSender(network, run);
  await wait((run.seconds * 1_000) / 2);
  const waitedFor = newcomer.start();
  const scanned = scanner.start();
  const sent = await done;
  const cpu = cpuTime(pid) - cpuBefore;
  const elapsed = (performance.now() - started) / 1_000;
  const duringFlood = lines.length - linesBefore;
  const peak = peakBytes(pid);
  setCable(network, 'down');
  await wait(SETTLE_MS);
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(killer);
  const arrived = received(decoy.netns) - before;

  const touches = lines.filter(({ line }) => line.event.kind === 'event');
  const beats = lines.filter(({ line }) => line.event.kind === 'metric').map(({ line }) => line.honeypod);
  const told = touches.reduce((total, { line }) => total + (line.honeypod.unseen ? 0 : (line.honeypod.count ?? 0)), 0);
  const lost = beats.reduce((total, { lost: more = 0 }) => total + more, 0);
  const last = beats.at(-1);
  return {
    sent,
    seconds: elapsed,
    lost,
    unaccounted: arrived - told - lost - sum(last?.ignored) - sum(last?.unseen),
    microseconds: cpu / 1_000 / sent,
    peakBytes: peak,
    linesPerSecond: duringFlood / elapsed,
    newcomerMs: waitedFor(touches, () => true),
    scannerMs: scanned(touches, (line) => line.honeypod.scan?.kinds?.includes('port-scan') ?? false),
    receiveBuffer: last?.receive_buffer ?? 0,
  };
}
