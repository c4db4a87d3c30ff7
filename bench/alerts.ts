// `alerts` by itself: CPU a touch as rules and sources grow, memory, and the time from a line written to each output's receipt.
// Run: npm run build && node bench/alerts.ts [touches] [throughput | latency]; TMPDIR says on which disk.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { commandFor } from '../test/harness/program.ts';
import { touchStream } from '../test/harness/touch-stream.ts';
import { receivers } from './alert-receivers.ts';
import { peakMb } from './processes.ts';

const TOUCHES = Number((import.meta.main && process.argv[2]) || 60_000);
const PART = import.meta.main ? process.argv[3] : undefined;
export const BUDGET = { perSecond: 20_000, rules: 20, latencyMs: 100, loadPerSecond: 1_000 } as const;
const LOAD_MS = 20_000;
/** Not measured: the program has just started. */
const WARM_UP_MS = 3_000;
const STEP_MS = 10;
const POLL_MS = 20;
/** USER_HZ of Linux. */
const TICKS_PER_SECOND = 100;

const root = mkdtempSync(join(tmpdir(), 'bench-alerts-'));
const CALICO = join(import.meta.dirname, '..', 'test', 'fixtures', 'alerts', 'calico-honeypods.yaml');

/** Calico's five, and as many more over touches, with wildcards, sets and counts, as make up `count`. */
function rules(count: number): string {
  const directory = join(root, `rules-${count}`);
  mkdirSync(directory, { recursive: true });
  if (count >= 5) cpSync(CALICO, join(directory, 'calico.yaml'));
  for (let at = count >= 5 ? 5 : 0; at < count; at++) {
    writeFileSync(
      join(directory, `rule-${at}.yaml`),
      `apiVersion: alerts.internal/v1
kind: GlobalAlert
metadata: { name: bench.rule-${at} }
spec:
  description: bench
  severity: 50
  dataSet: touches
  query: '(event.action = "mysql-query" AND honeypod.mysql.statement IN {"*INTO OUTFILE ${at}*", "*LOAD_FILE*"}) OR user.name = "user-${at}"'
  aggregateBy: [source.ip]
  metric: count
  condition: gte
  threshold: 5
`,
    );
  }
  return directory;
}

