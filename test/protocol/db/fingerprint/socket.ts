// Fingerprints of the socket: how a server closes, what it does with half-closed ones, in how many segments it answers, how long it takes.
import { deflateSync, inflateSync } from 'node:zlib';
import { loginBody, packet } from '../wire-login.ts';
import { type Fingerprint, fingerprint, shown } from './check.ts';
import { greeted, letIn, type Peer } from './peer.ts';

const query = (text: string) => Buffer.from(`\x03${text}`);
const DEFAULT = 0x01ffa685;
const ZLIB = 0x20;
const ZSTD = 0x4000000;

async function ask(peer: Peer, text: string, ms?: number): Promise<string[]> {
  peer.send(0, query(text));
  return peer.told(ms);
}

/** A frame of the compressed protocol. */
function frame(sequence: number, payload: Buffer, plain = 0): Buffer {
  const head = Buffer.alloc(7);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  head.writeUIntLE(plain, 4, 3);
  return Buffer.concat([head, payload]);
}

/** Bytes after a compressed login that the server waits for more of, or passes over. */
function passedOver(name: string, bytes: Buffer): Fingerprint {
  return fingerprint(`compressed: ${name}`, async (port) => {
    const peer = await letIn(port, { capabilities: DEFAULT | ZLIB });
    peer.write(bytes);
    const told = await peer.silence();
    peer.leave();
    return { told, end: peer.end };
  });
}

/** Bytes after a compressed login; the heads of what comes back. */
function compressed(name: string, ...frames: Buffer[]): Fingerprint {
  return fingerprint(`compressed: ${name}`, async (port) => {
    const peer = await letIn(port, { capabilities: DEFAULT | ZLIB });
    peer.chunks = [];
    for (const bytes of frames) peer.write(bytes);
    const all = await peer.heard();
    const heads: string[] = [];
    for (let at = 0; at + 7 <= all.length; at += 7 + all.readUIntLE(at, 3)) {
      const plain = all.readUIntLE(at + 4, 3);
      heads.push(
        `#${all[at + 3]} ${plain > 0 ? `of ${plain}` : all.toString('latin1', at + 7, at + 7 + all.readUIntLE(at, 3)).replace(/[^ -~]/g, '.')}`,
      );
    }
    peer.leave();
    return { heads, end: peer.end };
  });
}

const PING = packet(0, Buffer.from([14]));
const SELECT = packet(0, query("select 'abc'"));
const LONG = packet(0, query("select repeat('abc', 100)"));

