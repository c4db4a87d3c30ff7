// The clock as statements read it: to the microsecond, the same through a statement, cut where a column keeps less, and set by @@timestamp.
// With MYSQLD_9_7=host:port in the environment, a live server is asked instead of the decoy.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';

const [, livePort = ''] = (process.env.MYSQLD_9_7 ?? '').split(':');
const LOOKS = 12;

let decoy: Program | undefined;
let client: WireClient;

beforeAll(async () => {
  let port = Number(livePort);
  if (livePort === '') {
    port = await freePort();
    decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
  }
  client = await WireClient.session(port);
});

afterAll(async () => {
  client.socket.destroy();
  await decoy?.stop();
});

async function asked(sql: string): Promise<readonly (string | null)[]> {
  const reply = await client.query(sql);
  if (reply.error) throw new Error(`${sql}: ${reply.error.message}`);
  return reply.rows?.[0] ?? [];
}

test('NOW(6) tells microseconds, the same wherever a statement asks, and SYSDATE(6) goes on', async () => {
  const parts: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    const [micros, same, later] = await asked('select microsecond(now(6)), now(6) = now(6), sysdate(6) >= now(6)');
    parts.push(Number(micros) % 1_000);
    expect([same, later]).toEqual(['1', '1']);
  }
  expect(parts.some((part) => part !== 0)).toBe(true);
});

test('a column that keeps no fraction is given the second under way, not the next', async () => {
  await asked('drop database if exists ticking');
  await asked('create database ticking');
  await asked(
    'create table ticking.t (a datetime default now(), b timestamp default now() on update now(), n datetime(6) default now(6), v int)',
  );
  for (let look = 0; look < LOOKS; look++) {
    await asked('insert into ticking.t (v) values (1)');
    await asked('do sleep(0.09)');
  }
  await asked('update ticking.t set v = 2, n = now(6)');
  expect(await asked('select max(a > n), max(b > n), count(*) from ticking.t')).toEqual(['0', '0', String(LOOKS)]);
  await asked('drop database ticking');
});

test.each(['default', '0'])('SET timestamp = %s lets a clock that was set go on', async (value) => {
  await asked('set timestamp = 1.25');
  expect(await asked('select now(6), @@timestamp')).toEqual(['1970-01-01 00:00:01.250000', '1.250000']);
  await asked(`set timestamp = ${value}`);
  expect(await asked('select year(now()) > 2000, @@timestamp > 2')).toEqual(['1', '1']);
});
