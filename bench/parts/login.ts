// CPU a MySQL login try and memory of db, beside MariaDB, a MySQL that MYSQLD names, and what Node itself costs. Every try is logged by all.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { WireClient } from '../../test/protocol/db/wire-client.ts';
import type { LoginOptions } from '../../test/protocol/db/wire-login.ts';
import type { Figure } from '../figure.ts';
import { cpuUsOf, peakMb, residentMb } from '../processes.ts';
import { type Server, startBareNode, startDecoy, startMariadb, startMysql } from '../servers.ts';
import { unaccounted } from '../unaccounted.ts';

const HOST = '127.0.0.1';
const TRIES = 3_000;
const WARM_UP_TRIES = 500;
const SLOW_TRIES = 300;
const CLIENTS = 8;
const IDLE_MS = 2_000;
const BUDGET_US = 350;
const PUBLISHED = [
  { name: 'OpenCanary', value: 515, published: true },
  { name: 'mysql-honeypotd (C)', value: 148, published: true },
];
const AUTH_SWITCH = 0xfe;

/** One try to its verdict; a server that asks for another plugin is answered with no password. */
async function attempt(port: number, options: LoginOptions): Promise<void> {
  const client = await WireClient.login(port, options);
  const first = await client.read();
  if (first.body[0] === AUTH_SWITCH) {
    client.send(first.sequence + 1, Buffer.alloc(0));
    await client.read();
  }
  client.socket.destroy();
}

function costOf({ pids }: Server, tries: number, one: () => Promise<void>): Promise<number> {
  return cpuUsOf(pids, { runs: tries, warmUp: Math.min(tries, WARM_UP_TRIES), atOnce: CLIENTS }, one);
}

/** A real client's refused try; over TLS it sends the password inside, without it encrypts it with the server's RSA key. */
async function fullTry(port: number, tls: boolean): Promise<void> {
  const options = {
    host: HOST,
    port,
    user: 'root',
    password: 'guess',
    ...(tls ? { ssl: { rejectUnauthorized: false } } : {}),
  };
  await createConnection(options).then(
    (connection) => connection.end(),
    () => undefined, // Refused, as it should be.
  );
}

const TRIES_OF = [
  { what: 'MySQL login, user without a password refused', options: { user: 'admin', plugin: 'mysql_native_password' } },
  { what: 'MySQL login, root let in', options: { user: 'root', plugin: 'mysql_native_password' } },
] as const;

/** The longest packet there is before a login, from several at once. */
async function hostile(port: number): Promise<void> {
  const packet = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 1]), Buffer.alloc(0xffffff, 65)]);
  const one = () =>
    new Promise<void>((resolve) => {
      const socket = connect({ host: HOST, port }, () => socket.write(packet, () => socket.end()));
      socket.on('data', () => {}).on('error', () => {}); // It hangs up in the middle.
      socket.on('close', () => resolve());
    });
  await Promise.all(Array.from({ length: 12 }, one));
}

export const lackingLogin = () => '';

export async function measureLogin(): Promise<Figure[]> {
  const decoy = await startDecoy('db');
  const others: Server[] = [];
  try {
    for (const start of [startMariadb, startMysql, () => startBareNode('mysql')]) {
      const server = await start();
      if (server) others.push(server);
    }
    await delay(IDLE_MS);
    const idleMb = residentMb(decoy.pids);
    const figures: Figure[] = [];
    for (const { what, options } of TRIES_OF) {
      const value = await costOf(decoy, TRIES, () => attempt(decoy.port, options));
      const peers = [];
      for (const server of others)
        peers.push({ name: server.name, value: await costOf(server, TRIES, () => attempt(server.port, options)) });
      figures.push({
        what,
        value,
        unit: 'µs CPU',
        budget: { kind: 'most', value: BUDGET_US },
        peers: [...peers, ...PUBLISHED],
        note: `${TRIES} tries, ${CLIENTS} at once`,
      });
    }
    for (const [tls, how] of [
      [false, 'password under RSA'],
      [true, 'over TLS'],
    ] as const) {
      const value = await costOf(decoy, SLOW_TRIES, () => fullTry(decoy.port, tls));
      figures.push({ what: `MySQL login, ${how}`, value, unit: 'µs CPU', note: 'mysql2; no budget, reported apart' });
    }
    await hostile(decoy.port);
    const peers = others.map((server) => ({ name: server.name, value: residentMb(server.pids) }));
    figures.push(
      { what: 'memory of db, idle', value: idleMb, unit: 'MB resident', budget: { kind: 'most', value: 64 } },
      {
        what: 'memory of db, most under load',
        value: peakMb(decoy.pids),
        unit: 'MB resident',
        budget: { kind: 'most', value: 110 },
        peers,
        note: 'logins, then twelve packets of 16 MB before a login; peers after the logins',
      },
      unaccounted('db', await decoy.stop(), TRIES * TRIES_OF.length),
    );
    return figures;
  } finally {
    for (const server of [decoy, ...others]) await server.stop();
  }
}
