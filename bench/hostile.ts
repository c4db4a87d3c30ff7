// Everything hostile in one run against one db decoy as its image runs it: does it stay up, small and quick for others?
// Run: npm run build && node bench/hostile.ts [WORDS]   (only attacks whose name holds one of the words). Exit 1 where a bound is missed.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { asShipped } from '../fuzz/as-shipped.ts';
import { freePort } from '../test/harness/ports.ts';
import { startDecoy } from '../test/harness/program.ts';
import { ATTACKS } from './hostile/attacks.ts';
import type { Waits } from './hostile/bystander.ts';
import { letGo } from './hostile/wire-attacks.ts';
import { peakMb, residentMb } from './processes.ts';

const MOST_MB = 110;
const MOST_STALL_MS = 50;
/** The loop's notes are a second apart. */
const NOTED_MS = 1_100;

const words = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'hostile-'));
// A decoy that root starts gives up its user before the first note.
chmodSync(directory, 0o777);
const notes = join(directory, 'event-loop');
/** Without its types, so that the decoy need not load what strips them: 20 MB. */
const probe = join(directory, 'event-loop.mjs');
writeFileSync(probe, stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'event-loop.ts'), 'utf8')));
const port = await freePort();
const { nodeFlags, env } = asShipped('db');
const decoy = await startDecoy('db', {
  env: { ...env, DB_PORT: String(port), BIND: '127.0.0.1', COUNTERS: 'false', NOTES: notes },
  nodeFlags: [...nodeFlags, ...(process.env.FLAGS?.split(' ') ?? []), `--import=${probe}`],
});
const pid = decoy.child.pid as number;
let ended = '';
decoy.child.once('exit', (code, signal) => {
  ended = `it ended with ${signal ?? code}: ${decoy.stderr.slice(-4).join(' | ')}`;
});
const bystander = new Worker(new URL('hostile/bystander.ts', import.meta.url), { workerData: { port } });

function told(): Promise<Waits> {
  const answer = new Promise<Waits>((resolve) => bystander.once('message', resolve));
  bystander.postMessage('tell');
  return answer;
}

let read = 0;
/** What the loop noted since it was last asked. */
function stalls(): { readonly wall: number; readonly cpu: number } {
  const lines = readFileSync(notes, 'utf8').split('\n').filter(Boolean);
  const fresh = lines.slice(read).map((line) => line.split(' ').map(Number));
  read = lines.length;
  return {
    wall: Math.max(0, ...fresh.map(([, wall]) => wall ?? 0)),
    cpu: Math.max(0, ...fresh.map(([, , cpu]) => cpu ?? 0)),
  };
}

while (!existsSync(notes)) await delay(NOTED_MS);
await delay(NOTED_MS);
stalls();
await told();
const problems: string[] = [];
console.log(
  `idle: ${residentMb([pid]).toFixed(1)} MB resident; bounds: ${MOST_MB} MB, ${MOST_STALL_MS} ms of CPU in one turn`,
);
console.log('  turn ms  loop ms  other waited ms   now MB  peak MB  seconds');
for (const { name, run } of ATTACKS) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const begun = performance.now();
  let trouble = '';
  await run(port).catch((error: unknown) => {
    trouble = String(error);
  });
  const seconds = (performance.now() - begun) / 1_000;
  await delay(NOTED_MS);
  if (ended !== '') {
    problems.push(`${name}: ${ended}`);
    break;
  }
  const { wall, cpu } = stalls();
  const waits = await told();
  const [now, peak] = [residentMb([pid]), peakMb([pid])];
  const figures = [cpu, wall, waits.longestMs].map((ms, at) => ms.toFixed(1).padStart(at === 2 ? 16 : 8)).join(' ');
  console.log(
    `${figures}  ${now.toFixed(1).padStart(7)}  ${peak.toFixed(1).padStart(7)}  ${seconds.toFixed(1).padStart(7)}  ${name}`,
  );
  if (trouble) problems.push(`${name}: ${trouble}`);
  if (waits.problem) problems.push(`${name}: another client: ${waits.problem}`);
  if (waits.answered === 0) problems.push(`${name}: another client got no answer`);
  if (cpu > MOST_STALL_MS) problems.push(`${name}: ${cpu.toFixed(0)} ms in one turn`);
}
letGo();
await bystander.terminate();
if (ended === '') {
  const peak = peakMb([pid]);
  if (peak > MOST_MB) problems.push(`${peak.toFixed(1)} MB resident`);
  const code = await decoy.stop();
  if (code !== 0) problems.push(`SIGTERM ended it with ${code}`);
}
const said = decoy.stderr.filter((line) => !line.startsWith('db: listening'));
if (said.length > 0) problems.push(`it said: ${said.slice(0, 5).join(' | ')}`);
rmSync(directory, { recursive: true, force: true });
for (const problem of problems) console.log(`MISSED ${problem}`);
console.log(problems.length === 0 ? 'every bound held' : `${problems.length} missed`);
process.exit(problems.length === 0 ? 0 : 1);
