// Fingerprints of what is agreed on in TLS: versions, ciphers in the server's order, groups, signatures, and tickets.
import type { ConnectionOptions } from 'node:tls';
import { type Fingerprint, fingerprint } from './check.ts';
import { secure } from './tls-client.ts';

const LOWEST = 'DEFAULT@SECLEVEL=0';

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

const CURVES = ['X25519', 'P-256', 'P-384', 'P-521', 'X448', 'X25519MLKEM768'];

export const TLS_CIPHERS: readonly Fingerprint[] = [
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
];
