// Bytes turned into other bytes: digests, ciphers, compression, addresses, UUIDs.
// Source: https://dev.mysql.com/doc/refman/9.7/en/encryption-functions.html, miscellaneous-functions.html

import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { VALUE_BYTES } from '../../limits.ts';
import { zlib } from '../../on-demand.ts';
import { passwordStrength } from '../../session/password-policy.ts';
import { shown } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { bytesType, intType, type SqlType, textType } from '../value/type.ts';
import { fromBoolean, toBoolean, toBytes, toInteger, toText, type Value } from '../value/value.ts';
import { anyNullable, constantNumber, type FunctionTable } from './function.ts';
import { bytesIn } from './text-argument.ts';

const text = (value: Value): string => toText(value) as string;

export function hashed(algorithm: string, value: Value): string {
  return createHash(algorithm)
    .update(toBytes(value) as Buffer)
    .digest('hex');
}

const SHA2_BITS: ReadonlySet<number> = new Set([224, 256, 384, 512]);

const COMPRESS_HEADER = 4;

function compress(value: Value): Buffer {
  const bytes = toBytes(value) as Buffer;
  if (bytes.length === 0) return Buffer.alloc(0);
  const header = Buffer.alloc(COMPRESS_HEADER);
  header.writeUInt32LE(bytes.length);
  return Buffer.concat([header, zlib().deflateSync(bytes)]);
}

function uncompress(value: Value, x: Execution): Value {
  const bytes = toBytes(value) as Buffer;
  if (bytes.length === 0) return '';
  if (bytes.length <= COMPRESS_HEADER) {
    x.warn('ER_ZLIB_Z_DATA_CORRUPTED');
    return null;
  }
  if (bytes.readUInt32LE(0) > x.session.maxAllowedPacket()) {
    x.warn('ER_ZLIB_Z_DATA_ERROR', x.session.maxAllowedPacket());
    return null;
  }
  try {
    return zlib().inflateSync(bytes.subarray(COMPRESS_HEADER), {
      maxOutputLength: Math.min(VALUE_BYTES, bytes.readUInt32LE(0)),
    });
  } catch {
    // Not compressed data, or more than it says: MySQL answers NULL with a warning.
    x.warn('ER_ZLIB_Z_DATA_CORRUPTED');
    return null;
  }
}

