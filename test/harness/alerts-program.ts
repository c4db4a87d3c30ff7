// Starts the built `alerts` as a user would, collects the alert lines it writes and what it says.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { parseAlert } from './lines.ts';
import { commandFor } from './program.ts';
import { eventually } from './time.ts';

const STOP_MS = 5_000;

export interface AlertsProgram {
  readonly child: ChildProcess;
  readonly alerts: AlertLine[];
  readonly stderr: string[];
  /** Resolves with the exit code once all it wrote is here. */
  readonly exit: Promise<number | null>;
  write(text: string): void;
  /** Resolves with the first alert line that fits. */
  waitFor(wanted: (line: AlertLine) => boolean, ms?: number): Promise<AlertLine>;
  /** Resolves once it has said a line that holds `text`. */
  said(text: string, ms?: number): Promise<string>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface AlertsOptions {
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** Flags for node itself. */
  readonly nodeFlags?: readonly string[];
}

export function startAlerts({ args, env, nodeFlags }: AlertsOptions): AlertsProgram {
  const [file, words] = commandFor('alerts', { args, nodeFlags });
  const child = spawn(file, words, {
    env: { PATH: process.env.PATH, METRICS_PORT: '0', PAGE_PORT: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin!.on('error', () => {}); // It may end before all is written; its exit code tells.
  const alerts: AlertLine[] = [];
  const stderr: string[] = [];
  const problems: Error[] = [];
  const take = (text: string) => {
    try {
      alerts.push(parseAlert(text));
    } catch (error) {
      problems.push(error as Error);
    }
  };
  let rest = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    lines.forEach(take);
  });
  // A kill may come in the middle of a write: what has no end is no line then, and the next run gives it whole.
  child.once('close', (_, signal) => {
    if (rest !== '' && signal !== 'SIGKILL') take(rest);
  });
  createInterface({ input: child.stderr! }).on('line', (text) => stderr.push(text));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const check = () => {
    if (problems[0]) throw problems[0];
  };
  const program: AlertsProgram = {
    child,
    alerts,
    stderr,
    exit: closed,
    write: (text) => child.stdin!.write(text),
    waitFor: (wanted, ms = 5_000) =>
      eventually(
        () => {
          check();
          return alerts.find(wanted);
        },
        ms,
        () =>
          `no such alert; ${alerts.map((line) => `${line.rule.name} ${line.honeypod.notice}`)}\n${stderr.join('\n')}`,
      ),
    said: (text, ms = 5_000) =>
      eventually(
        () => stderr.find((line) => line.includes(text)),
        ms,
        () => `never said ${JSON.stringify(text)}:\n${stderr.join('\n')}`,
      ),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await closed;
      clearTimeout(kill);
      check();
      return code;
    },
  };
  return program;
}
