// While nobody reads its log a decoy goes on answering, stays as small as it was, and counts what it could not write.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf, DIST } from '../harness/lines.ts';
import { missing, titled } from '../harness/tools.ts';
import { archiveOf } from './archives.ts';
import { type Attacker, createAttacker } from './cable.ts';
import { type Container, startContainer, statusField } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';

/** Decoy → the port the crowd comes to; app has none open. */
const PORTS = { app: 22, dashboard: 8080, db: 3306 } as const;
type Name = keyof typeof PORTS;
const DECOYS = (Object.keys(PORTS) as Name[]).filter((name) => existsSync(join(DIST, `${name}.js`)));

const HALF_MS = 30_000;
/** Touches come from so many addresses that they do not fold into few lines. */
const ADDRESSES = 200;
/**
 * By the second half of the minute what may wait is full and the code is warm: from then on only the collector's leisure. So the
 * lowest of each half's last seconds is compared: between two instants alone it moves by as much as it collects.
 */
const GROWTH_KB = 6_000;
const LAST_MS = 10_000;
const SAMPLE_MS = 250;
const ANON_KB = 50_000;

const why = noPodman() || missing('curl');

describe.skipIf(why)(titled('a log nobody reads for a minute', why), () => {
  let engine: Engine;
  let attacker: Attacker;

  beforeAll(() => {
    engine = startPodman();
    attacker = createAttacker('stalled');
    for (const name of DECOYS) engine.run('load', '-i', archiveOf(`internal-${name}`));
  }, 120_000);
  afterAll(async () => {
    await engine?.remove();
    attacker?.remove();
  });

  it('blocks nothing, grows nothing, and what was dropped is in the next heartbeat', async () => {
    const running = await Promise.all(DECOYS.map(start));
    // conmon, which reads the container's stdout, is its parent.
    const readers = running.map(({ container }) => Number(statusField(container.pid, 'PPid')));
    for (const pid of readers) process.kill(pid, 'SIGSTOP');
    const [first, half] = await crowdsFor(HALF_MS, running);
    const [second, full] = await crowdsFor(HALF_MS, running);
    const most = running.map(anonKb);
    for (const { name, address } of running) if (name === 'dashboard') expect(answerOf(address)).toBe('200');
    for (const pid of readers) process.kill(pid, 'SIGCONT');
    for (const { container } of running) process.kill(container.pid, 'SIGTERM');
    await Promise.all(running.map(({ container }) => container.exit));

    let dropped = 0;
    for (const [at, { name, container }] of running.entries()) {
      const lost = container.lines.reduce((sum, { honeypod }) => sum + (honeypod.lost ?? 0), 0);
      const written = countOf(container.lines);
      const { touches = 0 } = container.lines.at(-1)!.honeypod;
      const connections = first[at]! + second[at]!;
      const grown = full[at]! - half[at]!;
      console.log(
        `${name}: ${connections} connections, ${touches} touches: ${written} written, ${lost} dropped and counted; anonymous memory ${half[at]} kB after half a minute, ${full[at]} after a whole, ${most[at]} at the end`,
      );
      expect(written + lost).toBe(touches);
      expect(touches).toBeGreaterThanOrEqual(connections);
      expect(grown).toBeLessThan(GROWTH_KB);
      expect(most[at]).toBeLessThan(ANON_KB);
      dropped += lost;
    }
    expect(dropped).toBeGreaterThan(0);
  }, 150_000);

  interface Running {
    readonly name: Name;
    readonly container: Container;
    readonly address: string;
  }

  async function start(name: Name): Promise<Running> {
    const address = attacker.nextAddress();
    const container = await startContainer(engine, { image: `internal-${name}`, env: { POD_IPS: address } });
    attacker.plug(container.pid, address);
    addAddresses(address);
    return { name, container, address };
  }

  function addAddresses(decoy: string): void {
    const network = decoy.replace(/\.\d+$/, '');
    const { stdout } = attacker.attack(['ip', '-o', 'addr', 'show', 'to', `${network}.0/24`]);
    const link = stdout.split(/\s+/)[1];
    const commands = Array.from({ length: ADDRESSES }, (_, n) => `ip addr add ${network}.${10 + n}/24 dev ${link}`);
    attacker.attack(['sh', '-c', commands.join('\n')]);
  }

  /** Resolves with the number of connections made to each, and the least anonymous memory each had in the last seconds, in kB. */
  async function crowdsFor(ms: number, running: readonly Running[]): Promise<[made: number[], lowest: number[]]> {
    const made = Promise.all(running.map((one) => crowd(one, ms)));
    await sleep(ms - LAST_MS);
    const lowest = running.map(anonKb);
    for (const until = performance.now() + LAST_MS; performance.now() < until; await sleep(SAMPLE_MS)) {
      for (const [at, one] of running.entries()) lowest[at] = Math.min(lowest[at]!, anonKb(one));
    }
    return [await made, lowest];
  }

  /** Resolves with the number of connections made. */
  function crowd({ name, address }: Running, ms: number): Promise<number> {
    const script = join(import.meta.dirname, 'crowd.mjs');
    const child = attacker.spawn([
      process.execPath,
      script,
      address,
      String(PORTS[name]),
      address,
      String(ADDRESSES),
      String(ms),
    ]);
    return new Promise((resolve) => child.stdout!.once('data', (text) => resolve(Number(text))));
  }

  function anonKb({ container }: Running): number {
    return Number.parseInt(statusField(container.pid, 'RssAnon'), 10);
  }

  function answerOf(address: string): string {
    const words = ['curl', '-s', '-m5', '-o', '/dev/null', '-w', '%{http_code}', `http://${address}:8080/`];
    return attacker.attack(words).stdout;
  }
});
