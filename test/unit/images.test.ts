// What the image builder writes: archives that other programs read, entry points that both routes share, one clear line for what is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPILER_FLAGS } from '../../images/addon.ts';
import type { Lock } from '../../images/node-runtime.ts';
import { image, type Layer } from '../../images/oci.ts';
import { PLATFORMS } from '../../images/platforms.ts';
import { bundledPackages } from '../../images/program.ts';
import { entrypoint, RECIPES } from '../../images/recipes.ts';
import { withDirectories } from '../../images/runtime.ts';
import { sbom } from '../../images/sbom.ts';
import { type TarEntry, tar } from '../../images/tar.ts';
import { HARDENING, NEEDS } from '../container/container.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'images-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('tar', () => {
  it('is read by tar with every name, mode, link and byte as given', () => {
    const long = `${'d'.repeat(90)}/${'e'.repeat(60)}/${'f'.repeat(90)}`;
    const entries: TarEntry[] = withDirectories([
      { type: 'file', path: 'etc/passwd', mode: 0o644, content: Buffer.from('root\n') },
      { type: 'file', path: 'bin/run', mode: 0o755, content: Buffer.alloc(1_025, 7) },
      { type: 'file', path: 'empty', mode: 0o600, content: Buffer.alloc(0) },
      { type: 'file', path: long, mode: 0o644, content: Buffer.from('deep') },
      { type: 'symlink', path: 'lib', mode: 0o777, target: 'usr/lib' },
    ]);
    const directory = join(scratch, 'tar');
    mkdirSync(directory);
    writeFileSync(join(scratch, 'a.tar'), tar(entries, { mtime: 86_400 }));
    execFileSync('tar', ['-xf', join(scratch, 'a.tar'), '-C', directory]);
    expect(readFileSync(join(directory, 'etc/passwd'), 'utf8')).toBe('root\n');
    expect(readFileSync(join(directory, 'bin/run'))).toEqual(Buffer.alloc(1_025, 7));
    expect(readFileSync(join(directory, long), 'utf8')).toBe('deep');
    expect(readlinkSync(join(directory, 'lib'))).toBe('usr/lib');
    const listed = execFileSync('tar', ['-tvf', join(scratch, 'a.tar'), '--utc', '--full-time'], { encoding: 'utf8' });
    expect(listed).toContain('-rw------- 0/0               0 1970-01-02 00:00:00 empty');
    expect(listed).toContain('-rwxr-xr-x 0/0            1025 1970-01-02 00:00:00 bin/run');
  });

  it('is the same bytes in any order of the same entries once directories are added', () => {
    const path = fc
      .array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 4 })
      .map((steps) => `f/${steps.join('/')}.txt`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), (paths) => {
        const files = paths.map(
          (one): TarEntry => ({ type: 'file', path: one, mode: 0o644, content: Buffer.from(one) }),
        );
        const archive = tar(withDirectories(files));
        expect(archive.length % 512).toBe(0);
        expect(tar(withDirectories([...files].reverse()))).toEqual(archive);
      }),
    );
  });

  it('refuses a path that ustar cannot hold', () => {
    expect(() => tar([{ type: 'file', path: 'x'.repeat(101), mode: 0o644 }])).toThrow(/path too long/);
  });
});

describe('an image', () => {
  const layer: Layer = { diffId: `sha256:${'0'.repeat(64)}`, compressed: Buffer.from('layer'), createdBy: 'program' };
  const config = {
    user: '65532:65532',
    entrypoint: ['/nodejs/bin/node'],
    command: [],
    env: { NODE_OPTIONS: '' },
    ports: [443],
    labels: {},
  };

  it('names the same digest for the same content, and another for another', () => {
    const first = image('internal-db', '1', PLATFORMS[0]!, [layer], config);
    expect(image('internal-db', '1', PLATFORMS[0]!, [layer], config).digest).toBe(first.digest);
    expect(image('internal-db', '1', PLATFORMS[0]!, [layer], { ...config, user: '0:0' }).digest).not.toBe(first.digest);
    expect(image('internal-db', '1', PLATFORMS[1]!, [layer], config).digest).not.toBe(first.digest);
  });
});

