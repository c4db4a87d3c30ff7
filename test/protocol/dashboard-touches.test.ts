// What the dashboard records: one touch a request, and at least one for whatever else somebody does to its ports.
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf } from '../harness/lines.ts';
import { freePort } from '../harness/ports.ts';
import { type Program, startDecoy } from '../harness/program.ts';

const HOST = '127.0.0.1';

let decoy: Program;
let debug: number;
let lure: number;

/** How long an answer of the application may take on a busy machine, its loading included. */
const ANSWER_MS = 5_000;

/** Sends bytes, reads what comes for a moment, closes; with `ANSWER_MS` once an answer has come. */
function exchange(port: number, bytes: string, stayMs = 150): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    const socket = connect({ host: HOST, port }, () => {
      if (bytes) socket.write(bytes, 'latin1');
      setTimeout(() => socket.destroy(), stayMs);
    });
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      if (stayMs === ANSWER_MS) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });
}

beforeAll(async () => {
  [debug, lure] = [await freePort(), await freePort()];
  decoy = await startDecoy('dashboard', { env: { BIND: HOST, DEBUG_PORT: String(debug), TLS_PORT: String(lure) } });
});

afterAll(async () => {
  await decoy?.stop();
});

describe('dashboard touches', () => {
  it('records a request with its target, ordered headers and status', async () => {
    const answer = await exchange(
      debug,
      'GET /docs/?a=1 HTTP/1.1\r\nUser-Agent: probe/1\r\nHost: decoy\r\nX-A: b\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx\//);
    const line = await decoy.waitFor(({ message }) => message.startsWith('GET /docs/?a=1'));
    expect(line.event.action).toBe('http-request');
    expect(line.http?.response?.status_code).toBe(200);
    expect(line.url).toMatchObject({ original: '/docs/?a=1', path: '/docs/', query: 'a=1', domain: 'decoy' });
    expect(line.honeypod.http?.headers).toEqual(['User-Agent: probe/1', 'Host: decoy', 'X-A: b']);
    expect(line.honeypod.endpoint).toBe('debug');
    expect(line.destination?.port).toBe(debug);
  });

  it('records exactly one touch for each of 40 pipelined requests', async () => {
    const before = countOf(decoy.lines);
    await exchange(debug, 'GET /tiny.txt HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(40), 400);
    const deadline = Date.now() + 4_000;
    while (countOf(decoy.lines) < before + 40 && Date.now() < deadline)
      await new Promise((next) => setTimeout(next, 50));
    expect(countOf(decoy.lines) - before).toBe(40);
  });

  it('answers malformed bytes with 400 and shows them', async () => {
    expect(await exchange(debug, 'NOT/HTTP\r\n\r\n')).toContain('400 Bad Request');
    const line = await decoy.waitFor(({ event }) => event.action === 'http-malformed');
    expect(line.honeypod.payload).toContain('NOT/HTTP');
    expect(line.honeypod.payload_sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('records half a request when the client leaves', async () => {
    await exchange(debug, 'GET /half HTTP/1.1\r\nHost: a\r\n');
    const line = await decoy.waitFor(({ event }) => event.action === 'http-incomplete');
    expect(line.event.reason).toBe('closed by the client');
    expect(line.honeypod.payload).toContain('GET /half');
  });

  it('records a body that never came whole', async () => {
    await exchange(debug, 'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n{"user":');
    const line = await decoy.waitFor(({ message }) => message.startsWith('POST /api/v1/login without'));
    expect(line.honeypod.payload).toBe('{"user":');
  });

  it('records a connection that says nothing, on both ports', async () => {
    await exchange(debug, '');
    await exchange(lure, '');
    await decoy.waitFor(({ event, destination }) => event.action === 'tcp-connect' && destination?.port === debug);
    await decoy.waitFor(({ event, destination }) => event.action === 'tcp-connect' && destination?.port === lure);
  });

  it('reads server name, ALPN and JA4 from a ClientHello on either port', async () => {
    for (const port of [debug, lure]) {
      await new Promise<void>((resolve) => {
        const socket = connectTls({
          host: HOST,
          port,
          servername: 'decoy.internal',
          ALPNProtocols: ['h2', 'http/1.1'],
        });
        socket.on('error', () => resolve());
        setTimeout(() => {
          socket.destroy();
          resolve();
        }, 250);
      });
      const line = await decoy.waitFor(
        ({ event, destination }) => event.action === 'tls-client-hello' && destination?.port === port,
      );
      expect(line.tls?.client?.server_name).toBe('decoy.internal');
      expect(line.tls?.client?.ja4).toMatch(/^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
      expect(line.tls?.next_protocol).toBe('h2,http/1.1');
    }
  });

  it('never answers on the lure and records what was sent there', async () => {
    expect(await exchange(lure, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 500)).toBe('');
    const line = await decoy.waitFor(({ event }) => event.action === 'tcp-data');
    expect(line.honeypod.endpoint).toBe('lure');
    expect(line.honeypod.payload).toContain('GET / HTTP/1.1');
  });

  it('records the user name and password of a login and of Basic authorization', async () => {
    const body = '{"username":"admin","password":"hunter2"}';
    await exchange(
      debug,
      `POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ANSWER_MS,
    );
    const login = await decoy.waitFor(({ event }) => event.action === 'http-login');
    expect(login.event.outcome).toBe('failure');
    expect(login.honeypod.credential).toEqual({ user: 'admin', password: 'hunter2' });
    const basic = Buffer.from('root:toor').toString('base64');
    await exchange(debug, `GET /secret-area HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${basic}\r\n\r\n`);
    const line = await decoy.waitFor(({ honeypod }) => honeypod.credential?.user === 'root');
    expect(line.honeypod.credential?.password).toBe('toor');
  });
});

describe('dashboard settings', () => {
  it.each([
    ['SESSION_KEY', 'short'],
    ['DEBUG_PORT', '70000'],
    ['TLS_PORT', '8080'],
    ['BIND', 'nowhere'],
  ])('refuses %s=%s in one line and ends with 2', async (name, value) => {
    const refused = await startDecoy('dashboard', { env: { BIND: HOST, [name]: value } });
    expect(await refused.exit).toBe(2);
    expect(refused.stderr).toHaveLength(1);
    expect(refused.stderr[0]).toContain(name);
  });

  it('keeps tried passwords out of every line with LOG_CREDENTIALS=false', async () => {
    const [debugPort, tlsPort] = [await freePort(), await freePort()];
    const quiet = await startDecoy('dashboard', {
      env: { BIND: HOST, DEBUG_PORT: String(debugPort), TLS_PORT: String(tlsPort), LOG_CREDENTIALS: 'false' },
    });
    const secret = 'correct-horse-battery';
    const body = `username=admin&password=${secret}`;
    const basic = Buffer.from(`root:${secret}`).toString('base64');
    await exchange(
      debugPort,
      `POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ANSWER_MS,
    );
    await exchange(debugPort, `GET /?password=${secret} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${basic}\r\n\r\n`);
    await exchange(debugPort, `BROKEN password=${secret}\r\n\r\n`);
    await exchange(tlsPort, `AUTH ${secret}\r\n`);
    await quiet.stop();
    const text = JSON.stringify(quiet.lines);
    expect(quiet.touches().length).toBeGreaterThanOrEqual(4);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(basic);
    expect(text).toContain('password_hash');
  });
});
