// Fingerprints of prepared statements: cursors, long data, misuse.
import type { Fingerprint } from './check.ts';
import { hex, told } from './command-client.ts';

const prepare = (text: string) => Buffer.from(`\x16${text}`);
const execute = (id: number, flags = 0, rest = '') =>
  Buffer.concat([hex('17'), Buffer.from([id, 0, 0, 0, flags, 1, 0, 0, 0]), hex(rest)]);
const fetch = (id: number, count: number) => Buffer.concat([hex('1c'), Buffer.from([id, 0, 0, 0, count, 0, 0, 0])]);
const reset = (id: number) => Buffer.concat([hex('1a'), Buffer.from([id, 0, 0, 0])]);
const close = (id: number) => Buffer.concat([hex('19'), Buffer.from([id, 0, 0, 0])]);
const long = (id: number, parameter: number, text: string) =>
  Buffer.concat([hex('18'), Buffer.from([id, 0, 0, 0, parameter, 0]), Buffer.from(text)]);

export const PREPARED: readonly Fingerprint[] = [
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
];
