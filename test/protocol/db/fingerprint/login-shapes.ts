// Fingerprints of logins of every shape: fields that are missing, too long or beside the point, and what is sent in place of a password.
import { type Fingerprint, fingerprint, shown } from './check.ts';
import { greeted, type Peer } from './peer.ts';

/** Capabilities of a plain client of 4.1: PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, transactions, DEPRECATE_EOF. */
const PLAIN = 0x0108_a201;
const PROTOCOL_41 = 0x200;
const SECURE = 0x8000;
const PLUGIN_AUTH = 0x8_0000;
const ATTRIBUTES = 0x10_0000;
const LENENC = 0x20_0000;
const WITH_DATABASE = 0x8;
const SSL = 0x800;

interface Shape {
  readonly flags?: number;
  readonly charset?: number;
  readonly largest?: number;
  readonly filler?: number;
  readonly user?: string;
  /** Bytes between the user's name and the database, length and all. */
  readonly response?: string;
  readonly database?: string;
  readonly plugin?: string;
  /** Hex of what comes last. */
  readonly rest?: string;
}

function body({
  flags = PLAIN,
  charset = 255,
  largest = 1 << 24,
  filler = 0,
  user = 'root',
  response = '\0',
  database,
  plugin = 'caching_sha2_password',
  rest = '',
}: Shape): Buffer {
  const head = Buffer.alloc(32, filler);
  head.writeUInt32LE(flags >>> 0, 0);
  head.writeUInt32LE(largest, 4);
  head[8] = charset;
  const parts = [head, Buffer.from(`${user}\0${response}`, 'latin1')];
  if (database !== undefined) parts.push(Buffer.from(`${database}\0`));
  if (flags & PLUGIN_AUTH) parts.push(Buffer.from(`${plugin}\0`));
  return Buffer.concat([...parts, Buffer.from(rest, 'hex')]);
}

async function outcome(peer: Peer): Promise<unknown> {
  const told = await peer.told();
  const end = await peer.endAfter(told);
  peer.leave();
  return { told: told.map((text) => text.replace(/^(#\d+ \\xfe[a-z0-9_]+\\x00).*$/, '$1 SALT')), end };
}

/** What a login of some shape is told, and what a question after it. */
function shaped(name: string, shape: Shape, ...questions: readonly string[]): Fingerprint {
  return fingerprint(`shape: ${name}`, async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, body(shape));
    const asked: string[][] = [];
    const told = questions.length > 0 ? await peer.told() : [];
    for (const question of questions) {
      peer.send(0, `\x03${question}`);
      asked.push(await peer.told());
    }
    if (questions.length === 0) return outcome(peer);
    peer.leave();
    return { told, asked, end: peer.end };
  });
}

/** What is told to the packets sent one by one after a login, each with the sequence number that is due. */
function exchange(name: string, shape: Shape, ...sent: readonly (Buffer | string)[]): Fingerprint {
  return fingerprint(`exchange: ${name}`, async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, body(shape));
    const told: string[] = [];
    let next = await peer.packet();
    for (const bytes of sent) {
      if (!next) break;
      told.push(`#${next[3]} ${shown(next.subarray(4, 30)).replace(/(_password\\x00).*/, '$1')}`);
      peer.send(next[3]! + 1, Buffer.from(bytes));
      next = await peer.packet(1_000);
    }
    if (next) told.push(`#${next[3]} ${shown(next.subarray(4)).replace(/-----BEGIN.*/, 'KEY')}`);
    told.push(...(await peer.silence()));
    const end = await peer.endAfter(told);
    peer.leave();
    return { told, end };
  });
}

/** Bytes in place of a login, after which something is told or waited for. */
function raw(name: string, sequence: number, bytes: Buffer): Fingerprint {
  return fingerprint(`raw login: ${name}`, async (port) => {
    const { peer } = await greeted(port);
    peer.send(sequence, bytes);
    const told = await peer.silence();
    const end = await peer.endAfter(told);
    peer.leave();
    return { told, end };
  });
}

const scramble = (length: number) => String.fromCharCode(length) + 'k'.repeat(length);
const WRONG = { response: scramble(32) };
const ATTRS =
  'select attr_name, attr_value from performance_schema.session_connect_attrs where processlist_id=connection_id() order by ordinal_position';
const CHARSETS =
  'select @@character_set_client, @@character_set_results, @@collation_connection, @@character_set_server, @@collation_database';
const attrs = { flags: PLAIN | ATTRIBUTES };

