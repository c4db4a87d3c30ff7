// Deals conversations with the db decoy: a login and commands, framed as MySQL's protocol says, and any of it changed.
// https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html; statements are those recorded in test/fixtures/db.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { CAPABILITIES, loginBody, packet } from '../test/protocol/db/wire-login.ts';
import { type Case, latin1, once, type Part, pick, type Random } from './case.ts';
import { mutated } from './mutate.ts';

const FIXTURE = join(import.meta.dirname, '..', 'test', 'fixtures', 'db', 'statements.jsonl');
export const STATEMENTS: readonly string[] = readFileSync(FIXTURE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { sql: string }).sql);

/** Words, names, strings, numbers and signs of the recorded statements, and some that only an attacker writes. */
const TOKEN = /'(?:[^'\\]|\\.)*'|"[^"]*"|`[^`]*`|@@?[\w.]+|\w+|[^\s\w]/g;
const TOKENS: readonly string[] = [
  ...new Set(STATEMENTS.flatMap((sql) => sql.match(TOKEN) ?? [])),
  ...[
    'union',
    'select',
    '(',
    ')',
    ',',
    '*',
    '/*',
    '*/',
    '/*!50000',
    '-- ',
    '#',
    ';',
    "'",
    '`',
    '\\',
    '\0',
    'null',
    'not',
    'exists',
  ],
  ...[
    "x'41'",
    "_utf8mb4'a'",
    "n'a'",
    '0x',
    "b'1'",
    '1e400',
    '-9223372036854775809',
    '0.1e-400',
    ':=',
    '->>',
    '<=>',
    '<<',
    '~',
    '||',
  ],
  ...[
    'load_file(',
    'benchmark(1000000,',
    'repeat(1,1000000000)',
    'group_concat(',
    'json_extract(',
    'regexp_like(',
    'with recursive a as (',
  ],
  ...[
    "'(a+)+$'",
    '\'{"a":[1,{"b":2}]}\'',
    "'$[*].a'",
    'date_add(now(), interval',
    "'2026-02-30'",
    'over (partition by',
    'cast(1 as decimal(65,30))',
  ],
];

const COMMANDS = {
  query: 3,
  initDb: 2,
  fieldList: 4,
  changeUser: 17,
  prepare: 22,
  execute: 23,
  longData: 24,
  fetch: 28,
} as const;
const BARE_COMMANDS = [
  0, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 25, 26, 27, 29, 30, 31, 32, 33, 0xff,
];
const USERS = ['root', 'admin', 'mysql', '', 'a'.repeat(300), "'; drop", 'ro\0ot', '\xff\xfe', 'healthcheck'];
const PLUGINS = [
  'caching_sha2_password',
  'mysql_native_password',
  'mysql_clear_password',
  'sha256_password',
  'dialog',
  '',
];
/** CLIENT_COMPRESS, CLIENT_SSL: flags of the handshake response. */
const COMPRESS = 0x20;
const SSL = 0x800;
/** Flags that change how the rest is read; drawn one by one. */
const FLAGS = [
  0x2, 0x8, 0x10, 0x40, 0x80, 0x4000, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000,
  0x1000000, 0x8000000,
];

function statement(random: Random): string {
  const sql = pick(STATEMENTS, random);
  if (once(4, random)) return sql;
  const tokens = sql.match(TOKEN) ?? [];
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(tokens.length + 1);
    const kind = random(6);
    if (kind === 0) tokens[at] = pick(TOKENS, random);
    else if (kind === 1) tokens.splice(at, 0, pick(TOKENS, random));
    else if (kind === 2) tokens.splice(at, 1 + random(3));
    else if (kind === 3) {
      const other = pick(STATEMENTS, random).match(TOKEN) ?? [];
      tokens.splice(at, random(3), ...other.slice(random(other.length)));
    } else if (kind === 4) {
      const deep = once(6, random) ? random(4_000) : random(6);
      const [open, close] = pick(
        [
          ['(', ')'],
          ['(select ', ')'],
          ['not ', ''],
          ['-', ''],
          ['case when 1 then ', ' end'],
          ['abs(', ')'],
        ] as const,
        random,
      );
      tokens.splice(at, 1, open.repeat(deep), tokens[at] ?? '1', close.repeat(deep));
    } else
      tokens.splice(
        at,
        0,
        ...tokens.slice(at, at + 5).flatMap((token) => Array.from({ length: 1 + random(20) }, () => token)),
      );
  }
  return tokens.join(once(9, random) ? '' : ' ').slice(0, 60_000);
}

