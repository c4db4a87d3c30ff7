// The fingerprints by what they are asked of, how they are asked all together, and where a live server's answers are kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BINARY_LOG } from './binary-log.ts';
import { CERTIFICATES } from './certificates.ts';
import type { Fingerprint } from './check.ts';
import { COMMANDS } from './commands.ts';
import { COUNTERS } from './counters.ts';
import { DICTIONARY } from './dictionary.ts';
import { DOOR } from './door.ts';
import { HISTORY } from './history.ts';
import { LIMITS } from './limits.ts';
import { LOGIN_SHAPES } from './login-shapes.ts';
import { MALFORMED } from './malformed.ts';
import { PREPARED } from './prepared.ts';
import { REPLICAS } from './replicas.ts';
import { RESETS } from './resets.ts';
import { SESSIONS } from './sessions.ts';
import { SETTINGS } from './settings.ts';
import { SOCKET } from './socket.ts';
import { TLS_CIPHERS } from './tls-ciphers.ts';
import { TLS_HELLO } from './tls-hello.ts';
import { TLS_SESSION } from './tls-session.ts';
import { TRACKING } from './tracking.ts';

export interface Family {
  readonly name: string;
  readonly asked: readonly Fingerprint[];
  /** How many are asked at a time: what counts for all clients is asked one by one. */
  readonly atOnce: number;
}

/** What a server says of itself: whether it agrees with itself, and whether what ought to move does. */
const STATE = [...BINARY_LOG, ...DICTIONARY, ...SESSIONS, ...COUNTERS, ...HISTORY, ...SETTINGS];

export const FAMILIES: readonly Family[] = [
  { name: 'door', asked: [...DOOR, ...LOGIN_SHAPES], atOnce: 12 },
  { name: 'socket', asked: SOCKET, atOnce: 12 },
  { name: 'tls', asked: [...TLS_CIPHERS, ...TLS_HELLO, ...CERTIFICATES, ...TLS_SESSION], atOnce: 8 },
  {
    name: 'commands',
    asked: [...COMMANDS, ...PREPARED, ...MALFORMED, ...RESETS, ...TRACKING, ...REPLICAS],
    atOnce: 12,
  },
  { name: 'limits', asked: LIMITS, atOnce: 1 },
  { name: 'state', asked: STATE, atOnce: 1 },
];

/** Answers by name, as JSON. */
export type Answers = Readonly<Record<string, string>>;

export const FIXTURE = join(import.meta.dirname, '../../../fixtures/db/fingerprints.json');

export function recordedAnswers(): Answers {
  return JSON.parse(readFileSync(FIXTURE, 'utf8')) as Answers;
}

/** Asks a server all of a family. */
export async function answersOf(port: number, { asked, atOnce }: Family): Promise<Answers> {
  const waiting = [...asked];
  const answers: Record<string, string> = {};
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      answers[next.name] = await next.ask(port).then(JSON.stringify, (error: Error) => `no answer: ${error.message}`);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}
