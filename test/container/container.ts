// One container as README starts it: its lines as they come, its process as the kernel sees it, its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { parseLine } from '../harness/lines.ts';
import type { Engine } from './engine.ts';

const START_MS = 20_000;
const TICKS_PER_SECOND = 100;

/** Options of `docker run` that every image is run with; README shows the same. */
export const HARDENING: readonly string[] = [
  '--read-only',
  '--ipc=none',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--pids-limit=32',
  '--memory=128m',
  '--cpus=0.1',
];
/** And what single images need on top. */
export const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'internal-app': ['--cap-add=NET_RAW', '--cap-add=SETUID', '--cap-add=SETGID'],
  'internal-dashboard': ['--sysctl=net.ipv4.ip_unprivileged_port_start=0'],
};

/** Only podman: it would put writable file systems on /tmp, /run and /var/tmp. */
const ENGINE_OPTIONS: Readonly<Record<string, readonly string[]>> = { podman: ['--read-only-tmpfs=false'] };
/** With IMAGES_SECCOMP=images/seccomp.json every container of the suite runs under that profile. */
const { IMAGES_SECCOMP } = process.env;

export interface ContainerOptions {
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further options; a later one wins over HARDENING's. */
  readonly options?: readonly string[];
  readonly args?: readonly string[];
}

export interface Container {
  readonly name: string;
  /** Of the decoy, as this machine counts. */
  readonly pid: number;
  readonly client: ChildProcess;
  readonly lines: TouchLine[];
  readonly stderr: string[];
  /** `kB` of a field of /proc/PID/status. */
  status(field: string): string;
  signal(name: string): void;
  readonly exit: Promise<number | null>;
}

let started = 0;

/** Starts a container and resolves once its decoy says where it listens. */
export async function startContainer(
  engine: Engine,
  { image, env = {}, options = [], args = [] }: ContainerOptions,
): Promise<Container> {
  const name = `${image}-${process.pid}-${++started}`;
  const words = [
    ...['run', '--name', name, '--network=none', ...HARDENING, ...(NEEDS[image] ?? [])],
    ...[
      ...(ENGINE_OPTIONS[engine.name] ?? []),
      ...(IMAGES_SECCOMP ? [`--security-opt=seccomp=${IMAGES_SECCOMP}`] : []),
      ...options,
    ],
    ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...[`${image}:0.1.0`, ...args],
  ];
  const client = spawn(engine.command[0]!, [...engine.command.slice(1), ...words], {
    env: engine.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: TouchLine[] = [];
  const stderr: string[] = [];
  createInterface({ input: client.stdout! }).on('line', (text) => lines.push(parseLine(text)));
  createInterface({ input: client.stderr! }).on('line', (text) => stderr.push(text));
  const exit = new Promise<number | null>((resolve) => client.once('close', (code) => resolve(code)));
  const deadline = Date.now() + START_MS;
  while (lines.length === 0) {
    if (client.exitCode !== null || Date.now() > deadline)
      throw new Error(`${name} did not start: ${stderr.join('\n')}`);
    await sleep(20);
  }
  const pid = Number(engine.run('inspect', '--format', '{{.State.Pid}}', name).trim());
  return {
    name,
    pid,
    client,
    lines,
    stderr,
    exit,
    status: (field) => statusField(pid, field),
    signal: (signal) => void engine.run('kill', '--signal', signal, name),
  };
}

/** A field of /proc/PID/status as the kernel prints it. */
export function statusField(pid: number, field: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = text.split('\n').find((one) => one.startsWith(`${field}:`));
  if (!line) throw new Error(`no ${field} in /proc/${pid}/status`);
  return line.slice(field.length + 1).trim();
}

/** When the process was made, in ms since the epoch, to the kernel's tick of 10 ms (proc_pid_stat(5), field 22). */
export function startedAt(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0]);
  return Date.now() - (uptime - ticks / TICKS_PER_SECOND) * 1_000;
}

/** Sends SIGTERM; resolves with the ms until the process is gone. */
export async function endingMs({ pid }: Pick<Container, 'pid'>): Promise<number> {
  const from = performance.now();
  process.kill(pid, 'SIGTERM');
  while (existsSync(`/proc/${pid}`)) await sleep(2);
  return performance.now() - from;
}
