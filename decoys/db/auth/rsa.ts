// RSA-2048 private keys from two primes, RFC 8017 section 3.2. Not by generateKeyPair: its work in the thread pool cannot be stopped,
// and a process that ends waits for it, a second at a tenth of a processor. A search for a prime stops where the process does.
import { createPrivateKey, generatePrime, type KeyObject } from 'node:crypto';

const PRIME_BITS = 1024;
const EXPONENT = 65_537n;

/** A fresh private key; its public one is createPublicKey's of it. Takes some 80 ms of CPU outside the main thread. */
export async function makeRsaKey(): Promise<KeyObject> {
  for (;;) {
    const [one, other] = [await findPrime(), await findPrime()];
    const [p, q] = one > other ? [one, other] : [other, one];
    if (p !== q && fits(p) && fits(q)) return privateKey(p, q);
  }
}

/** The exponent must have an inverse modulo p - 1: all but one prime in 65,537 will do. */
function fits(prime: bigint): boolean {
  return prime % EXPONENT !== 1n;
}

/** Both highest bits are set, so that the product of two has 2048 bits. */
function findPrime(): Promise<bigint> {
  return new Promise((resolve, reject) =>
    generatePrime(PRIME_BITS, (error, prime) => {
      if (error) reject(error);
      else resolve(BigInt(`0x${Buffer.from(prime).toString('hex')}`));
    }),
  );
}

function privateKey(p: bigint, q: bigint): KeyObject {
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const fields = Object.entries(numbers).map(([name, value]) => [name, base64url(value)]);
  return createPrivateKey({ format: 'jwk', key: { kty: 'RSA', ...Object.fromEntries(fields) } });
}

/** The inverse of `value` modulo `modulus`, which have no common factor: Euclid's algorithm, extended. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [before, now] = [modulus, value % modulus];
  let [factorBefore, factor] = [0n, 1n];
  while (now > 1n) {
    const times = before / now;
    [before, now] = [now, before - times * now];
    [factorBefore, factor] = [factor, factorBefore - times * factor];
  }
  return factor < 0n ? factor + modulus : factor;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
}
