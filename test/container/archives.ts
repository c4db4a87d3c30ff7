// The images under test: built once for what is in dist/, used by every container test of a run and of the next.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPlatform } from '../../images/platforms.ts';
import { RECIPES } from '../../images/recipes.ts';
import { DIST } from '../harness/lines.ts';

const ROOT = join(DIST, '..');
export const IMAGES = join(DIST, 'images');
const STAMP = join(IMAGES, 'built-from');

/** Path of the archive of the image `name`, for this machine. */
export function archiveOf(name: string): string {
  buildOnce();
  return join(IMAGES, `${name}-${hostPlatform().architecture}.tar`);
}

/** Runs the builder as `npm run images` does after its build; returns what it prints: a line an archive. */
export function buildImages(...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(ROOT, 'images', 'main.ts'), ...args], { encoding: 'utf8' });
}

function buildOnce(): void {
  const inputs = inputHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').startsWith(inputs)) return;
  mkdirSync(IMAGES, { recursive: true });
  const report = buildImages();
  writeFileSync(STAMP, `${inputs}\n${report}`);
}

/** What the build of the images under test printed: a line an archive, with size and digest. */
export function buildReport(): string {
  buildOnce();
  const stamp = readFileSync(STAMP, 'utf8');
  return stamp.slice(stamp.indexOf('\n') + 1);
}

/** Recipes whose program is built. */
export const BUILT = RECIPES.filter(({ program }) => existsSync(join(DIST, program)));

function inputHash(): string {
  const hash = createHash('sha256');
  for (const directory of [DIST, join(ROOT, 'images')]) {
    for (const file of readdirSync(directory).sort()) {
      if (/\.(c?js|ts)$/.test(file)) hash.update(file).update(readFileSync(join(directory, file)));
    }
  }
  return hash.update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
}
