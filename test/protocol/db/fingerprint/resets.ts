// Fingerprints of what a session keeps and what it forgets: COM_RESET_CONNECTION, COM_CHANGE_USER, and the flags and counts that go with answers.
import type { Fingerprint } from './check.ts';
import { FULL, hex, told } from './command-client.ts';

const prepare = (text: string) => Buffer.from(`\x16${text}`);
const execute = (id: number) => hex(`17${Buffer.from([id]).toString('hex')}00000000 01000000`);
const RESET = hex('1f');
const CHANGE_USER = Buffer.concat([
  Buffer.from('\x11root\0\0mysql\0'),
  hex('ff00'),
  Buffer.from('caching_sha2_password\0\0'),
]);

/** What is set up before, and the question after. */
const KEPT: readonly (readonly [string, readonly (string | Buffer)[], string | Buffer])[] = [
  ['user variables', ['set @a=1, @b=2'], 'select @a, @b'],
  ['temporary tables', ['create temporary table sys.kept (a int)'], 'select * from sys.kept'],
  ['prepared by name', ["prepare p from 'select 1'"], 'execute p'],
  ['prepared', [prepare('select 1')], execute(1)],
  ['session variables', ['set sort_buffer_size=65536, sql_mode=ansi'], 'select @@sort_buffer_size, @@sql_mode'],
  ['names', ['set names latin1'], 'select @@character_set_client, @@character_set_results, @@collation_connection'],
  ['last insert id', ['select last_insert_id(77)'], 'select last_insert_id()'],
  ['found rows', ['select 1 union select 2'], 'select found_rows(), row_count()'],
  ['warnings', ['select 1/0'], 'show warnings'],
  ['errors', ['selec'], 'show count(*) errors'],
  ['the time', ['set timestamp=1000'], 'select @@timestamp, now()'],
  ['a transaction', ['begin'], 'select @@autocommit, @@in_transaction'],
  ['isolation once', ['set transaction isolation level serializable'], 'select @@transaction_isolation'],
  ['roles', ['set role none'], 'select current_role()'],
  ['the time zone', ["set time_zone='+03:00'"], 'select @@time_zone'],
  ['safe updates', ['set sql_safe_updates=1, sql_select_limit=1'], 'select @@sql_safe_updates, @@sql_select_limit'],
  ['metadata', ['set session_track_state_change=1'], 'set @a=1'],
  ['insert id', ['set insert_id=5'], 'select @@insert_id'],
  ['profiling', ['set profiling=1', 'select 1'], 'select @@profiling'],
  ['a user lock', ["select get_lock('kept', 0)"], "select is_free_lock('kept')"],
  ['tables locked', ['lock tables mysql.func read'], 'select count(*) from mysql.user where 0'],
  ['the database', ['use sys'], 'select database()'],
  ['savepoints', ['begin', 'savepoint a'], 'rollback to a'],
  ['a random seed', ['set rand_seed1=5, rand_seed2=6'], 'select rand()'],
  ['many statements', [hex('1b0100')], 'select 1; select 2'],
  ['handlers', ['handler mysql.func open'], 'handler mysql.func close'],
];

export const RESETS: readonly Fingerprint[] = [
  ...KEPT.flatMap(([name, before, after]) => [
    told(`reset: ${name}`, [...before, RESET, after]),
    told(
      `change user: ${name}`,
      [...before, CHANGE_USER, after].filter((one) => one !== 'select 1'),
    ),
  ]),
  told('flags: no index', ['select * from mysql.help_topic where url="x" limit 0', 'select 1']),
  told('flags: slow', ['set long_query_time=0', 'select 1', 'do 1', 'select * from mysql.func']),
  told('flags: metadata of a prepared statement changed', [
    'create temporary table sys.md (a int)',
    prepare('select * from sys.md'),
    execute(1),
    'alter table sys.md add b int',
    execute(1),
    execute(1),
    'drop temporary table sys.md',
    execute(1),
  ]),
  told('counts: warnings of a query', [
    'select 1/0, 2/0',
    'show warnings',
    'show count(*) warnings',
    'select @@warning_count, @@error_count',
  ]),
  told('counts: none are kept', ['set max_error_count=0', 'select 1/0', 'show warnings', 'select @@warning_count']),
  told('counts: more than are kept', [
    'set max_error_count=1',
    'select 1/0, 2/0, 3/0',
    'show warnings',
    'show count(*) warnings',
  ]),
  told('counts: no notes', [
    'set sql_notes=0',
    'drop table if exists sys.nosuch',
    'set sql_notes=1',
    'drop table if exists sys.nosuch',
    'show warnings limit 1 offset 0',
  ]),
  told('counts: of prepared statements', [
    prepare('select 1/0'),
    execute(1),
    'show warnings',
    prepare('selec'),
    'show errors',
  ]),
  told('counts: of DO and SET', [
    'do 1/0',
    'set @a=1/0',
    'show warnings',
    "set @b=cast('x' as signed)",
    'show warnings',
  ]),
  told('results: many of one call', [
    'call sys.ps_setup_show_disabled(true, true)',
    'call sys.nosuch()',
    'call sys.create_synonym_db("nosuch","b")',
  ]),
  told('results: a call without many results', ['call sys.ps_setup_show_disabled_consumers()'], {
    capabilities: FULL & ~0x20000 & ~0x10000,
  }),
  told('results: an error in the middle', ['select 1; select * from nosuch.t; select 2']),
  told('results: many, none, an update', ['do 1; select 1; set @a=5; select @a']),
  told('tracked: everything', [
    "set session_track_system_variables='*', session_track_gtids=own_gtid, session_track_state_change=1, session_track_transaction_info=characteristics",
    'set @x=1',
    'begin',
    'use sys',
    'commit',
    'set autocommit=0, sql_mode=ansi',
    'set autocommit=1',
    'set names utf8mb4 collate utf8mb4_bin',
    'set character_set_results=null',
    RESET,
    'set @x=1',
  ]),
  told('tracked: names of variables', [
    "set session_track_system_variables='sql_mode,nosuch'",
    "set session_track_system_variables='sql_mode,time_zone,sql_mode'",
    'set sql_mode=default',
    'set time_zone=default, lc_time_names="de_DE"',
    'set session_track_system_variables=null',
    'select @@session_track_system_variables',
  ]),
  told('tracked: a transaction that writes', [
    "set session_track_transaction_info='characteristics'",
    'set autocommit=0',
    'select 1',
    'select * from mysql.func',
    'create temporary table sys.tw (a int)',
    'insert into sys.tw values (1)',
    'commit',
    'start transaction read write',
    'commit and chain',
    'rollback release',
  ]),
  told('tracked: isolation of the session', [
    "set session_track_transaction_info='characteristics'",
    'set session transaction isolation level read committed',
    'set session transaction read only',
    'begin',
    'select count(*) from mysql.user where 0',
    'commit and no chain',
    'set transaction isolation level read uncommitted, read write',
    'start transaction with consistent snapshot, read only',
    'commit',
  ]),
];
