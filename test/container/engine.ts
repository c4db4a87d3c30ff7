// podman and docker as the tests use them: storage of their own, removed afterwards, and the archives of `npm run images` in it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missing } from '../harness/tools.ts';

const DAEMON_START_MS = 15_000;
const REMOVE_TRIES = 40;
const REMOVE_EVERY_MS = 250;
/** This much of a container is not for a test to decide: a runtime that works on old cgroups, and limits that may not be raised. */
const CONTAINERS_CONF =
  '[engine]\nruntime="runc"\n[containers]\ndefault_ulimits=["nofile=1024:1024","nproc=1000:1000"]\n';

export interface Engine {
  readonly name: string;
  /** Words before the subcommand. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Runs a subcommand to its end; throws with what it said where it fails. */
  run(...args: string[]): string;
  /** Removes all containers and the storage. */
  remove(): Promise<void>;
}

/** Why containers cannot be run by podman here, or an empty string. */
export function noPodman(): string {
  if (process.getuid?.() !== 0) return 'needs root';
  return missing('podman', 'runc', 'ip', 'nsenter');
}

/** Why containers cannot be run by docker here, or an empty string. */
export function noDocker(): string {
  if (process.getuid?.() !== 0) return 'needs root';
  return missing('dockerd', 'containerd', 'runc', 'ip', 'nsenter');
}

export function startPodman(): Engine {
  const scratch = mkdtempSync(join(tmpdir(), 'podman-'));
  const conf = join(scratch, 'containers.conf');
  writeFileSync(conf, CONTAINERS_CONF);
  const command = ['podman', '--root', join(scratch, 'root'), '--runroot', join(scratch, 'run')];
  return engine('podman', command, { ...process.env, CONTAINERS_CONF: conf }, () => {
    return removeMounted(scratch);
  });
}

/** Starts a daemon of our own; rejects with its last words where it does not come up. */
export async function startDocker(): Promise<Engine> {
  const scratch = mkdtempSync(join(tmpdir(), 'docker-'));
  const socket = join(scratch, 'sock');
  const config = join(scratch, 'daemon.json');
  writeFileSync(config, '{}');
  const daemon = spawn(
    'dockerd',
    [
      ...[
        '--data-root',
        join(scratch, 'data'),
        '--exec-root',
        join(scratch, 'exec'),
        '--pidfile',
        join(scratch, 'pid'),
      ],
      ...['-H', `unix://${socket}`, '--bridge=none', '--iptables=false', '--ip6tables=false', '--config-file', config],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, DOCKER_RAMDISK: 'true' } },
  );
  let words = '';
  daemon.stderr.on('data', (text) => {
    words = `${words}${text}`.slice(-2_000);
  });
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const end = async () => {
    daemon.kill('SIGTERM');
    await gone;
    await removeMounted(scratch);
  };
  const deadline = Date.now() + DAEMON_START_MS;
  while (!existsSync(socket) && Date.now() < deadline && daemon.exitCode === null) await sleep(100);
  const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';
  const started = engine('docker', [client, '-H', `unix://${socket}`], process.env, end);
  try {
    started.run('version');
  } catch (error) {
    await end();
    throw new Error(`dockerd does not come up: ${words}`, { cause: error });
  }
  return started;
}

/** Removes a directory and, before it, what a runtime left mounted in it; its own cleaning up goes on for a moment. */
async function removeMounted(directory: string): Promise<void> {
  for (let tries = 0; existsSync(directory) && tries < REMOVE_TRIES; tries++) {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const points = mounts.map((line) => line.split(' ')[1] ?? '').filter((point) => point.startsWith(`${directory}/`));
    for (const point of points.reverse()) spawnSync('umount', ['--lazy', point]);
    try {
      rmSync(directory, { recursive: true, force: true });
    } catch {
      await sleep(REMOVE_EVERY_MS);
    }
  }
}

function engine(
  name: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  removeStorage: () => Promise<void>,
): Engine {
  const run = (...args: string[]) => {
    const result = spawnSync(command[0]!, [...command.slice(1), ...args], { env, encoding: 'utf8', timeout: 120_000 });
    if (result.status !== 0) throw new Error(`${name} ${args.join(' ')}: ${result.error?.message ?? result.stderr}`);
    return result.stdout;
  };
  return {
    name,
    command,
    env,
    run,
    async remove() {
      const names = run('ps', '-aq').split('\n').filter(Boolean);
      if (names.length) run('rm', '-f', ...names);
      await removeStorage();
    },
  };
}
