// Starts `dist/twin.js` and tells where its two sides are.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DIST } from '../harness/lines.ts';
import { freePort } from '../harness/ports.ts';
import type { Target } from './probe.ts';

const START_MS = 8_000;

export interface Pair {
  readonly reference: Target;
  readonly decoy: Target;
  readonly pid: number;
  /** Ctrl-C; resolves with the number of requests nginx passed to the application. */
  stop(): Promise<number>;
}

function targetOf(text: string): Target {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

export async function startPair(env: Record<string, string> = {}): Promise<Pair> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(DIST, 'twin.js')], {
    env: { PATH: process.env.PATH, TWIN_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let upstream = 0;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const where = new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the twin did not start')), START_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^reference=(\S+) decoy=(\S+)$/.exec(line);
      if (found) {
        clearTimeout(timer);
        resolve(found);
      }
      const asked = /^requests that reached the upstream: (\d+)$/.exec(line);
      if (asked) upstream = Number(asked[1]);
    });
    child.once('exit', (code) => reject(new Error(`the twin ended with ${code}`)));
  });
  const found = await where;
  return {
    reference: targetOf(found[1]!),
    decoy: targetOf(found[2]!),
    pid: child.pid!,
    async stop() {
      child.kill('SIGINT');
      await exit;
      return upstream;
    },
  };
}
