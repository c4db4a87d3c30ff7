// Several connections of one source at the same rows, tables and names: who waits, who is told what, who reads what.
// With MYSQLD_9_7=host:port in the environment, a live server is asked instead of the decoy.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';

const [, livePort = ''] = (process.env.MYSQLD_9_7 ?? '').split(':');

let decoy: Program | undefined;
let port = Number(livePort);
let one: WireClient;
let two: WireClient;

beforeAll(async () => {
  if (livePort !== '') return;
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
});

afterAll(async () => {
  await decoy?.stop();
});

beforeEach(async () => {
  [one, two] = await Promise.all([WireClient.session(port), WireClient.session(port)]);
  await asked(one, 'drop database if exists held', 'create database held', 'use held');
  await asked(
    one,
    'create table t (id int primary key, v int, unique (v))',
    'insert into t values (1,10),(2,20),(3,30)',
  );
  await asked(two, 'use held', 'set innodb_lock_wait_timeout = 1, lock_wait_timeout = 1');
});

afterEach(() => {
  one.socket.destroy();
  two.socket.destroy();
});

/** Asks one after the other; gives the last answer's error code, or its rows, or how many rows it changed. */
async function asked(client: WireClient, ...statements: string[]): Promise<unknown> {
  let told: unknown;
  for (const sql of statements) {
    const reply = await client.query(sql);
    told = reply.error?.code ?? reply.rows ?? Number(reply.ok?.affected ?? 0);
  }
  return told;
}

/** What a transaction holds, and what waits for it. */
const HOLDING = [
  ['update t set v = 11 where id = 1', 'update t set v = 12 where id = 1'],
  ['update t set v = 11 where id = 1', 'delete from t where id = 1'],
  ['delete from t where id = 1', 'update t set v = 12 where id = 1'],
  ['delete from t where id = 1', 'insert into t values (1, 5)'],
  ['delete from t where id = 1', 'insert into t values (7, 10)'],
  ['insert into t values (4, 40)', 'insert into t values (4, 41)'],
  ['insert into t values (4, 40)', 'insert ignore into t values (4, 41)'],
  ['select * from t where id = 1 for update', 'update ignore t set v = 12 where id = 1'],
  ['select * from t where id = 1 for share', 'delete ignore from t where id = 1'],
  ['select * from t where id = 1 for update', 'select * from t where id = 1 for share'],
] as const;

test('whoever wants what another transaction holds waits and is told 1205', async () => {
  const told = HOLDING.map(async ([first, second], at) => {
    const [holding, waiting] = await Promise.all([WireClient.session(port), WireClient.session(port)]);
    await asked(holding, 'use held', `create table t${at} like t`, `insert into t${at} select * from t`);
    await asked(holding, 'begin', first.replace(' t ', ` t${at} `));
    await asked(waiting, 'use held', 'set innodb_lock_wait_timeout = 1');
    const error = await asked(waiting, second.replace(' t ', ` t${at} `));
    await asked(holding, 'rollback');
    const left = await asked(waiting, `select count(*) from t${at}`);
    holding.socket.destroy();
    waiting.socket.destroy();
    return [first, second, error, left];
  });
  expect(await Promise.all(told)).toEqual(HOLDING.map((pair) => [...pair, 1205, [['3']]]));
});

test('two may share a row; none may wait with NOWAIT, and SKIP LOCKED leaves rows out', async () => {
  await asked(one, 'begin', 'select * from t where id = 2 for share');
  expect(await asked(two, 'select v from t where id = 2 for share')).toEqual([['20']]);
  expect(await asked(two, 'select v from t where id = 2 for update nowait')).toBe(3572);
  expect(await asked(two, 'select id from t order by id for update skip locked')).toEqual([['1'], ['3']]);
});

test.each(['commit', 'rollback'])('a change waits until the other transaction ends with %s', async (end) => {
  await asked(two, 'set innodb_lock_wait_timeout = 30');
  await asked(one, 'begin', 'update t set v = 11 where id = 1');
  const waiting = asked(two, 'update t set v = v + 100 where id = 1');
  await asked(one, 'do sleep(0.2)', end);
  expect(await waiting).toBe(1);
  expect(await asked(one, 'select v from t where id = 1')).toEqual([[end === 'commit' ? '111' : '110']]);
});

test('a connection that closes, or is reset, lets go of what it held', async () => {
  await asked(two, 'set innodb_lock_wait_timeout = 30');
  await asked(one, 'begin', 'update t set v = 11 where id = 1');
  one.socket.destroy();
  expect(await asked(two, 'update t set v = v + 100 where id = 1')).toBe(1);
  expect(await asked(two, 'select v from t where id = 1')).toEqual([['110']]);
});

