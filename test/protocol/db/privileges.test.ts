// An account with every privilege on one schema and none elsewhere is answered as a live MySQL 9.7.4 answered it; accounts
// that are locked, want TLS or a new password are let in as the server lets them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { repliesTo } from './comparison.ts';
import type { TranscriptEntry } from './transcripts.ts';
import { WireClient } from './wire-client.ts';
import { CAPABILITIES } from './wire-login.ts';
import { parseError } from './wire-reply.ts';

const SETUP = [
  'create database app',
  'create table app.t (a int)',
  'create database other',
  'create table other.t (a int)',
  'create procedure other.q() select 1',
  'create user lim',
  'grant all on app.* to lim',
];

/** Capability of clients that can change a password that has expired. */
const CAN_HANDLE_EXPIRED_PASSWORDS = 1 << 22;

const recorded = readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'db', 'privileges.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as TranscriptEntry);

let decoy: Program;
let port: number;
let root: WireClient;
let limited: WireClient;

beforeAll(async () => {
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_NAME: 'vm' } });
  root = await WireClient.session(port);
  for (const sql of SETUP) await repliesTo(root, sql);
  limited = await WireClient.session(port, { user: 'lim' });
});

afterAll(async () => {
  root.socket.destroy();
  limited.socket.destroy();
  await decoy.stop();
});

test('an account with one schema may do there what it likes, and nothing elsewhere', async () => {
  const wrong: unknown[] = [];
  for (const { sql, replies } of recorded) {
    const given = await repliesTo(limited, sql);
    if (replies && JSON.stringify(given) !== JSON.stringify(replies)) wrong.push({ sql, given, replies });
  }
  expect(wrong).toEqual([]);
});

/** The code the server ends a login of `user` with; undefined where it lets the client in. */
async function loginError(user: string, capabilities?: number): Promise<number | undefined> {
  const client = await WireClient.login(port, { user, ...(capabilities === undefined ? {} : { capabilities }) });
  const packet = await client.read();
  client.socket.destroy();
  return packet.body[0] === 0xff ? parseError(packet.body).code : undefined;
}

test('a locked account is refused, and let in once it is unlocked', async () => {
  await repliesTo(root, 'create user shut account lock');
  expect(await loginError('shut')).toBe(3118);
  await repliesTo(root, 'alter user shut account unlock');
  expect(await loginError('shut')).toBeUndefined();
});

test('an account that requires TLS is refused without it', async () => {
  await repliesTo(root, 'create user wary require ssl');
  expect(await loginError('wary')).toBe(1045);
});

test('an expired password is to be changed before anything else', async () => {
  await repliesTo(root, 'create user stale password expire');
  const canChange = (CAPABILITIES.default | CAN_HANDLE_EXPIRED_PASSWORDS) >>> 0;
  expect(await loginError('stale', (canChange & ~CAN_HANDLE_EXPIRED_PASSWORDS) >>> 0)).toBe(1862);
  const client = await WireClient.session(port, { user: 'stale', capabilities: canChange });
  expect(JSON.stringify(await repliesTo(client, 'select 1'))).toContain('1820 HY000');
  await repliesTo(client, "alter user user() identified by 'fresh'");
  expect(JSON.stringify(await repliesTo(client, 'select 1'))).toContain('"rows":[["1"]]');
  client.socket.destroy();
});
