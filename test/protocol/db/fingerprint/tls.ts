// Fingerprints of TLS: versions, ciphers in the server's order, groups, certificates, tickets, alerts; a client asks for it with an SSLRequest.
import type { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { loginBody, packet } from '../wire-client.ts';
import { type Fingerprint, fingerprint, shown } from './check.ts';
import { greeted, type Peer } from './peer.ts';

const INSIDE = 0x01efae85;
const SSL_REQUEST = Buffer.concat([Buffer.from('85aeef0100000001ff', 'hex'), Buffer.alloc(23)]);
const LOWEST = 'DEFAULT@SECLEVEL=0';

interface Secured {
  readonly peer: Peer;
  readonly tls: TLSSocket;
  readonly salt: Buffer;
  readonly failed: string;
}

async function secure(port: number, options: ConnectionOptions): Promise<Secured> {
  const { peer, salt } = await greeted(port);
  peer.send(1, SSL_REQUEST);
  peer.socket.removeAllListeners('data');
  const tls = connectTls({ socket: peer.socket, rejectUnauthorized: false, ...options });
  const failed = await new Promise<string>((resolve) => {
    tls.once('secureConnect', () => resolve(''));
    tls.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  tls.on('error', () => undefined);
  return { peer, tls, salt, failed };
}

function agreed(name: string, options: ConnectionOptions): Fingerprint {
  return fingerprint(`TLS: ${name}`, async (port) => {
    const { tls, failed } = await secure(port, options);
    if (failed) return { failed };
    const key = tls.getEphemeralKeyInfo();
    const told = { version: tls.getProtocol(), cipher: tls.getCipher()?.name, key, alpn: tls.alpnProtocol };
    tls.destroy();
    return told;
  });
}

/** The ciphers a server takes, in its own order: each time all but those it chose before are offered. */
function preference(version: 'TLSv1.2' | 'TLSv1.3', all: readonly string[]): Fingerprint {
  return fingerprint(`TLS: order of ciphers of ${version}`, async (port) => {
    const left = [...all];
    const chosen: string[] = [];
    while (left.length > 0) {
      const { tls, failed } = await secure(port, {
        minVersion: version,
        maxVersion: version,
        ciphers: `${left.join(':')}:@SECLEVEL=0`,
      });
      const name = failed ? undefined : tls.getCipher()?.name;
      tls.destroy();
      if (!name || !left.includes(name)) return { chosen, rest: failed };
      chosen.push(name);
      left.splice(left.indexOf(name), 1);
    }
    return { chosen, rest: '' };
  });
}

const OF_12 = [
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-CCM',
  'CAMELLIA128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES128-SHA',
  'DHE-RSA-AES256-SHA',
  'DHE-RSA-AES128-SHA256',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-CCM',
  'DHE-RSA-AES256-CCM',
  'DHE-RSA-AES128-CCM8',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ARIA128-GCM-SHA256',
  'ECDHE-ARIA128-GCM-SHA256',
];
const OF_13 = [
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
];

/** The chain a server shows. */
async function chain(port: number): Promise<X509Certificate[]> {
  const { tls } = await secure(port, {});
  const all: X509Certificate[] = [];
  for (let next = tls.getPeerX509Certificate(); next && all.length < 4; next = next.issuerCertificate) {
    all.push(next);
    if (next.issuerCertificate === next) break;
  }
  tls.destroy();
  return all;
}

function described(name: string, tell: (certificates: X509Certificate[]) => unknown): Fingerprint {
  return fingerprint(`certificate: ${name}`, async (port) => tell(await chain(port)));
}

/** Bytes after an SSLRequest; what comes back, alerts as hex. */
function garbled(name: string, bytes: Buffer | string): Fingerprint {
  return fingerprint(`TLS: ${name} in place of a hello`, async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, SSL_REQUEST);
    peer.write(Buffer.from(bytes));
    const got = await peer.heard();
    peer.leave();
    return { got: shown(got).slice(0, 200), end: peer.end };
  });
}

function hello(version: number, ciphers: string, extensions: string): Buffer {
  const body = Buffer.concat([
    Buffer.from([version >> 8, version & 0xff]),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    Buffer.from([0, ciphers.length / 2]),
    Buffer.from(ciphers, 'hex'),
    Buffer.from([1, 0]),
    Buffer.from([0, extensions.length / 2]),
    Buffer.from(extensions, 'hex'),
  ]);
  const shake = Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 0xff]), body]);
  return Buffer.concat([Buffer.from([22, 3, 1, shake.length >> 8, shake.length & 0xff]), shake]);
}

