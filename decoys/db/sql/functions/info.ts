import { DELAY_SECONDS } from '../../limits.ts';
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
  textType,
} from '../value/type.ts';
import {
  compareValues,
  fromBoolean,
  leadingNumber,
  toBoolean,
  toInteger,
  toNumber,
  toText,
  type Value,
} from '../value/value.ts';
import { hashed } from './encoding.ts';
import { anyNullable, type FunctionEntry, type FunctionTable, MANY } from './function.ts';

const text = (value: Value): string => toText(value) as string;
const USER_CHARACTERS = 288;
const NAME_CHARACTERS = 64;

function fact(type: () => SqlType, of: (x: Execution) => Value): FunctionEntry {
  return { args: [0, 0], type, evaluate: (_args, x) => of(x) };
}

const SYSTEM_COLLATION = 'utf8mb3_general_ci';
const userName = () => textType(USER_CHARACTERS, { collation: SYSTEM_COLLATION });

function delay(x: Execution, seconds: number): void {
  x.delayMs += Math.min(seconds, DELAY_SECONDS) * 1000;
}

const LOCK_CHARACTERS = 64;

/** A lock's name in any case. Throws 3057 where it is empty, NULL or too long. */
function lockName(value: Value): string {
  const name = value === null ? 'NULL' : text(value);
  if (value === null || name === '' || name.length > LOCK_CHARACTERS) throw sqlError('ER_USER_LOCK_WRONG_NAME', name);
  return name.toLowerCase();
}

/** The graph of granted roles as GraphML: a node an account. */
function rolesGraph(accounts: readonly string[]): string {
  const nodes = accounts.map(
    (name, at) => `    <node id="n${at}">\n      <data key="key1">${name}</data>\n    </node>\n`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n',
    '  <key id="key0" for="edge" attr.name="color" attr.type="int" />\n',
    '  <key id="key1" for="node" attr.name="name" attr.type="string" />\n',
    '  <graph id="G" edgedefault="directed" parse.nodeids="canonical" parse.edgeids="canonical" parse.order="nodesfirst">\n',
    ...nodes,
    '  </graph>\n</graphml>\n',
  ].join('');
}

const SYSTEM_ACCOUNTS = ['mysql.infoschema', 'mysql.session', 'mysql.sys', 'root'].map(
  (user) => `\`${user}\`@\`localhost\``,
);

/** Words of a BENCHMARK's expression are evaluated once; the time of the rest is waited, not worked. */
const BENCHMARK_NS = 60;

export const INFO_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  USER: fact(userName, (x) => x.session.userAtClient()),
  CURRENT_USER: fact(userName, (x) => x.session.account()),
  VERSION: fact(
    () => textType(7, { nullable: false, collation: SYSTEM_COLLATION }),
    (x) => x.session.version(),
  ),
  DATABASE: fact(
    () => textType(NAME_CHARACTERS, { collation: SYSTEM_COLLATION }),
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
    (x) =>
      rolesGraph([
        ...SYSTEM_ACCOUNTS,
        ...[...x.session.overlay.accounts.values()]
          .filter((account) => account.host !== 'localhost')
          .map((account) => `\`${account.user}\`@\`${account.host}\``),
      ]),
  ),
  UUID: fact(
    () => textType(36, { collation: SYSTEM_COLLATION }),
    (x) => x.session.uuid(x.startedMs, x.random),
  ),
  UUID_SHORT: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.shortUuid(),
  ),
  PS_CURRENT_THREAD_ID: fact(
    () => intType(21, { unsigned: true }),
    (x) => BigInt(x.session.connectionId + 40),
  ),
  PS_THREAD_ID: {
    args: [1, 1],
    type: () => intType(21, { unsigned: true }),
    evaluate: ([id], x) => {
      const wanted = id === null ? 0 : Number(toInteger(id as Value));
      return x.session.server.sessions.has(wanted) ? BigInt(wanted + 40) : null;
    },
  },
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
      return x.session.getLock(lockName(name as Value)) ? 1n : 0n;
    },
  },
  RELEASE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => fromBoolean(x.session.releaseLock(lockName(name as Value)) ?? null),
  },
  RELEASE_ALL_LOCKS: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.releaseAllLocks(),
  ),
  IS_FREE_LOCK: {
    args: [1, 1],
    type: () => intType(1),
    evaluate: ([name], x) => fromBoolean(!x.session.holdsLock(lockName(name as Value))),
  },
  IS_USED_LOCK: {
    args: [1, 1],
    type: () => intType(21, { unsigned: true }),
    evaluate: ([name], x) => (x.session.holdsLock(lockName(name as Value)) ? BigInt(x.session.connectionId) : null),
  },
  LOAD_FILE: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...bytesType(67_108_864 * 4), type: 251, length: 16_777_216 }),
    // Nothing on disk is read: only what the source wrote itself comes back.
    evaluate: ([name], x) => x.session.overlay.files.get(text(name as Value)) ?? null,
  },
  RAND: {
    args: [0, 1],
    type: () => doubleType({ nullable: false }),
    // With a seed the compiler keeps the sequence.
    evaluate: (_args, x) => x.random(),
  },
  NAME_CONST: {
    args: [2, 2],
    type: (args) => ({ ...(args[1] as SqlType), nullable: true }),
    evaluate: ([, value]) => value as Value,
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
    type: () => ({ ...textType(67_108_864), type: 251 }),
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
    evaluate: ([value]) => formatPicoseconds(toNumber(value as Value) as number),
  },
  ICU_VERSION: fact(
    () => textType(4, { nullable: false }),
    () => '78.3',
  ),
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
  GREATEST: { args: [2, MANY], strict: true, type: extreme, evaluate: (args, x, types) => pick(args, types, 1, x) },
  LEAST: { args: [2, MANY], strict: true, type: extreme, evaluate: (args, x, types) => pick(args, types, -1, x) },
};

function extreme(args: readonly SqlType[]): SqlType {
  return { ...mergeTypes(args), nullable: anyNullable(args) };
}

/** Numbers among text are compared as text. */
function pick(args: readonly Value[], types: readonly SqlType[], sign: 1 | -1, x: Execution): Value {
  const textual = types.some((type) => isString(type)) && !types.every((type) => isNull(type));
  const values = textual ? args.map((value) => (Buffer.isBuffer(value) ? value : toText(value))) : args;
  const collation = textual ? x.session.connectionCollation() : (types[0]?.collation ?? '');
  return values.reduce((best, value) => ((compareValues(value, best, collation) as number) * sign > 0 ? value : best));
}

const PICOSECOND_UNITS: readonly (readonly [number, string])[] = [
  [86_400e12, 'd'],
  [3_600e12, 'h'],
  [60e12, 'min'],
  [1e12, 's'],
  [1e9, 'ms'],
  [1e6, 'us'],
  [1e3, 'ns'],
];

function formatPicoseconds(value: number): string {
  const found = PICOSECOND_UNITS.find(([unit]) => Math.abs(value) >= unit);
  if (!found) return `${String(value).padStart(3)} ps`;
  return `${(value / found[0]).toFixed(2)} ${found[1]}`;
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
