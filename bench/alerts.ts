// `alerts` by itself: CPU a touch as rules and sources grow, memory, and the time from a line written to each output's receipt.
// Run: npm run build && node bench/alerts.ts [touches] [throughput | latency]; TMPDIR says on which disk.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { commandFor } from '../test/harness/program.ts';
import { touchStream } from '../test/harness/touch-stream.ts';

process.once('exit', () => rmSync(root, { recursive: true, force: true }));
if (import.meta.main) {
  if (PART !== 'latency') await throughput();
  if (PART !== 'throughput') {
    await latency(50);
    await latency(200);
  }
  process.exit(0);
}
