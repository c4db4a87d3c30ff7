// Attacks by packets, connections and handshakes: each resolves once the decoy has answered or hung up on all of it.
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { deflateSync } from 'node:zlib';
import { play } from '../../fuzz/conversation.ts';
import { dealDb } from '../../fuzz/db-case.ts';
import { randomOf } from '../../fuzz/run.ts';
import { WireClient } from '../../test/protocol/db/wire-client.ts';
import { CAPABILITIES, packet } from '../../test/protocol/db/wire-login.ts';
import { command, deaf, inParallel, patiently, query, say, times } from './saying.ts';

const HOST = '127.0.0.1';
const MIB = 1024 * 1024;
const COMPRESS = 0x20;
const COM_LONG_DATA = 24;
const QUIT = packet(0, Buffer.from([1]));

export async function longPackets(port: number, count: number, bytes: number): Promise<void> {
  const head = Buffer.alloc(4);
  head.writeUIntLE(bytes, 0, 3);
  head[3] = 1;
  const whole = Buffer.concat([head, Buffer.alloc(bytes, 65)]);
  await Promise.all(
    times(count, async () => {
      const { socket } = await WireClient.open(port);
      const gone = deaf(socket);
      socket.write(whole, () => socket.end());
      await patiently('a long packet', gone);
    }),
  );
}

export const FUZZED = 5_000;
const FUZZED_AT_ONCE = 32;
export const IDLE = 1_000;
const IDLE_A_SOURCE = 125;

export async function fuzz(port: number): Promise<void> {
  await inParallel(FUZZED, FUZZED_AT_ONCE, async (at) => {
    const one = dealDb(randomOf(1, at));
    const first = one.parts.findIndex((part) => typeof part === 'string');
    await play({ host: HOST, port, from: '127.0.0.8', ...(one.to === 'tls' ? { tlsAt: first + 1 } : {}) }, one);
  });
}

const held: Socket[] = [];

/** Stay until the end of the run. */
export async function idle(port: number): Promise<void> {
  await inParallel(IDLE, 50, async (at) => {
    const { socket } = await WireClient.session(port, { from: `127.1.0.${1 + Math.floor(at / IDLE_A_SOURCE)}` });
    void deaf(socket);
    held.push(socket);
  });
}

