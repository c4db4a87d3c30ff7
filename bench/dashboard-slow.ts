// The probes that outlast nginx's time-outs (60 and 65 s), against the decoy and real nginx: `node bench/dashboard-slow.ts`, 80 s.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPair } from '../test/dashboard-twin/pair.ts';
import { ask, masked, type Probe } from '../test/dashboard-twin/probe.ts';

const TOLERANCE_MS = 1_500;

const fixture = join(import.meta.dirname, '..', 'test', 'fixtures', 'dashboard', 'probes.json');
const probes = (JSON.parse(readFileSync(fixture, 'utf8')) as Probe[]).filter((probe) => probe.slow);
const pair = await startPair();
const results = await Promise.all(
  probes.map(async (probe) => {
    const [reference, decoy] = await Promise.all([ask(pair.reference, probe), ask(pair.decoy, probe)]);
    const same = masked(reference) === masked(decoy) && Math.abs(reference.after - decoy.after) < TOLERANCE_MS;
    const seconds = (ms: number) => (ms / 1_000).toFixed(1);
    process.stdout.write(
      `${probe.name}: nginx ${reference.ending} after ${seconds(reference.after)} s, decoy ${decoy.ending} after ${seconds(decoy.after)} s: ${same ? 'same' : 'DIFFERENT'}\n`,
    );
    return same;
  }),
);
await pair.stop();
const same = results.filter(Boolean).length;
process.stdout.write(`same as nginx: ${same}/${probes.length}\n`);
process.exit(same === probes.length ? 0 : 1);
