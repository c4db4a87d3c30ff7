// Functions about the session and the server, locks and delays, digests, addresses, UUIDs, XML; and control flow as functions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-functions.html, encryption-functions.html, miscellaneous-functions.html
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { DELAY_SECONDS, VALUE_BYTES } from '../../limits.ts';
import { zlib } from '../../on-demand.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import {
  bytesType,
  countType,
  doubleType,
  intType,
  isNull,
  isString,
  mergeTypes,
  type SqlType,
  textLength,
  textType,
} from '../value/type.ts';
import {
  compareValues,
  fromBoolean,
  leadingNumber,
  toBoolean,
  toBytes,
  toInteger,
  toNumber,
  toText,
  type Value,
} from '../value/value.ts';
import { anyNullable, type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import { seededRandom } from './number.ts';

const text = (value: Value): string => toText(value) as string;
const USER_CHARACTERS = 288;
const NAME_CHARACTERS = 64;

function fact(type: () => SqlType, of: (x: Execution) => Value): FunctionEntry {
  return { args: [0, 0], type, evaluate: (_args, x) => of(x) };
}

const userName = () => textType(USER_CHARACTERS);

function delay(x: Execution, seconds: number): void {
  x.delayMs += Math.min(seconds, DELAY_SECONDS) * 1000;
}

function hashed(algorithm: string, value: Value): string {
  return createHash(algorithm)
    .update(toBytes(value) as Buffer)
    .digest('hex');
}

const SHA2_BITS: ReadonlySet<number> = new Set([224, 256, 384, 512]);

/** The key folded to the cipher's size by XOR, as MySQL does. */
function foldKey(key: Buffer, size: number): Buffer {
  const folded = Buffer.alloc(size);
  for (let at = 0; at < key.length; at++) folded[at % size] = (folded[at % size] as number) ^ (key[at] as number);
  return folded;
}

const AES_BLOCK = 16;

function aes(value: Value, key: Value, encrypt: boolean): Value {
  const folded = foldKey(toBytes(key) as Buffer, AES_BLOCK);
  const cipher = encrypt ? createCipheriv('aes-128-ecb', folded, null) : createDecipheriv('aes-128-ecb', folded, null);
  try {
    return Buffer.concat([cipher.update(toBytes(value) as Buffer), cipher.final()]);
  } catch {
    // Not encrypted with this key: MySQL answers NULL.
    return null;
  }
}

const COMPRESS_HEADER = 4;

function compress(value: Value): Buffer {
  const bytes = toBytes(value) as Buffer;
  if (bytes.length === 0) return Buffer.alloc(0);
  const header = Buffer.alloc(COMPRESS_HEADER);
  header.writeUInt32LE(bytes.length);
  return Buffer.concat([header, zlib().deflateSync(bytes)]);
}

function uncompress(value: Value): Value {
  const bytes = toBytes(value) as Buffer;
  if (bytes.length === 0) return '';
  if (bytes.length <= COMPRESS_HEADER) return null;
  try {
    return zlib().inflateSync(bytes.subarray(COMPRESS_HEADER), {
      maxOutputLength: Math.min(VALUE_BYTES, bytes.readUInt32LE(0)),
    });
  } catch {
    // Not compressed data, or more than it says: MySQL answers NULL with a warning.
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
  if (isIPv4(value)) return Buffer.from(value.split('.').map(Number));
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

/** EXTRACTVALUE and UPDATEXML: paths of plain names over small documents; what is no XPath is error 1105. */
function checkXpath(path: string): void {
  const bad = /[^\w\s/.*[\]@='"():,|+<>!$-]/.exec(path);
  const broken = bad ? bad.index : /^\s*[/.@\w*$('"-]/.test(path) || path === '' ? -1 : 0;
  if (broken >= 0) throw sqlError('ER_XPATH', path.slice(broken, broken + 32));
  if (path.trim() === '' || /[/@]\s*$/.test(path)) throw sqlError('ER_XPATH', '');
}

function extractValue(document: string, path: string): string {
  checkXpath(path);
  const names = path.split('/').filter((name) => name !== '' && name !== '.' && name !== 'text()');
  let inner = [document];
  for (const name of names) {
    const found: string[] = [];
    for (const piece of inner) {
      const open = name.replace(/\[.*/, '');
      let at = 0;
      for (let count = 0; count < 1000; count++) {
        const start = piece.indexOf(`<${open}`, at);
        if (start < 0) break;
        const close = piece.indexOf('>', start);
        const end = piece.indexOf(`</${open}>`, close);
        if (close < 0 || end < 0) break;
        found.push(piece.slice(close + 1, end));
        at = end + open.length + 3;
      }
    }
    inner = found;
  }
  return inner.filter((piece) => !piece.includes('<')).join(' ');
}

/** Words of a BENCHMARK's expression are evaluated once; the time of the rest is waited, not worked. */
const BENCHMARK_NS = 60;

export const INFO_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  USER: fact(userName, (x) => x.session.userAtClient()),
  CURRENT_USER: fact(userName, (x) => x.session.account()),
  VERSION: fact(
    () => textType(7, { nullable: false }),
    (x) => x.session.version(),
  ),
  DATABASE: fact(
    () => textType(NAME_CHARACTERS),
    (x) => (x.session.database === '' ? null : x.session.database),
  ),
  CONNECTION_ID: fact(
    () => countType(21, { unsigned: true }),
    (x) => BigInt(x.session.connectionId),
  ),
  LAST_INSERT_ID: {
    args: [0, 1],
    type: () => countType(21, { unsigned: true }),
    evaluate: ([value], x) => {
      if (value === undefined) return x.session.lastInsertId;
      const id = value === null ? 0n : (toInteger(value) as bigint);
      x.session.lastInsertId = id;
      x.insertId = id;
      return value === null ? null : id;
    },
  },
  ROW_COUNT: fact(
    () => countType(21),
    (x) => x.session.rowCount,
  ),
  FOUND_ROWS: fact(
    () => countType(21),
    (x) => {
      x.warn('ER_WARN_DEPRECATED_SYNTAX', 'FOUND_ROWS()', 'COUNT(*)');
      return x.session.foundRows;
    },
  ),
  CURRENT_ROLE: fact(
    () => ({ ...textType(50_331_648), type: 251 }),
    () => 'NONE',
  ),
  ROLES_GRAPHML: fact(
    () => ({ ...textType(50_331_648), type: 251 }),
    () => '<?xml version="1.0" encoding="UTF-8"?><graphml />',
  ),
  UUID: fact(
    () => textType(36),
    (x) => x.session.uuid(x.startedMs, x.random),
  ),
  UUID_SHORT: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.shortUuid(),
  ),
  PS_CURRENT_THREAD_ID: fact(
    () => countType(21, { unsigned: true }),
    (x) => BigInt(x.session.connectionId + 40),
  ),
  SLEEP: {
    args: [1, 1],
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value], x) => {
      if (typeof value === 'string' && !leadingNumber(value).whole) x.warn('ER_TRUNCATED_WRONG_VALUE', 'DOUBLE', value);
      const seconds = value === null ? -1 : (toNumber(value as Value) as number);
      if (!(seconds >= 0)) throw sqlError('ER_WRONG_ARGUMENTS', 'sleep.');
      delay(x, seconds);
      return 0n;
    },
  },
  BENCHMARK: {
    args: [2, 2],
    type: () => intType(1),
    evaluate: ([count], x) => {
      if (count === null) return null;
      const times = Number(toInteger(count as Value));
      if (times < 0) {
        x.warn('ER_WRONG_VALUE_FOR_TYPE', 'count', String(times), 'benchmark');
        return null;
      }
      delay(x, (times * BENCHMARK_NS) / 1e9);
      return 0n;
    },
  },
  GET_LOCK: {
    args: [2, 2],
    type: () => intType(1),
    evaluate: ([name], x) => {
      if (name === null) throw sqlError('ER_WRONG_ARGUMENTS', 'get_lock');
      return x.session.getLock(text(name as Value)) ? 1n : 0n;
    },
  },
  RELEASE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => (name === null ? null : fromBoolean(x.session.releaseLock(text(name as Value)) ?? null)),
  },
  RELEASE_ALL_LOCKS: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.releaseAllLocks(),
  ),
  IS_FREE_LOCK: {
    args: [1, 1],
    strict: true,
    type: () => intType(1),
    evaluate: ([name], x) => fromBoolean(!x.session.holdsLock(text(name as Value))),
  },
  IS_USED_LOCK: {
    args: [1, 1],
    strict: true,
    type: () => intType(21, { unsigned: true }),
    evaluate: ([name], x) => (x.session.holdsLock(text(name as Value)) ? BigInt(x.session.connectionId) : null),
  },
  LOAD_FILE: { args: [1, 1], type: () => ({ ...bytesType(16_777_216), type: 251 }), evaluate: () => null },
  RAND: {
    args: [0, 1],
    type: () => doubleType({ nullable: false }),
    evaluate: ([seed], x) =>
      seed === undefined ? x.random() : seededRandom(Number(BigInt.asUintN(32, toInteger(seed ?? 0n) ?? 0n))).next(),
  },
  SHA2: {
    args: [2, 2],
    type: (args) => textType(Math.max(64, textLength(args[0] as SqlType) > 0 ? 64 : 64)),
    evaluate: ([value, bits]) => {
      const size = bits === null ? -1 : Number(toInteger(bits as Value)) || 256;
      return value === null || !SHA2_BITS.has(size) ? null : hashed(`sha${size}`, value as Value);
    },
  },
  AES_ENCRYPT: {
    args: [2, 6],
    strict: true,
    type: ([arg]) =>
      bytesType(
        AES_BLOCK * (Math.floor((textLength(arg as SqlType) * ((arg as SqlType).text ? 4 : 1)) / AES_BLOCK) + 1),
      ),
    evaluate: ([value, key]) => aes(value as Value, key as Value, true),
  },
  AES_DECRYPT: {
    args: [2, 6],
    strict: true,
    type: ([arg]) => bytesType(textLength(arg as SqlType)),
    evaluate: ([value, key]) => aes(value as Value, key as Value, false),
  },
  COMPRESS: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => bytesType(textLength(arg as SqlType) * 4 + 120),
    evaluate: ([value]) => compress(value as Value),
  },
  UNCOMPRESS: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...textType(16_777_216), type: 251 }),
    evaluate: ([value]) => uncompress(value as Value),
  },
  UNCOMPRESSED_LENGTH: {
    args: [1, 1],
    strict: true,
    type: () => intType(10),
    evaluate: ([value]) => {
      const bytes = toBytes(value as Value) as Buffer;
      return bytes.length > COMPRESS_HEADER ? BigInt(bytes.readUInt32LE(0)) : 0n;
    },
  },
  RANDOM_BYTES: {
    args: [1, 1],
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
    strict: true,
    type: () => intType(21, { unsigned: true }),
    evaluate: ([value]) => inetAton(text(value as Value)),
  },
  INET_NTOA: {
    args: [1, 1],
    strict: true,
    type: () => textType(31),
    evaluate: ([value]) => {
      const n = toInteger(value as Value) as bigint;
      return n < 0n || n > 0xffffffffn ? null : [24n, 16n, 8n, 0n].map((shift) => (n >> shift) & 255n).join('.');
    },
  },
  INET6_ATON: {
    args: [1, 1],
    strict: true,
    type: () => bytesType(16),
    evaluate: ([value]) => inet6Bytes(text(value as Value)),
  },
  INET6_NTOA: {
    args: [1, 1],
    strict: true,
    type: () => textType(39),
    evaluate: ([value]) => inet6Text(toBytes(value as Value) as Buffer),
  },
  IS_IPV4: {
    args: [1, 1],
    type: () => countType(1),
    evaluate: ([value]) => fromBoolean(value !== null && isIPv4(text(value as Value))),
  },
  IS_IPV6: {
    args: [1, 1],
    type: () => countType(1),
    evaluate: ([value]) => fromBoolean(value !== null && isIPv6(text(value as Value))),
  },
  IS_UUID: {
    args: [1, 1],
    strict: true,
    type: () => intType(1),
    evaluate: ([value]) => fromBoolean(UUID_TEXT.test(text(value as Value))),
  },
  UUID_TO_BIN: {
    args: [1, 2],
    strict: true,
    type: () => bytesType(16),
    evaluate: ([value, swap]) => {
      const found = UUID_TEXT.exec(text(value as Value));
      if (!found) throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'string', text(value as Value), 'uuid_to_bin');
      const [a, b, c, d, e] = found.slice(1) as [string, string, string, string, string];
      return Buffer.from(swap !== undefined && toBoolean(swap) ? c + b + a + d + e : a + b + c + d + e, 'hex');
    },
  },
  BIN_TO_UUID: {
    args: [1, 2],
    strict: true,
    type: () => textType(36),
    evaluate: ([value, swap]) => {
      const bytes = toBytes(value as Value) as Buffer;
      if (bytes.length !== 16)
        throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'string', bytes.toString('latin1'), 'bin_to_uuid');
      const plain =
        swap !== undefined && toBoolean(swap)
          ? Buffer.concat([bytes.subarray(4, 8), bytes.subarray(2, 4), bytes.subarray(0, 2), bytes.subarray(8)])
          : bytes;
      return uuidText(plain);
    },
  },
  NAME_CONST: {
    args: [2, 2],
    type: (args) => ({ ...(args[1] as SqlType), nullable: true }),
    evaluate: ([, value]) => value as Value,
  },
  VALIDATE_PASSWORD_STRENGTH: {
    args: [1, 1],
    type: () => intType(10),
    evaluate: ([value]) => (value === null ? null : 0n),
  },
  STATEMENT_DIGEST: {
    args: [1, 1],
    strict: true,
    type: () => textType(64),
    evaluate: ([value]) => hashed('sha256', value as Value),
  },
  STATEMENT_DIGEST_TEXT: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...textType(50_331_648), type: 251 }),
    evaluate: ([value]) => text(value as Value).replace(/'[^']*'|\d+/g, '?'),
  },
  FORMAT_BYTES: {
    args: [1, 1],
    strict: true,
    type: () => textType(11),
    evaluate: ([value]) => formatBytes(toNumber(value as Value) as number),
  },
  FORMAT_PICO_TIME: {
    args: [1, 1],
    strict: true,
    type: () => textType(11),
    evaluate: ([value]) => `${toNumber(value as Value)} ps`,
  },
  ICU_VERSION: fact(
    () => textType(6, { nullable: false }),
    () => '78.3',
  ),
  EXTRACTVALUE: {
    args: [2, 2],
    strict: true,
    type: () => ({ ...textType(67_108_864), type: 251 }),
    evaluate: ([document, path]) => extractValue(text(document as Value), text(path as Value)),
  },
  UPDATEXML: {
    args: [3, 3],
    strict: true,
    type: () => ({ ...textType(50_331_648), type: 251 }),
    evaluate: ([document, path]) => {
      checkXpath(text(path as Value));
      return document as Value;
    },
  },
  GTID_SUBSET: {
    args: [2, 2],
    strict: true,
    type: () => intType(21),
    evaluate: ([a, b]) => fromBoolean(text(a as Value) === text(b as Value) || text(a as Value) === ''),
  },
  GTID_SUBTRACT: {
    args: [2, 2],
    strict: true,
    type: () => textType(64),
    evaluate: ([a, b]) => (text(a as Value) === text(b as Value) ? '' : text(a as Value)),
  },
  ANY_VALUE: { args: [1, 1], type: ([arg]) => arg as SqlType, evaluate: ([value]) => value as Value },
  ISNULL: { args: [1, 1], type: () => countType(1), evaluate: ([value]) => fromBoolean(value === null) },
  IF: {
    args: [3, 3],
    type: ([, yes, no]) => mergeTypes([yes as SqlType, no as SqlType]),
    evaluate: ([condition, yes, no]) => (toBoolean(condition as Value) ? (yes as Value) : (no as Value)),
  },
  IFNULL: {
    args: [2, 2],
    type: ([a, b]) => ({
      ...mergeTypes([a as SqlType, b as SqlType]),
      nullable: (a as SqlType).nullable && (b as SqlType).nullable,
    }),
    evaluate: ([a, b]) => (a === null ? (b as Value) : (a as Value)),
  },
  COALESCE: {
    args: [1, MANY],
    type: (args) => ({ ...mergeTypes(args), nullable: args.every((type) => type.nullable) }),
    evaluate: (args) => args.find((value) => value !== null) ?? null,
  },
  NULLIF: {
    args: [2, 2],
    type: ([a]) => ({ ...(a as SqlType), nullable: true, flags: 0, exactFlags: false }),
    evaluate: ([a, b], _x, types) =>
      compareValues(a as Value, b as Value, types[0]?.collation ?? '') === 0 ? null : (a as Value),
  },
  GREATEST: { args: [2, MANY], strict: true, type: extreme, evaluate: (args, _x, types) => pick(args, types, 1) },
  LEAST: { args: [2, MANY], strict: true, type: extreme, evaluate: (args, _x, types) => pick(args, types, -1) },
};

function extreme(args: readonly SqlType[]): SqlType {
  return { ...mergeTypes(args), nullable: anyNullable(args) };
}

function pick(args: readonly Value[], types: readonly SqlType[], sign: 1 | -1): Value {
  const textual = types.some((type) => isString(type)) && !types.every((type) => isNull(type));
  const values = textual && types.every((type) => isString(type) || isNull(type)) ? args : args;
  return values.reduce((best, value) =>
    (compareValues(value, best, types[0]?.collation ?? '') as number) * sign > 0 ? value : best,
  );
}

function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let at = 0;
  let value = bytes;
  while (Math.abs(value) >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return at === 0 ? `${String(value).padStart(4)} ${units[0]}` : `${value.toFixed(2)} ${units[at]}`;
}
