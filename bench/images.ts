// How long each image takes to listen, and what it holds in memory alone and beside the others: node bench/images.ts [starts]
// Needs root, podman and runc; the images are built as for the container tests.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { archiveOf, BUILT } from '../test/container/archives.ts';
import { startContainer, startedAt, statusField } from '../test/container/container.ts';
import { type Engine, noPodman, startPodman } from '../test/container/engine.ts';

/** Issue's budgets: CPUs → ms until it listens. */
const BUDGETS = { 2: 500, 0.1: 1_500 } as const;
const STARTS = Number(process.argv[2] ?? 7);
const IDLE_MS = 2_000;
const images = BUILT.map(({ name }) => name).filter((name) => name !== 'security-events');

async function startsOf(engine: Engine, image: string, cpus: string): Promise<number[]> {
  const took: number[] = [];
  while (took.length < STARTS) {
    const container = await startContainer(engine, { image, options: [`--cpus=${cpus}`] });
    took.push(Math.round(Date.parse(container.lines[0]!['@timestamp']) - startedAt(container.pid)));
    engine.run('rm', '-f', '-t', '0', container.name);
  }
  return took.sort((a, b) => a - b);
}

/** Proportional set size: pages shared with others are shared out (proc_pid_smaps(5)). */
function pssKb(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
}

const why = noPodman();
if (why) {
  console.error(`bench: ${why}`);
  process.exit(2);
}
const engine = startPodman();
try {
  for (const image of images) engine.run('load', '-i', archiveOf(image));
  for (const image of images) {
    for (const [cpus, budget] of Object.entries(BUDGETS)) {
      const took = await startsOf(engine, image, cpus);
      const median = took[took.length >> 1];
      console.log(
        `${image} on ${cpus} CPU: listening after ${median} ms (${took[0]}–${took.at(-1)}), budget ${budget}`,
      );
    }
  }
  const idle = [];
  for (const image of images) idle.push({ image, ...(await startContainer(engine, { image })) });
  await sleep(IDLE_MS);
  for (const { image, pid } of idle) {
    console.log(
      `${image} idle: RSS ${statusField(pid, 'VmRSS')}, anonymous ${statusField(pid, 'RssAnon')}, PSS ${pssKb(pid)} kB`,
    );
  }
} finally {
  await engine.remove();
}
