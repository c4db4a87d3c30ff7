// Fingerprints of the door: the greeting, what comes before a login, what is said to those who are not let in, and how they are shut out.
import { CAPABILITIES, loginBody, parseGreeting } from '../wire-login.ts';
import { type Fingerprint, fingerprint, shown } from './check.ts';
import { greeted, letIn } from './peer.ts';

const HEADER_BYTES = 4;
const GREETINGS = 24;

async function greetings(port: number, count = GREETINGS): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for (let at = 0; at < count; at++) {
    const { peer, greeting } = await greeted(port);
    all.push(greeting);
    peer.leave();
  }
  return all;
}

/** What is told after some bytes in place of a login, and how it ends. */
function instead(name: string, bytes: Buffer | string): Fingerprint {
  return fingerprint(`${name} in place of a login`, async (port) => {
    const { peer } = await greeted(port);
    peer.write(Buffer.from(bytes));
    const told = await peer.told();
    const end = await peer.endAfter(told);
    peer.leave();
    return { told, end };
  });
}

/** Bytes that are no whole packet, which the server waits for the rest of. */
function waitedFor(name: string, bytes: Buffer | string): Fingerprint {
  return fingerprint(`${name} in place of a login is waited on`, async (port) => {
    const { peer } = await greeted(port);
    peer.write(Buffer.from(bytes));
    const told = await peer.silence();
    const { end } = peer;
    peer.leave();
    return { told, end };
  });
}

/** What is told to a login of some kind. */
function login(name: string, options: Parameters<typeof loginBody>[1]): Fingerprint {
  return fingerprint(`a login ${name}`, async (port) => {
    const { peer, salt } = await greeted(port);
    peer.send(1, loginBody(salt, options));
    const told = await peer.told();
    const end = await peer.endAfter(told);
    peer.leave();
    return { told: told.map((text) => text.replace(/(caching_sha2|sha256)_password\\x00.*$/, '$1 NEW SALT')), end };
  });
}

const FULL = CAPABILITIES.default;
const CLIENT_BITS = Array.from({ length: 32 }, (_, bit) => bit);

