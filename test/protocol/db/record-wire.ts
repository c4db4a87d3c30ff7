// A developer's tool: plays every session of a file, lines of {"name","steps":[{"send":HEX}]}, to a live MySQL 9.7 and to the built
// decoy. What both answer alike is added to the fixture; the rest is printed, but for what the live server does not say twice alike.
// Run: node test/protocol/db/record-wire.ts port decoy-port sessions.jsonl [--write]
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replay, strangersOf, type WireSession } from './wire-replay.ts';

const [port = '', decoyPort = '', source = '', write = ''] = process.argv.slice(2);
/** Silence after which nothing more is expected, in ms. */
const QUIET_MS = 400;
const AT_ONCE = 80;
const SHOWN_CHARACTERS = 260;

const sessions = readFileSync(source, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as WireSession);

async function playAll(at: number, wanted: readonly WireSession[], quietMs: number): Promise<Map<string, WireSession>> {
  const names = await strangersOf(at);
  const waiting = [...wanted];
  const played = new Map<string, WireSession>();
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      played.set(next.name, await replay(at, next, names, quietMs));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return played;
}

/** The first reply that differs, with what was sent before it. */
function difference(one: WireSession, other: WireSession): string {
  for (const [at, step] of one.steps.entries()) {
    const replies = other.steps[at]?.replies ?? [];
    const differs = Array.from({ length: Math.max(step.replies.length, replies.length) }, (_, index) => index).find(
      (index) => step.replies[index] !== replies[index],
    );
    if (differs === undefined) continue;
    const [live, decoy] = [step.replies[differs], replies[differs]].map((reply) => reply?.slice(0, SHOWN_CHARACTERS));
    return `  step ${at} reply ${differs} to ${step.send.slice(0, SHOWN_CHARACTERS)}\n    live  ${live}\n    decoy ${decoy}`;
  }
  return `  ends  live ${one.end}, decoy ${other.end}`;
}

const alike = (one: WireSession | undefined, other: WireSession | undefined) =>
  JSON.stringify(one) === JSON.stringify(other);
const live = await playAll(Number(port), sessions, QUIET_MS);
const own = await playAll(Number(decoyPort), sessions, QUIET_MS);
const doubtful = sessions.filter(({ name }) => !alike(live.get(name), own.get(name)));
const again = await playAll(Number(port), doubtful, QUIET_MS * 2);
const ownAgain = await playAll(Number(decoyPort), doubtful, QUIET_MS * 2);
const steady = doubtful.filter(({ name }) => alike(live.get(name), again.get(name)));
const differing = steady.filter(({ name }) => !alike(live.get(name), ownAgain.get(name)));
for (const { name } of differing)
  process.stdout.write(`${name}\n${difference(live.get(name) as WireSession, ownAgain.get(name) as WireSession)}\n`);
process.stdout.write(
  `${sessions.length} sessions, ${doubtful.length - steady.length} not twice alike, ${differing.length} answered otherwise\n`,
);
if (write === '--write') {
  const fixture = join(import.meta.dirname, '../../fixtures/db/wire.jsonl');
  const agreed = sessions.filter((session) => !doubtful.includes(session)).map(({ name }) => live.get(name));
  appendFileSync(fixture, agreed.map((session) => `${JSON.stringify(session)}\n`).join(''));
}
process.exit(0);
