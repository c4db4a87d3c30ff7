// Fingerprints of commands: those that are seldom asked, misuse, cursors, query attributes, session tracking, replicas.

import { loginBody, packet } from '../wire-client.ts';
import { type Fingerprint, fingerprint } from './check.ts';
import { type As, greeted, letIn, type Peer } from './peer.ts';

const FULL = 0x01ffa685;
const ATTRIBUTES = 0x8000000;
const OPTIONAL_METADATA = 0x2000000;
const query = (text: string) => Buffer.from(`\x03${text}`);

function hex(text: string): Buffer {
  return Buffer.from(text.replace(/ /g, ''), 'hex');
}

/** Silence after which an answer is whole, in ms. */
const SHORT_MS = 60;
/** COM_STMT_SEND_LONG_DATA and COM_STMT_CLOSE are not answered, and COM_QUIT. */
const UNANSWERED: ReadonlySet<number> = new Set([1, 0x18, 0x19]);

/** Commands one after the other; what each is told. */
function told(name: string, commands: readonly (Buffer | string)[], as: As = {}): Fingerprint {
  return fingerprint(name, async (port) => {
    const peer = await letIn(port, { capabilities: FULL, ...as });
    const answers: string[][] = [];
    for (const command of commands) {
      peer.send(0, typeof command === 'string' ? query(command) : command);
      const silent = typeof command !== 'string' && UNANSWERED.has(command[0] as number);
      answers.push(silent ? [] : (await peer.told(SHORT_MS)).map((text) => text.slice(0, 300)));
    }
    const end = await peer.stays();
    peer.leave();
    return { answers, end };
  });
}

async function ask(peer: Peer, text: string): Promise<string[]> {
  peer.send(0, query(text));
  return peer.told(SHORT_MS);
}

const prepare = (text: string) => Buffer.from(`\x16${text}`);
const execute = (id: number, flags = 0, rest = '') =>
  Buffer.concat([hex('17'), Buffer.from([id, 0, 0, 0, flags, 1, 0, 0, 0]), hex(rest)]);
const fetch = (id: number, count: number) => Buffer.concat([hex('1c'), Buffer.from([id, 0, 0, 0, count, 0, 0, 0])]);
const reset = (id: number) => Buffer.concat([hex('1a'), Buffer.from([id, 0, 0, 0])]);
const close = (id: number) => Buffer.concat([hex('19'), Buffer.from([id, 0, 0, 0])]);
const long = (id: number, parameter: number, text: string) =>
  Buffer.concat([hex('18'), Buffer.from([id, 0, 0, 0, parameter, 0]), Buffer.from(text)]);
/** Replicas so far: each has a number of its own. */
let replicas = 5_000;
const dump = (position: number, flags: number, name: string) => {
  const head = Buffer.alloc(11);
  head[0] = 18;
  head.writeUInt32LE(position, 1);
  head.writeUInt16LE(flags, 5);
  head.writeUInt32LE(++replicas, 7);
  return Buffer.concat([head, Buffer.from(name)]);
};

/** The kinds of the events a dump sends, and its last word. */
function events(name: string, before: readonly string[], command: Buffer): Fingerprint {
  return fingerprint(name, async (port) => {
    const peer = await letIn(port, { capabilities: FULL });
    for (const text of before) await ask(peer, text);
    peer.send(0, command);
    const seen: unknown[] = [];
    for (let next = await peer.packet(500); next && seen.length < 4; next = await peer.packet(300)) {
      if (next[4] === 0 && next.length > 24)
        seen.push({
          type: next[9],
          server: next.readUInt32LE(10),
          length: next.readUInt32LE(14) === next.length - 5,
          flags: next.readUInt16LE(22),
          end: next.readUInt32LE(18) > 0,
        });
      else seen.push(next.toString('latin1', 3).replace(/[^ -~]/g, '.'));
    }
    const end = await peer.ended(100);
    peer.leave();
    return { seen, end };
  });
}

const CODES = [0, 5, 6, 7, 8, 10, 11, 12, 15, 16, 19, 20, 29, 32, 33, 34, 64, 127, 200];

