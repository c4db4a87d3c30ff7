// Values transcripts leave out since they move: they move here as a clock and counters move them.
// With MYSQLD_9_7=host:port in the environment, a live server is asked instead of the decoy.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';

const [, livePort = ''] = (process.env.MYSQLD_9_7 ?? '').split(':');

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

async function rows(sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const reply = await client.query(sql);
  if (reply.error) throw new Error(`${sql}: ${reply.error.message}`);
  return reply.rows ?? [];
}

/** Ticks of 100 ns of a version 1 UUID. */
function ticksOf(uuid: string): bigint {
  const [low, middle, high] = uuid.split('-');
  return BigInt(`0x${high?.slice(1)}${middle}${low}`);
}

test('UUIDs of one statement follow one another within microseconds', async () => {
  const [first, second, third] = ((await rows('select uuid(), uuid(), uuid()'))[0] ?? []) as [string, string, string];
  const steps = [ticksOf(second) - ticksOf(first), ticksOf(third) - ticksOf(second)];
  for (const step of steps) {
    expect(step).toBeGreaterThan(0n);
    expect(step).toBeLessThan(10_000n);
  }
});

test('SHOW PROFILES tells eight decimals, and PROFILING the stages that make them', async () => {
  await rows('set profiling = 1');
  await rows('select 1');
  const [profile] = await rows('show profiles');
  expect(profile?.[1]).toMatch(/^0\.\d{8}$/);
  expect(Number(profile?.[1])).toBeGreaterThan(0);
  const stages = await rows(
    'select seq, state, duration, source_file from information_schema.profiling where query_id = 1',
  );
  expect(stages[0]).toEqual(['2', 'starting', expect.stringMatching(/^0\.\d{6}$/), null]);
  expect(stages[1]?.slice(0, 2)).toEqual(['3', 'checking permissions']);
  expect(stages[1]?.[3]).toBe('sql_authorization.cc');
  await rows('set profiling = 0');
});

test('statement timers count nanoseconds, in picoseconds', async () => {
  const timers = await rows(
    'select timer_start, timer_end - timer_start from performance_schema.events_statements_history',
  );
  for (const [start, wait] of timers)
    expect([BigInt(start ?? 0) % 1_000n, BigInt(wait ?? 0) % 1_000n]).toEqual([0n, 0n]);
  expect(timers.some(([start]) => BigInt(start ?? 0) % 1_000_000n !== 0n)).toBe(true);
});

/** Counters of the session that are not 0, of these. */
async function handlers(...names: string[]): Promise<Record<string, number>> {
  const list = names.map((name) => `'Handler_${name}'`).join();
  const told = await rows(`show session status where variable_name in (${list}) and value <> '0'`);
  return Object.fromEntries(told.map(([name, value]) => [(name ?? '').slice('Handler_'.length), Number(value)]));
}

async function innodbRows(): Promise<number[]> {
  return (await rows(`show global status like 'Innodb_rows_%'`)).map(([, value]) => Number(value));
}

test('rows written and read are counted, and every commit', async () => {
  await rows('drop database if exists counted');
  await rows('create database counted');
  await rows('create table counted.t (a int primary key, b int)');
  // A server reads its dictionary where it first opens a table.
  await rows('select * from counted.t');
  const [deleted = 0, inserted = 0, , updated = 0] = await innodbRows();
  await rows('flush status');
  await rows('insert into counted.t values (1, 1), (2, 2), (3, 3)');
  expect(await handlers('write', 'commit', 'prepare')).toEqual({ commit: 2, prepare: 2, write: 3 });
  await rows('flush status');
  await rows('select * from counted.t where a = 2');
  expect(await handlers('read_key', 'read_first', 'read_rnd_next')).toEqual({ read_key: 1 });
  await rows('begin');
  await rows('update counted.t set b = 9 where a = 1');
  await rows('delete from counted.t where a = 3');
  await rows('rollback');
  expect(await handlers('update', 'delete', 'rollback')).toEqual({ update: 1, delete: 1, rollback: 2 });
  const after = await innodbRows();
  expect([after[0], after[1], after[3]]).toEqual([deleted + 1, inserted + 3, updated + 1]);
  const [engine] = await rows('show engine innodb status');
  expect(engine?.[2]).toContain(`Number of rows inserted ${after[1]}, updated ${after[3]}, deleted ${after[0]}, read `);
  await rows('drop database counted');
});