function ip(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function touches(file: string, count: number, sources: number): void {
  const next = touchStream({ decoy: 'db', port: 3306, sourceOf: (at) => ip(at % sources) });
  const descriptor = openSync(file, 'w');
  for (let at = 0; at < count; at += 1_000) writeSync(descriptor, Array.from({ length: 1_000 }, next).join(''));
  closeSync(descriptor);
}

/** CPU time of a process, user and system, of threads that have ended too. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND || 0;
}

interface Cost {
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Runs to the end and says what it cost, as the kernel counts it. */
async function run(args: readonly string[]): Promise<Cost> {
  const [file, words] = commandFor('alerts', { args });
  const child = spawn(file, words, { stdio: ['ignore', 'ignore', 'ignore'] });
  const cost = { cpuSeconds: 0, peakMb: 0 };
  const look = () => {
    try {
      cost.cpuSeconds = Math.max(cost.cpuSeconds, cpuSeconds(child.pid));
      cost.peakMb = Math.max(cost.peakMb, peakMb([child.pid!]));
    } catch {
      // It has ended between two looks.
    }
  };
  const timer = setInterval(look, POLL_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  return cost;
}

interface Throughput {
  readonly micros: number;
  readonly perSecond: number;
  readonly peakMb: number;
}

/** CPU a touch of so many sources through so many rules, start-up taken off. */
export async function throughputOf(count: number, sources: number, durable: boolean): Promise<Throughput> {
  const empty = join(root, 'empty.log');
  writeFileSync(empty, '');
  const log = join(root, 'touches.log');
  touches(log, TOUCHES, sources);
  const args = (file: string) => ['--file', file, '--once', '--rules', rules(count)];
  const idle = await run(args(empty));
  const state = join(root, `state-${count}-${sources}`);
  const full = await run([...args(log), ...(durable ? ['--state', state] : [])]);
  const micros = ((full.cpuSeconds - idle.cpuSeconds) / TOUCHES) * 1e6;
  return { micros, perSecond: 1e6 / micros, peakMb: full.peakMb };
}

async function throughput(): Promise<void> {
  console.log(
    `\n${TOUCHES} touches read from a file, start-up taken off; budget ${BUDGET.perSecond}/s a core through ${BUDGET.rules} rules`,
  );
  console.log('rules  sources  state   µs CPU/touch  touches/s a core  of budget  peak RSS MB');
  const cases = [
    ...[1, 5, 20, 80].map((count) => ({ count, sources: 100, durable: false })),
    ...[1, 10_000].map((sources) => ({ count: BUDGET.rules, sources, durable: false })),
    { count: BUDGET.rules, sources: 100, durable: true },
  ];
  for (const { count, sources, durable } of cases) {
    const { micros, perSecond, peakMb } = await throughputOf(count, sources, durable);
    console.log(
      [
        String(count).padStart(5),
        String(sources).padStart(7),
        (durable ? 'disk' : 'memory').padEnd(6),
        micros.toFixed(1).padStart(12),
        perSecond.toFixed(0).padStart(16),
        `${(perSecond / BUDGET.perSecond).toFixed(2)}×`.padStart(9),
        peakMb.toFixed(0).padStart(11),
      ].join('  '),
    );
  }
}

/** ms from a line written to its receipt, sorted, by output; `written` new events a second opened while it was measured. */
export interface Latency {
  readonly byOutput: ReadonlyMap<string, readonly number[]>;
  readonly events: number;
}

export async function latency(newPerSecond: number): Promise<Latency> {
  const writtenMs = new Map<string, number>();
  const latencies = new Map<string, Map<string, number>>();
  const arrived = (output: string, source: string) => {
    const written = writtenMs.get(source);
    const of = latencies.get(output) ?? new Map<string, number>();
    latencies.set(output, of);
    if (written !== undefined && !of.has(source)) of.set(source, performance.now() - written);
  };
  const { url, syslogPort, http, tcp } = await receivers(arrived);
  const config = join(root, 'config.yaml');
  writeFileSync(
    config,
    `outputs:
  - { type: webhook, url: '${url}/webhook' }
  - { type: falcosidekick, url: '${url}/falcosidekick' }
  - { type: alertmanager, url: '${url}/alertmanager' }
  - { type: slack, url: { env: SLACK } }
  - { type: syslog, address: 'tcp://127.0.0.1:${syslogPort}' }
`,
  );
  const log = join(root, `load-${newPerSecond}.log`);
  writeFileSync(log, '');
  const [file, words] = commandFor('alerts', {
    args: [
      '--file',
      log,
      '--rules',
      rules(BUDGET.rules),
      '--config',
      config,
      '--state',
      join(root, `state-${newPerSecond}`),
    ],
  });
  const notes = join(root, `event-loop-${newPerSecond}`);
  const env = {
    PATH: process.env.PATH,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'event-loop.ts')}`,
    NOTES: notes,
    SLACK: `${url}/slack`,
    METRICS_PORT: '0',
    PAGE_PORT: '18291',
  };
  const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  createInterface({ input: child.stdout }).on('line', (text) =>
    arrived('stdout', /"source":\{"ip":"([^"]+)"/.exec(text)?.[1] ?? ''),
  );
  await delay(1_000);

  // Every so many touches one comes from a source not seen before: that one opens an event everywhere.
  const every = Math.round(BUDGET.loadPerSecond / newPerSecond);
  const sourceOf = (at: number) => ip(at % every === 0 ? 1_000_000 + at : at % 200);
  const next = touchStream({ decoy: 'db', port: 3306, sourceOf });
  let at = 0;
  const startedCpu = cpuSeconds(child.pid);
  const started = performance.now();
  while (performance.now() - started < WARM_UP_MS + LOAD_MS) {
    const due = Math.floor(((performance.now() - started) / 1_000) * BUDGET.loadPerSecond);
    let text = '';
    const fresh: string[] = [];
    for (; at < due; at++) {
      text += next();
      if (at % every === 0) fresh.push(sourceOf(at));
    }
    appendFileSync(log, text);
    if (performance.now() - started > WARM_UP_MS) for (const source of fresh) writtenMs.set(source, performance.now());
    await delay(STEP_MS);
  }
  const cpu = cpuSeconds(child.pid) - startedCpu;
  const share = (cpu / ((performance.now() - started) / 1_000)) * 100;
  await delay(2_000);
  const rssMb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  child.kill('SIGKILL');
  http.close();
  http.closeAllConnections();
  tcp.close();
  console.log(
    `\n${at} touches at ${BUDGET.loadPerSecond}/s, ${newPerSecond} new events a second; line written → output, budget p99 ${BUDGET.latencyMs} ms; ${share.toFixed(0)} % of a core, RSS ${rssMb.toFixed(0)} MB; load of the machine ${loadavg()[0]!.toFixed(1)}`,
  );
  const worst = readFileSync(notes, 'utf8')
    .trim()
    .split('\n')
    .slice(WARM_UP_MS / 1_000)
    .map((note) => Number(note.split(' ')[1]));
  console.log(`its event loop was held up ${Math.max(...worst)} ms at most`);
  console.log('output           events  p50 ms  p99 ms  max ms');
  for (const [output, of] of latencies) {
    const sorted = [...of.values()].sort((a, b) => a - b);
    const quantile = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1);
    const events = `${sorted.length}/${writtenMs.size}`;
    console.log(
      `${output.padEnd(14)} ${events.padStart(9)} ${quantile(0.5).padStart(7)} ${quantile(0.99).padStart(7)} ${quantile(1).padStart(7)}`,
    );
  }
  const byOutput = new Map([...latencies].map(([output, of]) => [output, [...of.values()].sort((a, b) => a - b)]));
  return { byOutput, events: writtenMs.size };
}

process.once('exit', () => rmSync(root, { recursive: true, force: true }));
if (import.meta.main) {
  if (PART !== 'latency') await throughput();
  if (PART !== 'throughput') {
    await latency(50);
    await latency(200);
  }
  process.exit(0);
}
