// One decoy as a process of its own: its lines, what it says, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PlannedDecoy } from './plan.ts';

const START_MS = 10_000;

export interface DecoyProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves once it listens; rejects with DecoyRefused where it will not. */
  readonly ready: Promise<void>;
  /** How it ended: `2` or `SIGKILL`. */
  readonly exited: Promise<string>;
  /** What it said on stderr so far is handed to `say`, and everything from now on. */
  speak(say: (text: string) => void): void;
}

/** Why a decoy did not start, in its own one line. */
export class DecoyRefused extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Starts it. It ends by itself once this process is gone: nobody would read its lines. */
export function startDecoy({ name, env }: PlannedDecoy, onBytes: (bytes: Buffer) => void): DecoyProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.js`)], {
    env: { PATH: process.env.PATH, ...env, END_WITH_STDIN: 'true' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  let speak: ((text: string) => void) | undefined;
  child.stdout.on('data', onBytes);
  createInterface({ input: child.stderr }).on('line', (text) => {
    if (speak) speak(text);
    else said.push(text);
  });
  const exited = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? String(code))),
  );
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new DecoyRefused(`${name}: did not start within ${START_MS / 1_000} s`, 1)),
      START_MS,
    );
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      reject(
        new DecoyRefused(said.at(-1) ?? `${name}: ended with ${signal ?? code} and said nothing`, code === 2 ? 2 : 1),
      );
    });
    child.stdout.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return {
    name,
    child,
    ready,
    exited,
    speak(say) {
      for (const text of said.splice(0)) say(text);
      speak = say;
    },
  };
}
