// CPU a request, requests a second and memory of the dashboard, beside nginx with its access log and what Node itself costs.
import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { missing } from '../../test/harness/tools.ts';
import type { Figure, Peer } from '../figure.ts';
import { cpuUs, peakMb, residentMb } from '../processes.ts';
import { type Server, startBareNode, startDecoy, startNginx } from '../servers.ts';
import { unaccounted } from '../unaccounted.ts';

const HOST = '127.0.0.1';
const IDLE_MS = 2_000;
const OPENCANARY_US = 430;

interface Load {
  readonly what: string;
  readonly path: string;
  readonly options: readonly string[];
  readonly requests: number;
  readonly budgetUs: number;
}

const LOADS: readonly Load[] = [
  {
    what: 'HTTP request, static, keep-alive',
    path: '/tiny.txt',
    options: ['-k', '-c', '32'],
    requests: 40_000,
    budgetUs: 150,
  },
  {
    what: 'HTTP request, static, a connection each',
    path: '/tiny.txt',
    options: ['-c', '16'],
    requests: 15_000,
    budgetUs: 150,
  },
  {
    what: 'HTTP request behind fastify, keep-alive',
    path: '/api/v1/status',
    options: ['-k', '-c', '16'],
    requests: 15_000,
    budgetUs: 350,
  },
  {
    what: 'HTTP request behind fastify, a connection each',
    path: '/api/v1/status',
    options: ['-c', '16'],
    requests: 10_000,
    budgetUs: 350,
  },
];
const WARM_UP_REQUESTS = 3_000;

function drive({ host, port, pids }: Server, { path, options, requests }: Load): { cpu: number; perSecond: number } {
  const ab = (count: number) =>
    execFileSync('ab', ['-q', '-n', String(count), ...options, `http://${host}:${port}${path}`], { encoding: 'utf8' });
  ab(WARM_UP_REQUESTS);
  const before = cpuUs(pids);
  const report = ab(requests);
  return {
    cpu: (cpuUs(pids) - before) / requests,
    perSecond: Number(/Requests per second:\s+([\d.]+)/.exec(report)?.[1]),
  };
}

const CLIENTS = 1_000;
const HALF_HEAD = `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(3_000)}\r\n`.concat(`X-B: ${'b'.repeat(3_000)}\r\n`.repeat(7));
const LONG_BODY = Buffer.concat([
  Buffer.from('POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n'),
  Buffer.alloc(1 << 20, 65),
]);

/** A thousand half-sent headers of 24 kB, then two hundred bodies of 1 MB. */
async function hostile(port: number): Promise<void> {
  for (const [count, bytes] of [
    [CLIENTS, HALF_HEAD],
    [CLIENTS / 5, LONG_BODY],
  ] as const) {
    const sockets: Socket[] = [];
    for (let at = 0; at < count; at++) {
      const socket = connect({ host: HOST, port }, () => socket.write(bytes));
      socket.on('data', () => {}).on('error', () => {}); // It may drop them for others.
      sockets.push(socket);
      if (at % 50 === 0) await delay(5);
    }
    await delay(1_000);
    for (const socket of sockets) socket.destroy();
    await delay(300);
  }
}

export const lackingHttp = () => missing('ab');

export async function measureHttp(): Promise<Figure[]> {
  const decoy = await startDecoy('dashboard');
  const others = [await startNginx(), await startBareNode('http')].filter((server) => server !== undefined);
  try {
    await delay(IDLE_MS);
    const idleMb = residentMb(decoy.pids);
    const figures: Figure[] = [];
    let sent = 0;
    for (const load of LOADS) {
      const own = drive(decoy, load);
      sent += load.requests + WARM_UP_REQUESTS;
      const theirs = others.map((server) => ({ name: server.name, ...drive(server, load) }));
      const cpus: Peer[] = theirs.map(({ name, cpu }) => ({ name, value: cpu }));
      figures.push({
        what: load.what,
        value: own.cpu,
        unit: 'µs CPU',
        budget: { kind: 'most', value: load.budgetUs },
        peers: [...cpus, { name: 'OpenCanary', value: OPENCANARY_US, published: true }],
        note: `ab, ${load.requests} requests, each logged${load.path.startsWith('/api') ? '; nginx without its upstream' : ''}`,
      });
      const rates: Peer[] = theirs.map(({ name, perSecond }) => ({ name, value: perSecond }));
      figures.push({ what: `${load.what}, rate`, value: own.perSecond, unit: 'requests/s', peers: rates });
    }
    await hostile(decoy.port);
    const peers = others.map((server) => ({ name: server.name, value: residentMb(server.pids) }));
    figures.push(
      {
        what: 'memory of dashboard, idle',
        value: idleMb,
        unit: 'MB resident',
        budget: { kind: 'most', value: 64 },
        peers: [{ name: 'OpenCanary', value: 60, published: true }],
      },
      {
        what: 'memory of dashboard, most under load',
        value: peakMb(decoy.pids),
        unit: 'MB resident',
        budget: { kind: 'most', value: 110 },
        peers,
        note: `${sent.toLocaleString('en')} requests, 1,000 half heads of 24 kB, 200 bodies of 1 MB; peers after the requests`,
      },
    );
    figures.push(unaccounted('dashboard', await decoy.stop(), sent));
    return figures;
  } finally {
    for (const server of [decoy, ...others]) await server.stop();
  }
}
