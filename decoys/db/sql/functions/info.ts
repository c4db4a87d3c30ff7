// Functions that tell about the session and the server.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-functions.html

import { DELAY_SECONDS } from '../../limits.ts';
import { resolvedFile } from '../../overlay/file-path.ts';
import { threadIdOf } from '../../session/thread-id.ts';
import { digestHash, digestText } from '../digest.ts';
import { errorText, SqlError, sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { parseStatement } from '../parse/statement.ts';
import { bytesType, countType, doubleType, intType, type SqlType, SYSTEM_COLLATION, textType } from '../value/type.ts';
import { toInteger, toNumber, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionEntry, type FunctionTable } from './function.ts';
import { nextRandom } from './number.ts';

export const text = (value: Value): string => toText(value) as string;

const USER_CHARACTERS = 288;

const NAME_CHARACTERS = 64;

export function fact(type: () => SqlType, of: (x: Execution) => Value): FunctionEntry {
  return { args: [0, 0], type, evaluate: (_args, x) => of(x) };
}

const userName = () => textType(USER_CHARACTERS, { collation: SYSTEM_COLLATION });

/** True where a parsed statement reads a table without saying of which schema; what WITH names is none. */
function namesBareTable(part: unknown, common: ReadonlySet<string>): boolean {
  if (Buffer.isBuffer(part) || typeof part !== 'object' || part === null) return false;
  if (Array.isArray(part)) return part.some((each) => namesBareTable(each, common));
  const { kind, schema, name, with: tables } = part as { [key: string]: unknown };
  const known = Array.isArray(tables) ? new Set([...common, ...tables.map((table) => String(table.name))]) : common;
  if (kind === 'table' && schema === '' && typeof name === 'string' && !known.has(name)) return true;
  return Object.values(part).some((each) => namesBareTable(each, known));
}

/** The digest's text of a statement given as a value. Throws 3676 where it is none. */
function digestOf(statement: Value, x: Execution, name: string): string {
  if (Buffer.isBuffer(statement)) throw sqlError('ER_DIGEST_CHARSET', name, 'binary');
  const given = text(statement);
  const version = x.session.server.options.persona.number;
  const lexing = { ansiQuotes: false, noBackslashEscapes: false, version };
  let parameters = 0;
  let parsed: unknown;
  try {
    ({ parameters, statement: parsed } = parseStatement(
      Buffer.from(given).toString('latin1'),
      lexing,
      { ansiQuotes: false, pipesAsConcat: false, version },
      false,
    ));
  } catch (error) {
    if (error instanceof SqlError) throw sqlError('ER_DIGEST_PARSE', error.message);
    throw error;
  }
  if (parameters > 0)
    throw sqlError('ER_DIGEST_PARSE', errorText('ER_PARSE_ERROR', given.slice(given.indexOf('?')), 1));
  if (x.session.database === '' && namesBareTable(parsed, new Set()))
    throw sqlError('ER_DIGEST_PARSE', errorText('ER_NO_DB_ERROR'));
  return digestText(given, lexing);
}

function delay(x: Execution, seconds: number): void {
  x.delayMs += Math.min(seconds, DELAY_SECONDS) * 1000;
}

/** The roles of a session, as CURRENT_ROLE() lists them. */
function rolesShown(keys: ReadonlySet<string>): string {
  const quoted = [...keys].sort().map((key) =>
    key
      .split('\0')
      .map((part) => `\`${part}\``)
      .join('@'),
  );
  return quoted.join() || 'NONE';
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
    takes: 'i',
    type: ([arg]) => countType(21, { unsigned: true, nullable: arg?.nullable ?? false }),
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
      x.warn('ER_WARN_DEPRECATED_FOUND_ROWS');
      return x.session.foundRows;
    },
  ),
  CURRENT_ROLE: fact(
    () => ({ ...textType(16_777_216, { collation: SYSTEM_COLLATION }), type: 251 }),
    ({ session }) => rolesShown(session.activeRoles),
  ),
  ROLES_GRAPHML: fact(
    () => ({ ...textType(16_777_216, { collation: SYSTEM_COLLATION }), type: 251 }),
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
    (x) => x.session.server.timeUuid(x.startedMs, x.random),
  ),
  UUID_SHORT: fact(
    () => countType(21, { unsigned: true }),
    (x) => x.session.server.shortUuid(),
  ),
  PS_CURRENT_THREAD_ID: fact(
    () => intType(21, { unsigned: true }),
    (x) => threadIdOf(x.session.connectionId),
  ),
  PS_THREAD_ID: {
    args: [1, 1],
    takes: 'i',
    type: () => intType(21, { unsigned: true }),
    evaluate: ([id], x) => {
      const wanted = id === null ? 0 : Number(toInteger(id as Value));
      return x.session.server.sessions.has(wanted) ? threadIdOf(wanted) : null;
    },
  },
  SLEEP: {
    args: [1, 1],
    takes: 'r',
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value], x) => {
      const seconds = value === null ? -1 : (toNumber(value as Value) as number);
      if (!(seconds >= 0)) throw sqlError('ER_WRONG_ARGUMENTS', 'sleep.');
      if (x.awake) return 1n;
      const most = Number(x.session.readVariable('max_execution_time', '').value) / 1_000;
      const stopped = most > 0 && seconds > most;
      x.waitsFor = 'User sleep';
      delay(x, stopped ? most : seconds);
      return stopped ? 1n : 0n;
    },
  },
  BENCHMARK: {
    args: [2, 2],
    takes: 'i ',
    type: () => intType(1),
    evaluate: ([count], x) => {
      if (count === null) return null;
      const times = Number(toInteger(count as Value));
      if (times < 0) {
        x.warn('ER_WRONG_VALUE_FOR_TYPE', 'count', String(times), 'benchmark');
        return null;
      }
      if (!x.awake) delay(x, (times * BENCHMARK_NS) / 1e9);
      x.waitsFor = 'executing';
      return 0n;
    },
  },
  LOAD_FILE: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...bytesType(67_108_864 * 4), type: 251, length: 16_777_216 }),
    // Nothing on disk is read: only what the source wrote itself comes back.
    evaluate: ([name], x) => {
      const asked = text(name as Value);
      const file = resolvedFile(asked);
      if (file === resolvedFile(x.session.server.options.persona.secureFilePriv))
        throw sqlError('ER_TEXTFILE_NOT_READABLE', asked);
      return file === undefined ? null : (x.session.overlay.files.get(file) ?? null);
    },
  },
  RAND: {
    args: [0, 1],
    type: () => doubleType({ nullable: false }),
    // With a seed the compiler keeps the sequence.
    evaluate: (_args, x) => {
      const { randomState } = x.session;
      return randomState ? nextRandom(randomState) : x.random();
    },
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
    evaluate: ([value], x) => digestHash(digestOf(value as Value, x, 'statement_digest')),
  },
  STATEMENT_DIGEST_TEXT: {
    args: [1, 1],
    strict: true,
    type: () => ({ ...textType(16_777_216), type: 251 }),
    evaluate: ([value], x) => digestOf(value as Value, x, 'statement_digest_text'),
  },
  FORMAT_BYTES: {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: () => textType(11),
    evaluate: ([value]) => formatBytes(toNumber(value as Value) as number),
  },
  FORMAT_PICO_TIME: {
    args: [1, 1],
    takes: 'r',
    strict: true,
    type: () => textType(11),
    evaluate: ([value]) => formatPicoTime(toNumber(value as Value) as number),
  },
  ICU_VERSION: fact(
    () => textType(4, { nullable: false }),
    () => '78.3',
  ),
};

const PICOSECOND_UNITS: readonly (readonly [number, string])[] = [
  [86_400e12, 'd'],
  [3_600e12, 'h'],
  [60e12, 'min'],
  [1e12, 's'],
  [1e9, 'ms'],
  [1e6, 'us'],
  [1e3, 'ns'],
];

/** Two digits after the point; five places before it are too many to write out. */
function shortText(value: number): string {
  return Math.abs(value) >= 100_000 ? value.toExponential(2) : value.toFixed(2);
}

export function formatPicoTime(value: number): string {
  const found = PICOSECOND_UNITS.find(([unit]) => Math.abs(value) >= unit);
  if (!found) return `${String(Math.trunc(value)).padStart(3)} ps`;
  return `${shortText(value / found[0])} ${found[1]}`;
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let at = 0;
  let value = bytes;
  while (Math.abs(value) >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return at === 0 ? `${String(Math.trunc(value)).padStart(4)} ${units[0]}` : `${shortText(value)} ${units[at]}`;
}