export async function inPieces(port: number): Promise<void> {
  await Promise.all(
    times(40, async (at) => {
      const client = await WireClient.session(port, { from: '127.2.0.2' });
      const gone = deaf(client.socket);
      const whole = Buffer.concat([
        query(`select ${at}, "one byte after the other", now()`),
        query('show databases'),
        QUIT,
      ]);
      for (const byte of whole) {
        client.socket.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await patiently('a statement in pieces', gone);
    }),
  );
}

/** Asks for much and takes none of it, then hangs up. */
export async function slowReaders(port: number): Promise<void> {
  const sockets: Socket[] = [];
  await inParallel(140, 20, async () => {
    const client = await WireClient.session(port, { from: '127.2.0.3' }).catch(() => undefined);
    if (!client) return;
    void deaf(client.socket);
    client.socket.pause();
    for (let count = 0; count < 4; count++)
      client.socket.write(query('select repeat("r",1000000), repeat("s",1000000)'));
    client.socket.write(query('select * from information_schema.columns'));
    sockets.push(client.socket);
  });
  await delay(3_000);
  for (const socket of sockets) socket.destroy();
}

/** Each connection keeps what one connection may keep. */
export async function hoards(port: number, one: (socket: Socket, at: number) => void, count = 140): Promise<void> {
  const sockets: Socket[] = [];
  await inParallel(count, 10, async (at) => {
    const client = await WireClient.session(port, { from: '127.2.0.4' }).catch(() => undefined);
    if (!client) return;
    void deaf(client.socket);
    one(client.socket, at);
    sockets.push(client.socket);
    await delay(20);
  });
  await delay(2_000);
  for (const socket of sockets) socket.destroy();
  await delay(200);
}

export const longData = (bytes: number) => {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(1, 0);
  return command(COM_LONG_DATA, Buffer.concat([head, Buffer.alloc(bytes, 66)]));
};

export async function halfMessages(port: number, compressed: boolean): Promise<void> {
  const sockets: Socket[] = [];
  await inParallel(140, 10, async () => {
    const capabilities = compressed ? CAPABILITIES.default | COMPRESS : CAPABILITIES.default;
    const client = await WireClient.session(port, { from: '127.2.0.5', capabilities }).catch(() => undefined);
    if (!client) return;
    void deaf(client.socket);
    const half = query(`select "${'h'.repeat(MIB)}"`).subarray(0, MIB - 50);
    client.socket.write(compressed ? frame(half) : half);
    sockets.push(client.socket);
  });
  await delay(2_000);
  for (const socket of sockets) socket.destroy();
}

function frame(plain: Buffer): Buffer {
  const body = deflateSync(plain);
  const head = Buffer.alloc(7);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUIntLE(plain.length, 4, 3);
  return Buffer.concat([head, body]);
}

/** Frames of a few kilobytes that hold megabytes, one after the other. */
export async function compressedBombs(port: number): Promise<void> {
  await Promise.all(
    times(20, async () => {
      const client = await WireClient.session(port, {
        from: '127.2.0.6',
        capabilities: CAPABILITIES.default | COMPRESS,
      });
      const gone = deaf(client.socket);
      const bomb = frame(query(`select "${'z'.repeat(4 * MIB - 100)}"`));
      for (let count = 0; count < 8; count++) client.socket.write(bomb);
      client.socket.end();
      await patiently('compressed frames', gone);
    }),
  );
}

const SSL_REQUEST = (() => {
  const body = Buffer.alloc(32);
  body.writeUInt32LE(CAPABILITIES.default | 0x800, 0);
  body.writeUInt32LE(0x1000000, 4);
  body[8] = 255;
  return packet(1, body);
})();

/** Handshakes at once, each of which costs a signature. */
export async function handshakes(port: number): Promise<void> {
  await Promise.all(
    times(120, async () => {
      const { socket } = await WireClient.open(port, HOST, '127.2.0.7');
      await new Promise((resolve) => socket.once('data', resolve));
      const gone = deaf(socket);
      socket.removeAllListeners('data');
      socket.write(SSL_REQUEST);
      const secure = connectTls({ socket, rejectUnauthorized: false });
      secure.on('error', () => {});
      await Promise.race([new Promise((resolve) => secure.once('secureConnect', resolve)), gone, delay(20_000)]);
      socket.destroy();
      await gone;
    }),
  );
}

/** What each source may keep, by a thousand sources. */
export async function sources(port: number): Promise<void> {
  const wide = times(300, (at) => `column_with_a_long_name_${at} varchar(10) comment "${'x'.repeat(200)}"`).join(',');
  await inParallel(1_000, 10, async (at) => {
    await say(port, `127.3.${at >> 8}.${at & 255}`, [
      query('create database filled'),
      query('create table filled.t (id int, a longblob, primary key (id))'),
      ...times(6, (row) => query(`insert into filled.t values (${row}, repeat("x",900000))`)),
      query('create table filled.s (a int, b int, c varchar(100), key (a), unique (b))'),
      query(`insert into filled.s values ${times(2_000, (row) => `(${row},${row},"c${row}")`).join(',')}`),
      ...times(4, (table) => query(`create table filled.wide_${table} (${wide})`)),
      query(`create view filled.a_view as select ${times(900, (n) => `${n} as a_column_of_the_view_${n}`).join(',')}`),
      query(`create procedure filled.p() begin ${'select 1; '.repeat(2_000)} end`),
      query(`create user u identified by "${'p'.repeat(200)}" comment "${'c'.repeat(4_000)}"`),
      query(`set global init_connect = "${'i'.repeat(60_000)}"`),
      query('select repeat("f",60000) into outfile "/var/lib/mysql-files/f"'),
    ]);
  });
}

/** Sources that stay connected while they keep what they may. */
export async function connectedSources(port: number): Promise<void> {
  const sockets: Socket[] = [];
  await inParallel(180, 10, async (at) => {
    const client = await WireClient.session(port, { from: `127.4.0.${1 + at}` }).catch(() => undefined);
    if (!client) return;
    void deaf(client.socket);
    sockets.push(client.socket);
    client.socket.write(query('create database filled'));
    client.socket.write(query('create table filled.t (id int, a longblob)'));
    client.socket.write(query('set @u = repeat("u",900000)'));
    for (let row = 0; row < 5; row++)
      client.socket.write(query(`insert into filled.t values (${row}, repeat("x",900000))`));
    client.socket.write(
      query(`create view filled.a_view as select ${times(900, (n) => `${n} as a_column_of_the_view_${n}`).join(',')}`),
    );
    await delay(10);
  });
  await delay(3_000);
  for (const socket of sockets) socket.destroy();
}

const HEAVY = [
  'select count(*) from information_schema.columns a, information_schema.columns b, information_schema.columns c',
  'select * from information_schema.columns order by column_name desc',
  'select length(md5(repeat("a",1000000))), repeat("a",100000) regexp "(a|a)*(a|a)*b"',
];

/** As many connections as there may be, all asking for much at the same moment. */
export async function allAtOnce(port: number): Promise<void> {
  const clients = await Promise.all(
    times(140, () => WireClient.session(port, { from: '127.2.0.8' }).catch(() => undefined)),
  );
  await Promise.all(
    clients.map(async (client, at) => {
      if (!client) return;
      const gone = deaf(client.socket);
      for (let count = 0; count < 6; count++) client.socket.write(query(HEAVY[(at + count) % HEAVY.length]!));
      client.socket.write(QUIT);
      await patiently('heavy statements at once', gone);
    }),
  );
}

export function letGo(): void {
  for (const socket of held.splice(0)) socket.destroy();
}
