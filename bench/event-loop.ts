// How long a measured program's event loop is held up, noted once a second: `node --import …/event-loop.ts` with NOTES as the file to note in.
// A line is: 99th percentile of the loop's delay, its longest, and the most CPU its thread took between two turns, all in ms. The last counts
// what the program itself does; the first two also what else the machine does.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 5;
const EVERY_MS = 1_000;

if (isMainThread && process.env.NOTES) {
  const path = process.env.NOTES;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let used = process.threadCpuUsage();
  let longest = 0;
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(used);
    used = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1_000);
  }, RESOLUTION_MS).unref();
  setInterval(() => {
    const parts = [delays.percentile(99) / 1e6, delays.max / 1e6, longest];
    appendFileSync(path, `${parts.map((ms) => ms.toFixed(1)).join(' ')}\n`);
    delays.reset();
    longest = 0;
  }, EVERY_MS).unref();
}
