// The server's first packet, Protocol::HandshakeV10, as MySQL 9.7 writes it.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
import { ByteWriter } from './bytes.ts';
import { SERVER_CAPABILITIES, STATUS } from './constants.ts';

export const SALT_BYTES = 20;
const PROTOCOL_VERSION = 10;
const DEFAULT_COLLATION = 255;
const DOLLAR = 0x24;

/** A salt from random bytes: 20 bytes, each 1..127 and never `$`, as the server's generator leaves them. */
export function saltFrom(random: Uint8Array): Buffer {
  const salt = Buffer.allocUnsafe(SALT_BYTES);
  for (let at = 0; at < SALT_BYTES; at++) {
    const byte = (random[at] as number) & 0x7f;
    salt[at] = byte === 0 || byte === DOLLAR ? byte + 1 : byte;
  }
  return salt;
}

/** Protocol::HandshakeV10; `salt` is 20 bytes. */
export function greeting(version: string, threadId: number, salt: Buffer): Buffer {
  const out = new ByteWriter();
  out.uint(PROTOCOL_VERSION, 1).text(version).zeros(1).uint(threadId, 4);
  out
    .raw(salt.subarray(0, 8))
    .zeros(1)
    .uint(SERVER_CAPABILITIES & 0xffff, 2);
  out
    .uint(DEFAULT_COLLATION, 1)
    .uint(STATUS.AUTOCOMMIT, 2)
    .uint(SERVER_CAPABILITIES >>> 16, 2);
  out
    .uint(SALT_BYTES + 1, 1)
    .zeros(10)
    .raw(salt.subarray(8))
    .zeros(1);
  return out.text('caching_sha2_password').zeros(1).take();
}
