// The fingerprints by what they are asked of, how they are asked all together, and where a live server's answers are kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fingerprint } from './check.ts';
import { COMMANDS } from './commands.ts';
import { DOOR } from './door.ts';
import { SOCKET } from './socket.ts';
import { STATE } from './state.ts';
import { TLS } from './tls.ts';

export interface Family {
  readonly name: string;
  readonly asked: readonly Fingerprint[];
  /** How many are asked at a time: what counts for all clients is asked one by one. */
  readonly atOnce: number;
}

export const FAMILIES: readonly Family[] = [
  { name: 'door', asked: DOOR, atOnce: 12 },
  { name: 'socket', asked: SOCKET, atOnce: 12 },
  { name: 'tls', asked: TLS, atOnce: 8 },
  { name: 'commands', asked: COMMANDS, atOnce: 12 },
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
