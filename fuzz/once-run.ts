// A run of `alerts` that reads rule files or a configuration, some touch lines, and ends: without any network but its own loopback.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandFor } from '../test/harness/program.ts';
import type { Case } from './case.ts';

/** Outputs that nobody answers are waited for ten seconds at the end. */
const RUN_MS = 30_000;

/** What went wrong, or undefined: it may take the files or refuse them in plain words, and nothing else. */
export async function runOnce({ to, parts }: Case, lines: string): Promise<string | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'fuzz-alerts-'));
  const texts = parts.filter((part) => typeof part === 'string');
  const log = join(directory, 'touches.log');
  const given = join(directory, to === 'rules' ? 'rules' : 'config.yaml');
  writeFileSync(log, lines);
  if (to === 'rules') {
    mkdirSync(given);
    for (const [at, text] of texts.entries()) writeFileSync(join(given, `${at}.yaml`), text, 'latin1');
  } else writeFileSync(given, texts.join(''), 'latin1');
  const [file, args] = commandFor('alerts', { args: ['--file', log, '--once', `--${to}`, given] });
  const env = {
    PATH: process.env.PATH,
    PAGE_PORT: '0',
    METRICS_PORT: '0',
    SECRET: 's3cret-of-the-config',
    SLACK: 'http://127.0.0.1:9/s',
  };
  const child = spawn('unshare', ['-n', file, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, RUN_MS);
  const how = await new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(String(signal ?? code))),
  );
  clearTimeout(timer);
  rmSync(directory, { recursive: true, force: true });
  const shown = said.slice(0, 800);
  if (late) return `--${to}: it did not end within ${RUN_MS} ms: ${shown}`;
  if (how !== '0' && how !== '2') return `--${to}: it ended with ${how}: ${shown}`;
  if (/^\s+at \S/m.test(said) || said.split('\n').some((line) => line !== '' && !line.startsWith('alerts: ')))
    return `--${to}: it said ${shown}`;
  if (said.includes(env.SECRET)) return `--${to}: it told the secret: ${shown}`;
  return undefined;
}
