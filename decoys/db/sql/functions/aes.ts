// AES_ENCRYPT and AES_DECRYPT: block modes, initialization vectors and derived keys.
// Source: https://dev.mysql.com/doc/refman/9.7/en/encryption-functions.html#function_aes-encrypt
import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2Sync } from 'node:crypto';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { bytesType, type SqlType, textLength } from '../value/type.ts';
import { toBytes, toInteger, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { bytesIn } from './text-argument.ts';

const BLOCK = 16;
const MIN_ITERATIONS = 1_000n;
const MAX_ITERATIONS = 65_535n;

/** The key folded to the cipher's size by XOR. */
function foldKey(key: Buffer, size: number): Buffer {
  const folded = Buffer.alloc(size);
  for (let at = 0; at < key.length; at++) folded[at % size] = (folded[at % size] as number) ^ (key[at] as number);
  return folded;
}

/** Bytes of a name and of an option, and of the digits of a number of iterations. */
const OPTION_BYTES = 256;
const ITERATION_DIGITS = 6;

/** An option of a derivation. Throws 3238 where it is NULL or too long. */
function optionOf(value: Value | undefined, most: number): Buffer | undefined {
  if (value === undefined) return undefined;
  const bytes = toBytes(value);
  if (bytes === null || bytes.length >= most) throw sqlError('ER_AES_OPTION_SIZE', most);
  return bytes;
}

/** The key the function named as the fourth argument derives. Throws 3235 where there is none of the name. */
function derivedKey(key: Buffer, size: number, [kdf, salt, third]: readonly Value[], x: Execution): Buffer {
  const name = optionOf(kdf, OPTION_BYTES)?.toString();
  if (name !== 'hkdf' && name !== 'pbkdf2_hmac') throw sqlError('ER_AES_KDF');
  const salted = optionOf(salt, OPTION_BYTES) ?? Buffer.alloc(0);
  if (name === 'hkdf')
    return Buffer.from(hkdfSync('sha512', key, salted, optionOf(third, OPTION_BYTES) ?? Buffer.alloc(0), size));
  const digits = optionOf(third, ITERATION_DIGITS);
  const iterations = digits === undefined ? MIN_ITERATIONS : (toInteger(digits.toString('latin1')) as bigint);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) throw sqlError('ER_AES_ITERATIONS');
  x.spend(Number(iterations) * 2);
  return pbkdf2Sync(key, salted, Number(iterations), size, 'sha512');
}

function run(args: readonly Value[], x: Execution, encrypt: boolean): Value {
  const name = encrypt ? 'aes_encrypt' : 'aes_decrypt';
  const mode = String(x.session.readVariable('block_encryption_mode', '').value).toLowerCase();
  const found = /^aes-(128|192|256)-(\w{3,6})$/.exec(mode);
  const size = Number(found?.[1] ?? 128) / 8;
  const [value, given, iv, ...rest] = args;
  const ecb = found === null || found[2] === 'ecb';
  if (value === null || given === null) return null;
  if (!ecb && iv === undefined) throw sqlError('ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT', name);
  const vector = ecb || iv === undefined || iv === null ? null : (toBytes(iv) as Buffer);
  if (!ecb && (!vector || vector.length < BLOCK)) throw sqlError('ER_AES_INVALID_IV', name, BLOCK);
  if (ecb && iv !== undefined && rest.length === 0) x.warn('WARN_OPTION_IGNORED', 'IV');
  const raw = toBytes(given as Value) as Buffer;
  const key = rest.length > 0 ? derivedKey(raw, size, rest, x) : foldKey(raw, size);
  const algorithm = `aes-${size * 8}-${found?.[2] ?? 'ecb'}`;
  const bytes = toBytes(value as Value) as Buffer;
  if (!x.fits(bytes.length + BLOCK, name)) return null;
  const start = vector?.subarray(0, BLOCK) ?? null;
  try {
    const cipher = encrypt ? createCipheriv(algorithm, key, start) : createDecipheriv(algorithm, key, start);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  } catch {
    // Not encrypted with this key: MySQL answers NULL.
    return null;
  }
}

function aes(encrypt: boolean): FunctionEntry {
  return {
    args: [2, 6],
    ofBytes: true,
    takes: 't',
    type: ([arg]) =>
      bytesType(encrypt ? BLOCK * (Math.floor(bytesIn(arg as SqlType) / BLOCK) + 1) : textLength(arg as SqlType)),
    evaluate: (args, x) => run(args, x, encrypt),
  };
}

export const AES_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  AES_ENCRYPT: aes(true),
  AES_DECRYPT: aes(false),
};
