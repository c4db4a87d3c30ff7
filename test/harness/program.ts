// Starts a built program as a user would and reads what it says.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { DIST, parseLine, touchesOf } from './lines.ts';

const START_MS = 5_000;
const STOP_MS = 3_000;

export interface Program {
  readonly child: ChildProcess;
  readonly lines: TouchLine[];
  readonly stderr: string[];
  /** Touch lines so far. */
  touches(): TouchLine[];
  /** Resolves with the first touch line that fits, also one that is already there; rejects after `ms` with what there is. */
  waitFor(wanted: (line: TouchLine) => boolean, ms?: number): Promise<TouchLine>;
  /** SIGTERM, then the exit code; every line flushed by then is in `lines`. */
  stop(): Promise<number | null>;
  exit: Promise<number | null>;
}

export interface ProgramOptions {
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
  /** Runs inside this network namespace. */
  readonly netns?: string;
  /** Flags for node itself. */
  readonly nodeFlags?: readonly string[];
  /** A command that runs the rest, as prlimit(1) does. */
  readonly prefix?: readonly string[];
}

/** The pinned Node that runs the tests runs the programs too. */
export function commandFor(
  name: string,
  { args = [], netns, nodeFlags = [], prefix = [] }: ProgramOptions = {},
): [string, string[]] {
  const command = [...prefix, process.execPath, ...nodeFlags, join(DIST, `${name}.js`), ...args];
  const whole = netns ? ['ip', 'netns', 'exec', netns, ...command] : command;
  return [whole[0]!, whole.slice(1)];
}

/** Starts a decoy and resolves once it says where it listens. */
export async function startDecoy(name: 'app' | 'dashboard' | 'db', options: ProgramOptions = {}): Promise<Program> {
  const [file, args] = commandFor(name, options);
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: TouchLine[] = [];
  const stderr: string[] = [];
  const problems: Error[] = [];
  const waiters = new Set<() => void>();
  const reader = createInterface({ input: child.stdout! });
  const drained = new Promise<void>((resolve) => reader.once('close', resolve));
  reader.on('line', (text) => {
    try {
      lines.push(parseLine(text));
    } catch (error) {
      problems.push(error as Error);
    }
    for (const wake of waiters) wake();
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start: ${stderr.join('\n')}`)), START_MS);
    createInterface({ input: child.stderr! }).on('line', (text) => {
      stderr.push(text);
      if (!text.startsWith(`${name}: `)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${code}: ${stderr.join('\n')}`));
    });
  });
  const program: Program = {
    child,
    lines,
    stderr,
    exit,
    touches: () => {
      if (problems[0]) throw problems[0];
      return touchesOf(lines);
    },
    waitFor: (wanted, ms = 2_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = touchesOf(lines).find(wanted);
          if (!found && !problems[0]) return;
          clearTimeout(timer);
          waiters.delete(look);
          if (problems[0]) reject(problems[0]);
          else resolve(found!);
        };
        const timer = setTimeout(() => {
          waiters.delete(look);
          const seen = lines.map((line) => `${line.event.action} ${line.message}`).join('\n');
          reject(new Error(`${name}: no such touch within ${ms} ms; lines:\n${seen}`));
        }, ms);
        waiters.add(look);
        look();
      }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await exit;
      await drained;
      clearTimeout(kill);
      if (problems[0]) throw problems[0];
      return code;
    },
  };
  await ready;
  return program;
}
