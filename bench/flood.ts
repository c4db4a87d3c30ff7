// Floods the app decoy and says what it cost and what was lost. Needs root, ip(8), and for the CPU limit a cgroup v1 cpu controller.
// node bench/flood.ts [--seconds 10] [--rates 5000,20000,50000,0] [--kinds icmp,syn,udp] [--cpu 0.1,0] [--rmem 4194304,212992] [--stock] [--spoofed 750000]
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { TouchLine } from '../decoys/touch/schema.ts';
import { createNetwork, noNetns } from '../test/harness/netns.ts';

const HERE = import.meta.dirname;
const CGROUP = `/sys/fs/cgroup/cpu/app-bench-${process.pid}`;
const PERIOD_US = 100_000;
const RMEM_MAX = '/proc/sys/net/core/rmem_max';
const SETTLE_MS = 2_500;
const STOP_MS = 3_000;
/** As the image's entry point has them. */
const NODE_FLAGS = ['--v8-pool-size=1', '--single-threaded-gc', '--max-semi-space-size=1', '--max-old-space-size=48'];

export interface Run {
  readonly path: 'adaptive' | 'stock';
  readonly kind: string;
  readonly rate: number;
  readonly cpu: number;
  readonly seconds: number;
  readonly sources: number;
}

export interface Result {
  readonly sent: number;
  readonly seconds: number;
  readonly told: number;
  readonly lost: number;
  readonly balance: number;
  readonly microseconds: number;
  readonly rss: number;
  readonly linesPerSecond: number;
  readonly newcomerMs: number;
  readonly buffer: number;
}

function words(text: string): string[] {
  return text.split(',').filter((word) => word !== '');
}

