// How long each image takes to listen and how much memory it holds when nobody touches it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIST } from '../harness/lines.ts';
import { titled } from '../harness/tools.ts';
import { archiveOf } from './archives.ts';
import { startContainer, startedAt, statusField } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';

const DECOYS = ['app', 'dashboard', 'db'].filter((name) => existsSync(join(DIST, `${name}.js`)));
/** CPUs → ms from the process's making to its first heartbeat, which is written once it listens. */
const LISTENS_MS: readonly (readonly [cpus: string, ms: number])[] = [
  ['2', 500],
  ['0.1', 1_500],
];
/** The first start on a machine reads Node from the disk, and others may be at work on it: the best of so many counts. */
const TRIES = 8;
const RSS_KB = 65_536;
const ANON_KB = 30_720;
const IDLE_MS = 1_500;

const why = noPodman();

describe.skipIf(why)(titled('an image', why), () => {
  let engine: Engine;
  beforeAll(() => {
    engine = startPodman();
    for (const name of DECOYS) engine.run('load', '-i', archiveOf(`internal-${name}`));
  }, 180_000);
  afterAll(() => engine?.remove());

  const cases = DECOYS.flatMap((name) => LISTENS_MS.map(([cpus, ms]) => ({ name, cpus, ms })));
  it.each(cases)(
    '$name listens within $ms ms on $cpus CPU',
    async ({ name, cpus, ms }) => {
      const took: number[] = [];
      while (took.length < TRIES && !(Math.min(...took) <= ms)) {
        const container = await startContainer(engine, { image: `internal-${name}`, options: [`--cpus=${cpus}`] });
        took.push(Math.round(Date.parse(container.lines[0]!['@timestamp']) - startedAt(container.pid)));
        engine.run('rm', '-f', '-t', '0', container.name);
      }
      console.log(`${name} on ${cpus} CPU: listening after ${took.join(', ')} ms`);
      expect(Math.min(...took)).toBeLessThanOrEqual(ms);
    },
    60_000,
  );

  it.each(DECOYS)(
    '%s is small while nobody touches it',
    async (name) => {
      const { pid } = await startContainer(engine, { image: `internal-${name}` });
      await sleep(IDLE_MS);
      const [rss, anon] = ['VmRSS', 'RssAnon'].map((field) => Number.parseInt(statusField(pid, field), 10));
      console.log(`${name} idle: ${rss} kB resident, ${anon} of them anonymous`);
      expect(rss).toBeLessThanOrEqual(RSS_KB);
      expect(anon).toBeLessThanOrEqual(ANON_KB);
    },
    60_000,
  );
});
