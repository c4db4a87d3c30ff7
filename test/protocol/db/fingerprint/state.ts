// Fingerprints of what a server says of itself: whether it agrees with itself, and whether what ought to move does.
import { WireClient } from '../wire-client.ts';
import { type Fingerprint, fingerprint } from './check.ts';

type Ask = (sql: string) => Promise<string[][]>;

/** Asks on one connection; rows as text, errors as `[code, text]`. */
function state(name: string, tell: (ask: Ask, port: number) => Promise<unknown>): Fingerprint {
  return fingerprint(name, async (port) => {
    const client = await WireClient.session(port, {
      attributes: { _client_name: 'libmysql', _os: 'Linux', program_name: 'mysql' },
    });
    const ask: Ask = async (sql) => {
      const { rows, error } = await client.query(sql);
      if (error) return [[String(error.code), error.message]];
      return (rows ?? []).map((row) => row.map((cell) => cell ?? 'NULL'));
    };
    const told = await tell(ask, port);
    client.socket.destroy();
    return told;
  });
}

/** A query whose one answer stands still. */
function says(sql: string): Fingerprint {
  return state(sql, (ask) => ask(sql));
}

/** By how much counters of the session move while something is done. */
function moves(name: string, counters: readonly string[], ...done: readonly string[]): Fingerprint {
  return state(`${name} moves ${counters.join(', ')}`, async (ask) => {
    const read = async () =>
      new Map(
        (
          await ask(`show session status where variable_name in (${counters.map((counter) => `'${counter}'`).join()})`)
        ).map(([key = '', value = '']) => [key, Number(value)]),
      );
    for (const sql of done) await ask(sql);
    await read();
    const before = await read();
    for (const sql of done) await ask(sql);
    const after = await read();
    return counters.map((counter) => (after.get(counter) ?? 0) - (before.get(counter) ?? 0));
  });
}

/** By how much counters of the server move; other clients are quiet. */
function movesAll(
  name: string,
  counters: readonly string[],
  done: (port: number, ask: Ask) => Promise<void>,
): Fingerprint {
  return state(`server: ${name} moves ${counters.join(', ')}`, async (ask, port) => {
    const read = async () =>
      new Map(
        (
          await ask(`show global status where variable_name in (${counters.map((counter) => `'${counter}'`).join()})`)
        ).map(([key = '', value = '']) => [key, Number(value)]),
      );
    await read();
    const before = await read();
    await done(port, ask);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = await read();
    return counters.map((counter) => (after.get(counter) ?? 0) - (before.get(counter) ?? 0));
  });
}

const own = 'fp_state';
const SETUP = [
  `drop database if exists ${own}`,
  `create database ${own}`,
  `use ${own}`,
  'create table t (id int primary key auto_increment, a int, b varchar(20), key (a)) ',
  "insert into t (a, b) values (1,'x'),(2,'y'),(3,'z')",
];
async function inOwn(ask: Ask): Promise<void> {
  for (const sql of SETUP) await ask(sql);
}

const refused = async (port: number) => {
  const client = await WireClient.login(port, { user: 'root', response: Buffer.alloc(5, 1) });
  await client.read();
  await client.ended();
};

