// Stored routines, XA and roles: what a live MySQL 9.7.4 answered, and never an OK for what was not done.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';
import type { WireReply } from './wire-reply.ts';

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

  test('runs loops, branches, parameters and functions', async () => {
    await procedure(
      'looped',
      '() begin declare n int default 0; while n < 3 do set n = n + 1; end while; select n; end',
    );
    expect(await results('call looped()')).toEqual(['[["3"]]', 'ok 0']);
    await procedure('taking', '(in n int, out m int) begin if n > 1 then set m = n * 2; else set m = 0; end if; end');
    expect(await results('call taking(4, @m)')).toEqual(['ok 0']);
    expect(await results('select @m')).toEqual(['[["8"]]']);
    expect(await results('create function three(n int) returns int deterministic return n * 3')).toEqual(['ok 0']);
    expect(await results('select three(4), three(2) + 1')).toEqual(['[["12","7"]]']);
  });

  test('reads cursors to their end and goes on where a handler says so', async () => {
    await results('insert into t values (5), (6)');
    await procedure(
      'walked',
      `() begin declare done int default 0; declare v, total int default 0; declare c cursor for select i from t;
        declare continue handler for not found set done = 1;
        open c; walk: loop fetch c into v; if done then leave walk; end if; set total = total + v; end loop; close c;
        select total; end`,
    );
    expect(await results('call walked()')).toEqual(['[["11"]]', 'ok 0']);
    await results('delete from t');
  });

  test('stops a loop that never ends, and one that only writes', async () => {
    await procedure('endless', '() begin declare n int default 0; l: loop set n = n + 1; end loop; end');
    expect(await results('call endless()')).toEqual(['3024']);
    await procedure('filling', '() begin l: loop insert into t values (1); end loop; end');
    const [code] = await results('call filling()');
    expect(['3024', '1114']).toContain(code);
    await results('delete from t');
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

describe('triggers', () => {
  test('change a row before it is written, and write of it elsewhere after', async () => {
    await results('create table watched (id int primary key, v int)');
    await results('create table seen (what varchar(20), id int)');
    await results('create trigger doubled before insert on watched for each row set new.v = new.v * 2');
    await results("create trigger told after delete on watched for each row insert into seen values ('gone', old.id)");
    expect(await results('insert into watched values (1, 21)')).toEqual(['ok 1']);
    expect(await results('select v from watched')).toEqual(['[["42"]]']);
    expect(await results('delete from watched where id = 1')).toEqual(['ok 1']);
    expect(await results('select * from seen')).toEqual(['[["gone","1"]]']);
  });

  test('that change their own table are refused, and no chain of them goes on for ever', async () => {
    await results('create table round (i int)');
    await results('create trigger again before insert on round for each row insert into round values (1)');
    expect(await results('insert into round values (1)')).toEqual(['1442']);
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
