// Challenge responses of MySQL's password plugins, and how an unanswered guess is written down for hashcat.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
import { createHash } from 'node:crypto';

export const SHA2_RESPONSE_BYTES = 32;
const NATIVE_RESPONSE_BYTES = 20;

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** XOR(SHA256(password), SHA256(SHA256(SHA256(password)), salt)) */
export function cachingSha2Response(password: string, salt: Buffer): Buffer {
  const once = sha256(Buffer.from(password));
  const mask = sha256(sha256(once), salt);
  return Buffer.from(once.map((byte, at) => byte ^ (mask[at] as number)));
}

/** hashcat mode 11200 for a mysql_native_password response; undefined for any other. */
export function hashcatForm(plugin: string, salt: Buffer, response: Buffer): string | undefined {
  if (plugin !== 'mysql_native_password' || response.length !== NATIVE_RESPONSE_BYTES) return undefined;
  return `$mysqlna$${salt.toString('hex')}*${response.toString('hex')}`;
}
