// How a decoy ends: at once, with everything it knows written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf, DIST } from '../harness/lines.ts';
import { missing, titled } from '../harness/tools.ts';
import { archiveOf } from './archives.ts';
import { type Attacker, createAttacker } from './cable.ts';
import { type Container, endingMs, startContainer } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';

const DECOYS = (['app', 'dashboard', 'db'] as const).filter((name) => existsSync(join(DIST, `${name}.js`)));
type Name = (typeof DECOYS)[number];

const END_MS = 1_000;
/** A shell line that touches a decoy `$count` times at `$host` and a word all of its touches have. */
const TOUCHES: Readonly<Record<Name, readonly [command: string, action: string]>> = {
  app: ['ping -q -i 0.02 -c $count $host', 'icmp-echo-request'],
  dashboard: ['for n in $(seq $count); do curl -s -m5 -o /dev/null http://$host:8080/robots.txt; done', 'http-request'],
  db: ['for n in $(seq $count); do curl -s -m5 -o /dev/null http://$host:3306; done', 'mysql-malformed'],
};

const why = noPodman() || missing('ping', 'curl');

describe.skipIf(why)(titled('a container', why), () => {
  let engine: Engine;
  let attacker: Attacker;

  beforeAll(() => {
    engine = startPodman();
    attacker = createAttacker('ending');
    for (const name of DECOYS) engine.run('load', '-i', archiveOf(`internal-${name}`));
  }, 120_000);
  afterAll(async () => {
    await engine?.remove();
    attacker?.remove();
  });

  async function start(name: Name): Promise<{ container: Container; address: string }> {
    const address = attacker.nextAddress();
    const container = await startContainer(engine, { image: `internal-${name}`, env: { POD_IPS: address } });
    attacker.plug(container.pid, address);
    return { container, address };
  }

  it.each(DECOYS)(
    '%s: SIGTERM ends it within a second, with every touch written',
    async (name) => {
      const { container, address } = await start(name);
      const [command, action] = TOUCHES[name];
      const count = 20;
      attacker.attack(['sh', '-c', `count=${count}; host=${address}; ${command}`]);
      expect(await endingMs(container)).toBeLessThan(END_MS);
      expect(await container.exit).toBe(0);
      expect(countOf(container.lines.filter((line) => line.event.action === action))).toBe(count);
      expect(container.lines.at(-1)?.event.action).toBe('heartbeat');
    },
    60_000,
  );

  it.each(DECOYS)(
    '%s: SIGTERM right after its first line ends it within a second',
    async (name) => {
      const { container } = await start(name);
      expect(await endingMs(container)).toBeLessThan(END_MS);
      expect(await container.exit).toBe(0);
      expect(container.lines.at(-1)?.event.action).toBe('heartbeat');
    },
    60_000,
  );
});
