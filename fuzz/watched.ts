// A built program under test: its lines checked and counted as they come but not kept, its stderr read, its memory looked at.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { commandFor, type ProgramOptions } from '../test/harness/program.ts';
import { Finding } from './target.ts';

const START_MS = 20_000;
const STOP_MS = 10_000;

export interface Watched {
  readonly child: ChildProcess;
  wrong(): string | undefined;
  /** Resolves once stderr has said a line with `text`. */
  said(text: string): Promise<string>;
  peakMb(): number;
  /** SIGTERM; resolves once every line was read, rejects where it did not end with 0. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface WatchOptions extends ProgramOptions {
  readonly env?: Record<string, string>;
  /** Most resident memory it may ever have, MB. */
  readonly memoryMb: number;
  /** Reads one line of stdout; throws for one that must not be. */
  readonly onLine: (text: string) => void;
}

/** The most it ever had resident, MB; 0 where it is gone. */
export function peakMb(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

export function watch(name: string, options: WatchOptions): Watched {
  const [file, args] = commandFor(name, options);
  const child = spawn(file, args, { env: { PATH: process.env.PATH, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin!.on('error', () => {}); // It may have ended; its exit is seen below.
  const said: string[] = [];
  let problem: string | undefined;
  let stopping = false;
  let peak = 0;
  const blame = (text: string) => {
    problem ??= text;
  };
  createInterface({ input: child.stdout! }).on('line', (text) => {
    try {
      options.onLine(text);
    } catch (error) {
      blame((error as Error).message);
    }
  });
  createInterface({ input: child.stderr! }).on('line', (text) => {
    if (said.length < 1_000) said.push(text);
    if (!text.startsWith(`${name}: `) || /^\s+at |Error: /.test(text)) blame(`it said: ${text}`);
  });
  child.once('error', (error) => blame(error.message));
  const closed = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => {
      const how = String(signal ?? code);
      if (!stopping) blame(`it ended with ${how}: ${said.slice(-6).join(' | ')}`);
      resolve(how);
    }),
  );
  const look = () => {
    peak = Math.max(peak, peakMb(child.pid));
    if (peak > options.memoryMb) blame(`it had ${peak.toFixed(0)} MB resident, more than ${options.memoryMb}`);
    return peak;
  };
  return {
    child,
    wrong() {
      look();
      return problem;
    },
    async said(text) {
      for (const until = Date.now() + START_MS; Date.now() < until; await delay(10)) {
        const found = said.find((line) => line.includes(text));
        if (found !== undefined) return found;
        if (problem !== undefined) break;
      }
      throw new Finding(`${name} never said ${JSON.stringify(text)}: ${problem ?? said.join(' | ')}`);
    },
    peakMb: look,
    async stop() {
      look();
      stopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const how = await closed;
      clearTimeout(timer);
      if (problem !== undefined) throw new Finding(problem);
      if (how !== '0') throw new Finding(`SIGTERM ended it with ${how}: ${said.slice(-6).join(' | ')}`);
    },
    async kill() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await closed;
    },
  };
}