const GROUPS = '000a00080006001d00170018';
const SIGNATURES = '000d000a000804030804040105 03'.replace(/ /g, '');
const RENEGOTIATION = 'ff01000100';

const CURVES = ['X25519', 'P-256', 'P-384', 'P-521', 'X448', 'X25519MLKEM768'];

const ANSWER_MS = 8_000;
const LOOK_MS = 40;
/** Handshake message of TLS 1.2, RFC 5246 section 7.4.4. */
const CERTIFICATE_REQUEST = 13;

/** A login inside TLS, then the questions. */
async function inside(
  port: number,
  questions: readonly string[],
  options: ConnectionOptions = {},
): Promise<string[][]> {
  const { tls, salt } = await secure(port, options);
  let got: Buffer = Buffer.alloc(0);
  tls.on('data', (chunk: Buffer) => {
    got = Buffer.concat([got, chunk]);
  });
  /** Something came, and nothing more in a while. */
  const answered = async () => {
    for (let size = 0, waited = 0; waited < ANSWER_MS && (got.length === 0 || size !== got.length); waited += LOOK_MS) {
      size = got.length;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  tls.write(packet(2, loginBody(salt, { capabilities: INSIDE })));
  await answered();
  const answers: string[][] = [];
  for (const question of questions) {
    got = Buffer.alloc(0);
    tls.write(packet(0, Buffer.from(`\x03${question}`)));
    await answered();
    const cells: string[] = [];
    for (let at = 0; at + 4 <= got.length; at += 4 + got.readUIntLE(at, 3))
      cells.push(shown(got.subarray(at + 4, at + 4 + got.readUIntLE(at, 3))));
    answers.push(cells);
  }
  tls.destroy();
  return answers;
}

export const TLS: readonly Fingerprint[] = [
  agreed('what is agreed on', {}),
  agreed('1.3', { minVersion: 'TLSv1.3' }),
  agreed('1.2', { maxVersion: 'TLSv1.2' }),
  agreed('1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: LOWEST }),
  agreed('1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: LOWEST }),
  agreed('an unknown server name', { servername: 'nosuch.example' }),
  agreed('ALPN of mysql', { ALPNProtocols: ['mysql'] }),
  agreed('ALPN of h2', { ALPNProtocols: ['h2', 'http/1.1'] }),
  agreed('1.2, plain RSA', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }),
  agreed('1.2, DHE', { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-GCM-SHA256' }),
  agreed('1.2, CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA' }),
  preference('TLSv1.2', OF_12),
  preference('TLSv1.3', OF_13),
  ...CURVES.flatMap((ecdhCurve) => [
    agreed(`1.3 over ${ecdhCurve}`, { ecdhCurve, minVersion: 'TLSv1.3' }),
    agreed(`1.2 over ${ecdhCurve}`, { ecdhCurve, maxVersion: 'TLSv1.2' }),
  ]),
  agreed('curves in another order', { ecdhCurve: 'P-521:P-384:P-256' }),
  agreed('1.2, curves in another order', { ecdhCurve: 'P-521:P-384:P-256', maxVersion: 'TLSv1.2' }),
  ...[
    'rsa_pss_rsae_sha256',
    'rsa_pss_rsae_sha512',
    'rsa_pkcs1_sha256',
    'rsa_pkcs1_sha1',
    'ecdsa_secp256r1_sha256',
    'ed25519',
  ].map((sigalgs) => agreed(`signed by ${sigalgs}`, { sigalgs, maxVersion: 'TLSv1.2' })),
  ...['rsa_pss_rsae_sha256', 'rsa_pkcs1_sha256', 'ecdsa_secp256r1_sha256'].map((sigalgs) =>
    agreed(`1.3, signed by ${sigalgs}`, { sigalgs, minVersion: 'TLSv1.3' }),
  ),
  fingerprint('TLS: sessions are resumed', async (port) => {
    const answers: unknown[] = [];
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const first = await secure(port, { minVersion: version, maxVersion: version });
      let tickets = 0;
      let session: Buffer | undefined = first.tls.getSession();
      first.tls.on('session', (bytes: Buffer) => {
        tickets++;
        session = bytes;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const ticket = first.tls.getTLSTicket() !== undefined;
      first.tls.destroy();
      const again = await secure(port, { minVersion: version, maxVersion: version, session });
      answers.push({ version, tickets, ticket, reused: again.tls.isSessionReused() });
      again.tls.destroy();
    }
    return answers;
  }),
  fingerprint('TLS: lifetime of a ticket', async (port) => {
    const { tls } = await secure(port, { maxVersion: 'TLSv1.2' });
    const session = tls.getSession();
    tls.destroy();
    // The lifetime hint stands as [9] INTEGER in the session's ASN.1.
    const at = session?.indexOf(Buffer.from('a904020201', 'hex')) ?? -1;
    return { hint: session && at < 0 ? session.toString('hex').match(/a9040202(....)|a9030201(..)/)?.[0] : at };
  }),
  fingerprint('TLS: a client certificate is asked for', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, SSL_REQUEST);
    peer.write(hello(0x303, 'c02fc030', GROUPS + SIGNATURES + RENEGOTIATION));
    await peer.heard();
    const kinds: number[] = [];
    const all = peer.bytes;
    let request = -1;
    for (let at = 0; at + 5 < all.length; ) {
      const size = all.readUInt16BE(at + 3);
      if (all[at] === 22)
        for (let inner = at + 5; inner + 4 <= at + 5 + size; inner += 4 + all.readUIntBE(inner + 1, 3)) {
          kinds.push(all[inner]!);
          if (all[inner] === CERTIFICATE_REQUEST) request = inner;
        }
      else kinds.push(-all[at]!);
      at += 5 + size;
    }
    peer.leave();
    return { kinds, certificateRequest: request < 0 ? '' : all.subarray(request, request + 80).toString('hex') };
  }),
  fingerprint('TLS: extensions of the answer to a hello of 1.2', async (port) => {
    const { peer } = await greeted(port);
    peer.send(1, SSL_REQUEST);
    peer.write(
      hello(
        0x303,
        'c02fc030',
        `${GROUPS + SIGNATURES + RENEGOTIATION}0000000a0008000005612e636f6d000b0002010000230000001700000005000501000000000010000800060568656c6c6f`,
      ),
    );
    await peer.heard();
    const all = peer.bytes;
    peer.leave();
    if (all[0] !== 22) return all.toString('hex');
    const session = all[43]!;
    const at = 44 + session;
    return {
      record: all.subarray(0, 3).toString('hex'),
      version: all.subarray(9, 11).toString('hex'),
      session,
      cipher: all.subarray(at, at + 3).toString('hex'),
      extensions: all.subarray(at + 3, at + 5 + all.readUInt16BE(at + 3)).toString('hex'),
    };
  }),
  described('length of the chain', (all) => all.length),
  described('names', (all) =>
    all.map(({ subject, issuer }) => [subject, issuer].map((text) => text.replace('9.7.4-2', '9.7.4'))),
  ),
  described('serial numbers', (all) => all.map(({ serialNumber }) => serialNumber)),
  described('validity in days', (all) =>
    all.map(({ validFromDate, validToDate }) => (Number(validToDate) - Number(validFromDate)) / 86_400_000),
  ),
  described('from when', (all) =>
    all.map(
      ({ validFromDate }) =>
        Date.now() - Number(validFromDate) < 86_400_000 * 30 && Number(validFromDate) <= Date.now(),
    ),
  ),
  described('authority', (all) => all.map(({ ca }) => ca)),
  described('alternative names', (all) => all.map(({ subjectAltName }) => subjectAltName ?? '')),
  described('keys', (all) =>
    all.map(({ publicKey }) => [
      publicKey.asymmetricKeyType,
      publicKey.asymmetricKeyDetails?.modulusLength,
      String(publicKey.asymmetricKeyDetails?.publicExponent),
    ]),
  ),
  described('purposes', (all) => all.map(({ keyUsage, infoAccess }) => [keyUsage ?? '', infoAccess ?? ''])),
  described('signatures', (all) => all.map(({ raw }) => raw.includes(Buffer.from('2a864886f70d01010b', 'hex')))),
  described('bytes', (all) => all.map(({ raw }) => raw.length)),
  described('shape', (all) =>
    all.map(({ raw }) =>
      raw
        .subarray(0, 60)
        .toString('hex')
        .replace(/^(.{8})..../, '$1'),
    ),
  ),
  described('signed by its authority', (all) => all.map((one, at) => one.verify((all[at + 1] ?? one).publicKey))),
  garbled('HTTP', 'GET / HTTP/1.0\r\n\r\n'),
  garbled('a record of 1.0', Buffer.from('1603010005010000010300', 'hex')),
  garbled('an alert', Buffer.from('15030100020246', 'hex')),
  garbled('a close_notify', Buffer.from('15030300020100', 'hex')),
  garbled('application data', Buffer.from('170303000100', 'hex')),
  garbled('a record too long', Buffer.from('160301ffff', 'hex')),
  garbled('a record of an unknown type', Buffer.from('6303010001ff', 'hex')),
  garbled('a heartbeat', Buffer.from('180302000301400000', 'hex')),
  garbled('hello of SSL 3', hello(0x300, 'c02f002f', '')),
  garbled('hello of TLS 1.0', hello(0x301, 'c02fc013', GROUPS)),
  garbled('hello of TLS 1.1', hello(0x302, 'c02fc013', GROUPS)),
  garbled('hello without ciphers in common', hello(0x303, '00040005', GROUPS + SIGNATURES)),
  garbled('hello without groups in common', hello(0x303, 'c02fc030', `000a000400020001${SIGNATURES}`)),
  garbled('hello without signatures in common', hello(0x303, 'c02fc030', `${GROUPS}000d000400020603`)),
  garbled('hello with a fallback mark', hello(0x303, 'c02f5600', GROUPS + SIGNATURES)),
  garbled(
    'hello of TLS 1.3 alone without a key share',
    hello(0x303, '13011302', `${GROUPS + SIGNATURES}002b0003020304`),
  ),
  garbled('hello of TLS 1.4', hello(0x303, '13011302', `${GROUPS + SIGNATURES}002b0003020305`)),
  garbled('hello with an extension twice', hello(0x303, 'c02fc030', GROUPS + GROUPS + SIGNATURES)),
  garbled(
    'hello with compression alone',
    Buffer.concat([hello(0x303, 'c02fc030', '').subarray(0, -4), Buffer.from([1, 1, 0, 0])]),
  ),
  fingerprint('TLS: what the session tells of itself', async (port) =>
    (
      await inside(port, [
        "show session status like 'Ssl_cipher'",
        "show session status like 'Ssl_version'",
        "show session status like 'Ssl_cipher_list'",
        "show session status like 'Ssl_default_timeout'",
        "show session status like 'Ssl_verify%'",
        "show session status like 'Ssl_sessions_reused'",
        "show session status like 'Ssl_session_cache%'",
      ])
    ).map((cells) => cells.slice(3)),
  ),
  fingerprint('TLS 1.2: what the session tells of itself', async (port) =>
    (
      await inside(
        port,
        [
          "show session status like 'Ssl_cipher'",
          "show session status like 'Ssl_version'",
          "show session status like 'Ssl_cipher_list'",
        ],
        { maxVersion: 'TLSv1.2' },
      )
    ).map((cells) => cells.slice(3)),
  ),
  fingerprint('TLS: the channel in performance_schema', async (port) =>
    (
      await inside(port, [
        "select PROPERTY, VALUE from performance_schema.tls_channel_status where PROPERTY not like '%not_%' and PROPERTY not like '%accept%' and PROPERTY not like '%session%'",
        'select VARIABLE_NAME from performance_schema.status_by_thread where VARIABLE_NAME like "Ssl%" limit 2',
        'select CONNECTION_TYPE from performance_schema.threads where PROCESSLIST_ID = connection_id()',
      ])
    ).map((cells) => cells.slice(3)),
  ),
  fingerprint('TLS: Ssl_accepts grows with each', async (port) => {
    const [[, , , before = ''] = [], [, , , finished = ''] = []] = await inside(port, [
      "show global status like 'Ssl_accepts'",
      "show global status like 'Ssl_finished_accepts'",
    ]);
    const [[, , , after = ''] = []] = await inside(port, ["show global status like 'Ssl_accepts'"]);
    const number = (text: string) => Number(text.split(/\\x../).pop()?.replace(/\D/g, ''));
    return { grows: number(after) > number(before), finished: number(finished) > 0 };
  }),
];
