// Salts of challenges: 20 bytes each, from random bytes drawn for many at once, as a draw costs 10 µs whatever it gives.
import { randomFillSync } from 'node:crypto';
import { SALT_BYTES, saltFrom } from '../wire/greeting.ts';

const POOL_SALTS = 128;

const pool = Buffer.alloc(POOL_SALTS * SALT_BYTES);
let used = pool.length;

/** A fresh salt in the bytes a server's salt has. */
export function newSalt(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += SALT_BYTES;
  return saltFrom(pool.subarray(used - SALT_BYTES, used));
}
