// `npm run images`: every image for every platform asked for, from Debian packages and the pinned Node, without registry or daemon.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { addonEntries } from './addon.ts';
import { progress, run } from './command.ts';
import { type DebianPackage, fetchPackages } from './debian.ts';
import { fetchNode, type Lock, type NodeRuntime } from './node-runtime.ts';
import { digestOf, type Image, image, type Layer } from './oci.ts';
import { hostPlatform, PLATFORMS, type Platform } from './platforms.ts';
import { bundledPackages, programEntries } from './program.ts';
import { entrypoint, RECIPES, type Recipe } from './recipes.ts';
import { PACKAGES, runtimeEntries, withDirectories } from './runtime.ts';
import { sbom } from './sbom.ts';
import { type TarEntry, tar } from './tar.ts';

const ROOT = join(import.meta.dirname, '..');
const MEGABYTE = 1e6;

interface Base {
  readonly platform: Platform;
  readonly node: NodeRuntime;
  readonly debian: readonly DebianPackage[];
  readonly layer: Layer;
  /** Directory for what is made on the way. */
  readonly work: string;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      platform: { type: 'string', multiple: true, default: [hostPlatform().architecture] },
      out: { type: 'string', default: join(ROOT, 'dist', 'images') },
      cache: { type: 'string', default: join(ROOT, 'node_modules', '.cache', 'images') },
    },
  });
  const platforms = values.platform.map(platformNamed);
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  mkdirSync(values.out, { recursive: true });
  for (const platform of platforms) {
    const base = buildBase(platform, lock, values.cache);
    writeImage(values.out, 'runtime-base', platform, baseImage(version, base));
    for (const recipe of RECIPES.filter(({ program }) => existsSync(join(ROOT, 'dist', program)))) {
      progress(`${platform.architecture}: ${recipe.name}`);
      const npm = bundledPackages(ROOT, recipe, lock);
      const built = buildImage(recipe, version, base, programEntries(ROOT, recipe, npm), values.cache);
      writeImage(values.out, recipe.name, platform, built);
      const bill = sbom({ image: recipe.name, version, digest: built.digest, ...base, npm });
      writeFileSync(join(values.out, `${recipe.name}-${platform.architecture}.cdx.json`), bill);
    }
  }
}

function buildBase(platform: Platform, lock: Lock, cache: string): Base {
  const work = join(cache, platform.architecture);
  progress(`${platform.architecture}: Debian packages, checked by apt`);
  const debian = fetchPackages(PACKAGES, platform, work);
  progress(`${platform.architecture}: Node, checked against package-lock.json and stripped`);
  const node = fetchNode(lock, platform, work);
  progress(`${platform.architecture}: compressing the runtime`);
  const layer = compress(runtimeEntries(debian, node, platform), 'runtime', cache);
  return { platform, node, debian, layer, work };
}

/** The base alone, for images/Dockerfile where there is no registry: `--build-arg RUNTIME_IMAGE=runtime-base:…`. */
function baseImage(version: string, { platform, layer }: Base): Image {
  const config = {
    user: '65532:65532',
    entrypoint: ['/nodejs/bin/node'],
    command: [],
    env: PATHS,
    ports: [],
    labels: {},
  };
  return image('runtime-base', version, platform, [layer], config);
}

const PATHS = { PATH: '/nodejs/bin' };

function buildImage(recipe: Recipe, version: string, base: Base, program: readonly TarEntry[], cache: string): Image {
  const addon = recipe.addon ? addonEntries(ROOT, base.work, base.node, base.platform) : [];
  const layer = compress(withDirectories([...program, ...addon]), 'program', cache);
  return image(recipe.name, version, base.platform, [base.layer, layer], {
    user: recipe.user,
    entrypoint: entrypoint(recipe),
    command: recipe.command,
    env: { ...PATHS, ...recipe.env },
    ports: recipe.ports,
    labels: { 'org.opencontainers.image.title': recipe.name, 'org.opencontainers.image.version': version },
  });
}

/**
 * GNU gzip packs Node 3 % tighter than zlib as Node has it. Compressing the runtime takes far longer than all the rest,
 * so what a tar of this digest compressed to is kept.
 */
function compress(entries: readonly TarEntry[], createdBy: string, cache: string): Layer {
  const archive = tar(entries);
  const diffId = digestOf(archive);
  const plain = join(cache, `${diffId.replace(':', '-')}.tar`);
  if (!existsSync(`${plain}.gz`)) {
    writeFileSync(plain, archive);
    run('gzip', ['-9', '--no-name', '--force', plain]);
  }
  return { diffId, compressed: readFileSync(`${plain}.gz`), createdBy };
}

function writeImage(out: string, name: string, platform: Platform, { archive, digest, layerBytes }: Image): void {
  const file = `${name}-${platform.architecture}.tar`;
  writeFileSync(join(out, file), archive);
  process.stdout.write(`${file}\t${(layerBytes / MEGABYTE).toFixed(1)} MB\t${digest}\n`);
}

function platformNamed(name: string): Platform {
  const found = PLATFORMS.find(({ architecture }) => architecture === name);
  if (found) return found;
  const allowed = PLATFORMS.map(({ architecture }) => architecture).join(', ');
  throw new UserError('BAD_PLATFORM', `--platform ${JSON.stringify(name)}: must be one of ${allowed}`);
}

try {
  main();
} catch (error) {
  exitWith('images', error);
}
