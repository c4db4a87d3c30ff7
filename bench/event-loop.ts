// How long a measured program's event loop is held up, noted once a second: `node --import …/event-loop.ts` with NOTES as the file to note in.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 5;
const EVERY_MS = 1_000;

if (isMainThread && process.env.NOTES) {
  const path = process.env.NOTES;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  setInterval(() => {
    appendFileSync(path, `${(delays.percentile(99) / 1e6).toFixed(1)} ${(delays.max / 1e6).toFixed(1)}\n`);
    delays.reset();
  }, EVERY_MS).unref();
}
