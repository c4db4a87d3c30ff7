// The servers that are measured: a decoy as its image runs it, and beside it the real thing or what Node itself costs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asShipped } from '../fuzz/as-shipped.ts';
import { startPair } from '../test/dashboard-twin/pair.ts';
import { freePort } from '../test/harness/ports.ts';
import { commandFor } from '../test/harness/program.ts';
import { missing } from '../test/harness/tools.ts';
import { family } from './processes.ts';

const HOST = '127.0.0.1';
const ACCEPT_MS = 60_000;
const RETRY_MS = 1;

export interface Server {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** From spawn to the first connection accepted. */
  readonly startMs: number;
  readonly pids: readonly number[];
  /** Ends it; resolves with all it wrote to stdout the first time. */
  stop(): Promise<string[]>;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function accepted(name: string, port: number, child: ChildProcess): Promise<number> {
  const begun = performance.now();
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode} before it listened`);
    if (performance.now() - begun > ACCEPT_MS) throw new Error(`${name} does not listen on port ${port}`);
    await delay(RETRY_MS);
  }
  return performance.now() - begun;
}

/** From a signal to the end of a server's process at most. */
const PATIENCE_MS = 10_000;

async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  // A MariaDB that is told to end in the moment it begins to listen may never hear it.
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await exit;
  clearTimeout(patience);
}

interface Spawned {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly env?: Record<string, string>;
  readonly directory?: string;
}

async function started({ name, command, port, env = {}, directory }: Spawned): Promise<Server> {
  const scratch = directory ?? mkdtempSync(join(tmpdir(), 'bench-'));
  const output = join(scratch, 'stdout');
  const descriptor = openSync(output, 'w');
  const [file = '', ...args] = command;
  const child = spawn(file, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', descriptor, 'ignore'] });
  closeSync(descriptor);
  try {
    const startMs = await accepted(name, port, child);
    return {
      name,
      host: HOST,
      port,
      startMs,
      pids: [child.pid!],
      async stop() {
        await ended(child);
        if (!existsSync(output)) return [];
        const lines = readFileSync(output, 'utf8').split('\n').filter(Boolean);
        rmSync(scratch, { recursive: true, force: true });
        return lines;
      },
    };
  } catch (error) {
    await ended(child, 'SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

/** A decoy that listens; lines go to a file, as a runtime's do. */
export async function startDecoy(name: 'dashboard' | 'db'): Promise<Server> {
  const port = await freePort();
  const { nodeFlags, env } = asShipped(name);
  const [file, args] = commandFor(name, { nodeFlags });
  const own = { BIND: HOST, DEBUG_PORT: String(port), DB_PORT: String(port), TLS_PORT: String(await freePort()) };
  return started({ name: 'decoy', command: [file, ...args], port, env: { ...env, ...own } });
}

export async function startBareNode(port: 'http' | 'mysql'): Promise<Server> {
  const [httpPort, mysqlPort] = [await freePort(), await freePort()];
  const command = [process.execPath, join(import.meta.dirname, 'bare-node.ts'), `${httpPort}`, `${mysqlPort}`];
  return started({ name: 'bare Node', command, port: port === 'http' ? httpPort : mysqlPort });
}

/** What Node's `net` costs where nothing is read, decided or logged: the same bytes to whoever sends any, one request a connection. */
export async function startBareNet(): Promise<Server> {
  const port = await freePort();
  const { nodeFlags, env } = asShipped('dashboard');
  const command = [process.execPath, ...nodeFlags, join(import.meta.dirname, 'bare-net.ts'), String(port)];
  return started({ name: 'bare net', command, port, env });
}

/** nginx with the decoy's own site and its access log; undefined where it is not installed. */
export async function startNginx(workers: '1' | 'auto' = '1'): Promise<Server | undefined> {
  if (missing('nginx')) return undefined;
  const begun = performance.now();
  const pair = await startPair({ TWIN_ACCESS_LOG: 'true', TWIN_WORKERS: workers });
  const isNginx = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('nginx');
  return {
    name: workers === '1' ? 'nginx' : `nginx, workers ${workers}`,
    ...pair.reference,
    startMs: performance.now() - begun,
    // Its worker comes a moment after its port.
    get pids() {
      return family(pair.pid).filter((pid) => pid !== pair.pid && isNginx(pid));
    },
    async stop() {
      await pair.stop();
      return [];
    },
  };
}

/** MariaDB with its general log, on a data directory of its own; undefined where mariadb-server-core is not installed. */
export async function startMariadb(): Promise<Server | undefined> {
  if (missing('mariadbd', 'mariadb-install-db')) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'bench-mariadb-'));
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const installed = spawnSync('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${directory}/data`,
    '--auth-root-authentication-method=normal',
    ...user,
  ]);
  if (installed.status !== 0) throw new Error(`mariadb-install-db: ${installed.stderr}`);
  const port = await freePort();
  const options = [
    `--datadir=${directory}/data`,
    `--socket=${directory}/socket`,
    `--port=${port}`,
    `--bind-address=${HOST}`,
  ];
  const logs = [
    '--general-log=1',
    `--general-log-file=${directory}/general.log`,
    '--log-warnings=2',
    `--log-error=${directory}/error.log`,
  ];
  return started({
    name: 'MariaDB',
    command: ['mariadbd', '--no-defaults', ...options, ...logs, ...user],
    port,
    directory,
  });
}

/** The MySQL server named by MYSQLD, with its general log; undefined where none is. */
export async function startMysql(mysqld = process.env.MYSQLD): Promise<Server | undefined> {
  if (mysqld === undefined || !existsSync(mysqld)) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'bench-mysql-'));
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  // Unpacked, not installed: its messages are three folders above the program.
  const base = [`--datadir=${directory}/data`, `--basedir=${join(mysqld, '..', '..')}`, ...user];
  const made = spawnSync(mysqld, ['--no-defaults', '--initialize-insecure', ...base]);
  if (made.status !== 0) throw new Error(`${mysqld} --initialize-insecure: ${made.stderr}`);
  const port = await freePort();
  const options = [
    `--port=${port}`,
    `--bind-address=${HOST}`,
    `--socket=${directory}/socket`,
    '--mysqlx=OFF',
    '--skip-log-bin',
  ];
  const logs = ['--general-log=1', `--general-log-file=${directory}/general.log`, `--log-error=${directory}/error.log`];
  return started({ name: 'MySQL', command: [mysqld, '--no-defaults', ...base, ...options, ...logs], port, directory });
}
