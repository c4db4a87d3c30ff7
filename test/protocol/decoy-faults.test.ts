// What befalls a decoy's process: its log's reader goes, its file descriptors or memory run out, it is ended in the middle of a flood.
// It does its work, or ends and says why; what it took in is told or counted as lost.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { asShipped } from '../../fuzz/as-shipped.ts';
import { countOf, touchesOf } from '../harness/lines.ts';
import { createNetwork, noNetns } from '../harness/netns.ts';
import { freePort } from '../harness/ports.ts';
import { commandFor, type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';
import { startSender } from './app-network.ts';

const HOST = '127.0.0.1';
const LISTENERS = ['dashboard', 'db'] as const;
type Listener = (typeof LISTENERS)[number];
const END_MS = 2_000;

interface Listening {
  readonly program: Program;
  readonly port: number;
}

async function listening(name: Listener, prefix: readonly string[] = []): Promise<Listening> {
  const port = await freePort();
  const env = { BIND: HOST, DB_PORT: String(port), DEBUG_PORT: String(port), TLS_PORT: String(await freePort()) };
  const { nodeFlags, env: shipped } = asShipped(name);
  return { port, program: await startDecoy(name, { env: { ...shipped, ...env }, nodeFlags, prefix }) };
}

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Resolves once the connection is accepted, by the kernel at least. */
function open(port: number, bytes: string | Buffer = ''): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port }, () => resolve(socket));
    socket.on('error', () => resolve(socket));
    socket.on('data', () => {});
    socket.write(bytes);
    sockets.push(socket);
  });
}

/** What a client that asks plainly gets first. */
function answerOf(name: Listener, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port }, () =>
      socket.write(name === 'dashboard' ? 'GET / HTTP/1.0\r\n\r\n' : ''),
    );
    socket.once('data', (bytes) => {
      resolve(bytes.toString('latin1'));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
  });
}

const ANSWERS: Readonly<Record<Listener, RegExp>> = { dashboard: /^HTTP\/1\.1 200 OK/, db: /9\.7\.\d+\0/ };

/** Touches told and known lost, beside what the last heartbeat says there were. */
function booksOf({ lines }: Program) {
  const lost = lines.reduce((sum, { honeypod }) => sum + (honeypod.lost ?? 0), 0);
  const last = lines.filter(({ event }) => event.kind === 'metric').at(-1);
  return { accounted: countOf(touchesOf(lines)) + lost, touches: last?.honeypod.touches };
}

describe('stdout closed', () => {
  it.each(LISTENERS)('%s ends and says why', async (name) => {
    const port = await freePort();
    const [file, args] = commandFor(name);
    const env = {
      PATH: process.env.PATH,
      BIND: HOST,
      DB_PORT: `${port}`,
      DEBUG_PORT: `${port}`,
      TLS_PORT: `${await freePort()}`,
    };
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
    });
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.stdout.destroy();
    const exit = new Promise((resolve) => child.once('close', resolve));
    await open(port, 'GET / HTTP/1.0\r\n\r\n');
    expect(await exit).toBe(1);
    expect(said).toMatch(
      new RegExp(`^${name}: stdout cannot be written \\(.*EPIPE.*\\); nothing would be recorded, so this ends$`, 'm'),
    );
  });
});

const noLimit = missing('prlimit');

describe.skipIf(noLimit)(titled('64 file descriptors', noLimit), () => {
  const CLIENTS = 200;

  it.each(LISTENERS)('%s tells of every one of 200 clients that stay, and serves who comes after', async (name) => {
    const { program, port } = await listening(name, ['prlimit', '--nofile=64:64']);
    for (let client = 0; client < CLIENTS; client++) await open(port);
    await delay(300);
    for (const socket of sockets.splice(0)) socket.destroy();
    await delay(100);
    expect(await answerOf(name, port)).toMatch(ANSWERS[name]);
    expect(await program.stop()).toBe(0);
    const fromClients = program.touches().filter(({ source }) => source?.ip === HOST);
    expect(countOf(fromClients)).toBeGreaterThanOrEqual(CLIENTS + 1);
    const { accounted, touches } = booksOf(program);
    expect(accounted).toBe(touches);
  });
});

const MEMORY = '/sys/fs/cgroup/memory';
const noMemory =
  existsSync(join(MEMORY, 'memory.limit_in_bytes')) && process.getuid?.() === 0 ? '' : 'needs root and a memory cgroup';

describe.skipIf(noMemory)(titled('a memory limit of 128 MB', noMemory), () => {
  const group = join(MEMORY, `decoy-faults-${process.pid}`);
  const CLIENTS = 40;
  /** The longest there is before a login, and a body that is read away. */
  const LONG: Readonly<Record<Listener, Buffer>> = {
    db: Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 1]), Buffer.alloc(4 << 20, 65)]),
    dashboard: Buffer.concat([
      Buffer.from('POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n'),
      Buffer.alloc(1 << 20, 65),
    ]),
  };

  it.each(LISTENERS)('%s stays under it, whatever forty clients send at once', async (name) => {
    mkdirSync(group);
    const { program, port } = await listening(name);
    try {
      writeFileSync(join(group, 'memory.limit_in_bytes'), String(128 << 20));
      writeFileSync(join(group, 'cgroup.procs'), String(program.child.pid));
      await Promise.all(Array.from({ length: CLIENTS }, () => open(port, LONG[name])));
      await delay(1_000);
      expect(await answerOf(name, port)).toMatch(ANSWERS[name]);
      expect(readFileSync(join(group, 'memory.oom_control'), 'utf8')).toMatch(/^oom_kill 0$/m);
    } finally {
      expect(await program.stop()).toBe(0);
      rmdirSync(group);
    }
  });
});

describe('SIGTERM in the middle of a flood', () => {
  it.each(LISTENERS)('%s ends within its grace period with its books exact', async (name) => {
    const { program, port } = await listening(name);
    let flooding = true;
    const flood = Array.from({ length: 16 }, async () => {
      while (flooding) {
        const socket = await open(port, name === 'dashboard' ? 'GET /debug/vars HTTP/1.0\r\n\r\n' : 'GARBAGE');
        await new Promise((resolve) => socket.once('close', resolve).setTimeout(500, () => socket.destroy()));
      }
    });
    await delay(1_000);
    const before = performance.now();
    const code = await program.stop();
    const took = performance.now() - before;
    flooding = false;
    await Promise.all(flood);
    expect(code).toBe(0);
    expect(took).toBeLessThan(END_MS);
    const { accounted, touches } = booksOf(program);
    expect(touches).toBeGreaterThan(0);
    expect(accounted).toBe(touches);
  });

  const noNetwork = noNetns();
  it.skipIf(noNetwork)(titled('app ends within its grace period with its books exact', noNetwork), async () => {
    const network = createNetwork('faults');
    try {
      const { nodeFlags, env } = asShipped('app');
      const app = await startDecoy('app', { netns: network.decoy.netns, nodeFlags, env: { ...env } });
      const sender = startSender(network, { kind: 'syn', rate: 10_000, seconds: 2 });
      await app.waitFor((line) => line.source?.ip === network.attacker.ip, 5_000);
      await delay(500);
      const before = performance.now();
      expect(await app.stop()).toBe(0);
      expect(performance.now() - before).toBeLessThan(END_MS);
      await sender;
      const { accounted, touches } = booksOf(app);
      expect(touches).toBeGreaterThan(0);
      expect(accounted).toBe(touches);
    } finally {
      network.remove();
    }
  });
});
