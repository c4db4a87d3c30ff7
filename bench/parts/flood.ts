// A minute of SYN, ICMP, HTTP and login flood: lines a second, books, memory, and how soon a source not seen before has its line.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { noNetns } from '../../test/harness/netns.ts';
import { WireClient } from '../../test/protocol/db/wire-client.ts';
import type { LoginOptions } from '../../test/protocol/db/wire-login.ts';
import { flood as floodApp } from '../app-flood.ts';
import type { Figure } from '../figure.ts';
import { peakMb } from '../processes.ts';
import { type Server, startDecoy } from '../servers.ts';
import { unaccounted } from '../unaccounted.ts';

const SECONDS = 60;
const CLIENTS = 16;
const HOST = '127.0.0.1';
const NEWCOMER = '127.0.0.9';
const LINES_BUDGET = 50;
const NEWCOMER_MS = 1_000;
const MEMORY_MB = 110;

export const lackingFlood = noNetns;

const most = (value: number) => ({ kind: 'most', value }) as const;

/** Packets as fast as they go at app. */
async function packetFlood(kind: 'syn' | 'icmp'): Promise<Figure[]> {
  const result = await floodApp({ path: 'adaptive', kind, rate: 0, cpu: 0, seconds: SECONDS, sources: 1 });
  const name = kind.toUpperCase();
  const lost = (result.lost / result.sent) * 100;
  return [
    {
      what: `${name} flood of app, ${SECONDS} s, lines a second`,
      value: result.linesPerSecond,
      unit: 'lines/s',
      budget: most(LINES_BUDGET),
      note: `${Math.round(result.sent / result.seconds).toLocaleString('en')} packets/s, ${lost.toFixed(2)} % lost by the kernel and reported`,
    },
    {
      what: `${name} flood, packets not accounted for`,
      value: Math.abs(result.unaccounted),
      unit: `of ${result.sent.toLocaleString('en')}`,
      budget: most(0),
    },
    {
      what: `${name} flood, newcomer's ping → line`,
      value: result.newcomerMs ?? Number.POSITIVE_INFINITY,
      unit: 'ms',
      budget: most(NEWCOMER_MS),
    },
    {
      what: `${name} flood, most memory of app`,
      value: result.peakBytes / 1e6,
      unit: 'MB resident',
      budget: most(MEMORY_MB),
    },
  ];
}

type Client = (port: number, from: string | undefined) => Promise<void>;

const REQUEST: Client = (port, from) =>
  new Promise((resolve) => {
    const socket = connect({ host: HOST, port, localAddress: from }, () =>
      socket.write('GET /tiny.txt HTTP/1.0\r\n\r\n'),
    );
    socket.on('data', () => {}).on('error', () => {}); // Seen as closed.
    socket.on('close', () => resolve());
  });

const GUESS: LoginOptions = { user: 'admin', plugin: 'mysql_native_password' };
const LOGIN: Client = async (port, from) => {
  const client = await WireClient.login(port, { ...GUESS, from });
  await client.read().catch(() => undefined); // Refused or dropped: a try all the same.
  client.socket.destroy();
};

/** Completed connections by many clients of one source, and in the middle one of another. */
async function clientFlood(what: string, decoy: Server, client: Client): Promise<Figure[]> {
  const until = performance.now() + SECONDS * 1_000;
  let made = 0;
  const flood = Array.from({ length: CLIENTS }, async () => {
    for (; performance.now() < until; made++) await client(decoy.port, undefined);
  });
  await delay((SECONDS * 1_000) / 2);
  const askedMs = Date.now();
  await client(decoy.port, NEWCOMER);
  await Promise.all(flood);
  const peak = peakMb(decoy.pids);
  const texts = await decoy.stop();
  const lines = texts.map((text) => JSON.parse(text) as TouchLine);
  const first = lines.find(({ source }) => source?.ip === NEWCOMER);
  const touches = lines.filter(({ event }) => event.kind === 'event');
  return [
    {
      what: `${what} flood, ${SECONDS} s, lines a second`,
      value: touches.length / SECONDS,
      unit: 'lines/s',
      budget: most(LINES_BUDGET),
      note: `${Math.round(made / SECONDS).toLocaleString('en')} connections/s`,
    },
    {
      ...unaccounted(what === 'HTTP' ? 'dashboard' : 'db', texts, made),
      what: `${what} flood, touches not accounted for`,
    },
    {
      what: `${what} flood, newcomer → line`,
      value: first ? uuidMs(first.event.id) - askedMs : Number.POSITIVE_INFINITY,
      unit: 'ms',
      budget: most(NEWCOMER_MS),
      note: 'by the time in the line’s id, made as it is written',
    },
    { what: `${what} flood, most memory`, value: peak, unit: 'MB resident', budget: most(MEMORY_MB) },
  ];
}

/** When a version 7 UUID was made, ms since the epoch (RFC 9562). */
function uuidMs(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}

/** Two at a time, one of packets and one of connections: what one costs the other must bear. */
export async function measureFlood(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [kind, what, name, client] of [
    ['syn', 'HTTP', 'dashboard', REQUEST],
    ['icmp', 'login', 'db', LOGIN],
  ] as const) {
    const decoy = await startDecoy(name);
    try {
      const [packets, connections] = await Promise.all([packetFlood(kind), clientFlood(what, decoy, client)]);
      figures.push(...packets, ...connections);
    } finally {
      await decoy.stop();
    }
  }
  return figures;
}
