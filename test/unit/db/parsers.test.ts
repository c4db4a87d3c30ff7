// The parsers of what attackers send: for any bytes they give a value or MySQL's error, never anything else, and stay in their caps.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  LOGIN_PACKET_BYTES,
  MESSAGE_HEAD_BYTES,
  MESSAGE_KEPT_BYTES,
  MESSAGE_TAIL_BYTES,
} from '../../../decoys/db/limits.ts';
import { SqlError } from '../../../decoys/db/sql/errors.ts';
import { parseStatement } from '../../../decoys/db/sql/parse/statement.ts';
import { compilePattern } from '../../../decoys/db/sql/value/pattern.ts';
import { matchPattern } from '../../../decoys/db/sql/value/regexp.ts';
import { saltFrom } from '../../../decoys/db/wire/greeting.ts';
import { MessageBudget } from '../../../decoys/db/wire/held-message.ts';
import { parseChangeUser, parseLogin } from '../../../decoys/db/wire/login.ts';
import { MessageReader } from '../../../decoys/db/wire/message-reader.ts';

const LEXING = { ansiQuotes: false, noBackslashEscapes: false, version: 90_704 };
const CONTEXT = { ansiQuotes: false, pipesAsConcat: false };

const WORDS = [
  'select',
  'from',
  'where',
  '(',
  ')',
  ',',
  '*',
  'union',
  'insert',
  'into',
  'values',
  'update',
  'set',
  '=',
  '1',
  "'a'",
  '`t`',
  'create',
  'table',
  'int',
  'case',
  'when',
  'then',
  'end',
  'interval',
  'day',
  '@x',
  '@@y',
  'group by',
  'order by',
  'limit',
  'join',
  'on',
  'grant',
  'to',
  'show',
  'drop',
  'with',
  'as',
  'not',
  'in',
  'between',
  'and',
  '/*',
  '*/',
  '--',
  ';',
  '.',
  'null',
  '0x41',
  '?',
];

function attempt(text: string): void {
  try {
    parseStatement(text, LEXING, CONTEXT, true);
  } catch (error) {
    expect(error).toBeInstanceOf(SqlError);
  }
}

test('any bytes are a statement or a SqlError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => attempt(Buffer.from(bytes).toString('latin1'))),
    { numRuns: 500 },
  );
});

test('any words in any order are a statement or a SqlError', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }), (words) => attempt(words.join(' '))),
    { numRuns: 2_000 },
  );
});

test('any bytes are a login packet or malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(['login', 'tls', 'malformed']).toContain(parseLogin(Buffer.from(bytes)).kind);
      parseChangeUser(Buffer.from(bytes), 0xffffffff);
    }),
    { numRuns: 1_000 },
  );
});

test('messages come out whole however their bytes were cut', () => {
  const payload = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(
      fc.array(payload, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (payloads, cuts) => {
        const bytes = Buffer.concat(
          payloads.map((body) => Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, 0]), body])),
        );
        const reader = new MessageReader(new MessageBudget(1 << 20), LOGIN_PACKET_BYTES);
        const found: Buffer[] = [];
        let turn = 0;
        for (let at = 0; at < bytes.length; ) {
          const size = cuts[turn++ % cuts.length] as number;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          for (let read = reader.next(); read.kind === 'message'; read = reader.next()) {
            found.push(read.payload);
            reader.expected = 0;
          }
        }
        expect(found.map((body) => body.toString('hex'))).toEqual(
          payloads.map((body) => Buffer.from(body).toString('hex')),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('a message over what is kept whole keeps head, tail, length and sha256, and books nothing', () => {
  const budget = new MessageBudget(8 << 20);
  const reader = new MessageReader(budget, 64 << 20);
  const size = MESSAGE_KEPT_BYTES * 3;
  const header = Buffer.alloc(4);
  header.writeUIntLE(size, 0, 3);
  reader.push(header);
  for (let sent = 0; sent < size; sent += 65_536) {
    reader.push(Buffer.alloc(65_536, 0x41));
    if (sent + 65_536 < size) expect(reader.next().kind).toBe('more');
    expect(budget.held).toBeLessThanOrEqual(MESSAGE_KEPT_BYTES);
  }
  const read = reader.next();
  expect(read).toMatchObject({ kind: 'message', bytes: size, truncated: true });
  expect(read.kind === 'message' && read.payload.length).toBe(MESSAGE_HEAD_BYTES + MESSAGE_TAIL_BYTES);
  expect(budget.held).toBe(0);
});

test('a salt never holds 0 nor $', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (random) => {
      expect([...saltFrom(random)].every((byte) => byte > 0 && byte < 128 && byte !== 0x24)).toBe(true);
    }),
  );
});

test.each([
  ['(a+)+b', 'a'.repeat(2_000)],
  ['(a|a)*c', 'a'.repeat(2_000)],
  ['(.*)(.*)(.*)x', 'y'.repeat(2_000)],
])('the pattern %s takes steps in proportion to the text', (pattern, text) => {
  let steps = 0;
  const found = matchPattern(compilePattern(pattern, true), text, (count) => {
    steps += count;
  });
  expect(found).toBeUndefined();
  expect(steps).toBeLessThan(text.length * 60);
});
