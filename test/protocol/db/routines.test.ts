// Stored routines, XA and roles: what a live MySQL 9.7.4 answered, and never an OK for what was not done.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, startDecoy } from '../../harness/program.ts';
import { freePort } from './ports.ts';
import { WireClient, type WireReply } from './wire-client.ts';

const MORE_RESULTS = 8;

let decoy: Program;
let client: WireClient;

beforeAll(async () => {
  const port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
  client = await WireClient.session(port);
  await client.query('create database kept');
  await client.query('use kept');
  await client.query('create table t (i int)');
});

afterAll(async () => {
  client.socket.destroy();
  await decoy.stop();
});

/** Every result of a statement: rows as text, `ok N` with the rows affected, or the error's code. */
async function results(sql: string): Promise<string[]> {
  const all: string[] = [];
  let reply: WireReply = await client.query(sql);
  for (;;) {
    if (reply.error) all.push(String(reply.error.code));
    else if (reply.rows) all.push(JSON.stringify(reply.rows));
    else all.push(`ok ${reply.ok?.affected}`);
    const status = reply.ok?.status ?? reply.status ?? 0;
    if (reply.error || !(status & MORE_RESULTS)) return all;
    reply = await client.reply();
  }
}

async function procedure(name: string, rest: string): Promise<void> {
  expect(await results(`create procedure ${name}${rest}`)).toEqual(['ok 0']);
}

describe('CALL', () => {
  test('runs a body of one query: its rows, then OK', async () => {
    await procedure('one', '() select 1 as a');
    expect(await results('call one()')).toEqual(['[["1"]]', 'ok 0']);
    expect(await results('CALL kept.one')).toEqual(['[["1"]]', 'ok 0']);
  });

  test('runs a block of statements in order, with what the last one affected', async () => {
    await procedure('block', '() begin insert into t values (1),(2),(3); select count(*) from t; delete from t; end');
    expect(await results('call block()')).toEqual(['[["3"]]', 'ok 3']);
    expect(await results('select count(*) from t')).toEqual(['[["0"]]']);
  });

  test('gives the results before an error, and then the error', async () => {
    await procedure('broken', '() begin select 1; select * from nowhere; select 3; end');
    expect(await results('call broken()')).toEqual(['[["1"]]', '1146']);
  });

  test('refuses a body it does not run, rather than answering OK', async () => {
    await procedure('looped', '() begin declare n int default 0; while n < 3 do set n = n + 1; end while; end');
    expect(await results('call looped()')).toEqual(['1436']);
    await procedure('taking', '(in n int) select n + 1');
    expect(await results('call taking(1)')).toEqual(['1436']);
    expect(await results('create function three() returns int deterministic return 3')).toEqual(['ok 0']);
    expect(await results('select three()')).toEqual(['1436']);
  });

  test('counts arguments, and wants variables where values come out', async () => {
    await procedure('giving', '(out n int) set n = 3');
    expect(await results('call giving()')).toEqual(['1318']);
    expect(await results('call giving(4)')).toEqual(['1414']);
    expect(await results('call nothing()')).toEqual(['1305']);
  });

  test('ends what calls itself, and what calls on and on', async () => {
    await procedure('again', '() call again()');
    expect(await results('call again()')).toEqual(['1456']);
    await procedure('level0', '() do 1');
    for (let level = 1; level < 8; level++) {
      const body = `call level${level - 1}();`.repeat(8);
      await procedure(`level${level}`, `() begin ${body} end`);
    }
    expect(await results('call level7()')).toEqual(['3024']);
  });
});

describe('CREATE of routines', () => {
  test.each([
    ['create procedure p() garbage here', '1064'],
    ['create procedure p() begin select 1; end garbage', '1064'],
    ['create procedure p() begin select 1', '1064'],
    ['create procedure p() use mysql', '1314'],
    ['create procedure p() lock tables t read', '1314'],
    ['create function f() returns int return 3', '1418'],
    ['create function f() returns int deterministic garbage', '1064'],
    ['create trigger r before insert on t for each row garbage', '1064'],
    ['create event e on schedule every 1 day do garbage', '1064'],
  ])('%s is refused with %s', async (sql, code) => {
    expect(await results(sql)).toEqual([code]);
  });
});

describe('what is not done is not told OK', () => {
  test.each([
    ['set role nobody_made', '3530'],
    ['alter instance garbage', '1064'],
    ['alter instance rotate innodb master key', '3185'],
    ['reset persist nothing_kept', '3615'],
    ['xa start garbage', '1064'],
    ["xa commit 'unknown'", '1397'],
  ])('%s is refused with %s', async (sql, code) => {
    expect(await results(sql)).toEqual([code]);
  });

  test('an XA transaction goes through its states', async () => {
    for (const sql of ["xa start 'a'", "xa end 'a'", "xa prepare 'a'", "xa commit 'a'"])
      expect(await results(sql)).toEqual(['ok 0']);
    await results("xa start 'b'");
    expect(await results("xa commit 'b'")).toEqual(['1399']);
    await results("xa end 'b'");
    expect(await results("xa rollback 'b'")).toEqual(['ok 0']);
  });
});