test('every time a table of the server tells is of its own life: from when its data was made until now', async () => {
  const tables = await rows(
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('mysql', 'performance_schema', 'sys', 'information_schema') AND table_name NOT LIKE 'events_errors_summary_by_thread%'",
  );
  const uptime = Number((await rows("SHOW STATUS LIKE 'Uptime'"))[0]?.[1]);
  const now = Date.now();
  const earliest = now - uptime * 1000 - 60_000;
  const strangers: string[] = [];
  let times = 0;
  for (const [schema, table] of tables) {
    const reply = await client.query(`SELECT * FROM \`${schema}\`.\`${table}\``);
    for (const cell of (reply.rows ?? []).flat()) {
      if (cell === null || !/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d/.test(cell)) continue;
      times++;
      const ms = Date.parse(`${cell.replace(' ', 'T')}Z`);
      if (ms < earliest || ms > Date.now() + 1000) strangers.push(`${schema}.${table}: ${cell}`);
    }
  }
  expect(times).toBeGreaterThan(200);
  expect(strangers).toEqual([]);
});

test('errors are summed by who met them', async () => {
  await client.query('SELECT nothing_there');
  await client.query('SELECT 1/0');
  const sums = await rows(
    "SELECT error_number, sum_error_raised, first_seen IS NOT NULL FROM performance_schema.events_errors_summary_by_user_by_error WHERE user = 'root' AND error_number IN (1054, 1365)",
  );
  expect(sums.map(([code, count, seen]) => [code, Number(count) > 0, seen])).toEqual([
    ['1054', true, '1'],
    ['1365', true, '1'],
  ]);
});

/** A number of SHOW STATUS. */
async function status(name: string): Promise<number> {
  return Number((await rows(`SHOW GLOBAL STATUS LIKE '${name}'`))[0]?.[1]);
}

test('the log is where status, the monitor and the performance schema say it is, and grows with what is changed', async () => {
  const position = async () => {
    const [engines = ''] = (await rows('SELECT storage_engines FROM performance_schema.log_status'))[0] as [string];
    return (JSON.parse(engines) as { InnoDB: { LSN: number } }).InnoDB.LSN;
  };
  await client.query('CREATE DATABASE log_of_changes');
  await client.query('CREATE TABLE log_of_changes.t (a INT PRIMARY KEY, b VARCHAR(100))');
  const before = await position();
  await client.query('INSERT INTO log_of_changes.t VALUES (1, "x"), (2, "y"), (3, "z")');
  const after = await position();
  expect(after).toBeGreaterThan(before);
  const monitor = String((await rows('SHOW ENGINE INNODB STATUS'))[0]?.[2]);
  const told = (pattern: RegExp) => Number(pattern.exec(monitor)?.[1]);
  const current = await status('Innodb_redo_log_current_lsn');
  expect(current).toBeGreaterThanOrEqual(after);
  expect(told(/Log sequence number +(\d+)/)).toBeGreaterThanOrEqual(after);
  expect(told(/Database pages +(\d+)/)).toBe(await status('Innodb_buffer_pool_pages_data'));
  expect(told(/Free buffers +(\d+)/)).toBe(await status('Innodb_buffer_pool_pages_free'));
  const [start, end] = (await rows('SELECT start_lsn, end_lsn FROM performance_schema.innodb_redo_log_files'))[0] ?? [];
  expect(current).toBeGreaterThanOrEqual(Number(start));
  expect(current).toBeLessThanOrEqual(Number(end));
  await client.query('DROP DATABASE log_of_changes');
});

test.skipIf(livePort !== '')('two servers tell different numbers of themselves', async () => {
  const port = await freePort();
  const other = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_UID: 'another' } });
  const guest = await WireClient.session(port);
  const questions = [
    'SELECT @@server_uuid',
    "SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_uuid'",
    "SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_current_lsn'",
    'SELECT SUM(sum_timer_wait) FROM performance_schema.events_waits_summary_global_by_event_name',
  ];
  const same: string[] = [];
  for (const sql of questions) {
    const [mine, theirs] = [await rows(sql), (await guest.query(sql)).rows];
    if (JSON.stringify(mine) === JSON.stringify(theirs)) same.push(sql);
  }
  guest.socket.destroy();
  await other.stop();
  expect(same).toEqual([]);
});
