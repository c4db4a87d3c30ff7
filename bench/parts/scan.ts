// A scan of a thousand ports by nmap, as app tells it, and app's start and memory.
import { setTimeout as delay } from 'node:timers/promises';
import { asShipped } from '../../fuzz/as-shipped.ts';
import { countOf, touchesOf } from '../../test/harness/lines.ts';
import { createNetwork, noNetns } from '../../test/harness/netns.ts';
import { startDecoy } from '../../test/harness/program.ts';
import { missing } from '../../test/harness/tools.ts';
import type { Figure } from '../figure.ts';
import { residentMb } from '../processes.ts';

const PROBES = 1_000;
const IDLE_MS = 2_000;
const SETTLE_MS = 3_000;
const STARTS = 7;

export const lackingScan = () => noNetns() || missing('nmap');

export async function measureScan(): Promise<Figure[]> {
  const network = createNetwork('bench');
  try {
    const { nodeFlags, env } = asShipped('app');
    const options = { netns: network.decoy.netns, nodeFlags, env: { ...env } };
    const starts: number[] = [];
    for (let count = 1; count < STARTS; count++) {
      const begun = performance.now();
      const app = await startDecoy('app', options);
      starts.push(performance.now() - begun);
      await app.stop();
    }
    const app = await startDecoy('app', options);
    await delay(IDLE_MS);
    const idleMb = residentMb([app.child.pid!]);
    network.attack(['nmap', '-n', '-Pn', '-sS', '-T4', '--max-retries', '0', `-p1-${PROBES}`, network.decoy.ip]);
    await delay(SETTLE_MS);
    await app.stop();
    const syns = touchesOf(app.lines).filter(
      (line) => line.source?.ip === network.attacker.ip && line.network?.transport === 'tcp',
    );
    const kinds = new Set(syns.flatMap((line) => line.honeypod.scan?.kinds ?? []));
    return [
      {
        what: `touches counted of ${PROBES} SYN probes`,
        value: countOf(syns),
        unit: '',
        budget: { kind: 'least', value: PROBES },
        peers: [{ name: 'OpenCanary', value: 5, published: true }],
        note: `nmap -sS; named ${[...kinds].join(', ')}`,
      },
      { what: `lines for ${PROBES} SYN probes`, value: syns.length, unit: 'lines', budget: { kind: 'most', value: 3 } },
      {
        what: 'start of app until it listens',
        value: starts.toSorted((a, b) => a - b)[starts.length >> 1] ?? Number.NaN,
        unit: 'ms',
        budget: { kind: 'most', value: 500 },
        note: `median of ${starts.length}`,
      },
      { what: 'memory of app, idle', value: idleMb, unit: 'MB resident', budget: { kind: 'most', value: 64 } },
    ];
  } finally {
    network.remove();
  }
}