export const COMMANDS: readonly Fingerprint[] = [
  ...CODES.map((code) =>
    told(`command ${code} with a body`, [
      Buffer.concat([Buffer.from([code]), Buffer.from('\x01\0\0\0mysql\0x\0')]),
      'select 1',
    ]),
  ),
  told('COM_PROCESS_KILL of a thread that is not', [hex('0cffffff7f'), 'show warnings']),
  told('COM_FIELD_LIST of a table', ['use mysql', Buffer.from('\x04func\0%')]),
  told('COM_FIELD_LIST of no table', ['use mysql', Buffer.from('\x04nosuch\0%')]),
  told('COM_FIELD_LIST without a database', [Buffer.from('\x04user\0%')]),
  told('COM_INIT_DB twice', [Buffer.from('\x02mysql'), Buffer.from('\x02sys'), 'select database()']),
  told(
    'COM_SET_OPTION, then two statements',
    [hex('1b0000'), 'select 1; select 2', hex('1b0100'), 'select 1; select 2'],
    { capabilities: FULL & ~0x10000 },
  ),
  told('COM_RESET_CONNECTION', [
    'set @a=1, autocommit=0, names latin1',
    'use mysql',
    hex('1f'),
    'select @a, @@autocommit, @@character_set_client, database()',
  ]),
  told('COM_CHANGE_USER to root', [
    'set @a=1',
    Buffer.concat([hex('11'), Buffer.from('root\0\0mysql\0'), hex('ff00'), Buffer.from('caching_sha2_password\0\0')]),
    'select @a, database()',
  ]),
  told('COM_CHANGE_USER to nobody', [
    Buffer.concat([hex('11'), Buffer.from('root\0\0nosuch\0'), hex('ff00'), Buffer.from('caching_sha2_password\0\0')]),
  ]),
  told('COM_DEBUG and COM_STATISTICS end', [hex('0d'), 'select 1']),
  told('a cursor: rows one by one', [
    prepare('select 1 union all select 2 union all select 3'),
    execute(1, 1),
    fetch(1, 1),
    fetch(1, 1),
    fetch(1, 5),
    fetch(1, 1),
  ]),
  told('a cursor without rows', [prepare('select 1 from dual where 0'), execute(1, 1), fetch(1, 1)]),
  told('a cursor of all rows at once', [prepare('select 1 union select 2'), execute(1, 1), fetch(1, 200)]),
  told('a cursor of no rows asked', [prepare('select 1 union select 2'), execute(1, 1), fetch(1, 0), fetch(1, 1)]),
  told('a cursor for SHOW', [prepare('show engines'), execute(1, 1), fetch(1, 1)]),
  told('a cursor for DO', [prepare('do 1'), execute(1, 1), fetch(1, 1)]),
  told('a cursor for SET', [prepare('set @x=1'), execute(1, 1)]),
  told('a cursor for update', [prepare('select 1'), execute(1, 2)]),
  told('a scrollable cursor', [prepare('select 1'), execute(1, 4), fetch(1, 1)]),
  told('cursor flags of 255', [prepare('select 1'), execute(1, 255)]),
  told('a cursor, then reset', [prepare('select 1 union select 2'), execute(1, 1), reset(1), fetch(1, 1)]),
  told('a cursor, then executed anew', [prepare('select 1 union select 2'), execute(1, 1), execute(1, 0), fetch(1, 1)]),
  told('a cursor, then another statement', [
    prepare('select 1 union select 2'),
    execute(1, 1),
    'select 5',
    fetch(1, 1),
  ]),
  told('fetch before execute', [prepare('select 1'), fetch(1, 1)]),
  told('fetch from nothing', [fetch(9, 1)]),
  told('fetch too short', [hex('1c0100')]),
  told('reset of nothing', [reset(7)]),
  told('reset too short', [hex('1a01')]),
  told('close of nothing, then a query', [close(7), 'select 1']),
  told('close, then execute', [prepare('select 1'), close(1), execute(1)]),
  told('statement ids grow', [prepare('select 1'), prepare('select 2'), close(2), prepare('select 3')]),
  told('long data for a parameter', [
    prepare('select ?'),
    long(1, 0, 'ab'),
    long(1, 0, 'cd'),
    execute(1, 0, '00 01 fc00'),
    'show warnings',
  ]),
  told('long data for no parameter', [prepare('select ?'), long(1, 3, 'ab'), execute(1, 0, '00 01 fd00 0161')]),
  told('long data for nothing', [long(9, 0, 'ab'), 'select 1']),
  told('long data, then reset', [prepare('select ?'), long(1, 0, 'ab'), reset(1), execute(1, 0, '00 01 fd00 0161')]),
  told('a parameter of NULL', [prepare('select ? is null, ?'), execute(1, 0, '03 01 0600 0600')]),
  told('a parameter without types', [prepare('select ?'), execute(1, 0, '00 00')]),
  told('a prepared EXPLAIN', [prepare('explain select 1'), execute(1)]),
  told('a prepared SHOW VARIABLES', [prepare("show variables like 'port_'"), execute(1)]),
  told('a prepared LOCK TABLES', [prepare('lock tables mysql.user read')]),
  told('a prepared USE', [prepare('use mysql')]),
  told('a prepared statement of 70,000 parameters', [prepare(`select ${'?,'.repeat(70_000)}?`)]),
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
  told('COM_REGISTER_SLAVE', [Buffer.concat([hex('15 4d000000 00 00 00 ea0c 00000000 00000000')]), 'show replicas']),
  events('COM_BINLOG_DUMP without a checksum', [], dump(4, 0, 'binlog.000001')),
  events('COM_BINLOG_DUMP', ['set @source_binlog_checksum=@@global.binlog_checksum'], dump(4, 0, 'binlog.000001')),
  events(
    'COM_BINLOG_DUMP, not waited for',
    ['set @source_binlog_checksum=@@global.binlog_checksum'],
    dump(4, 1, 'binlog.000001'),
  ),
  events('COM_BINLOG_DUMP of no file named', ['set @source_binlog_checksum=@@global.binlog_checksum'], dump(4, 1, '')),
  events(
    'COM_BINLOG_DUMP of no such file',
    ['set @source_binlog_checksum=@@global.binlog_checksum'],
    dump(4, 1, 'nosuch.000001'),
  ),
  events(
    'COM_BINLOG_DUMP behind the end',
    ['set @source_binlog_checksum=@@global.binlog_checksum'],
    dump(0x7fffffff, 1, 'binlog.000001'),
  ),
  events(
    'COM_BINLOG_DUMP before the start',
    ['set @source_binlog_checksum=@@global.binlog_checksum'],
    dump(0, 1, 'binlog.000001'),
  ),
  events(
    'COM_BINLOG_DUMP inside an event',
    ['set @source_binlog_checksum=@@global.binlog_checksum'],
    dump(9, 1, 'binlog.000001'),
  ),
  events(
    'COM_BINLOG_DUMP with heartbeats',
    ['set @source_binlog_checksum=@@global.binlog_checksum', 'set @source_heartbeat_period=200000000'],
    dump(4, 0, 'binlog.000001'),
  ),
  events(
    'COM_BINLOG_DUMP_GTID',
    ['set @source_binlog_checksum=@@global.binlog_checksum'],
    Buffer.concat([hex('1e 0100 4d000000 00000000 0400000000000000 08000000 0000000000000000')]),
  ),
  fingerprint('KILL QUERY of a sleeping statement', async (port) => {
    const { peer, salt, greeting } = await greeted(port);
    const id = greeting.readUInt32LE(greeting.indexOf(0, 5) + 1);
    peer.send(1, loginBody(salt));
    await peer.packet();
    peer.write(packet(0, query('select sleep(20)')));
    const other = await letIn(port);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const killed = await ask(other, `kill query ${id}`);
    const answer = await peer.told();
    const gone = await ask(other, `kill ${id}`);
    const after = await peer.ended();
    return { killed, answer, gone, after, none: await ask(other, 'kill 4000000000') };
  }),
  fingerprint('KILL of oneself', async (port) => {
    const peer = await letIn(port);
    return { told: await ask(peer, 'kill connection_id()'), end: await peer.ended() };
  }),
  fingerprint('KILL QUERY of oneself', async (port) => {
    const peer = await letIn(port);
    return { told: await ask(peer, 'kill query connection_id()'), after: await ask(peer, 'select 1') };
  }),
];
