// What is done to the db decoy, one attack after the other: each resolves once the decoy has answered or hung up on all of it.
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { deflateSync } from 'node:zlib';
import { play } from '../../fuzz/conversation.ts';
import { dealDb } from '../../fuzz/db-case.ts';
import { randomOf } from '../../fuzz/run.ts';
import { BOMBS } from '../../test/protocol/db/bombs.ts';
import { CAPABILITIES, packet, WireClient } from '../../test/protocol/db/wire-client.ts';

const HOST = '127.0.0.1';
const MIB = 1024 * 1024;
const COMPRESS = 0x20;
const COM_QUERY = 3;
const COM_PREPARE = 22;
const COM_LONG_DATA = 24;
const QUIT = packet(0, Buffer.from([1]));
/** An attack that is not answered by then is a finding. */
const PATIENCE_MS = 60_000;

export interface Attack {
  readonly name: string;
  readonly run: (port: number) => Promise<void>;
}

const times = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));
const command = (code: number, rest: string | Buffer) =>
  packet(0, Buffer.concat([Buffer.from([code]), Buffer.from(rest)]));
const query = (text: string) => command(COM_QUERY, text);

/** Takes what comes and keeps none of it. */
function deaf(socket: Socket): Promise<void> {
  socket.removeAllListeners('data');
  socket.on('data', () => {}).on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function patiently(what: string, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    work,
    delay(PATIENCE_MS, undefined, { signal: timer.signal }).then(() => {
      throw new Error(`${what}: not answered in ${PATIENCE_MS / 1_000} s`);
    }),
  ]).finally(() => timer.abort());
}

async function inParallel(count: number, atOnce: number, one: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(times(atOnce, worker));
}

/** Says all of it one after the other without waiting, then goodbye. A decoy that refuses the login ends it too. */
async function say(port: number, from: string, messages: Iterable<Buffer>): Promise<void> {
  const client = await WireClient.session(port, { from, capabilities: CAPABILITIES.multi }).catch(() => undefined);
  if (!client) return;
  const gone = deaf(client.socket);
  for (const message of messages) {
    if (client.socket.destroyed) break;
    if (!client.socket.write(message))
      await Promise.race([new Promise((resolve) => client.socket.once('drain', resolve)), gone]);
  }
  client.socket.write(QUIT);
  await patiently(`said from ${from}`, gone);
}

async function longPackets(port: number, count: number, bytes: number): Promise<void> {
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

const FUZZED = 5_000;
const FUZZED_AT_ONCE = 32;
const IDLE = 1_000;
const IDLE_A_SOURCE = 125;

async function fuzz(port: number): Promise<void> {
  await inParallel(FUZZED, FUZZED_AT_ONCE, async (at) => {
    const one = dealDb(randomOf(1, at));
    const first = one.parts.findIndex((part) => typeof part === 'string');
    await play({ host: HOST, port, from: '127.0.0.8', ...(one.to === 'tls' ? { tlsAt: first + 1 } : {}) }, one);
  });
}

const held: Socket[] = [];

/** Stay until the end of the run. */
async function idle(port: number): Promise<void> {
  await inParallel(IDLE, 50, async (at) => {
    const { socket } = await WireClient.session(port, { from: `127.1.0.${1 + Math.floor(at / IDLE_A_SOURCE)}` });
    void deaf(socket);
    held.push(socket);
  });
}

async function inPieces(port: number): Promise<void> {
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
async function slowReaders(port: number): Promise<void> {
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
async function hoards(port: number, one: (socket: Socket, at: number) => void, count = 140): Promise<void> {
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

const longData = (bytes: number) => {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(1, 0);
  return command(COM_LONG_DATA, Buffer.concat([head, Buffer.alloc(bytes, 66)]));
};

async function halfMessages(port: number, compressed: boolean): Promise<void> {
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
async function compressedBombs(port: number): Promise<void> {
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
async function handshakes(port: number): Promise<void> {
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
async function sources(port: number): Promise<void> {
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
async function connectedSources(port: number): Promise<void> {
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
async function allAtOnce(port: number): Promise<void> {
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

export const ATTACKS: readonly Attack[] = [
  { name: '12 packets of 16 MB before a login', run: (port) => longPackets(port, 12, 0xffffff) },
  { name: '50 packets of 5 MB before a login', run: (port) => longPackets(port, 50, 5_000_000) },
  { name: `${FUZZED} fuzzed sessions`, run: fuzz },
  { name: `${IDLE} idle connections, which stay`, run: idle },
  ...BOMBS.map(
    ({ name, statements }): Attack => ({
      name,
      run: (port) => say(port, '127.2.0.1', (Array.isArray(statements) ? statements : [...statements]).map(query)),
    }),
  ),
  {
    name: 'all of these at once',
    run: async (port) => {
      await Promise.all(BOMBS.map(({ statements }, at) => say(port, `127.2.1.${1 + at}`, [...statements].map(query))));
    },
  },
  { name: 'statements in pieces of one byte', run: inPieces },
  { name: '140 connections that take no reply', run: slowReaders },
  {
    name: 'prepared statements of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        for (let count = 0; count < 300; count++)
          socket.write(command(COM_PREPARE, `select "${'p'.repeat(60_000)}", ${'?,'.repeat(1_000)}1`));
      }),
  },
  {
    name: 'long data of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        socket.write(command(COM_PREPARE, 'select ?'));
        for (let count = 0; count < 6; count++) socket.write(longData(60_000));
      }),
  },
  {
    name: 'variables of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        for (let count = 0; count < 3; count++) socket.write(query(`set @v${count} = repeat("v",330000)`));
        socket.write(
          query(`set sql_mode = "", init_connect = repeat("x",500000), @@session.character_set_results = utf8mb4`),
        );
        socket.write(query('prepare kept from "select 1"'));
      }),
  },
  {
    name: 'cursors of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        for (let id = 1; id <= 8; id++) {
          socket.write(command(COM_PREPARE, 'select * from information_schema.columns'));
          const execute = Buffer.alloc(9);
          execute.writeUInt32LE(id, 0);
          execute[4] = 1;
          execute.writeUInt32LE(1, 5);
          socket.write(command(23, execute));
        }
      }),
  },
  {
    name: 'transactions of 140 connections',
    run: (port) =>
      hoards(port, (socket, at) => {
        socket.write(query('create database if not exists bomb'));
        socket.write(query(`create table if not exists bomb.undo (a int, b varchar(200))`));
        socket.write(query('begin'));
        socket.write(query(`insert into bomb.undo values ${times(1_000, (row) => `(${row},"${at}")`).join(',')}`));
        for (let count = 0; count < 60; count++)
          socket.write(query(`update bomb.undo set b = "${count}${'u'.repeat(150)}" limit 300`));
      }),
  },
  { name: 'half messages of 140 connections', run: (port) => halfMessages(port, false) },
  { name: 'half compressed messages of 140 connections', run: (port) => halfMessages(port, true) },
  { name: 'compressed frames that hold a thousand times themselves', run: compressedBombs },
  { name: '120 TLS handshakes at once', run: handshakes },
  { name: '140 connections with heavy statements at once', run: allAtOnce },
  { name: '1,000 sources, each with all it may keep', run: sources },
  { name: '180 connected sources, each with all it may keep', run: connectedSources },
];

export function letGo(): void {
  for (const socket of held.splice(0)) socket.destroy();
}
