// Running the outside programs a build needs; one that is missing is one clear line that says which package brings it.
import { spawnSync } from 'node:child_process';
import { UserError } from '../decoys/touch/errors.ts';

/** Program → the Debian package that brings it, where the names differ. */
const PACKAGES: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  strip: 'binutils',
  'aarch64-linux-gnu-strip': 'binutils-aarch64-linux-gnu',
  'x86_64-linux-gnu-strip': 'binutils-x86-64-linux-gnu',
  'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu',
  'x86_64-linux-gnu-g++': 'g++-x86-64-linux-gnu',
};
const OUTPUT_BYTES = 64 * 1_048_576;
const MINUTES_MS = 10 * 60_000;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end and returns its stdout. Throws UserError where it is missing or fails, with its own last words. */
export function run(program: string, args: readonly string[], { cwd, env }: CommandOptions = {}): string {
  const result = spawnSync(program, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C', ...env },
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES,
    timeout: MINUTES_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = (result.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') {
    throw new UserError(
      'MISSING_TOOL',
      `${program} is missing: install it (Debian package ${PACKAGES[program] ?? program})`,
    );
  }
  if (result.status !== 0) {
    const words = `${result.stderr ?? ''}`.trim().split('\n').slice(-3).join(' | ');
    throw new UserError('TOOL_FAILED', `${program} ${args[0] ?? ''} failed (${code ?? result.status}): ${words}`);
  }
  return result.stdout;
}

/** One line on stderr a step, so that somebody waiting sees what is done. */
export function progress(step: string): void {
  process.stderr.write(`images: ${step}\n`);
}
