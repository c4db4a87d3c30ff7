// `npm start` as a process: the touch and alert lines of `--json`, and what it says to people.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { parseAlert, parseLine } from './lines.ts';
import { commandFor } from './program.ts';

const START_MS = 10_000;
const STOP_MS = 4_000;
const SEEN_MS = 5_000;

export interface Seen<T> {
  readonly line: T;
  /** When the line was read, ms since the epoch. */
  readonly atMs: number;
}

export interface Product {
  readonly touches: Seen<TouchLine>[];
  readonly alerts: Seen<AlertLine>[];
  readonly stderr: string[];
  /** Resolves with the first alert of that rule since `from` (an index into `alerts`); rejects after `ms` with what there is. */
  alert(rule: string, from?: number, ms?: number): Promise<Seen<AlertLine>>;
  /** Names of the rules of the alerts since `from`. */
  rules(from?: number): string[];
  /** Sends a signal and resolves with exit code and the time it took. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>;
}

export async function startProduct(options: {
  readonly netns?: string;
  readonly env?: Record<string, string>;
}): Promise<Product> {
  const [file, args] = commandFor('start', { netns: options.netns, args: ['--json'] });
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const touches: Seen<TouchLine>[] = [];
  const alerts: Seen<AlertLine>[] = [];
  const stderr: string[] = [];
  const problems: Error[] = [];
  const waiters = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const atMs = Date.now();
    try {
      if (text.includes('"kind":"alert"')) alerts.push({ line: parseAlert(text), atMs });
      else touches.push({ line: parseLine(text), atMs });
    } catch (error) {
      problems.push(error as Error);
    }
    for (const wake of waiters) wake();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no table: ${stderr.join('\n')}`)), START_MS);
    createInterface({ input: child.stderr }).on('line', (text) => {
      stderr.push(text);
      if (text.includes('Security events appear below')) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.once('exit', (code) => reject(new Error(`start ended with ${code}: ${stderr.join('\n')}`)));
  });
  const product: Product = {
    touches,
    alerts,
    stderr,
    rules: (from = 0) => alerts.slice(from).map(({ line }) => line.rule.name),
    alert: (rule, from = 0, ms = SEEN_MS) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = alerts.slice(from).find(({ line }) => line.rule.name === rule);
          if (!found && !problems[0]) return;
          clearTimeout(timer);
          waiters.delete(look);
          if (problems[0]) reject(problems[0]);
          else resolve(found!);
        };
        const timer = setTimeout(() => {
          waiters.delete(look);
          const seen = touches.slice(-12).map(({ line }) => `${line.event.action} ${line.message}`);
          reject(
            new Error(
              `no ${rule} within ${ms} ms; alerts: ${product.rules(from).join(', ')}; touches:\n${seen.join('\n')}`,
            ),
          );
        }, ms);
        waiters.add(look);
        look();
      }),
    async stop(signal = 'SIGINT') {
      const started = performance.now();
      child.kill(signal);
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await exited;
      clearTimeout(kill);
      if (problems[0]) throw problems[0];
      return { code, ms: performance.now() - started };
    },
  };
  return product;
}
