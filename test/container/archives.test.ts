// What is in an archive and what is not: the same digest twice, small, and nothing in it that a decoy does not need.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostPlatform } from '../../images/platforms.ts';
import { missing, titled } from '../harness/tools.ts';
import { archiveOf, BUILT, buildImages, buildReport, IMAGES } from './archives.ts';

const LAYER_MB = 45;
/** Words that would tell an attacker what an image is for. */
const TELLING = /honey|decoy|bait|trap|canary|lure/i;
const NEEDLESS =
  /(^|\/)(sh|bash|dash|busybox|apt|apt-get|dpkg|npm|npx|corepack|curl|wget|perl|python3?)$|\.map$|\.d\.ts$/;

const why = missing('apt-get', 'dpkg-deb', 'strip', 'g++', 'gzip');

describe.skipIf(why)(titled('npm run images', why), () => {
  const { architecture } = hostPlatform();
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'archives-'));
    archiveOf('internal-app');
  }, 180_000);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('gives the same digests in another directory from an empty cache, and prints what each image weighs', () => {
    const first = buildReport();
    const second = buildImages('--out', join(scratch, 'out'), '--cache', join(scratch, 'cache'));
    expect(second).toBe(first);
    console.log(first);
    for (const line of first.trim().split('\n'))
      expect(Number.parseFloat(line.split('\t')[1]!)).toBeLessThanOrEqual(LAYER_MB);
    for (const { name } of BUILT) {
      const file = `${name}-${architecture}.tar`;
      expect(readFileSync(join(scratch, 'out', file)).equals(readFileSync(join(IMAGES, file)))).toBe(true);
    }
  }, 180_000);

  it.each(BUILT)(
    '$name: no shell, no package manager, no npm, no source map, no telling name',
    ({ name, addon, program, parts }) => {
      const files = filesOf(name);
      expect(files).toContain('app/main.mjs');
      expect(files).toContain('nodejs/bin/node');
      expect(files.filter((path) => NEEDLESS.test(path))).toEqual([]);
      expect(files.filter((path) => TELLING.test(path))).toEqual([]);
      expect(files.some((path) => path.endsWith('.node'))).toBe(addon);
      expect(files.filter((path) => path.startsWith('app/') && path.endsWith('js'))).toHaveLength(
        (addon ? 2 : 1) + parts.length,
      );
      expect(program).not.toMatch(TELLING);
      // All that says something about an image beside its files: names, labels, history, environment, entry point.
      const texts = ['index.json', 'manifest.json', configPath(name)].map((path) => entry(name, path).toString('utf8'));
      expect(texts.join('\n')).not.toMatch(TELLING);
      expect(texts[2]).toContain('"created":"1970-01-01T00:00:00Z"');
    },
  );

  it.each(BUILT)('$name: a bill of materials names Node, Debian and npm components', ({ name }) => {
    const bill = JSON.parse(readFileSync(join(IMAGES, `${name}-${architecture}.cdx.json`), 'utf8')) as {
      components: { purl: string }[];
    };
    const kinds = bill.components.map(({ purl }) => purl.split('@')[0]);
    for (const kind of ['pkg:generic/node', 'pkg:deb/debian/libc6', 'pkg:npm/pino']) expect(kinds).toContain(kind);
  });
});

function entry(name: string, path: string): Buffer {
  return execFileSync('tar', ['-xOf', archiveOf(name), path], { maxBuffer: 256e6 });
}

function manifestOf(name: string): { Config: string; Layers: string[] } {
  return JSON.parse(entry(name, 'manifest.json').toString('utf8'))[0];
}

function configPath(name: string): string {
  return manifestOf(name).Config;
}

function filesOf(name: string): string[] {
  return manifestOf(name).Layers.flatMap((layer) =>
    execFileSync('tar', ['-tz'], { input: entry(name, layer), encoding: 'utf8', maxBuffer: 64e6 })
      .trim()
      .split('\n'),
  );
}