describe('recipes', () => {
  const dockerfile = readFileSync(join(ROOT, 'images', 'Dockerfile'), 'utf8');

  it.each(RECIPES)('$name starts the same in images/Dockerfile', (recipe) => {
    const stage = dockerfile.split(/^FROM /m).find((text) => text.includes(` AS ${recipe.name}\n`)) ?? '';
    const line = (word: string) =>
      stage
        .split('\n')
        .find((text) => text.startsWith(`${word} `))
        ?.slice(word.length + 1);
    expect(JSON.parse(line('ENTRYPOINT') ?? 'null')).toEqual(entrypoint(recipe));
    expect(JSON.parse(line('CMD') ?? '[]')).toEqual(recipe.command);
    expect(line('USER')).toBe(recipe.user);
    expect((line('EXPOSE') ?? '').split(' ').filter(Boolean).map(Number)).toEqual(recipe.ports);
    const env = Object.entries(recipe.env).map(([name, value]) => `${name}="${value}"`);
    expect(line('ENV')).toBe(env.join(' '));
    expect(stage.includes('--from=addon')).toBe(recipe.addon);
  });

  it.each(['internal-app', 'internal-dashboard', 'internal-db'])(
    '%s is run in README as the container tests run it',
    (name) => {
      const commands = readFileSync(join(ROOT, 'README.md'), 'utf8').replaceAll('\\\n', '').split('\n');
      const command = commands.find((line) => line.startsWith('docker run ') && line.endsWith(` ${name}:0.1.0`)) ?? '';
      expect(command.split(/\s+/)).toEqual(expect.arrayContaining([...HARDENING, ...(NEEDS[name] ?? [])]));
    },
  );

  it('compiles the addon with the same flags in images/Dockerfile', () => {
    expect(dockerfile).toContain(`g++ ${COMPILER_FLAGS.join(' ')} `);
  });

  it('says nowhere what the images are for', () => {
    expect(JSON.stringify(RECIPES)).not.toMatch(/honey|decoy/i);
  });
});

describe('the bill of materials', () => {
  it('names what the page inside security-events is made of, and that of no decoy', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
    for (const recipe of RECIPES) {
      const names = bundledPackages(ROOT, recipe, lock).map(({ name }) => name);
      expect(names.includes('preact'), recipe.name).toBe(recipe.name === 'security-events');
      expect(names).not.toEqual([]);
    }
  });

  it('is valid CycloneDX 1.6 and names Node, Debian and npm components by package URL', () => {
    const node = {
      version: '26.10.0',
      integrity: 'sha512-AAAA',
      binary: Buffer.from('n'),
      license: Buffer.alloc(0),
      include: '',
    };
    const debian = [{ name: 'libstdc++6', version: '14.2.0-19', control: '', sha256: 'a'.repeat(64), root: '' }];
    const npm = [
      {
        name: '@elastic/ecs-pino-format',
        version: '1.5.0',
        license: 'Apache-2.0',
        integrity: `sha512-${Buffer.alloc(64).toString('base64')}`,
      },
    ];
    const digest = `sha256:${'b'.repeat(64)}`;
    const text = sbom({ image: 'internal-db', version: '0.1.0', digest, platform: PLATFORMS[0]!, node, debian, npm });
    const bill = JSON.parse(text) as { components: { purl: string }[] };
    const schema = (name: string) =>
      JSON.parse(
        readFileSync(
          join(ROOT, 'node_modules/@cyclonedx/cyclonedx-library/res/schema', `${name}.SNAPSHOT.schema.json`),
          'utf8',
        ),
      ) as object;
    const ajv = new Ajv({ strict: false, validateFormats: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    for (const name of ['spdx', 'jsf-0.82'])
      ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    const validate = ajv.compile(schema('bom-1.6'));
    expect(validate(bill) ? [] : validate.errors).toEqual([]);
    expect(bill.components.map(({ purl }) => purl)).toEqual([
      'pkg:generic/node@26.10.0',
      'pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13',
      'pkg:npm/%40elastic/ecs-pino-format@1.5.0',
    ]);
  });
});

describe('npm run images', () => {
  function build(args: readonly string[], path: string) {
    return spawnSync(process.execPath, [join(ROOT, 'images', 'main.ts'), ...args], {
      encoding: 'utf8',
      env: { PATH: path },
    });
  }

  it.each([
    ['apt-get', [], 'Debian package apt'],
    ['dpkg-deb', ['apt-get'], 'Debian package dpkg'],
  ])('says in one line that %s is missing and which package brings it', (tool, present, words) => {
    const directory = join(scratch, `without-${tool}`);
    mkdirSync(directory);
    // A stand-in for what is there: it succeeds, finds one mirror and fetches one file.
    const script = '#!/bin/sh\necho "mirror: trixie Debian"\ncase "$*" in *download*) : > some.deb;; esac\n';
    for (const name of present) writeFileSync(join(directory, name), script, { mode: 0o755 });
    symlinkSync('/bin/sh', join(directory, 'sh'));
    const { status, stderr } = build(
      ['--out', join(scratch, 'out'), '--cache', join(scratch, `cache-${tool}`)],
      directory,
    );
    expect(status).toBe(2);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes('checked by apt'));
    expect(lines).toEqual([`images: ${tool} is missing: install it (${words})`]);
  });

  it('says which platforms there are', () => {
    const { status, stderr } = build(['--platform', 'vax'], '/nowhere');
    expect(status).toBe(2);
    expect(stderr).toBe('images: --platform "vax": must be one of amd64, arm64\n');
  });
});