export const LOGIN_SHAPES: readonly Fingerprint[] = [
  shaped('attributes: none', { ...attrs, rest: '00' }, ATTRS),
  shaped('attributes: a pair', { ...attrs, rest: '04 0161 0162'.replace(/ /g, '') }, ATTRS),
  shaped('attributes: a key alone', { ...attrs, rest: '020161' }, ATTRS),
  shaped('attributes: a name twice', { ...attrs, rest: '080161016201610163' }, ATTRS),
  shaped('attributes: an empty name', { ...attrs, rest: '03000162' }, ATTRS),
  shaped('attributes: an empty value', { ...attrs, rest: '03016100' }, ATTRS),
  shaped('attributes: a name over its length', { ...attrs, rest: '040961' + '0162' }, ATTRS),
  shaped('attributes: more said than sent', { ...attrs, rest: '20016101' }),
  shaped('attributes: less said than sent', { ...attrs, rest: '0401610162016301640165' }, ATTRS),
  shaped('attributes: a length of 0xfb', { ...attrs, rest: 'fb' }),
  shaped('attributes: a length of 0xff', { ...attrs, rest: 'ff' }),
  shaped('attributes: a length of two bytes cut', { ...attrs, rest: 'fc10' }),
  shaped('attributes: not there', { ...attrs }),
  shaped('attributes: no UTF-8', { ...attrs, rest: '0401ff01fe' }, ATTRS),
  shaped('attributes: a name of 40 bytes', { ...attrs, rest: `2b28${'61'.repeat(40)}0162` }, ATTRS),
  shaped(
    'attributes: a value of 600 bytes',
    { ...attrs, rest: `fc5d020161fc5802${'62'.repeat(600)}` },
    'select attr_name, length(attr_value) from performance_schema.session_connect_attrs where processlist_id=connection_id()',
  ),
  shaped(
    'attributes: 70,000 bytes',
    { ...attrs, rest: `fd7a11010161fd741101${'62'.repeat(70_004)}` },
    'select count(*) from performance_schema.session_connect_attrs where processlist_id=connection_id()',
  ),
  shaped('a response length of two bytes', { flags: PLAIN | LENENC, response: '\xfc\0\0' }),
  shaped('a response length of NULL', { flags: PLAIN | LENENC, response: '\xfb' }),
  shaped('a response length of 0xff', { flags: PLAIN | LENENC, response: '\xff' }),
  shaped('a response longer than the packet', { response: '\xf0ab' }),
  shaped('a response of 20 bytes', { response: scramble(20) }),
  shaped('a response of 31 bytes', { response: scramble(31) }),
  shaped('a response of 33 bytes', { response: scramble(33) }),
  shaped('a response of 255 bytes', { response: scramble(255) }),
  shaped('a response of one zero', { response: '\x01\0' }),
  shaped('a response by nul', { flags: PLAIN & ~SECURE, response: '\0' }),
  shaped('a password by nul', { flags: PLAIN & ~SECURE, response: 'secret\0' }),
  shaped('no plugin named, a password', { flags: PLAIN & ~PLUGIN_AUTH, response: scramble(20) }),
  shaped('neither plugins nor long passwords', { flags: PLAIN & ~PLUGIN_AUTH & ~SECURE, response: '12345678\0' }),
  shaped('no nul after the plugin', { flags: (PLAIN & ~PLUGIN_AUTH) | PLUGIN_AUTH, plugin: '' }),
  shaped('bytes behind the plugin', { rest: '0102030405' }),
  shaped('a filler of ones', { filler: 1 }),
  shaped('a largest packet of 0', { largest: 0 }, 'select 1'),
  shaped('a largest packet of 100', { largest: 100 }, "select repeat('a', 200)"),
  shaped('a database that is not there', { flags: PLAIN | WITH_DATABASE }),
  shaped('a database without a name', { flags: PLAIN | WITH_DATABASE, database: '' }, 'select database()'),
  shaped('a database of 64 letters', { flags: PLAIN | WITH_DATABASE, database: 'd'.repeat(64) }),
  shaped('a database of 65 letters', { flags: PLAIN | WITH_DATABASE, database: 'd'.repeat(65) }),
  shaped('a database of 300 letters', { flags: PLAIN | WITH_DATABASE, database: 'd'.repeat(300) }),
  shaped('a database with a blank behind', { flags: PLAIN | WITH_DATABASE, database: 'mysql ' }),
  shaped('a database with a slash', { flags: PLAIN | WITH_DATABASE, database: '../mysql' }),
  shaped('a database in capitals', { flags: PLAIN | WITH_DATABASE, database: 'MYSQL' }),
  shaped('a database of an old name', { flags: PLAIN | WITH_DATABASE, database: '#mysql50#mysql' }),
  shaped('a database in quotes', { flags: PLAIN | WITH_DATABASE, database: '`mysql`' }),
  shaped('sys', { flags: PLAIN | WITH_DATABASE, database: 'sys' }, 'select database(), schema()'),
  ...[0, 1, 2, 8, 11, 33, 45, 46, 54, 56, 60, 63, 95, 129, 193, 200, 245, 254].map((charset) =>
    shaped(`charset ${charset}`, { charset }, CHARSETS),
  ),
  ...[
    PLAIN | 0x1000_0000,
    PLAIN | 0x40_0000,
    PLAIN | 0x4000_0000,
    PLAIN | 0x8000_0000,
    PLAIN & ~PROTOCOL_41,
    0,
    PROTOCOL_41,
    SECURE | PROTOCOL_41,
    0xffff & ~SSL,
  ].map((flags) => shaped(`capabilities ${(flags >>> 0).toString(16)}`, { flags })),
  raw('sequence 0', 0, body({})),
  raw('sequence 2', 2, body({})),
  raw('sequence 255', 255, body({})),
  raw('of 3.20', 1, Buffer.from('0500000000726f6f740000', 'hex')),
  raw('of 3.20 with a database', 1, Buffer.from('0d24000000726f6f74006162636465666768006d7973716c00', 'hex')),
  raw('an SSLRequest of four bytes', 1, Buffer.from('85aeef01', 'hex')),
  raw('an SSLRequest of 31 bytes', 1, body({ flags: PLAIN | SSL }).subarray(0, 31)),
  raw('an SSLRequest of 33 bytes', 1, body({ flags: PLAIN | SSL }).subarray(0, 33)),
  raw('a login with the bit of TLS', 1, body({ flags: PLAIN | SSL })),
  raw('an SSLRequest of sequence 2', 2, body({ flags: PLAIN | SSL }).subarray(0, 32)),
  raw('an SSLRequest without 4.1', 1, body({ flags: (PLAIN | SSL) & ~PROTOCOL_41 }).subarray(0, 32)),
  fingerprint('raw login: an SSLRequest twice', async (port) => {
    const { peer } = await greeted(port);
    const request = body({ flags: PLAIN | SSL }).subarray(0, 32);
    peer.send(1, request);
    peer.send(2, request);
    const got = await peer.heard();
    peer.leave();
    return { got: shown(got), end: peer.end };
  }),
  fingerprint('raw login: an SSLRequest, then a login in the clear', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, body({ flags: PLAIN | SSL }).subarray(0, 32));
    peer.send(2, body({}));
    const got = await peer.heard();
    peer.leave();
    return { got: shown(got), end: peer.end };
  }),
  exchange('a wrong password: three bytes for a key', WRONG, '\x02ab'),
  exchange('a wrong password: 0x03', WRONG, '\x03'),
  exchange('a wrong password: nothing', WRONG, ''),
  exchange('a wrong password: a nul', WRONG, '\0'),
  exchange('a wrong password: in the clear', WRONG, 'secret\0'),
  exchange('a wrong password: 256 bytes', WRONG, Buffer.alloc(256, 7)),
  exchange('a wrong password: key, then 256 bytes that are none of its', WRONG, '\x02', Buffer.alloc(256, 7)),
  exchange('a wrong password: key, then 255 bytes', WRONG, '\x02', Buffer.alloc(255, 7)),
  exchange('a wrong password: key, then 257 bytes', WRONG, '\x02', Buffer.alloc(257, 7)),
  exchange('a wrong password: key, then nothing', WRONG, '\x02', ''),
  exchange('a wrong password: key twice', WRONG, '\x02', '\x02'),
  exchange('a wrong password: key, then in the clear', WRONG, '\x02', 'secret\0'),
  exchange('another plugin, no password', { plugin: 'mysql_native_password' }, ''),
  exchange('another plugin, a nul', { plugin: 'mysql_native_password' }, '\0'),
  exchange('another plugin, 20 bytes', { plugin: 'mysql_native_password', response: scramble(20) }, 'k'.repeat(20)),
  exchange('another plugin, 32 bytes', { plugin: 'mysql_native_password' }, 'k'.repeat(32)),
  exchange('another plugin, 32 bytes, key', { plugin: 'mysql_native_password' }, 'k'.repeat(32), '\x02'),
  exchange('another plugin, 300 bytes', { plugin: 'mysql_native_password' }, 'k'.repeat(300)),
  exchange('sha256_password of a client, no password', { plugin: 'sha256_password' }, ''),
  exchange('sha256_password of a client, 0x01', { plugin: 'sha256_password', response: '\x01\x01' }, '\x01'),
  exchange(
    'mysql_clear_password of a client',
    { plugin: 'mysql_clear_password', response: '\x07secret\0' },
    'secret\0',
  ),
  fingerprint('exchange: a switch answered out of order', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, body({ plugin: 'mysql_native_password' }));
    await peer.packet();
    peer.send(7, '');
    return outcome(peer);
  }),
  fingerprint('exchange: a wrong password, then out of order', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, body(WRONG));
    await peer.packet();
    peer.send(0, '\x02');
    return outcome(peer);
  }),
  fingerprint('exchange: a wrong password, then gone', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, body(WRONG));
    await peer.packet();
    peer.socket.end();
    return outcome(peer);
  }),
];
