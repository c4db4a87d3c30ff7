// How long a measured program's event loop is held up, noted once a second: `node --import …/event-loop.ts` with NOTES as the file to note in.
// A line is: 99th percentile of the loop's delay, its longest, and the most CPU its thread took between two turns, all in ms. The last counts
// what the program itself does; the first two also what else the machine does.
// Nothing of node:perf_hooks: what that loads would be told as the program's own memory.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 5;
const EVERY_MS = 1_000;
const NS_PER_MS = 1e6;

/** Value below which 99 of 100 are, of at least one. */
function percentile99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * 0.99)] ?? 0;
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS;
}

if (isMainThread && process.env.NOTES) {
  const path = process.env.NOTES;
  let used = process.threadCpuUsage();
  let atMs = nowMs();
  let longest = 0;
  let delays: number[] = [];
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(used);
    const ms = nowMs();
    used = process.threadCpuUsage();
    delays.push(Math.max(0, ms - atMs - RESOLUTION_MS));
    atMs = ms;
    longest = Math.max(longest, (user + system) / 1_000);
  }, RESOLUTION_MS).unref();
  setInterval(() => {
    const parts = [percentile99(delays), Math.max(0, ...delays), longest];
    appendFileSync(path, `${parts.map((ms) => ms.toFixed(1)).join(' ')}\n`);
    delays = [];
    longest = 0;
  }, EVERY_MS).unref();
}