function inetAton(value: string): Value {
  const parts = value.split('.');
  if (parts.length > 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  const numbers = parts.map(Number);
  const last = numbers.pop() as number;
  return numbers.reduce((sum, part, at) => sum + BigInt(part) * 256n ** BigInt(3 - at), BigInt(last));
}

function inet6Bytes(value: string): Buffer | null {
  if (isDotted(value)) return Buffer.from(value.split('.').map(Number));
  if (!isIPv6(value) || value.includes('%')) return null;
  let address = value;
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted) {
    const [a, b, c, d] = dotted.slice(1).map(Number) as [number, number, number, number];
    address = `${address.slice(0, dotted.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const [head, tail] = address.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const [first, second] = [groups(head), groups(tail)];
  const all = tail === undefined ? first : [...first, ...Array(8 - first.length - second.length).fill('0'), ...second];
  const bytes = Buffer.alloc(16);
  for (const [at, group] of all.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), at * 2);
  return bytes;
}

function inet6Text(bytes: Buffer): string | null {
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) return null;
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  const zeros = /(?:^|:)0(?::0)+(?:$|:)/g;
  const joined = groups.join(':');
  let longest = '';
  for (const found of joined.matchAll(zeros)) if (found[0].length > longest.length) longest = found[0];
  return longest ? joined.replace(longest, '::') : joined;
}

const UUID_TEXT = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** NULL with warning 1411, which shows the argument as the statement has it. */
function refuse(x: Execution, type: string, printed: readonly (() => string)[], name: string): null {
  x.warn('ER_WRONG_VALUE_FOR_TYPE', type, printed[0]?.() ?? '', name);
  return null;
}

/** An IPv4 address: four numbers of one to three digits, leading zeros allowed. */
function isDotted(value: string): boolean {
  return /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(value) && value.split('.').every((part) => Number(part) <= 255);
}

/** An IPv6 address of the prefix that holds an IPv4 address past the lowest ones. */
function holdsIpv4(bytes: Buffer, prefix: string): boolean {
  return bytes.length === 16 && bytes.toString('hex').startsWith(prefix) && bytes.readUInt32BE(12) > 1;
}

export const ENCODING_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  SHA2: {
    args: [2, 2],
    sizedBy: [1],
    ofBytes: true,
    takes: 'ti',
    type: (_args, constants) => {
      const bits = constantNumber(constants, 1);
      return textType(bits !== undefined && SHA2_BITS.has(bits) ? bits / 4 : 64);
    },
    evaluate: ([value, bits], x) => {
      const size = bits === null ? -1 : Number(toInteger(bits as Value)) || 256;
      if (!SHA2_BITS.has(size)) x.warn('ER_WRONG_PARAMETERS_TO_NATIVE_FCT', 'sha2');
      return value === null || !SHA2_BITS.has(size) ? null : hashed(`sha${size}`, value as Value);
    },
  },
  COMPRESS: {
    args: [1, 1],
    ofBytes: true,
    takes: 't',
    strict: true,
    // zlib's own bound and the four bytes of length before it.
    type: ([arg]) => {
      const bytes = bytesIn(arg as SqlType);
      return bytesType(bytes + Math.floor(bytes / 1_000) + 18);
    },
    evaluate: ([value]) => compress(value as Value),
  },
  UNCOMPRESS: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => ({ ...bytesType(16_777_216), type: 251 }),
    evaluate: ([value], x) => uncompress(value as Value, x),
  },
  UNCOMPRESSED_LENGTH: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: (args) => intType(11, { nullable: anyNullable(args) }),
    evaluate: ([value], x) => {
      const bytes = toBytes(value as Value) as Buffer;
      if (bytes.length > COMPRESS_HEADER) return BigInt(bytes.readUInt32LE(0) & 0x3fff_ffff);
      if (bytes.length > 0) x.warn('ER_ZLIB_Z_DATA_CORRUPTED');
      return 0n;
    },
  },
  RANDOM_BYTES: {
    args: [1, 1],
    takes: 'i',
    strict: true,
    type: () => bytesType(1024),
    evaluate: ([count], x) => {
      const size = Number(toInteger(count as Value));
      if (size < 1 || size > 1024) throw sqlError('ER_DATA_OUT_OF_RANGE', 'length', 'random_bytes');
      return Buffer.from(Array.from({ length: size }, () => Math.floor(x.random() * 256)));
    },
  },
  INET_ATON: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => intType(21, { unsigned: true }),
    evaluate: ([value], x, _types, printed) =>
      inetAton(text(value as Value)) ?? refuse(x, 'string', printed, 'inet_aton'),
  },
  INET_NTOA: {
    args: [1, 1],
    takes: 'i',
    strict: true,
    type: () => textType(31),
    evaluate: ([value], x, _types, printed) => {
      const n = toInteger(value as Value) as bigint;
      return n < 0n || n > 0xffffffffn
        ? refuse(x, 'integer', printed, 'inet_ntoa')
        : [24n, 16n, 8n, 0n].map((shift) => (n >> shift) & 255n).join('.');
    },
  },
  INET6_ATON: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => bytesType(16),
    evaluate: ([value], x, _types, printed) =>
      inet6Bytes(text(value as Value)) ?? refuse(x, 'string', printed, 'inet6_aton'),
  },
  INET6_NTOA: {
    args: [1, 1],
    strict: true,
    type: () => textType(39),
    evaluate: ([value], x, _types, printed) =>
      inet6Text(toBytes(value as Value) as Buffer) ?? refuse(x, 'string', printed, 'inet6_ntoa'),
  },
  IS_IPV4: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value]) => fromBoolean(isDotted(text(value as Value))),
  },
  IS_IPV6: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value]) => fromBoolean(isIPv6(text(value as Value))),
  },
  IS_IPV4_COMPAT: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value]) => fromBoolean(holdsIpv4(toBytes(value as Value) as Buffer, '000000000000000000000000')),
  },
  IS_IPV4_MAPPED: {
    args: [1, 1],
    strict: true,
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value]) => fromBoolean(holdsIpv4(toBytes(value as Value) as Buffer, '00000000000000000000ffff')),
  },
  IS_UUID: {
    args: [1, 1],
    takes: 't',
    strict: true,
    type: () => intType(1),
    evaluate: ([value]) => fromBoolean(UUID_TEXT.test(text(value as Value))),
  },
  UUID_TO_BIN: {
    args: [1, 2],
    takes: 'tr',
    early: true,
    type: () => bytesType(16),
    evaluate: ([value, swap]) => {
      if (value === null) return null;
      const found = UUID_TEXT.exec(text(value as Value));
      if (!found) throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'string', shown(value as Value), 'uuid_to_bin');
      const [a, b, c, d, e] = found.slice(1) as [string, string, string, string, string];
      return Buffer.from(
        swap !== undefined && swap !== null && toBoolean(swap) ? c + b + a + d + e : a + b + c + d + e,
        'hex',
      );
    },
  },
  BIN_TO_UUID: {
    args: [1, 2],
    takes: 'tr',
    early: true,
    type: () => textType(36),
    evaluate: ([value, swap]) => {
      if (value === null) return null;
      const bytes = toBytes(value as Value) as Buffer;
      if (bytes.length !== 16)
        throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'string', shown(value as Value), 'bin_to_uuid');
      const plain =
        swap !== undefined && swap !== null && toBoolean(swap)
          ? Buffer.concat([bytes.subarray(4, 8), bytes.subarray(2, 4), bytes.subarray(0, 2), bytes.subarray(8)])
          : bytes;
      return uuidText(plain);
    },
  },
  VALIDATE_PASSWORD_STRENGTH: {
    args: [1, 1],
    type: () => intType(10),
    evaluate: ([value], x) => (value === null ? null : passwordStrength(x.session, toText(value as Value) as string)),
  },
};