function numbers(text: string): number[] {
  return words(text).map(Number);
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

function peakRss(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}

function received(netns: string): number {
  const text = execFileSync('ip', ['netns', 'exec', netns, 'cat', '/proc/net/snmp', '/proc/net/snmp6'], {
    encoding: 'utf8',
  });
  const names = /^Ip: (Forwarding .*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const numbersOf = /^Ip: (\d.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  return Number(numbersOf[names.indexOf('InReceives')]) + Number(/^Ip6InReceives\s+(\d+)$/m.exec(text)?.[1]);
}

function sum(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((total, count) => total + count, 0);
}

/** One flood, its sender and decoy in namespaces of their own. `run.cpu` needs the cgroup that the command line below makes. */
export async function measure(run: Run): Promise<Result> {
  const network = createNetwork('fl');
  const { decoy, attacker } = network;
  const shown = execFileSync('ip', ['-n', attacker.netns, '-o', 'link', 'show', 'type', 'veth'], { encoding: 'utf8' });
  const link = /^\d+: ([^@:]+)/.exec(shown)?.[1] ?? '';
  const setCable = (state: string) => execFileSync('ip', ['-n', attacker.netns, 'link', 'set', link, state]);
  // Answers to spoofed sources go back the way they came.
  execFileSync('ip', ['-n', decoy.netns, 'route', 'add', 'default', 'via', attacker.ip]);
  setCable('down');

  const script = run.path === 'stock' ? join(HERE, 'app-stock.ts') : join(HERE, '..', 'dist', 'app.js');
  const inside = [
    'netns',
    'exec',
    decoy.netns,
    'setpriv',
    '--bounding-set',
    '-all,+net_raw,+setuid,+setgid',
    '--inh-caps',
    '-all',
  ];
  const child = spawn('ip', [...inside, process.execPath, ...NODE_FLAGS, script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: { at: number; line: TouchLine }[] = [];
  createInterface({ input: child.stdout }).on('line', (text) =>
    lines.push({ at: performance.now(), line: JSON.parse(text) }),
  );
  await new Promise((resolve) => child.stderr.once('data', resolve));
  const pid = child.pid!;
  if (run.cpu > 0) writeFileSync(join(CGROUP, 'cgroup.procs'), String(pid));
  const before = received(decoy.netns);
  setCable('up');
  execFileSync('ip', ['-n', attacker.netns, 'addr', 'add', attacker.ip.replace(/\.\d+$/, '.77/24'), 'dev', link]);
  await wait(SETTLE_MS);

  const cpuBefore = cpuTime(pid);
  const linesBefore = lines.length;
  const started = performance.now();
  const sender = spawn(
    'ip',
    [
      ...['netns', 'exec', attacker.netns, process.execPath, join(HERE, 'app-sender.ts')],
      ...['--kind', run.kind, '--rate', `${run.rate}`, '--seconds', `${run.seconds}`],
      ...['--source', attacker.ip, '--destination', decoy.ip, '--sources', `${run.sources}`],
      ...(run.sources > 1 ? ['--packets', `${run.sources}`] : []),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  sender.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const done = new Promise((resolve) => sender.once('exit', resolve));
  await wait((run.seconds * 1_000) / 2);
  const newcomer = attacker.ip.replace(/\.\d+$/, '.77');
  const pingedAt = performance.now();
  spawn('ip', ['netns', 'exec', attacker.netns, 'ping', '-c5', '-i0.2', '-W1', '-I', newcomer, decoy.ip], {
    stdio: 'ignore',
  });
  await done;
  const cpu = cpuTime(pid) - cpuBefore;
  const elapsed = (performance.now() - started) / 1_000;
  const duringFlood = lines.length - linesBefore;
  const rss = peakRss(pid);
  setCable('down');
  await wait(SETTLE_MS);
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(killer);
  const arrived = received(decoy.netns) - before;
  network.remove();

  const touches = lines.filter(({ line }) => line.event.kind === 'event');
  const beats = lines.filter(({ line }) => line.event.kind === 'metric').map(({ line }) => line.honeypod);
  const told = touches.reduce((total, { line }) => total + (line.honeypod.unseen ? 0 : (line.honeypod.count ?? 0)), 0);
  const lost = beats.reduce((total, { lost: more = 0 }) => total + more, 0);
  const last = beats.at(-1);
  const first = touches.find(({ line }) => line.source?.ip === newcomer);
  const { sent } = JSON.parse(said) as { sent: number };
  return {
    sent,
    seconds: elapsed,
    told,
    lost,
    balance: arrived - told - lost - sum(last?.ignored) - sum(last?.unseen),
    microseconds: cpu / 1_000 / sent,
    rss,
    linesPerSecond: duringFlood / elapsed,
    newcomerMs: first ? first.at - pingedAt : Number.NaN,
    buffer: last?.receive_buffer ?? 0,
  };
}

function report(run: Run, result: Result): void {
  const rate = run.rate === 0 ? 'full' : `${run.rate / 1_000}k`;
  const lost = ((result.lost / result.sent) * 100).toFixed(result.lost === 0 ? 0 : 2);
  process.stdout.write(
    `| ${run.path} | ${run.sources > 1 ? `${run.kind}, ${run.sources} sources` : run.kind} | ${rate} | ${run.cpu || 'all'} | ${result.buffer} | ` +
      `${result.sent} | ${Math.round(result.sent / result.seconds)} | ${lost} % | ${result.microseconds.toFixed(2)} | ${(result.rss / 1e6).toFixed(0)} | ` +
      `${result.linesPerSecond.toFixed(1)} | ${Math.round(result.newcomerMs)} | ${result.balance} |\n`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      rates: { type: 'string', default: '5000,20000,50000,0' },
      kinds: { type: 'string', default: 'icmp,syn,udp' },
      cpu: { type: 'string', default: '0.1,0' },
      rmem: { type: 'string', default: '4194304' },
      stock: { type: 'boolean', default: false },
      /** Spoofed sources of an extra run; 0 leaves it out. */
      spoofed: { type: 'string', default: '0' },
    },
  });
  const reason = noNetns();
  if (reason) {
    process.stderr.write(`flood: ${reason}\n`);
    process.exit(2);
  }
  const rmemBefore = readFileSync(RMEM_MAX, 'utf8');
  mkdirSync(CGROUP);
  try {
    process.stdout.write(
      '| path | kind | pps asked | CPU | receive buffer | sent | pps | lost | µs CPU a packet | peak RSS MB | lines/s | newcomer ms | unaccounted |\n' +
        `|${'---|'.repeat(13)}\n`,
    );
    for (const rmem of numbers(values.rmem)) {
      writeFileSync(RMEM_MAX, String(rmem));
      for (const cpu of numbers(values.cpu)) {
        writeFileSync(join(CGROUP, 'cpu.cfs_quota_us'), String(cpu > 0 ? Math.round(cpu * PERIOD_US) : -1));
        for (const path of values.stock ? (['adaptive', 'stock'] as const) : (['adaptive'] as const)) {
          for (const kind of words(values.kinds)) {
            for (const rate of numbers(values.rates)) {
              const run: Run = { path, kind, rate, cpu, seconds: Number(values.seconds), sources: 1 };
              report(run, await measure(run));
            }
          }
        }
        const spoofed = Number(values.spoofed);
        if (spoofed > 0) {
          const run: Run = {
            path: 'adaptive',
            kind: 'syn',
            rate: 20_000,
            cpu,
            seconds: Math.ceil(spoofed / 20_000) + 5,
            sources: spoofed,
          };
          report(run, await measure(run));
        }
      }
    }
  } finally {
    writeFileSync(RMEM_MAX, rmemBefore);
    rmdirSync(CGROUP);
  }
}

if (import.meta.main) await main();
