// The whole product as it stands in a cluster, on one machine: each decoy in a network namespace of its own with its log in a file,
// and `alerts` that follows the files with its state on disk.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { asShipped } from '../fuzz/as-shipped.ts';
import { createNetwork, type Network } from '../test/harness/netns.ts';
import { freePort } from '../test/harness/ports.ts';
import { commandFor } from '../test/harness/program.ts';
import { received, setCable } from '../test/protocol/app-network.ts';

export const DECOYS = ['app', 'dashboard', 'db'] as const;
export type DecoyName = (typeof DECOYS)[number];
const START_MS = 20_000;
const STOP_MS = 10_000;

export interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly stderr: string[];
  /** How it ended, `0` or `SIGKILL`; undefined while it runs. */
  ended(): string | undefined;
  /** SIGTERM; resolves with how it ended. */
  stop(): Promise<string>;
}

export interface RunningDecoy extends Running {
  readonly network: Network;
  readonly log: string;
  /** Packets its kernel has received since it started. */
  received(): number;
}

function running(name: string, child: ChildProcess): Running {
  const stderr: string[] = [];
  let how: string | undefined;
  createInterface({ input: child.stderr! }).on('line', (text) => stderr.push(text));
  const closed = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => {
      how = String(signal ?? code);
      resolve(how);
    }),
  );
  return {
    name,
    child,
    stderr,
    ended: () => how,
    async stop() {
      if (how === undefined) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const result = await closed;
      clearTimeout(timer);
      return result;
    },
  };
}

async function said({ name, stderr, ended }: Running, text: string): Promise<void> {
  for (const until = Date.now() + START_MS; !stderr.some((line) => line.includes(text)); await delay(20))
    if (ended() !== undefined || Date.now() > until) throw new Error(`${name} did not start: ${stderr.join(' | ')}`);
}

export async function startDecoy(name: DecoyName, directory: string): Promise<RunningDecoy> {
  const network = createNetwork('soak');
  const { decoy } = network;
  setCable(network, 'down');
  const { nodeFlags, env } = asShipped(name);
  const [file, args] = commandFor(name, { netns: decoy.netns, nodeFlags });
  const log = join(directory, `${name}.log`);
  const descriptor = openSync(log, 'a');
  const pod = { POD_NAME: `tigera-internal-${name}-28c85`, POD_IPS: `${decoy.ip},${decoy.ip6}`, COUNTERS: 'true' };
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, ...env, ...pod },
    stdio: ['ignore', descriptor, 'pipe'],
  });
  closeSync(descriptor);
  const one = running(name, child);
  await said(one, `${name}: `);
  // What it sends itself to learn how its kernel refuses is over by now.
  const before = received(decoy.netns);
  setCable(network, 'up');
  return { ...one, network, log, received: () => received(decoy.netns) - before };
}

export interface RunningAlerts extends Running {
  /** When the first alert of a source was written, ms since the epoch, by address. */
  readonly firstAlertMs: ReadonlyMap<string, number>;
  /** A counter's samples by their labels, `kind="touch"` → 12. */
  counter(name: string): Promise<Map<string, number>>;
  readonly state: string;
}

/** Sources whose first alert is remembered. */
const REMEMBERED = 100_000;

export async function startAlerts(logs: readonly string[], directory: string): Promise<RunningAlerts> {
  const [pagePort, metricsPort] = [await freePort(), await freePort()];
  const state = join(directory, 'state');
  mkdirSync(state);
  const config = join(directory, 'config.yaml');
  writeFileSync(config, 'outputs: [{ type: stdout }]\n');
  const { nodeFlags, env } = asShipped('alerts');
  const [file, args] = commandFor('alerts', {
    args: [...logs.flatMap((log) => ['--file', log]), '--state', state, '--config', config],
    nodeFlags,
  });
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, ...env, PAGE_PORT: String(pagePort), METRICS_PORT: String(metricsPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const firstAlertMs = new Map<string, number>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const ip = /"source":\{"ip":"([^"]+)"/.exec(text)?.[1];
    if (ip !== undefined && firstAlertMs.size < REMEMBERED && !firstAlertMs.has(ip)) firstAlertMs.set(ip, Date.now());
  });
  const one = running('alerts', child);
  await said(one, 'page: http');
  return {
    ...one,
    state,
    firstAlertMs,
    async counter(name) {
      const text = await fetched(metricsPort);
      const samples = text.matchAll(new RegExp(`^${name}\\{([^}]*)\\} (\\d+)$`, 'gm'));
      return new Map([...samples].map(([, labels = '', value]) => [labels, Number(value)]));
    },
  };
}

function fetched(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject).on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** Bytes of a directory's files, or of those named. */
export function bytesIn(directory: string, ...names: readonly string[]): number {
  const files = names.length > 0 ? names : readdirSync(directory);
  return files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

export function linesOf(log: string): string[] {
  return readFileSync(log, 'utf8').split('\n').filter(Boolean);
}
