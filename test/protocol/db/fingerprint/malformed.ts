// Fingerprints of commands whose bodies are too short, too long or beside the point: what each is told, and whether the session goes on.
import type { Fingerprint } from './check.ts';
import { FULL, hex, told } from './command-client.ts';

const MULTI = 0x3_0000;
/** Commands by number; those that are not answered are followed by a ping. */
const BODIES = { nothing: '', 'a nul': '00', 'three bytes': '010203', 'sixty bytes': '41'.repeat(60) } as const;
const COMMANDS = [2, 3, 4, 9, 13, 14, 17, 18, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31] as const;
const PING = hex('0e');

export const MALFORMED: readonly Fingerprint[] = [
  ...COMMANDS.flatMap((command) =>
    Object.entries(BODIES).map(([name, bytes]) =>
      told(`malformed: command ${command} and ${name}`, [Buffer.concat([Buffer.from([command]), hex(bytes)]), PING]),
    ),
  ),
  told('malformed: prepared and executed with 5 bytes', [Buffer.from('\x16select 1'), hex('1701000000'), PING]),
  told('malformed: executed with 9 bytes less one', [Buffer.from('\x16select 1'), hex('1701000000000100'), PING]),
  told('malformed: executed with bytes behind', [
    Buffer.from('\x16select 1'),
    hex('170100000000010000004142434445'),
    PING,
  ]),
  told('malformed: executed twice at once', [Buffer.from('\x16select 1'), hex('17010000000002000000'), PING]),
  told('malformed: a parameter cut', [Buffer.from('\x16select ?'), hex('1701000000000100000000010300ff'), PING]),
  told('malformed: a type cut', [Buffer.from('\x16select ?'), hex('170100000000010000000001'), PING]),
  told('malformed: text longer than the packet', [
    Buffer.from('\x16select ?'),
    hex('17010000000001000000 00 01 fd00 ff41'),
    PING,
  ]),
  ...[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252,
    253, 254, 255,
  ].map((type) =>
    told(`malformed: a parameter of type ${type}`, [
      Buffer.from('\x16select ?'),
      Buffer.concat([hex('17010000000001000000 00 01'), Buffer.from([type, 0]), hex('08 31 32 33 34 35 36 37 38 39')]),
      PING,
    ]),
  ),
  told('malformed: a cursor type of 8', [Buffer.from('\x16select 1'), hex('17010000000801000000')]),
  told('malformed: field list of a long name', [Buffer.from(`\x04${'t'.repeat(300)}\0%`)]),
  told('malformed: field list by a pattern', ['use mysql', Buffer.from('\x04user\0Select%')]),
  told('malformed: field list by a column', ['use mysql', Buffer.from('\x04user\0Host')]),
  told('malformed: field list without a nul', ['use mysql', Buffer.from('\x04user')]),
  told('malformed: field list of a view', ['use sys', Buffer.from('\x04version\0')]),
  told('malformed: field list of information_schema', ['use information_schema', Buffer.from('\x04ENGINES\0')]),
  told('malformed: a database of a long name', [Buffer.from(`\x02${'d'.repeat(65)}`)]),
  told('malformed: a database with nul', [Buffer.from('\x02mysql\0sys'), 'select database()']),
  told('malformed: a database of bytes', [hex('02fffe41'), 'select database()']),
  told('malformed: set option 2', [hex('1b0200'), hex('1bffff')]),
  told('malformed: a query of nul', [hex('0300'), hex('0373656c656374203100'), hex('0373656c65637420310041')]),
  told('malformed: a query of blanks', ['   ', '\n', ';', ';;', '/* a */', '-- a', '#a']),
  told('malformed: a query with a nul inside', ['select 1\0, 2', "select 'a\0b'", 'select\0 1']),
  told('malformed: a query of no UTF-8', [hex('0373656c6563742027ff27'), hex('03ff'), hex('0373656c65637420ff')]),
  told('malformed: many statements not asked for', ['select 1; select 2', 'select 1;', 'select 1; '], {
    capabilities: FULL & ~MULTI,
  }),
  told('malformed: many statements and an error', ['select 1; selec; select 3', 'do 1; do 2;', 'select 1;;select 2'], {
    capabilities: FULL | MULTI,
  }),
  told(
    'malformed: statements prepared at once',
    [Buffer.from('\x16select 1; select 2'), Buffer.from('\x16select 1;')],
    { capabilities: FULL | MULTI },
  ),
  told('malformed: change user, no plugin', [Buffer.from('\x11root\0\0\0'), PING]),
  told('malformed: change user, no nul', [Buffer.from('\x11root'), PING]),
  told('malformed: change user, no database', [Buffer.from('\x11root\0\0'), PING]),
  told('malformed: change user, a long response', [Buffer.from('\x11root\0\xf0ab\0', 'latin1'), PING]),
  told('malformed: change user, charset 8', [
    Buffer.concat([Buffer.from('\x11root\0\0\0'), hex('0800'), Buffer.from('caching_sha2_password\0')]),
    'select @@character_set_client, connection_id() > 0, user()',
  ]),
  told('malformed: change user, charset 1000', [
    Buffer.concat([Buffer.from('\x11root\0\0\0'), hex('e803'), Buffer.from('caching_sha2_password\0')]),
    'select @@character_set_client',
  ]),
  told('malformed: change user, charset 54', [
    Buffer.concat([Buffer.from('\x11root\0\0\0'), hex('3600'), Buffer.from('caching_sha2_password\0')]),
    'select @@character_set_client',
  ]),
];
