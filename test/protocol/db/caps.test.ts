// What is made to cost much: statements refused as the server refuses them, or answered while other clients are answered too, and
// crowds at the door.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { BOMBS } from './bombs.ts';
import { WireClient } from './wire-client.ts';
import { CAPABILITIES } from './wire-login.ts';

let decoy: Program;
let port: number;
let client: WireClient;

beforeAll(async () => {
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
  client = await WireClient.session(port);
  await client.query('create database bomb');
});

afterAll(async () => {
  client.socket.destroy();
  await decoy.stop();
});

const MORE_RESULTS = 8;
const numbers = (count: number, between: string) => Array.from({ length: count }, (_, at) => at).join(between);

test('the first scan of COLUMNS lets other clients be answered before it ends', async () => {
  const other = await WireClient.session(port);
  const order: string[] = [];
  const scan = client.query('select * from information_schema.columns').then((reply) => {
    order.push('scan');
    return reply.rows?.length ?? 0;
  });
  await other.query('select 1').then(() => order.push('other'));
  expect(await scan).toBeGreaterThan(3_000);
  expect(order).toEqual(['other', 'scan']);
  other.socket.destroy();
});

/** Rows of a table a statement takes several turns for. */
const MANY_ROWS = 10_000;

async function manyRows(name: string): Promise<void> {
  const values = Array.from({ length: 1_000 }, (_, at) => `(${at})`).join(',');
  await client.query(`create table bomb.${name} (a int, b varchar(40))`);
  await client.query(`insert into bomb.${name} (a) values ${values}`);
  await client.query(
    `insert into bomb.${name} select x.a, repeat(x.a,9) from bomb.${name} x, (${Array.from({ length: 9 }, (_, at) => `select ${at} n`).join(' union all ')}) d`,
  );
}

test('ten thousand rows are read, sorted, grouped and changed, and other clients are answered before all of it ends', async () => {
  await manyRows('read_rows');
  const other = await WireClient.session(port);
  const order: string[] = [];
  const whole = (async () => {
    const counted = await client.query(
      'select count(*), count(distinct a) from bomb.read_rows where length(reverse(b)) >= 0',
    );
    const grouped = await client.query('select a, count(*) from bomb.read_rows group by a order by reverse(a), 2');
    const updated = await client.query('update bomb.read_rows set b = reverse(b), a = a + 1');
    const deleted = await client.query('delete from bomb.read_rows where a > 0');
    order.push('whole');
    return { counted, grouped, updated, deleted };
  })();
  await other.query('select 1').then(() => order.push('other'));
  const { counted, grouped, updated, deleted } = await whole;
  expect(order).toEqual(['other', 'whole']);
  expect(counted.rows).toEqual([['9000', '1000']]);
  expect(grouped.rows?.length).toBe(1_000);
  expect([updated.ok?.affected, deleted.ok?.affected]).toEqual([MANY_ROWS, MANY_ROWS]);
  other.socket.destroy();
});

test('KILL QUERY ends a change that is under way, which is taken back', async () => {
  await manyRows('killed_rows');
  const attacker = await WireClient.session(port);
  const id = (await attacker.query('select connection_id()')).rows?.[0]?.[0];
  const change = attacker.query('update bomb.killed_rows set a = a + 1000000, b = reverse(b)');
  await client.query(`kill query ${id}`);
  expect((await change).error?.code).toBe(1317);
  expect((await client.query('select count(*) from bomb.killed_rows where a >= 1000000')).rows).toEqual([['0']]);
  attacker.socket.destroy();
});

test.each(['+', '*', ' or ', ' and ', ' = '])('20,000 terms of "%s" run out of stack', async (operator) => {
  expect((await client.query(`select ${numbers(20_000, operator)}`)).error?.code).toBe(1436);
});

test('operators bind as strongly as the server binds them, and to the left', async () => {
  const reply = await client.query('select 7-2-1, 2+3*4, 1|2&3, 1<<2+1, 2*3^1, 100 div 7 mod 4, 9-4+1, -2*3');
  expect(reply.rows).toEqual([['4', '14', '3', '8', '4', '2', '6', '-6']]);
});

test('a long list of literals is searched', async () => {
  expect((await client.query(`select 23999 in (${numbers(24_000, ',')}), null in (null)`)).rows).toEqual([['1', null]]);
});

test('more columns than a table can have are not selected', async () => {
  expect((await client.query(`select ${numbers(1_018, ',')}`)).error?.code).toBe(1117);
});

