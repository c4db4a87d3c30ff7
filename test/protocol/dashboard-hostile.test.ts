// Clients that mean harm: the decoy stays up, stays small, and goes on serving others meanwhile.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf } from '../harness/lines.ts';
import { freePort } from '../harness/ports.ts';
import { type Program, startDecoy } from '../harness/program.ts';

const HOST = '127.0.0.1';
/** Resident memory under any of these, and an upper bound for another client's wait. */
const MEMORY_MB = 110;
const WAIT_MS = 2_000;
const SERVED = 'HTTP/1.1 200 OK';

let decoy: Program;
let port: number;
let peak = 0;
let watch: ReturnType<typeof setInterval>;

function memory(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${decoy.child.pid}/status`, 'utf8'))![1]) / 1_024;
}

function open(send = ''): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port }, () => {
      if (send) socket.write(send);
      resolve(socket);
    });
    socket.on('data', () => undefined);
    socket.on('error', () => resolve(socket));
  });
}

/** What a well-meaning client gets, and after how long. */
async function askPolitely(): Promise<string> {
  const startedAt = performance.now();
  const answer = await new Promise<string>((resolve) => {
    let seen = '';
    const socket = connect({ host: HOST, port }, () => socket.write('GET /tiny.txt HTTP/1.0\r\n\r\n'));
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });
  expect(performance.now() - startedAt).toBeLessThan(WAIT_MS);
  return answer.slice(0, SERVED.length);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens many connections that send the same, and closes them once another client was served. */
async function crowd(count: number, send: string, ms = 600): Promise<void> {
  const sockets: Socket[] = [];
  for (let at = 0; at < count; at++) sockets.push(await open(send));
  await pause(ms);
  expect(await askPolitely()).toBe(SERVED);
  for (const socket of sockets) socket.destroy();
  await pause(200);
}

beforeAll(async () => {
  port = await freePort();
  decoy = await startDecoy('dashboard', {
    env: {
      BIND: HOST,
      DEBUG_PORT: String(port),
      TLS_PORT: String(await freePort()),
      SESSION_KEY: 'a-key-for-this-test',
    },
  });
  watch = setInterval(() => {
    peak = Math.max(peak, memory());
  }, 25);
});

afterAll(async () => {
  clearInterval(watch);
  process.stdout.write(`highest resident memory of the dashboard under hostile load: ${Math.round(peak)} MB\n`);
  expect(await decoy.stop()).toBe(0);
});

describe.skipIf(process.platform !== 'linux')('dashboard under hostile load', () => {
  it('holds 1,000 half-sent headers of 24 kB', async () => {
    await crowd(1_000, `GET / HTTP/1.1\r\nHost: a\r\n${`X-A: ${'a'.repeat(4_000)}\r\n`.repeat(6)}`);
  });

  it('takes 200 bodies of 1 MB', async () => {
    await crowd(
      200,
      `POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n${'a'.repeat(1_048_575)}`,
    );
  });

  it('holds 1,500 idle connections', async () => {
    await crowd(1_500, '');
  });

  it('reads endless chunks away', async () => {
    const chunk = `fff\r\n${'a'.repeat(4_095)}\r\n`.repeat(16);
    const sockets: Socket[] = [];
    for (let at = 0; at < 20; at++)
      sockets.push(await open('POST /tiny.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'));
    const until = Date.now() + 2_000;
    while (Date.now() < until) {
      for (const socket of sockets) if (!socket.destroyed && !socket.writableNeedDrain) socket.write(chunk);
      await pause(2);
    }
    expect(await askPolitely()).toBe(SERVED);
    for (const socket of sockets) socket.destroy();
  });

  it('answers each of 10,000 pipelined requests', async () => {
    const before = countOf(decoy.lines);
    const answered = new Promise<number>((resolve) => {
      let answers = 0;
      let rest = '';
      const socket = connect({ host: HOST, port }, () =>
        socket.write('GET /tiny.txt HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10_000)),
      );
      socket.on('data', (chunk) => {
        const pieces = (rest + chunk.toString('latin1')).split(SERVED);
        answers += pieces.length - 1;
        rest = pieces.at(-1)!.slice(-SERVED.length);
      });
      socket.on('error', () => resolve(answers));
      socket.on('close', () => resolve(answers));
    });
    expect(await askPolitely()).toBe(SERVED);
    // The thousandth request on a connection is its last, as in nginx.
    expect(await answered).toBe(1_000);
    const deadline = Date.now() + 10_000;
    while (countOf(decoy.lines) < before + 1_000 && Date.now() < deadline) await pause(100);
    expect(countOf(decoy.lines) - before).toBeGreaterThanOrEqual(1_000);
  });

  it('goes on with a body that comes behind more requests than it serves at once', async () => {
    const get = 'GET /tiny.txt HTTP/1.1\r\nHost: a\r\n\r\n';
    const body = 'x'.repeat(300_000);
    const post = `POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const last = 'GET /tiny.txt HTTP/1.0\r\n\r\n';
    const answers = await new Promise<string>((resolve) => {
      let seen = '';
      const socket = connect({ host: HOST, port }, () => socket.write(`${get.repeat(900)}${post}${last}`));
      socket.on('data', (chunk) => {
        seen += chunk.toString('latin1');
      });
      socket.on('close', () => resolve(seen));
    });
    expect(answers.split('HTTP/1.1 ').length - 1).toBe(902);
  });

  it('outlasts clients that ask and never read', async () => {
    const sockets: Socket[] = [];
    for (let at = 0; at < 30; at++) {
      const socket = await open();
      socket.pause();
      socket.write('GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\nGET /debug/vars HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(200));
      sockets.push(socket);
    }
    await pause(800);
    expect(await askPolitely()).toBe(SERVED);
    for (const socket of sockets) socket.destroy();
  });

  it('answers overlapping ranges by the hundred', async () => {
    const ranges = Array.from({ length: 900 }, (_range, at) => `${at}-${at}`).join(',');
    await crowd(60, `GET /big.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=${ranges}\r\n\r\n`.repeat(4));
  });

  it('holds 1,000 clients that send a header a second', async () => {
    const sockets: Socket[] = [];
    for (let at = 0; at < 1_000; at++) sockets.push(await open('GET / HTTP/1.1\r\nHost: a\r\n'));
    for (let round = 0; round < 3; round++) {
      await pause(700);
      for (const socket of sockets) if (!socket.destroyed) socket.write(`X-${round}: 1\r\n`);
    }
    expect(await askPolitely()).toBe(SERVED);
    for (const socket of sockets) socket.destroy();
    await pause(300);
  });

  it(`stayed under ${MEMORY_MB} MB all the while`, () => {
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(MEMORY_MB);
  });
});
