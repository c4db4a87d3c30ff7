// Sessions of raw bytes and what a live 9.7.4 answered to each, replayed against the decoy: garbage, logins of every shape, commands, prepared statements.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';
import { replay, strangersOf, type WireSession } from './wire-replay.ts';

const SESSIONS = readFileSync(join(import.meta.dirname, '../../fixtures/db/wire.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as WireSession);
/** A live server may be asked instead of the decoy: a port of 127.0.0.1 with root without a password. */
const REAL_PORT = Number(process.env.MYSQL_PORT ?? 0);
const AT_ONCE = 12;
/** Statements of one segment that take longer than a slice to answer. */
const PIPELINED = 4_000;

let port: number;
let decoy: Program;
let names: string[];

beforeAll(async () => {
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
  names = await strangersOf(REAL_PORT || port);
});

afterAll(() => decoy.stop());

test('answers every recorded session byte by byte as the real server did', async () => {
  const waiting = [...SESSIONS];
  const answered: WireSession[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      answered.push(await replay(REAL_PORT || port, next, names));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const byName = (sessions: readonly WireSession[]) => sessions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(byName(answered)).toEqual(byName(SESSIONS));
}, 60_000);

test('users no server knows are bound to either plugin alike often, and stay so', async () => {
  const plugins = async () =>
    Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const client = await WireClient.login(port, { user: `someone${at}`, password: 'guess' });
        const answer = (await client.read())?.body.toString('latin1') ?? '';
        client.socket.destroy();
        return answer.includes('sha256_password');
      }),
    );
  const first = await plugins();
  expect(first.filter(Boolean).length).toBeGreaterThan(12);
  expect(first.filter(Boolean).length).toBeLessThan(48);
  expect(await plugins()).toEqual(first);
});

test('a statement said again gets the same bytes until something else is asked, and each is counted', async () => {
  const client = await WireClient.session(port);
  const before = await client.query("show session status like 'Questions'");
  const replies = [];
  for (let count = 0; count < 5; count++) replies.push(await client.query("select 'ä', 1"));
  expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  await client.query('set names latin1');
  const other = await client.query("select 'ä', 1");
  expect(other.columns?.[0]?.charset).toBe(8);
  const after = await client.query("show session status like 'Questions'");
  expect(Number(after.rows?.[0]?.[1]) - Number(before.rows?.[0]?.[1])).toBe(8);
  await client.quit();
});

test('thousands of statements in one segment are all answered, and another client in between', async () => {
  const [busy, other] = [await WireClient.session(port), await WireClient.session(port)];
  let answered = 0;
  busy.socket.removeAllListeners('data');
  const one = Buffer.from('\x09\0\0\0\x03select 1', 'latin1');
  const size = await new Promise<number>((resolve) => {
    busy.socket.once('data', (chunk: Buffer) => resolve(chunk.length));
    busy.socket.write(one);
  });
  const all = new Promise<void>((resolve) => {
    busy.socket.on('data', (chunk: Buffer) => {
      answered += chunk.length;
      if (answered >= PIPELINED * size) resolve();
    });
  });
  busy.socket.write(Buffer.concat(Array.from({ length: PIPELINED }, () => one)));
  await other.query('select 2');
  await all;
  expect(answered).toBe(PIPELINED * size);
  busy.socket.destroy();
  await other.quit();
});