export const STATE: readonly Fingerprint[] = [
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
  state('gtid_executed moves by one a transaction', async (ask) => {
    await inOwn(ask);
    const last = async () => Number((await ask('select @@gtid_executed'))[0]![0]!.split(/[:-]/).at(-1));
    const all = [await last()];
    for (const sql of [
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
    ]) {
      await ask(sql);
      all.push(await last());
    }
    return all.slice(1).map((value, at) => value - all[at]!);
  }),
  state('the position of the binary log moves', async (ask) => {
    await inOwn(ask);
    const at = async () => Number((await ask('show binary log status'))[0]![1]);
    const all = [await at()];
    for (const sql of [
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
    ]) {
      await ask(sql);
      all.push(await at());
    }
    return all.slice(1).map((value, index) => value - all[index]!);
  }),
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
  state('Uptime moves', async (ask) => {
    const [[, first]] = (await ask("show status like 'Uptime'")) as [string[]];
    await ask('select sleep(1.1)');
    const [[, second]] = (await ask("show status like 'Uptime'")) as [string[]];
    return Number(second) > Number(first);
  }),
  state('paths agree', async (ask) => {
    const [row = []] = await ask(
      'select @@datadir, @@log_bin_basename, @@log_bin_index, @@general_log_file, @@slow_query_log_file, @@relay_log_basename, @@hostname, @@tmpdir, @@innodb_data_home_dir, @@innodb_temp_data_file_path, @@secure_file_priv, @@log_error, @@basedir, @@plugin_dir',
    );
    const [data = '', ...rest] = row;
    return rest
      .map((text) => text.replace(data, 'DATA/').replaceAll(row[6]!, 'HOST'))
      .filter((_, at) => ![10, 11, 12].includes(at));
  }),
  state('table: what SHOW and information_schema tell agrees', async (ask) => {
    await inOwn(ask);
    const [status = []] = await ask("show table status like 't'");
    const [schema = []] = await ask(
      `select table_name, engine, version, row_format, table_rows, avg_row_length, data_length, max_data_length, index_length, data_free, auto_increment, create_time, update_time, check_time, table_collation, checksum, create_options, table_comment from information_schema.tables where table_schema='${own}'`,
    );
    const [inno = []] = await ask(
      `select name, n_cols, row_format, zip_page_size, space_type, instant_cols, total_row_versions from information_schema.innodb_tables where name='${own}/t'`,
    );
    const [space = []] = await ask(
      `select name, flag, row_format, page_size, zip_page_size, space_type, fs_block_size, file_size, allocated_size, autoextend_size, server_version, space_version, encryption, state from information_schema.innodb_tablespaces where name='${own}/t'`,
    );
    const [file = []] = await ask(
      `select file_name, file_type, engine, extent_size, initial_size, maximum_size, status, free_extents, total_extents from information_schema.files where tablespace_name='${own}/t'`,
    );
    return {
      same: status.slice(0, 11).join() === schema.slice(0, 11).join(),
      status: status.filter((_, at) => ![11, 12].includes(at)),
      inno,
      space: space.map((cell) => cell.replace('9.7.4-2', '9.7.4')),
      file,
    };
  }),
  state('times of a table are now', async (ask) => {
    await inOwn(ask);
    return ask(
      `select timestampdiff(second, create_time, now()) between 0 and 5, update_time is null or timestampdiff(second, update_time, now()) between 0 and 5 from information_schema.tables where table_schema='${own}'`,
    );
  }),
  state('statistics of a table', async (ask) => {
    await inOwn(ask);
    await ask('analyze table t');
    return [
      await ask(
        `select index_name, stat_name, stat_value, sample_size, stat_description from mysql.innodb_index_stats where database_name='${own}' order by 1,2`,
      ),
      await ask(
        `select n_rows, clustered_index_size, sum_of_other_index_sizes from mysql.innodb_table_stats where database_name='${own}'`,
      ),
      await ask('show index from t'),
    ];
  }),
  says(
    "select database_name, table_name, n_rows from mysql.innodb_table_stats where database_name in ('mysql', 'sys') order by 1, 2",
  ),
  says(
    "select database_name, table_name, index_name, stat_name, stat_value from mysql.innodb_index_stats where database_name in ('mysql', 'sys') order by 1, 2, 3, 4",
  ),
  says('select user, host, priv from mysql.global_grants limit 5'),
  says("select count(*) from information_schema.tables where table_schema='sys'"),
  says(
    "select table_name, is_updatable, definer, security_type, length(view_definition) from information_schema.views where table_schema='sys' order by 1",
  ),
  says('show create view sys.version'),
  says('show create table sys.session'),
  says('show create view sys.host_summary'),
  says("select routine_type, count(*) from information_schema.routines where routine_schema='sys' group by 1"),
  says('show create function sys.format_bytes'),
  says('show create procedure sys.ps_setup_save'),
  says('show triggers from sys'),
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
  state('a lock is waited for', async (ask, port) => {
    await inOwn(ask);
    await ask('begin');
    await ask('update t set a=5 where id=1');
    const other = await WireClient.session(port);
    await other.query(`use ${own}`);
    await other.query('set innodb_lock_wait_timeout=1');
    other.send(0, Buffer.from('\x03update t set a=6 where id=1'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const told = [
      await ask("select command, state, info from information_schema.processlist where info like 'update t%'"),
      await ask(
        'select trx_state, trx_tables_in_use, trx_tables_locked, trx_rows_locked, trx_query from information_schema.innodb_trx order by trx_started desc, trx_state',
      ),
      await ask(
        "select object_schema, object_name, index_name, lock_type, lock_mode, lock_status, lock_data from performance_schema.data_locks where object_schema='fp_state' order by lock_status, lock_mode, lock_type",
      ),
      await ask(
        'select locked_table, locked_index, locked_type, waiting_query, waiting_lock_mode, blocking_lock_mode from sys.innodb_lock_waits',
      ),
    ];
    const waited = (await other.reply()).error;
    await ask('rollback');
    other.socket.destroy();
    return { told, waited };
  }),
  state('metadata locks are waited for', async (ask, port) => {
    await inOwn(ask);
    await ask('begin');
    await ask('select * from t');
    const other = await WireClient.session(port);
    await other.query(`use ${own}`);
    await other.query('set lock_wait_timeout=1');
    other.send(0, Buffer.from('\x03alter table t add z int'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const told = [
      await ask("select command, state, info from information_schema.processlist where info like 'alter t%'"),
      await ask(
        "select object_type, lock_type, lock_duration, lock_status from performance_schema.metadata_locks where object_schema='fp_state' and object_name='t' order by 4, 2",
      ),
    ];
    const waited = (await other.reply()).error;
    await ask('rollback');
    other.socket.destroy();
    return { told, waited };
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
  moves(
    'SELECT 1',
    ['Questions', 'Com_select', 'Bytes_received', 'Bytes_sent', 'Handler_read_first', 'Created_tmp_tables'],
    'select 1',
  ),
  moves(
    'SHOW VARIABLES',
    ['Questions', 'Com_show_variables', 'Created_tmp_tables', 'Handler_read_rnd_next', 'Select_scan'],
    "show variables like 'port'",
  ),
  moves('an error', ['Questions', 'Com_select', 'Bytes_received', 'Bytes_sent'], 'selec'),
  moves(
    'a transaction',
    ['Questions', 'Com_begin', 'Com_commit', 'Handler_commit', 'Bytes_received', 'Bytes_sent'],
    'begin',
    'commit',
  ),
  moves('SET', ['Questions', 'Com_set_option', 'Bytes_received', 'Bytes_sent'], 'set @a=1'),
  moves(
    'a union sorted',
    ['Sort_rows', 'Sort_scan', 'Created_tmp_tables', 'Handler_write', 'Handler_read_rnd_next'],
    'select 1 union select 2 order by 1',
  ),
  moves(
    'mysql.user',
    [
      'Handler_read_first',
      'Handler_read_next',
      'Handler_read_rnd_next',
      'Handler_read_key',
      'Select_scan',
      'Handler_commit',
      'Handler_external_lock',
    ],
    'select * from mysql.user',
  ),
  moves(
    'prepared by name',
    ['Com_prepare_sql', 'Com_execute_sql', 'Com_dealloc_sql', 'Questions'],
    "prepare p from 'select 1'",
    'execute p',
    'deallocate prepare p',
  ),
  moves(
    'rows',
    [
      'Handler_write',
      'Handler_update',
      'Handler_delete',
      'Handler_commit',
      'Com_insert',
      'Com_update',
      'Com_delete',
      'Handler_read_key',
      'Handler_prepare',
    ],
    `create database if not exists ${own}`,
    `create table if not exists ${own}.r (id int primary key, a int)`,
    `insert into ${own}.r values (1, 1), (2, 2)`,
    `update ${own}.r set a=5 where id=1`,
    `delete from ${own}.r`,
  ),
  movesAll(
    'a refused login',
    ['Aborted_connects', 'Aborted_clients', 'Connections', 'Questions', 'Threads_connected', 'Access_denied_errors'],
    refused,
  ),
  movesAll(
    'a client that quits',
    ['Aborted_clients', 'Connections', 'Threads_connected', 'Threads_created', 'Com_select'],
    async (port) => {
      const client = await WireClient.session(port);
      await client.query('select 1');
      await client.quit();
    },
  ),
  movesAll('a client that is gone', ['Aborted_clients', 'Aborted_connects', 'Connections'], async (port) => {
    const client = await WireClient.session(port);
    client.socket.destroy();
  }),
  movesAll(
    'a client that leaves before its login',
    ['Aborted_clients', 'Aborted_connects', 'Connections'],
    async (port) => {
      const client = await WireClient.open(port);
      await client.read();
      client.socket.end();
      await client.ended();
    },
  ),
  movesAll(
    'junk',
    [
      'Aborted_clients',
      'Aborted_connects',
      'Connections',
      'Connection_errors_internal',
      'Connection_errors_peer_address',
    ],
    async (port) => {
      const client = await WireClient.open(port);
      await client.read();
      client.socket.write('GET / HTTP/1.0\r\n\r\n');
      await client.ended();
    },
  ),
  movesAll(
    'statements',
    ['Questions', 'Queries', 'Com_select', 'Bytes_received', 'Bytes_sent', 'Slow_queries'],
    async (_, ask) => {
      await ask('select 1');
      await ask('selec');
      await ask('do 1');
    },
  ),
  movesAll('a ping and statistics', ['Questions', 'Queries', 'Com_admin_commands'], async (port) => {
    const client = await WireClient.session(port);
    client.send(0, Buffer.from([14]));
    await client.read();
    client.send(0, Buffer.from([9]));
    await client.read();
    await client.quit();
  }),
  state('COM_STATISTICS agrees with SHOW STATUS', async (ask, port) => {
    await ask('select 1');
    const client = await WireClient.session(port);
    client.send(0, Buffer.from([9]));
    const text = (await client.read()).body.toString();
    const status = new Map((await ask('show global status')).map(([key = '', value = '']) => [key, value]));
    client.socket.destroy();
    const told = Object.fromEntries(
      [...text.matchAll(/([A-Z][a-z ]+): ([\d.]+)/g)].map(([, key = '', value]) => [key.trim(), Number(value)]),
    );
    const pairs = [
      ['Uptime', 'Uptime'],
      ['Threads', 'Threads_connected'],
      ['Questions', 'Questions'],
      ['Slow queries', 'Slow_queries'],
      ['Opens', 'Opened_tables'],
      ['Flush tables', 'Flush_commands'],
      ['Open tables', 'Open_tables'],
    ] as const;
    return {
      form: text.replace(/\d+/g, 'N'),
      agree: pairs.map(([one, other]) => Math.abs(Number(told[one]) - Number(status.get(other))) < 6),
    };
  }),
  state('digests of statements are counted', async (ask) => {
    await ask("select 'fingerprint' /* a */ , 42");
    const at = async () =>
      Number(
        (
          await ask(
            "select count_star from performance_schema.events_statements_summary_by_digest where digest_text='SELECT ? , ?' and schema_name is null",
          )
        )[0]?.[0],
      );
    const before = await at();
    await ask('select 1, 2');
    await ask("select 'a', 'b'");
    return (await at()) - before;
  }),
  state('a histogram of statements moves', async (ask) => {
    const at = async () =>
      Number(
        (await ask('select sum(count_bucket) from performance_schema.events_statements_histogram_global'))[0]?.[0],
      );
    const before = await at();
    await ask('select 1');
    await ask('select 2');
    return (await at()) - before;
  }),
  state('statement history', async (ask) => {
    await ask("select 'h1'");
    await ask('selec');
    return ask(
      'select event_name, sql_text, mysql_errno, returned_sqlstate, rows_sent, rows_examined, errors, no_index_used from performance_schema.events_statements_history where thread_id=ps_current_thread_id() order by event_id desc limit 2',
    );
  }),
  state('error summary', async (ask) => {
    const at = async () =>
      Number(
        (
          await ask(
            'select sum_error_raised from performance_schema.events_errors_summary_global_by_error where error_number=1064',
          )
        )[0]?.[0],
      );
    const before = await at();
    await ask('selec');
    return (await at()) - before;
  }),
  state('accounts and hosts of performance_schema', async (ask) => [
    await ask(
      "select user, host, current_connections > 0, total_connections >= current_connections from performance_schema.accounts where user='root'",
    ),
    await ask("select host, current_connections > 0 from performance_schema.hosts where host='127.0.0.1'"),
    await ask("select user, current_connections > 0 from performance_schema.users where user='root'"),
  ]),
  state('SHOW ENGINE INNODB STATUS: headings', async (ask) =>
    (await ask('show engine innodb status'))[0]?.[2]
      ?.split('\n')
      .filter((line) => /^[A-Z][A-Z /,-]+$/.test(line.trim()) && line.length > 3),
  ),
  state('SHOW ENGINE INNODB STATUS: lines', async (ask) =>
    (await ask('show engine innodb status'))[0]?.[2]
      ?.split('\n')
      .filter(
        (line) =>
          !/^(---TRANSACTION|LOCK|mysql tables|\d+ lock|MySQL thread|RW-|OS WAIT|Mutex|Pages|show)/.test(line) &&
          !/ACTIVE|not started/.test(line),
      )
      .map((line) => line.replace(/0x[0-9a-f]+|[0-9]+(\.[0-9]+)?/g, 'N'))
      .join('\n')
      .slice(0, 4000),
  ),
  says(
    "select variable_name, variable_source from performance_schema.variables_info where variable_source not in ('COMPILED') and variable_name not in ('datadir','socket','pid_file','mysqlx_socket','mysqlx') order by 1",
  ),
  says('select * from performance_schema.persisted_variables'),
  says('select name, enabled from performance_schema.setup_consumers order by 1'),
  says("select convert_tz('2024-06-01 12:00:00','UTC','Europe/Berlin')"),
  says('select @@system_time_zone, @@time_zone'),
  says('select count(*) from mysql.time_zone_name'),
  says('select timestampdiff(minute, utc_timestamp(), now())'),
  says('select timestampdiff(second, now(), sysdate())'),
  says('select * from performance_schema.keyring_keys'),
  says('select * from mysql.component'),
  says('select plugin_name, plugin_status, plugin_version from information_schema.plugins order by 1'),
  says(
    'select subsystem, error_code, prio from performance_schema.error_log where error_code in ("MY-010931","MY-011068","MY-010068","MY-013602","MY-011025") group by 1,2,3 order by 2',
  ),
  says('select count(*) > 3 from performance_schema.error_log'),
  says(
    'select channel_name, property, value from performance_schema.tls_channel_status where property in ("Enabled","Current_tls_ca","Current_tls_cert","Current_tls_key","Current_tls_version") order by 1,2',
  ),
  says('show replica status'),
  says('show replicas'),
  says('show slave status'),
  says('show master status'),
  says('show open tables from mysql where in_use > 0'),
  says('show status like "Rpl%"'),
  says('select * from performance_schema.log_status where 0'),
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
  says(
    'select @@ssl_ca, @@ssl_cert, @@ssl_key, @@ssl_cipher, @@tls_version, @@tls_ciphersuites, @@ssl_session_cache_mode, @@auto_generate_certs',
  ),
  says("show status like 'Ssl_server_not%'"),
  says(
    "show global status where variable_name in ('Ssl_ctx_verify_depth','Ssl_ctx_verify_mode','Ssl_verify_mode','Ssl_default_timeout','Ssl_session_cache_mode','Ssl_session_cache_size','Tls_library_version','Tls_sni_server_name','Current_tls_ca')",
  ),
  says("show status like 'Caching_sha2%key' /* x */ ".replace('Caching_sha2%key', 'Mysqlx_ssl_active')),
  state('the public key in SHOW STATUS', async (ask) =>
    (await ask("show status like 'Caching_sha2_password_rsa_public_key'")).map(([, text = '']) => [
      text.length,
      text.split('\n').length,
      text.slice(0, 27),
    ]),
  ),
  says("show global status like 'Max_used_connections_time_'"),
  state('max_used_connections', async (ask) => {
    const status = new Map(
      (
        await ask(
          "show global status where variable_name in ('Max_used_connections','Threads_connected','Threads_running','Threads_cached')",
        )
      ).map(([key = '', value = '']) => [key, Number(value)]),
    );
    return {
      most: (status.get('Max_used_connections') ?? 0) >= (status.get('Threads_connected') ?? 0),
      running: status.get('Threads_running'),
    };
  }),
];
