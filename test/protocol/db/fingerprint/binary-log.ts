// Fingerprints of the binary log and of what it says of transactions: whether positions and GTIDs move as they ought to.
import { type Ask, inOwn, says, state } from './asking.ts';
import type { Fingerprint } from './check.ts';

/** By how much a number moves with each statement. */
function stepped(name: string, at: (ask: Ask) => Promise<number>, ...run: readonly string[]): Fingerprint {
  return state(name, async (ask) => {
    await inOwn(ask);
    const all = [await at(ask)];
    for (const sql of run) {
      await ask(sql);
      all.push(await at(ask));
    }
    return all.slice(1).map((value, index) => value - all[index]!);
  });
}

export const BINARY_LOG: readonly Fingerprint[] = [
  state('server_uuid is that of gtid_executed', async (ask) => {
    await inOwn(ask);
    const [[uuid = '', gtid = '']] = (await ask('select @@server_uuid, @@gtid_executed')) as [string[]];
    return {
      same: gtid.startsWith(uuid),
      form: gtid.replace(uuid, '').replace(/\d+/g, 'N'),
      version: uuid[14],
      node: uuid.slice(19, 20),
    };
  }),
  stepped(
    'gtid_executed moves by one a transaction',
    async (ask) => Number((await ask('select @@gtid_executed'))[0]![0]!.split(/[:-]/).at(-1)),
    'insert into t (a) values (9)',
    'update t set a=9 where a=9',
    'update t set a=10 where a=9',
    'delete from t where a=77',
    'create table u (a int)',
    'drop table u',
    'begin',
    'insert into t (a) values (11)',
    'rollback',
    'select 1',
    'create temporary table tt (a int)',
    'analyze table t',
    'flush tables',
    'grant select on *.* to root',
    'set @a=1',
    'truncate t',
    'optimize table t',
    'create user fpu',
    'drop user fpu',
    'drop user if exists fpu',
    'drop table if exists nosuch',
    'insert into t (a) values (1); ',
    'replace into t (id, a) values (1, 1)',
    'create table if not exists t (a int)',
  ),
  stepped(
    'the position of the binary log moves',
    async (ask) => Number((await ask('show binary log status'))[0]![1]),
    'insert into t (a) values (9)',
    "insert into t (a, b) values (9, 'abcdefghij')",
    'insert into t (a) values (1),(2),(3)',
    'update t set a=10 where a=9',
    'delete from t where a=77',
    'delete from t where a=10',
    'create table u (a int)',
    'drop table u',
    'create user fpu',
    'drop user fpu',
    'truncate t',
    'begin',
    'insert into t (a) values (5)',
    'insert into t (a) values (6)',
    'commit',
    'analyze table t',
    'insert into t values (100, 5, null)',
    'alter table t add c int',
    'create index ix on t (b)',
    'drop database fp_state',
  ),
  state('SHOW BINARY LOGS agrees with SHOW BINARY LOG STATUS', async (ask) => {
    const logs = await ask('show binary logs');
    const [[file, position]] = (await ask('show binary log status')) as [string[]];
    return {
      last: logs.at(-1)?.[0] === file,
      size: logs.at(-1)?.[1] === position,
      encrypted: logs.at(-1)?.[2],
      named: file?.replace(/\d+/, 'N'),
    };
  }),
  state('FLUSH BINARY LOGS begins another', async (ask) => {
    const before = await ask('show binary logs');
    await ask('flush binary logs');
    const after = await ask('show binary logs');
    const [[, position]] = (await ask('show binary log status')) as [string[]];
    return {
      more: after.length - before.length,
      grew: Number(after.at(-2)?.[1]) - Number(before.at(-1)?.[1]),
      position,
      sizes: after.at(-1)?.[1],
    };
  }),
  state('SHOW BINLOG EVENTS', async (ask) => {
    await ask('flush binary logs');
    await inOwn(ask);
    const [[file]] = (await ask('show binary log status')) as [string[]];
    const rows = await ask(`show binlog events in '${file}'`);
    return rows.map(([, at, kind, server, end, info = '']) => [
      at,
      kind,
      server,
      end,
      info
        .replace(/[0-9a-f-]{36}:\d+(-\d+)?/g, 'GTID')
        .replace(/ver: 9.7.4-2/, 'ver: 9.7.4')
        .replace(/table_id: \d+|xid=\d+/g, (text) => text.replace(/\d+/, 'N')),
    ]);
  }),
  state('SHOW BINLOG EVENTS with a limit', async (ask) =>
    (await ask('show binlog events limit 2')).map(([, at, kind, , end]) => [at, kind, end]),
  ),
  says('show binlog events in "nosuch"'),
  state('log_status agrees with the binary log', async (ask) => {
    const [[local = '{}']] = (await ask('select local from performance_schema.log_status')) as [string[]];
    const [[file, position]] = (await ask('show binary log status')) as [string[]];
    const told = JSON.parse(local) as Record<string, unknown>;
    return {
      file: told.binary_log_file === file,
      position: String(told.binary_log_position) === position,
      keys: Object.keys(told),
    };
  }),
];
