// What a transaction reads by key of rows others change meanwhile: each as it was when the transaction began to read.
// With MYSQLD_9_7=host:port in the environment, a live server is asked instead of the decoy.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';

const [, livePort = ''] = (process.env.MYSQLD_9_7 ?? '').split(':');
const ROWS = [1, 3, 5, 7, 9];

let decoy: Program | undefined;
let port = Number(livePort);

beforeAll(async () => {
  if (livePort !== '') return;
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
});

afterAll(async () => {
  await decoy?.stop();
});

async function asked(client: WireClient, ...statements: string[]): Promise<unknown> {
  let rows: unknown;
  for (const sql of statements) {
    const reply = await client.query(sql);
    if (reply.error) throw new Error(`${sql}: ${reply.error.message}`);
    rows = reply.rows;
  }
  return rows;
}

/** Sessions that all use a new table of `ROWS`, each with its tenfold. */
async function sessions(schema: string, count: number): Promise<WireClient[]> {
  const all = await Promise.all(Array.from({ length: count }, () => WireClient.session(port)));
  const [first] = all as [WireClient];
  await asked(first, `drop database if exists ${schema}`, `create database ${schema}`, `use ${schema}`);
  await asked(first, 'create table t (id int primary key, v int)');
  await asked(first, `insert into t values ${ROWS.map((id) => `(${id}, ${id * 10})`).join()}`);
  for (const client of all) await asked(client, `use ${schema}`);
  return all;
}

test.each(['', 'commit'])(
  'a key leads to what a row was, another having moved, removed or made it [%s]',
  async (end) => {
    const [reader, writer] = (await sessions(`views${end}`, 2)) as [WireClient, WireClient];
    await asked(reader, 'begin', 'select * from t');
    await asked(writer, 'begin', 'update t set id = 4 where id = 3', 'delete from t where id = 5');
    await asked(writer, 'insert into t values (6, 60)', 'update t set v = 71 where id = 7', ...(end ? [end] : []));
    const byKey = async (id: number) => asked(reader, `select * from t where id = ${id}`);
    expect(await byKey(3)).toEqual([['3', '30']]);
    expect(await byKey(4)).toEqual([]);
    expect(await byKey(5)).toEqual([['5', '50']]);
    expect(await byKey(6)).toEqual([]);
    expect(await byKey(7)).toEqual([['7', '70']]);
    expect(await asked(reader, 'select id from t where id between 3 and 6')).toEqual([['3'], ['5']]);
    await asked(writer, 'commit');
    await asked(reader, 'commit');
    expect(await asked(reader, 'select id from t where id between 3 and 6')).toEqual([['4'], ['6']]);
    for (const client of [reader, writer]) client.socket.destroy();
  },
);

test('what only an ended transaction read goes, and what an older or younger one reads stays', async () => {
  const [old, young, writer] = (await sessions('aged', 3)) as [WireClient, WireClient, WireClient];
  const value = (client: WireClient) => asked(client, 'select v from t where id = 1');
  await asked(old, 'begin', 'select * from t');
  await asked(writer, 'update t set v = 11 where id = 1');
  await asked(young, 'begin', 'select * from t');
  await asked(writer, 'update t set v = 12 where id = 1');
  expect(await value(old)).toEqual([['10']]);
  await asked(old, 'commit');
  expect(await value(young)).toEqual([['11']]);
  expect(await value(old)).toEqual([['12']]);
  await asked(young, 'commit');
  expect(await value(young)).toEqual([['12']]);
  for (const client of [old, young, writer]) client.socket.destroy();
});

test('sessions that never all end at once do not wear out what is kept of rows', async () => {
  const [one, two, writer] = (await sessions('worn', 3)) as [WireClient, WireClient, WireClient];
  await asked(one, 'begin', 'select * from t');
  // More changes than are kept of a table, and always one transaction that reads.
  for (let turn = 0; turn < 60; turn++) {
    const [next, last] = turn % 2 === 0 ? [two, one] : [one, two];
    await asked(next, 'begin', 'select * from t');
    await asked(last, 'commit');
    for (let change = 0; change < 20; change++) await asked(writer, 'update t set v = v + 1');
  }
  // 60 × 20 changes later, less those since its view was taken.
  expect(await asked(one, 'select v from t where id = 1')).toEqual([[String(10 + 59 * 20)]]);
  for (const client of [one, two, writer]) client.socket.destroy();
});
