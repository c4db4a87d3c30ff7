// Fingerprints of sessions as others see them: the process list, what waits for locks, attributes of clients.
import { WireClient } from '../wire-client.ts';
import { inOwn, own, says, state } from './asking.ts';
import type { Fingerprint } from './check.ts';

interface Wait {
  /** What a transaction does first. */
  readonly held: string;
  /** The variable that says for how many seconds another session waits, and what it waits with. */
  readonly limit: string;
  readonly waits: string;
  readonly asked: readonly string[];
}

/** Another session waits for a second: what is told of it, and what it is told. */
function waited(name: string, { held, limit, waits, asked }: Wait): Fingerprint {
  return state(name, async (ask, port) => {
    await inOwn(ask);
    await ask('begin');
    await ask(held);
    const other = await WireClient.session(port);
    await other.query(`use ${own}`);
    await other.query(`set ${limit}=1`);
    other.send(0, Buffer.from(`\x03${waits}`));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const told: string[][][] = [];
    for (const sql of asked) told.push(await ask(sql));
    const waited = (await other.reply()).error;
    await ask('rollback');
    other.socket.destroy();
    return { told, waited };
  });
}

export const SESSIONS: readonly Fingerprint[] = [
  state('SHOW PROCESSLIST of itself', async (ask) =>
    (await ask('show processlist'))
      .filter((row) => row[4] === 'Query')
      .map(([, user, host = '', db, command, , text, info]) => [
        user,
        host.replace(/\d+$/, 'N'),
        db,
        command,
        text,
        info,
      ])
      .slice(0, 1),
  ),
  state('the process list in its three forms', async (ask) => {
    const lists = [
      await ask('select user, db, command, state, info from information_schema.processlist where id=connection_id()'),
      await ask(
        'select processlist_user, processlist_db, processlist_command, processlist_state, processlist_info, type, name from performance_schema.threads where processlist_id=connection_id()',
      ),
      await ask(
        'select user, db, command, state, info, execution_engine from performance_schema.processlist where id=connection_id()',
      ),
    ];
    return lists;
  }),
  state('states of waiting statements', async (ask, port) => {
    const seen: unknown[] = [];
    for (const [sql, before] of [
      ['select sleep(3)', ''],
      ["select get_lock('fp', 5)", "select get_lock('fp', 1)"],
      ['select benchmark(1000000000, md5(1))', ''],
    ] as const) {
      if (before) await ask(before);
      const other = await WireClient.session(port);
      other.socket.on('error', () => undefined);
      other.send(0, Buffer.from(`\x03${sql}`));
      await new Promise((resolve) => setTimeout(resolve, 250));
      const rows = await ask(
        `select command, state, info from information_schema.processlist where info = ${JSON.stringify(sql)}`,
      );
      seen.push(rows);
      await ask(`kill ${other.greeting.threadId}`);
      other.socket.destroy();
    }
    return seen;
  }),
  waited('a lock is waited for', {
    held: 'update t set a=5 where id=1',
    limit: 'innodb_lock_wait_timeout',
    waits: 'update t set a=6 where id=1',
    asked: [
      "select command, state, info from information_schema.processlist where info like 'update t%'",
      'select trx_state, trx_tables_in_use, trx_tables_locked, trx_rows_locked, trx_query from information_schema.innodb_trx order by trx_started desc, trx_state',
      "select object_schema, object_name, index_name, lock_type, lock_mode, lock_status, lock_data from performance_schema.data_locks where object_schema='fp_state' order by lock_status, lock_mode, lock_type",
      'select locked_table, locked_index, locked_type, waiting_query, waiting_lock_mode, blocking_lock_mode from sys.innodb_lock_waits',
    ],
  }),
  waited('metadata locks are waited for', {
    held: 'select * from t',
    limit: 'lock_wait_timeout',
    waits: 'alter table t add z int',
    asked: [
      "select command, state, info from information_schema.processlist where info like 'alter t%'",
      "select object_type, lock_type, lock_duration, lock_status from performance_schema.metadata_locks where object_schema='fp_state' and object_name='t' order by 4, 2",
    ],
  }),
  state('client attributes', async (ask) =>
    ask(
      'select attr_name, if(attr_name="_pid", 1, attr_value), ordinal_position from performance_schema.session_connect_attrs where processlist_id=connection_id() order by 3',
    ),
  ),
  state('client attributes of this account', async (ask) =>
    ask(
      'select attr_name, attr_value from performance_schema.session_account_connect_attrs where processlist_id=connection_id() order by ordinal_position',
    ),
  ),
  says('select count(*) from performance_schema.host_cache'),
  says('select @@host_cache_size, @@skip_name_resolve'),
  says(
    "select object_type, object_schema, object_name from performance_schema.table_handles where object_schema='nosuch'",
  ),
];
