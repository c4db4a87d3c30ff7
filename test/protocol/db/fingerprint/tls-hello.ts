// Fingerprints of the first bytes of TLS: what a server answers to a hello byte by byte, and to what is none.
import { type Fingerprint, fingerprint, shown } from './check.ts';
import { greeted } from './peer.ts';
import { SSL_REQUEST } from './tls-client.ts';

/** Handshake message of TLS 1.2, RFC 5246 section 7.4.4. */
const CERTIFICATE_REQUEST = 13;

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

const RECORDS = {
  'a record of 1.0': '1603010005010000010300',
  'an alert': '15030100020246',
  'a close_notify': '15030300020100',
  'application data': '170303000100',
  'a record too long': '160301ffff',
  'a record of an unknown type': '6303010001ff',
  'a heartbeat': '180302000301400000',
};

export const TLS_HELLO: readonly Fingerprint[] = [
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
  garbled('HTTP', 'GET / HTTP/1.0\r\n\r\n'),
  ...Object.entries(RECORDS).map(([name, bytes]) => garbled(name, Buffer.from(bytes, 'hex'))),
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
];