test('statements by the thousand in one message are each answered, and other clients before the last', async () => {
  const attacker = await WireClient.session(port, { capabilities: CAPABILITIES.multi });
  const other = await WireClient.session(port);
  const order: string[] = [];
  const list = (async () => {
    let answers = 1;
    let reply = await attacker.query(`${'do 1;'.repeat(6_000)}select 7`);
    for (; ((reply.ok?.status ?? 0) & MORE_RESULTS) !== 0; answers++) reply = await attacker.reply();
    order.push('list');
    return { answers, rows: reply.rows };
  })();
  await other.query('select 1').then(() => order.push('other'));
  expect(await list).toEqual({ answers: 6_001, rows: [['7']] });
  expect(order).toEqual(['other', 'list']);
  attacker.socket.destroy();
  other.socket.destroy();
});

test('a number of a megabyte of digits is cut to what a decimal holds', async () => {
  const whole = await client.query(`select ${'9'.repeat(900_000)}`);
  expect(whole.rows).toEqual([['9'.repeat(65)]]);
  expect(whole.warnings).toBe(1);
  const fraction = await client.query(`select length(1.${'9'.repeat(900_000)})`);
  expect(fraction.rows).toEqual([['74']]);
});

test('longest packets before a login leave the server answering', async () => {
  const size = 0xffffff;
  const flood = async () => {
    const { socket } = await WireClient.open(port);
    socket.on('error', () => {});
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 1]), Buffer.alloc(size, 65)]), () => socket.end());
    await gone;
  };
  await Promise.all([flood(), flood()]);
  expect((await client.query('select 1')).rows).toEqual([['1']]);
});

/** The others are played by bench/hostile.ts. */
const PLAYED = ['casts in casts', 'CASE in CASE', 'common tables that double', 'JSON in JSON', 'regular expressions'];
const KEPT = ['views on views', 'triggers that set off triggers', 'savepoints', 'changes of megabytes to take back'];

test.each(BOMBS.filter(({ name }) => [...PLAYED, ...KEPT].includes(name)))(
  '$name leave the server answering',
  async ({ statements }) => {
    const attacker = await WireClient.session(port);
    for (const statement of statements) await attacker.query(statement);
    attacker.socket.destroy();
    expect((await client.query('select 1')).rows).toEqual([['1']]);
  },
);

/** Far above what they come to, and below what they would come to with all they were cut from. */
const PARTS_KB = 100 * 1024;

test('parts of long texts are kept without the texts', async () => {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${decoy.child.pid}/status`, 'latin1'))?.[1]);
  const attacker = await WireClient.session(port);
  const before = resident();
  for (let at = 0; at < 250; at++)
    expect((await attacker.query(`set @part_${at} = substring(repeat("x",1000000),1,20)`)).error).toBeUndefined();
  expect(resident() - before).toBeLessThan(PARTS_KB);
  attacker.socket.destroy();
});

test('a conditional comment after the other is read in one pass', async () => {
  const many = await client.query(`select 1 ${'/*!90000 x */'.repeat(60_000)}`);
  expect(many.error?.code).toBe(3170);
});

test('whoever comes while the server starts is told of, however many', async () => {
  const [own, clients] = [await freePort(), 400];
  const open = (ms: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(own, '127.0.0.1', () => setTimeout(() => socket.destroy(), ms));
      let came = false;
      socket.on('connect', () => {
        came = true;
      });
      socket.on('error', () => undefined);
      socket.on('data', () => undefined);
      socket.on('close', () => resolve(came));
    });
  const starting = startDecoy('db', { env: { DB_PORT: String(own), BIND: '127.0.0.1' } });
  while (!(await open(0))) await new Promise((resolve) => setTimeout(resolve, 5));
  const came = await Promise.all(Array.from({ length: clients }, () => open(500)));
  const program = await starting;
  // Who came before the first that is answered has been taken too.
  let turnedAway = 0;
  const answered = () => WireClient.session(own).catch(() => void turnedAway++);
  let session = await answered();
  while (!session) session = await answered();
  await session.quit();
  await program.stop();
  const told = program
    .touches()
    .filter((line) => line.event.action === 'tcp-connect')
    .reduce((sum, line) => sum + (line.honeypod.count ?? 1), 0);
  expect(told).toBe(came.filter(Boolean).length + 1 + turnedAway);
});
