// Events of a client's own: they run when their moment has come, as their definer, and end as they were told to.
// With MYSQLD_9_7=host:port in the environment, a live server is asked instead of the decoy.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';

const [, livePort = ''] = (process.env.MYSQLD_9_7 ?? '').split(':');
/** Past the second moment of what runs every second, before it is the fourth's turn. */
const TWO_SECONDS_MS = 2_300;

let decoy: Program | undefined;
let port = Number(livePort);
let client: WireClient;

beforeAll(async () => {
  if (livePort === '') {
    port = await freePort();
    decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
  }
  client = await WireClient.session(port);
  await asked('drop database if exists told', 'create database told', 'use told');
  await asked('create table t (what varchar(20), who varchar(80), by_whom varchar(80), db varchar(20))');
});

afterAll(async () => {
  await asked('drop database told');
  client.socket.destroy();
  await decoy?.stop();
});

async function asked(...statements: string[]): Promise<unknown> {
  let rows: unknown;
  for (const sql of statements) {
    const reply = await client.query(sql);
    if (reply.error) throw new Error(`${sql}: ${reply.error.message}`);
    rows = reply.rows;
  }
  return rows;
}

const notes = (what: string) => `insert into told.t values ('${what}', user(), current_user(), database())`;
const count = async (what: string) =>
  Number(((await asked(`select count(*) from t where what='${what}'`)) as string[][])[0]?.[0]);

test('run at their moments, as their definer, and go, stay or are disabled afterwards', async () => {
  await asked(
    `create event each_second on schedule every 1 second do ${notes('each')}`,
    `create event once on schedule at now() + interval 1 second do ${notes('once')}`,
    `create event kept on schedule at now() + interval 1 second on completion preserve do ${notes('kept')}`,
    `create event until on schedule every 1 second ends now() + interval 1 second do ${notes('until')}`,
    `create event off on schedule every 1 second disable do ${notes('off')}`,
    `create event later on schedule every 1 hour starts now() + interval 1 hour do ${notes('later')}`,
    'create event failing on schedule every 1 hour do insert into told.missing values (1)',
  );
  await sleep(TWO_SECONDS_MS);
  expect(await asked('select distinct who, by_whom, db from t')).toEqual([
    ['event_scheduler@localhost', 'root@%', 'told'],
  ]);
  const each = await count('each');
  expect(each).toBeGreaterThanOrEqual(2);
  expect([await count('once'), await count('kept'), await count('off'), await count('later')]).toEqual([1, 1, 0, 0]);
  expect(await count('until')).toBeLessThanOrEqual(2);
  const left = `select event_name, status, last_executed is not null from information_schema.events where event_schema='told' order by 1`;
  expect(await asked(left)).toEqual([
    ['each_second', 'ENABLED', '1'],
    ['failing', 'ENABLED', '1'],
    ['kept', 'DISABLED', '1'],
    ['later', 'ENABLED', '0'],
    ['off', 'DISABLED', '0'],
  ]);
  expect(
    await asked(
      `select distinct prio, error_code, data from performance_schema.error_log where data like '%told.failing%'`,
    ),
  ).toEqual([['Error', 'MY-010045', "Event Scheduler: [root@%][told.failing] Table 'told.missing' doesn't exist"]]);
  expect(
    await asked(`select state from information_schema.processlist where user='event_scheduler' and command='Daemon'`),
  ).toEqual([['Waiting for next activation']]);
  await asked('drop event each_second', 'drop event failing', 'drop event kept', 'drop event later', 'drop event off');
});

test('what a stopped scheduler missed is not made up for', async () => {
  await asked(`create event missed on schedule every 1 second starts now() + interval 1 second do ${notes('missed')}`);
  await asked('set global event_scheduler = off');
  await sleep(TWO_SECONDS_MS);
  expect(await count('missed')).toBe(0);
  await asked('set global event_scheduler = on');
  expect(await count('missed')).toBeLessThanOrEqual(1);
  await asked('drop event missed');
});

test.skipIf(livePort !== '')(
  'one that never ends keeps its own source waiting for a while, and others not at all',
  async () => {
    await asked('create event endless on schedule every 1 second do begin while true do set @a = 1; end while; end');
    await sleep(TWO_SECONDS_MS);
    const other = await WireClient.session(port, { from: '127.0.0.2' });
    const begunMs = performance.now();
    const own = asked('select count(*) from t');
    const reply = await other.query('select 1');
    expect(reply.rows).toEqual([['1']]);
    expect(performance.now() - begunMs).toBeLessThan(5_000);
    await own;
    await asked('drop event endless');
    other.socket.destroy();
  },
);