test('what is not committed is read by its own connection only', async () => {
  const all = 'select id, v from t order by id';
  await asked(
    one,
    'begin',
    'update t set v = 11 where id = 1',
    'delete from t where id = 2',
    'insert into t values (4, 40)',
  );
  expect(await asked(one, all)).toEqual([
    ['1', '11'],
    ['3', '30'],
    ['4', '40'],
  ]);
  expect(await asked(two, all)).toEqual([
    ['1', '10'],
    ['2', '20'],
    ['3', '30'],
  ]);
  expect(await asked(two, 'select * from t')).toEqual(await asked(two, all));
  expect(await asked(two, 'select v from t where id = 2')).toEqual([['20']]);
  await asked(two, 'set transaction_isolation = "read-uncommitted"');
  expect(await asked(two, all)).toEqual([
    ['1', '11'],
    ['3', '30'],
    ['4', '40'],
  ]);
  await asked(two, 'set transaction_isolation = default');
  await asked(one, 'commit');
  expect(await asked(two, all)).toEqual([
    ['1', '11'],
    ['3', '30'],
    ['4', '40'],
  ]);
});

test('a removal taken back to a savepoint is read once', async () => {
  await asked(one, 'begin', 'savepoint s', 'delete from t where id = 2', 'rollback to s');
  expect(await asked(two, 'select id from t order by id')).toEqual([['1'], ['2'], ['3']]);
});

test('of two that wait for each other one is told 1213 and rolled back, and the other goes on', async () => {
  await asked(two, 'set innodb_lock_wait_timeout = 30');
  await asked(one, 'set innodb_lock_wait_timeout = 30', 'begin', 'update t set v = 11 where id = 1');
  await asked(two, 'begin', 'update t set v = 22 where id = 2');
  const told = [
    asked(one, 'update t set v = 12 where id = 2'),
    asked(two, 'do sleep(0.2)', 'update t set v = 13 where id = 1'),
  ];
  expect((await Promise.all(told)).sort()).toEqual([1, 1213]);
});

test('a wait ends with KILL QUERY, and the connection goes on', async () => {
  await asked(two, 'set innodb_lock_wait_timeout = 30');
  await asked(one, 'begin', 'update t set v = 11 where id = 1');
  const id = ((await asked(two, 'select connection_id()')) as string[][])[0]?.[0];
  const waiting = asked(two, 'update t set v = 12 where id = 1');
  await asked(one, 'do sleep(0.2)', `kill query ${id}`);
  expect(await waiting).toBe(1317);
  expect(await asked(two, 'select 1')).toEqual([['1']]);
});

test('definitions wait for open transactions, and LOCK TABLES keeps others out', async () => {
  const three = await WireClient.session(port);
  await asked(three, 'use held', 'set lock_wait_timeout = 1');
  await asked(one, 'begin', 'update t set v = 11 where id = 1');
  expect(await Promise.all([asked(two, 'alter table t add w int'), asked(three, 'drop table t')])).toEqual([
    1205, 1205,
  ]);
  await asked(one, 'lock tables t read');
  expect(await asked(two, 'select count(*) from t')).toEqual([['3']]);
  await asked(one, 'lock tables t write');
  const kept = [asked(two, 'select count(*) from t'), asked(three, 'lock tables t read')];
  expect(await Promise.all(kept)).toEqual([1205, 1205]);
  const waiting = asked(two, 'insert into t values (5, 50)');
  await asked(one, 'do sleep(0.2)', 'unlock tables');
  expect(await waiting).toBe(1);
  three.socket.destroy();
});

test('a lock of GET_LOCK is one connection’s at a time', async () => {
  expect(await asked(one, 'select get_lock("l", 0)')).toEqual([['1']]);
  expect(await asked(two, 'select get_lock("l", 0), is_free_lock("l"), release_lock("l")')).toEqual([['0', '0', '0']]);
  await asked(one, 'select release_lock("l")');
  expect(await asked(two, 'select get_lock("l", 0)')).toEqual([['1']]);
});

test('a prepared XA transaction outlives its connection and holds its rows until it is finished', async () => {
  await asked(one, 'xa start "x"', 'update t set v = 11 where id = 1', 'xa end "x"', 'xa prepare "x"');
  one.socket.destroy();
  expect(await asked(two, 'update t set v = 12 where id = 1')).toBe(1205);
  expect(await asked(two, 'select v from t where id = 1')).toEqual([['10']]);
  await asked(two, 'xa commit "x"');
  expect(await asked(two, 'select v from t where id = 1')).toEqual([['11']]);
});
