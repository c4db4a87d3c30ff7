// Fingerprints of what goes with statements and answers: query attributes, metadata, session tracking, status flags, capabilities.
import type { Fingerprint } from './check.ts';
import { FULL, hex, told } from './command-client.ts';

const ATTRIBUTES = 0x8000000;
const OPTIONAL_METADATA = 0x2000000;
const prepare = (text: string) => Buffer.from(`\x16${text}`);

export const TRACKING: readonly Fingerprint[] = [
  told('query attributes: none', [hex('03 00 01 73656c6563742031')], { capabilities: FULL | ATTRIBUTES }),
  told(
    'query attributes: one',
    [
      Buffer.concat([
        hex('03 01 01 00 01 fe00 026e31 027631'),
        Buffer.from("select mysql_query_attribute_string('n1')"),
      ]),
    ],
    { capabilities: FULL | ATTRIBUTES },
  ),
  told(
    'query attributes: a number',
    [
      Buffer.concat([
        hex('03 01 01 00 01 0300 026e31 05000000'),
        Buffer.from("select mysql_query_attribute_string('n1')"),
      ]),
    ],
    { capabilities: FULL | ATTRIBUTES },
  ),
  told(
    'query attributes: NULL',
    [Buffer.concat([hex('03 01 01 01 01 0600 026e31'), Buffer.from("select mysql_query_attribute_string('n1')")])],
    { capabilities: FULL | ATTRIBUTES },
  ),
  told('query attributes: cut', [hex('03 01 01 00 01 fe00 02')], { capabilities: FULL | ATTRIBUTES }),
  told('query attributes: two sets', [hex('03 01 02 00 73656c')], { capabilities: FULL | ATTRIBUTES }),
  told('no metadata: SELECT', ['set resultset_metadata=none', 'select 1, 2'], {
    capabilities: FULL | OPTIONAL_METADATA,
  }),
  told('no metadata: asked for without the capability', ['set resultset_metadata=none', 'select 1']),
  told('metadata in full', ['select 1'], { capabilities: FULL | OPTIONAL_METADATA }),
  told('tracked: schema', ['use mysql', 'use mysql', 'use nosuch']),
  told('tracked: variables', [
    "set session_track_system_variables='*'",
    'set sort_buffer_size=65536',
    'set @@session.sql_mode=ansi',
    'set names latin1',
    "set time_zone='+01:00'",
  ]),
  told('tracked: no variables', ["set session_track_system_variables=''", 'set autocommit=0', 'set names latin1']),
  told('tracked: state change', [
    'set session_track_state_change=1',
    'set @a=1',
    'use mysql',
    'create temporary table sys.tt (a int)',
    'drop temporary table sys.tt',
    "prepare p from 'select 1'",
  ]),
  told('tracked: transaction state', [
    "set session_track_transaction_info='STATE'",
    'begin',
    'select 1',
    'select user from mysql.user limit 0',
    'commit',
    'start transaction read only',
    'rollback',
  ]),
  told('tracked: transaction characteristics', [
    "set session_track_transaction_info='CHARACTERISTICS'",
    'start transaction with consistent snapshot',
    'commit',
    'set transaction isolation level serializable',
    'set transaction read only',
    'begin',
    'rollback',
    'xa start "a"',
    'xa end "a"',
    'xa rollback "a"',
  ]),
  told('tracked: own GTIDs', ["set session_track_gtids='OWN_GTID'", 'do 1', 'begin', 'commit']),
  told('status flags', [
    'begin',
    'set autocommit=0',
    'rollback',
    "set sql_mode='no_backslash_escapes'",
    'start transaction read only',
    'select * from mysql.func',
    'rollback',
    'select * from mysql.help_keyword where name like "%zz%"',
  ]),
  told('without session tracking', ['use mysql', 'set names latin1', 'set autocommit=0'], {
    capabilities: FULL & ~0x800000,
  }),
  told('without DEPRECATE_EOF', ['select 1', 'do 1', 'show warnings', prepare('select ?')], {
    capabilities: FULL & ~0x1000000,
  }),
  told('without 4.1 transactions', ['begin', 'select 1'], { capabilities: FULL & ~0x2000 }),
  told(
    'found rows',
    [
      'create temporary table sys.fr (a int)',
      'insert into sys.fr values (1),(2)',
      'update sys.fr set a=1',
      'update sys.fr set a=1',
    ],
    { capabilities: FULL | 2 },
  ),
  told('ignoring spaces', ['select count (*) from mysql.func', 'select @@sql_mode'], { capabilities: FULL | 0x100 }),
  told('no schema', ['select count(*) from mysql.func', 'use mysql', 'select count(*) from func'], {
    capabilities: FULL | 0x10,
  }),
  told('an ODBC client', ['select 1 from mysql.user where user is null', 'select @@sql_auto_is_null'], {
    capabilities: FULL | 0x40,
  }),
];
