// Digests that MySQL had built in until 9.6: MD5, and SHA-1 under both its names.
// Source: https://dev.mysql.com/doc/refman/8.4/en/encryption-functions.html
import { textType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { hashed } from './encoding.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';

function digest(algorithm: string, digits: number): FunctionEntry {
  return {
    args: [1, 1],
    ofBytes: true,
    strict: true,
    type: () => textType(digits),
    evaluate: ([value]) => hashed(algorithm, value as Value),
  };
}

export const CLASSIC_HASHES: FunctionTable = {
  __proto__: null as never,
  MD5: digest('md5', 32),
  SHA: digest('sha1', 40),
  SHA1: digest('sha1', 40),
};
