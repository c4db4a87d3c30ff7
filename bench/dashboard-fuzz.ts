// Mutated requests against the decoy and real nginx: `node bench/dashboard-fuzz.ts [how many] [first number]`. Lists what differs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutated } from '../test/dashboard-twin/mutate.ts';
import { startPair } from '../test/dashboard-twin/pair.ts';
import { differs, type Probe } from '../test/dashboard-twin/probe.ts';

const [count = 20_000, first = 0] = process.argv.slice(2).map(Number);
const AT_ONCE = 48;
const QUICK_IDLE_MS = 120;
const CAREFUL_IDLE_MS = 500;

const fixture = join(import.meta.dirname, '..', 'test', 'fixtures', 'dashboard', 'probes.json');
const probes = (JSON.parse(readFileSync(fixture, 'utf8')) as Probe[]).filter((probe) => !probe.slow);
const pair = await startPair();
const again: Probe[] = [];
let next = first;

async function work(): Promise<void> {
  while (next < first + count) {
    const probe = { ...mutated(next++, probes), idle: QUICK_IDLE_MS };
    if (await differs(probe, pair.reference, pair.decoy)) again.push(probe);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
let different = 0;
for (const probe of again) {
  const difference = await differs({ ...probe, idle: CAREFUL_IDLE_MS }, pair.reference, pair.decoy);
  if (!difference) continue;
  different++;
  process.stdout.write(
    `${probe.name} ${JSON.stringify(probe.send).slice(0, 700)}\n  nginx ${JSON.stringify(difference.reference).slice(0, 500)}\n  decoy ${JSON.stringify(difference.decoy).slice(0, 500)}\n`,
  );
}
process.stdout.write(`same as nginx: ${count - different}/${count} (${again.length} asked twice)\n`);
await pair.stop();
