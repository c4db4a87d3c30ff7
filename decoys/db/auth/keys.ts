// The keys and certificates of one server start: made after the port listens, awaited by the client that first needs them.
// MySQL keeps three RSA-2048 pairs: CA, TLS, and the one caching_sha2_password sends to clients without TLS.
import { constants, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { tls } from '../on-demand.ts';
import { certificate } from './certificate.ts';
import { makeRsaKey } from './rsa.ts';

/** Ciphers in the server's order, which Ssl_cipher_list tells. */
export const TLS_CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-CCM',
  'ECDHE-ECDSA-AES128-CCM',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES256-CCM',
  'DHE-RSA-AES128-CCM',
  'DHE-RSA-CHACHA20-POLY1305',
];

/** ssl_cipher and tls_version of the server as clients can observe them. */
const TLS = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ecdhCurve: 'prime256v1:secp384r1:secp521r1',
  honorCipherOrder: true,
  dhparam: 'auto',
  /** A client is asked for a certificate, and who is asked is known again only under a name of the session's own. */
  sessionIdContext: 'mysqld',
  sigalgs: [
    'ECDSA+SHA256',
    'ECDSA+SHA384',
    'ECDSA+SHA512',
    'ed25519',
    'rsa_pss_pss_sha256',
    'rsa_pss_pss_sha384',
    'rsa_pss_pss_sha512',
    'rsa_pss_rsae_sha256',
    'rsa_pss_rsae_sha384',
    'rsa_pss_rsae_sha512',
    'RSA+SHA256',
    'RSA+SHA384',
    'RSA+SHA512',
    'ECDSA+SHA224',
    'RSA+SHA224',
  ].join(':'),
  /** Lifetime of session tickets, in seconds (ssl_session_cache_timeout). */
  sessionTimeout: 300,
  ciphers: TLS_CIPHERS.join(':'),
} as const;

interface PasswordKey {
  readonly privateKey: KeyObject;
  /** As the server sends it, PEM. */
  readonly publicPem: string;
}

/** PEM of the TLS key, and of its certificate and the authority's. */
interface CertifiedKey {
  readonly key: string | Buffer;
  readonly cert: string;
}

/** Server keys, each made on first call and then the same for the life of the process. */
export class ServerKeys {
  readonly #version: string;
  readonly #from: number;
  #password: Promise<PasswordKey> | undefined;
  #chain: Promise<CertifiedKey> | undefined;
  #tls: Promise<SecureContext> | undefined;

  constructor(version: string, from: number) {
    this.#version = version;
    this.#from = from;
  }

  password(): Promise<PasswordKey> {
    this.#password ??= makeRsaKey().then((privateKey) => ({
      privateKey,
      publicPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    }));
    return this.#password;
  }

  tls(): Promise<SecureContext> {
    this.#tls ??= this.chain().then((own) => tls().createSecureContext({ ...TLS, ...own }));
    return this.#tls;
  }

  /** The TLS key and certificates alone: what takes long to make, before the first client asks for TLS. */
  chain(): Promise<CertifiedKey> {
    this.#chain ??= this.#makeChain();
    return this.#chain;
  }

  async #makeChain(): Promise<CertifiedKey> {
    const authority = await makeRsaKey();
    const server = await makeRsaKey();
    const issuer = `MySQL_Server_${this.#version}_Auto_Generated_CA_Certificate`;
    const subject = `MySQL_Server_${this.#version}_Auto_Generated_Server_Certificate`;
    const shared = { issuer, from: this.#from, signingKey: authority };
    const own = certificate({ ...shared, serial: 2, subject, authority: false, publicKey: createPublicKey(server) });
    const root = certificate({
      ...shared,
      serial: 1,
      subject: issuer,
      authority: true,
      publicKey: createPublicKey(authority),
    });
    return { key: server.export({ type: 'pkcs8', format: 'pem' }), cert: own + root };
  }
}

/** The password a client sent under our public key: RSA-OAEP over the password XORed with the salt; undefined where it is none. */
export function decryptPassword(privateKey: KeyObject, sent: Buffer, salt: Buffer): string | undefined {
  let plain: Buffer;
  try {
    plain = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, sent);
  } catch {
    // Not made with our key.
    return undefined;
  }
  const password = Buffer.from(plain.map((byte, at) => byte ^ (salt[at % salt.length] as number)));
  const end = password.indexOf(0);
  return password.toString('utf8', 0, end < 0 ? password.length : end);
}