export const SOCKET: readonly Fingerprint[] = [
  fingerprint('COM_QUIT ends with FIN', async (port) => {
    const peer = await letIn(port);
    peer.send(0, Buffer.from([1]));
    return peer.ended();
  }),
  fingerprint('COM_QUIT with a query behind it', async (port) => {
    const peer = await letIn(port);
    peer.write(Buffer.concat([packet(0, Buffer.from([1])), SELECT]));
    return { told: await peer.told(), ended: (await peer.ended()) !== 'open' };
  }),
  fingerprint('a refused login ends with FIN', async (port) => {
    const { peer, salt } = await greeted(port);
    peer.send(1, loginBody(salt, { response: Buffer.alloc(3, 1) }));
    await peer.told();
    return peer.ended();
  }),
  fingerprint('a client that leaves without a word is told so', async (port) => {
    const peer = await letIn(port);
    peer.socket.end();
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('a client that leaves inside a command is told so', async (port) => {
    const peer = await letIn(port);
    peer.write(Buffer.from([20, 0, 0, 0, 3]));
    peer.socket.end();
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('a client that asks and half closes is answered', async (port) => {
    const peer = await letIn(port);
    peer.write(SELECT);
    peer.socket.end();
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('a client that half closes in SLEEP', async (port) => {
    const peer = await letIn(port);
    peer.send(0, query('select sleep(2)'));
    peer.socket.end();
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('a client that half closes before its login', async (port) => {
    const { peer } = await greeted(port);
    peer.socket.end();
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('urgent bytes before a login are waited for', async (port) => {
    const { peer } = await greeted(port);
    peer.write(Buffer.from([5, 0]));
    return { told: await peer.silence(), end: peer.end };
  }),
  fingerprint('five commands at once are answered in order', async (port) => {
    const peer = await letIn(port);
    peer.write(Buffer.concat([PING, SELECT, PING, packet(0, query('selec')), PING]));
    return peer.told();
  }),
  fingerprint('a command in pieces of one byte', async (port) => {
    const peer = await letIn(port);
    for (const byte of SELECT) {
      peer.write(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return peer.told();
  }),
  fingerprint('SLEEP(1) takes a second', async (port) => {
    const peer = await letIn(port);
    const started = performance.now();
    const told = await ask(peer, 'select sleep(1)');
    return { told, waited: performance.now() - started > 1_000 };
  }),
  fingerprint('wait_timeout of one second: 4031, then FIN', async (port) => {
    const peer = await letIn(port);
    await ask(peer, 'set wait_timeout=1');
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('wait_timeout and half a header', async (port) => {
    const peer = await letIn(port);
    await ask(peer, 'set wait_timeout=1');
    peer.write(Buffer.from([20, 0]));
    const told = await peer.told();
    return { told, end: await peer.ended() };
  }),
  fingerprint('an empty packet', async (port) => {
    const peer = await letIn(port);
    peer.send(0, '');
    return { told: await peer.told(), end: peer.end };
  }),
  fingerprint('a value over max_allowed_packet', async (port) => {
    const peer = await letIn(port);
    return ask(peer, "select repeat('a', 100000000)");
  }),
  fingerprint('a packet of 16 MB less one and its empty rest', async (port) => {
    const peer = await letIn(port);
    const text = Buffer.concat([query("select length('"), Buffer.alloc(0xffffff - 1 - 17, 65), Buffer.from("')")]);
    peer.send(0, text);
    peer.send(1, '');
    return peer.told();
  }),
  fingerprint('a row of 16 MB', async (port) => {
    const peer = await letIn(port);
    peer.send(0, query("select length(repeat('a', 16777215)), length(repeat('a', 20000000))"));
    return peer.told();
  }),
  fingerprint('a second packet out of order', async (port) => {
    const peer = await letIn(port);
    peer.send(0, Buffer.concat([query("select '"), Buffer.alloc(0xffffff - 9, 65)]));
    peer.send(5, "'");
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('the sequence id goes past 255', async (port) => {
    const peer = await letIn(port);
    peer.send(0, query('select help_keyword_id from mysql.help_keyword limit 300'));
    const told = await peer.told();
    return { count: told.length, last: told.at(-1)?.slice(0, 5), wrapped: told[256]?.slice(0, 4) };
  }),
  compressed('a ping in the clear', frame(0, PING)),
  compressed('a ping, compressed', frame(0, deflateSync(PING), PING.length)),
  compressed('a short statement', frame(0, SELECT)),
  compressed('a long answer', frame(0, LONG)),
  compressed('a statement, compressed', frame(0, deflateSync(LONG), LONG.length)),
  compressed('a wrong sequence', frame(3, PING)),
  compressed('a length too long', frame(0, deflateSync(PING), PING.length + 5)),
  passedOver('a length too short', frame(0, deflateSync(LONG), 4)),
  passedOver('no zlib', frame(0, Buffer.from('nozlibhere'), 5)),
  passedOver('an empty frame', frame(0, Buffer.alloc(0))),
  passedOver('an empty frame of 10', frame(0, Buffer.alloc(0), 10)),
  compressed('a packet in two frames', frame(0, PING.subarray(0, 2)), frame(1, PING.subarray(2))),
  compressed('a packet in two frames of one sequence', frame(0, SELECT.subarray(0, 6)), frame(0, SELECT.subarray(6))),
  compressed('an error', frame(0, packet(0, query('selec')))),
  compressed('an answer of 50 bytes', frame(0, packet(0, query("select 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa' a")))),
  compressed('an inner packet out of order', frame(0, packet(4, Buffer.from([14])))),
  passedOver('plain packets', PING),
  fingerprint('zstd: a ping', async (port) => {
    const { peer, salt } = await greeted(port);
    const body = loginBody(salt, { capabilities: (DEFAULT & ~ZLIB) | ZSTD });
    peer.send(1, Buffer.concat([body, Buffer.from([3])]));
    const told = await peer.told();
    peer.write(frame(0, PING));
    return { told, got: (await peer.heard()).toString('hex'), end: peer.end };
  }),
  ...[0, 1, 22, 23, 255].map((level) =>
    fingerprint(`zstd: level ${level}`, async (port) => {
      const { peer, salt } = await greeted(port);
      const body = loginBody(salt, { capabilities: (DEFAULT & ~ZLIB) | ZSTD });
      peer.send(1, Buffer.concat([body, Buffer.from([level])]));
      const told = await peer.told();
      return { told, end: await peer.endAfter(told) };
    }),
  ),
  fingerprint('compression: both are offered', async (port) => {
    const { peer, salt } = await greeted(port);
    const body = loginBody(salt, { capabilities: DEFAULT | ZLIB | ZSTD });
    peer.send(1, Buffer.concat([body, Buffer.from([3])]));
    const told = await peer.told();
    peer.write(frame(0, packet(0, query("show status like 'Compression%'"))));
    await peer.until(() => peer.bytes.length > 7, 1_000);
    const answer = inflateSync(peer.bytes.subarray(7));
    peer.leave();
    return { told, answer: shown(answer) };
  }),
];