function execute(random: Random): Buffer {
  const head = Buffer.alloc(10);
  head[0] = COMMANDS.execute;
  head.writeUInt32LE(once(3, random) ? random(2 ** 31) : 1 + random(3), 1);
  head[5] = random(5);
  head.writeUInt32LE(1, 6);
  const rest = Array.from({ length: random(40) }, () => random(256));
  return Buffer.concat([head, Buffer.from(rest)]);
}

function command(random: Random): Buffer {
  const kind = random(12);
  const text = (code: number, words: string) => Buffer.concat([Buffer.from([code]), Buffer.from(words, 'latin1')]);
  if (kind < 6) return text(COMMANDS.query, statement(random));
  if (kind === 6)
    return text(
      COMMANDS.prepare,
      (once(3, random) ? statement(random) : pick(STATEMENTS, random)).replace(/\b\d+\b/g, '?'),
    );
  if (kind === 7) return execute(random);
  if (kind === 8)
    return text(
      pick([COMMANDS.longData, COMMANDS.fetch, 25, 26], random),
      mutated('\x01\0\0\0\0\0abc', random, TOKENS, STATEMENTS),
    );
  if (kind === 9)
    return text(
      COMMANDS.changeUser,
      mutated(`${pick(USERS, random)}\0\0mysql\0\xff\0${pick(PLUGINS, random)}\0`, random, TOKENS, STATEMENTS),
    );
  if (kind === 10)
    return text(
      pick([COMMANDS.initDb, COMMANDS.fieldList], random),
      pick(['mysql', 'sys', 'user\0%', '', 'x'.repeat(600)], random),
    );
  return text(pick(BARE_COMMANDS, random), latin1(Buffer.from(Array.from({ length: random(12) }, () => random(256)))));
}

/** A packet of the compressed protocol: three bytes of length, a sequence, three bytes of length before. */
function compressed(sequence: number, inner: Buffer, random: Random): Buffer {
  const body = once(3, random) ? inner : deflateSync(inner);
  const head = Buffer.alloc(7);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  head.writeUIntLE(once(20, random) ? random(0xffffff) : body === inner ? 0 : inner.length, 4, 3);
  return Buffer.concat([head, body]);
}

function capabilities(random: Random): number {
  if (once(3, random)) return CAPABILITIES.default;
  let flags: number = CAPABILITIES.default;
  for (let times = random(4); times > 0; times--) flags ^= pick(FLAGS, random);
  return flags >>> 0;
}

/** Where a packet is cut in two, as a slow client would send it. */
function cut(bytes: string, random: Random): Part[] {
  if (!once(6, random) || bytes.length < 2) return [bytes];
  const at = 1 + random(bytes.length - 1);
  return [bytes.slice(0, at), { pauseMs: random(4) }, bytes.slice(at)];
}

export function dealDb(random: Random): Case {
  const [to, squeezed] = [once(8, random) ? 'tls' : 'plain', once(8, random)];
  const flags = (capabilities(random) | (squeezed ? COMPRESS : 0) | (to === 'tls' ? SSL : 0)) >>> 0;
  const attributes = once(4, random) ? { _client_name: 'libmysql', program_name: 'x'.repeat(random(120)) } : undefined;
  // Without a password the answer does not depend on the salt, so a case is the same bytes each time.
  const login = loginBody(Buffer.alloc(20), {
    user: once(3, random) ? pick(USERS, random) : 'root',
    capabilities: flags,
    charset: once(4, random) ? random(256) : 255,
    plugin: pick(PLUGINS, random),
    response: once(4, random) ? Buffer.alloc(random(251), random(256)) : Buffer.alloc(0),
    ...(once(3, random) ? { database: pick(['mysql', 'sys', 'none', ''], random) } : {}),
    ...(attributes ? { attributes } : {}),
  });
  const first = to === 'tls' ? 2 : 1;
  let bytes = latin1(packet(first, login));
  if (once(4, random)) bytes = mutated(bytes, random, TOKENS, STATEMENTS);
  const parts: Part[] = once(20, random) ? [] : [{ answer: true }];
  if (to === 'tls') parts.push(latin1(packet(1, login.subarray(0, 32))));
  parts.push(...cut(bytes, random), { answer: true });
  for (let times = random(6); times > 0; times--) {
    const sequence = once(25, random) ? random(256) : 0;
    const whole = packet(sequence, command(random));
    const framed = latin1(squeezed ? compressed(0, whole, random) : whole);
    parts.push(...cut(once(7, random) ? mutated(framed, random, TOKENS, STATEMENTS) : framed, random));
    if (!once(4, random)) parts.push({ answer: true });
  }
  if (once(3, random)) parts.push({ end: pick(['fin', 'reset'] as const, random) });
  return { to, parts };
}