export const DOOR: readonly Fingerprint[] = [
  fingerprint('greeting: fields that stand still', async (port) => {
    const { salt, threadId, ...rest } = parseGreeting((await greetings(port, 1))[0]!.subarray(HEADER_BYTES));
    return {
      ...rest,
      version: rest.version.replace('9.7.4-2', '9.7.4'),
      filler: rest.filler.toString('hex'),
      salt: salt.length,
      threadId: threadId > 0,
    };
  }),
  fingerprint('greeting: bytes of the salt', async (port) => {
    const salts = (await greetings(port, 60)).map((bytes) => parseGreeting(bytes.subarray(HEADER_BYTES)).salt);
    const bytes = Buffer.concat(salts);
    return {
      zero: bytes.includes(0),
      dollar: bytes.includes(36),
      high: bytes.some((byte) => byte > 127),
      twice: new Set(salts.map(String)).size !== salts.length,
      low: bytes.some((byte) => byte < 32),
      del: bytes.every((byte) => byte <= 127),
    };
  }),
  fingerprint('greeting: the thread id grows by one', async (port) => {
    const ids = (await greetings(port, 8)).map((bytes) => parseGreeting(bytes.subarray(HEADER_BYTES)).threadId);
    return ids.slice(1).every((id, at) => id > ids[at]! && id - ids[at]! < 40);
  }),
  waitedFor('one zero byte', '\0'),
  waitedFor('newline', '\n'),
  instead('redis PING', '*1\r\n$4\r\nPING\r\n'),
  instead('PostgreSQL startup', Buffer.from('0000000804d2162f', 'hex')),
  instead(
    'MongoDB hello',
    Buffer.from('3f0000000100000000000000d40700000000000061646d696e2e24636d640000000000ffffffff18000000', 'hex'),
  ),
  instead('SIP OPTIONS', 'OPTIONS sip:nm SIP/2.0\r\n\r\n'),
  instead('a JRMI greeting', Buffer.from('4a524d4900024b', 'hex')),
  waitedFor('an LDAP bind', Buffer.from('300c020101600702010304008000', 'hex')),
  instead('a zero packet of sequence 1', Buffer.from('00000001', 'hex')),
  instead('a packet of one byte', Buffer.from('0100000100', 'hex')),
  instead('a COM_QUERY of sequence 0', Buffer.from('0900000003', 'hex')),
  instead('a COM_QUIT of sequence 1', Buffer.from('0100000101', 'hex')),
  instead('a COM_PING of sequence 1', Buffer.from('010000010e', 'hex')),
  waitedFor('32 bytes of 0xff', Buffer.concat([Buffer.from('20000001', 'hex'), Buffer.alloc(32, 0xff)])),
  instead('32 zeros', Buffer.concat([Buffer.from('20000001', 'hex'), Buffer.alloc(32)])),
  instead('100 letters', Buffer.concat([Buffer.from('64000001', 'hex'), Buffer.alloc(100, 'A')])),
  instead(
    'an SSLRequest and HTTP',
    Buffer.concat([
      Buffer.from('2000000185aeff01000000012d', 'hex'),
      Buffer.alloc(23),
      Buffer.from('GET / HTTP/1.0\r\n\r\n'),
    ]),
  ),
  login('of root', {}),
  login('of root with a password', { password: 'x' }),
  login('to a database', { database: 'mysql' }),
  login('to no database of the server', { database: 'shop' }),
  login('to a database named in capitals', { database: 'INFORMATION_SCHEMA' }),
  login('to PERFORMANCE_SCHEMA', { database: 'PERFORMANCE_SCHEMA' }),
  ...[9, 17, 28, 35, 90, 101, 128, 159, 160, 192, 223, 224, 240, 247, 248, 250].map((charset) =>
    login(`in collation ${charset}`, { charset }),
  ),
  ...[
    'mysql_native_password',
    'sha256_password',
    'mysql_clear_password',
    'authentication_ldap_simple',
    'authentication_webauthn_client',
    'dialog',
    'auth_gssapi_client',
    'client_ed25519',
    'caching_sha2_passwor',
    '',
    'A'.repeat(300),
  ].map((plugin) => login(`by ${plugin.slice(0, 40) || 'no plugin'}`, { plugin })),
  ...CLIENT_BITS.filter((bit) => ![9, 11, 3, 20].includes(bit)).map((bit) =>
    login(`without or with capability ${bit}`, { capabilities: (FULL ^ (1 << bit)) >>> 0 }),
  ),
  fingerprint('a login whose user has no nul', async (port) => {
    const { peer, salt } = await greeted(port);
    peer.send(1, loginBody(salt).subarray(0, 36));
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('a login twice', async (port) => {
    const { peer, salt } = await greeted(port);
    peer.send(1, loginBody(salt));
    peer.send(1, loginBody(salt));
    return { told: await peer.told(), end: await peer.ended() };
  }),
  fingerprint('a login in two packets of 16 MB', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, Buffer.alloc(0xffffff, 1));
    peer.send(2, Buffer.alloc(10, 1));
    return { told: await peer.told(), ended: (await peer.ended()) !== 'open' };
  }),
  fingerprint('the public key: PEM of 2048 bits', async (port) => {
    const { peer, salt } = await greeted(port);
    peer.send(1, loginBody(salt, { password: 'wrong' }));
    await peer.packet();
    peer.send(3, Buffer.from([2]));
    const packet = (await peer.packet()) ?? Buffer.alloc(0);
    const text = packet.toString('latin1', 5);
    peer.leave();
    return {
      sequence: packet[3],
      first: packet[4],
      length: text.length,
      lines: text.split('\n').map((line) => line.length),
      head: text.slice(0, 27),
      end: shown(Buffer.from(text.slice(-12))),
      start: text.slice(27, 60),
    };
  }),
  fingerprint('the public key is the same every time', async (port) => {
    const keys: string[] = [];
    for (let at = 0; at < 2; at++) {
      const { peer, salt } = await greeted(port);
      peer.send(1, loginBody(salt, { password: 'wrong' }));
      await peer.packet();
      peer.send(3, Buffer.from([2]));
      keys.push(String((await peer.packet())?.subarray(5)));
      peer.leave();
    }
    return keys[0] === keys[1];
  }),
  fingerprint('a wrong password is told at once', async (port) => {
    const { peer, salt } = await greeted(port);
    peer.send(1, loginBody(salt, { password: 'wrong' }));
    await peer.packet();
    peer.send(3, Buffer.alloc(0));
    const told = await peer.told();
    return { told, end: await peer.ended() };
  }),
  fingerprint('wrong passwords are not counted against the address', async (port) => {
    for (let at = 0; at < 12; at++) {
      const { peer, salt } = await greeted(port);
      peer.send(1, loginBody(salt, { response: Buffer.alloc(5, 1) }));
      await peer.told(30);
      peer.leave();
    }
    return (await letIn(port)).stays();
  }),
  fingerprint('cut connections do not block the address', async (port) => {
    for (let at = 0; at < 130; at++) (await greeted(port)).peer.leave();
    return (await letIn(port)).stays();
  }),
];
