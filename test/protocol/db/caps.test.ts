// What is made to cost much: statements refused as the server refuses them, or answered while other clients are answered too, and
// crowds at the door.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Program, startDecoy } from '../../harness/program.ts';
import { BOMBS } from './bombs.ts';
import { freePort } from './ports.ts';
import { WireClient } from './wire-client.ts';

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
const KEPT = ['views on views', 'triggers that set off triggers', 'savepoints'];

test.each(BOMBS.filter(({ name }) => [...PLAYED, ...KEPT].includes(name)))(
  '$name leave the server answering',
  async ({ statements }) => {
    const attacker = await WireClient.session(port);
    for (const statement of statements) await attacker.query(statement);
    attacker.socket.destroy();
    expect((await client.query('select 1')).rows).toEqual([['1']]);
  },
);

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
  // Who came before this one has been taken too.
  await (await WireClient.session(own)).quit();
  await program.stop();
  const told = program
    .touches()
    .filter((line) => line.event.action === 'tcp-connect')
    .reduce((sum, line) => sum + (line.honeypod.count ?? 1), 0);
  expect(told).toBe(came.filter(Boolean).length + 1);
});
