// The layer on top: one built program, the licences of what is bundled in it, and the addon where there is one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { UserError } from '../decoys/touch/errors.ts';
import { PAGE_METAFILE } from '../scripts/embed-page.ts';
import type { Lock } from './node-runtime.ts';
import { PROGRAM_PATH, partPath, type Recipe } from './recipes.ts';
import type { NpmComponent } from './sbom.ts';
import type { TarEntry } from './tar.ts';

/** What esbuild says went into each bundle (esbuild.github.io/api/#metafile). */
interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>;
}

const METAFILES = { program: 'dist/metafile-esm.json', part: 'dist/metafile-cjs.json' } as const;
/** What the bundle of `alerts` holds as a text: its page, bundled before. */
const PAGE_INPUT = 'embed-page:embedded:page';
const MARK = 'node_modules/';

/** npm packages inside the bundle of `recipe`, and raw-socket with its headers-only nan where it is beside it. */
export function bundledPackages(root: string, recipe: Recipe, lock: Lock): NpmComponent[] {
  const output = outputOf(root, METAFILES.program, recipe.program);
  const parts = recipe.parts.map((part) => outputOf(root, METAFILES.part, part));
  const page = PAGE_INPUT in output.inputs ? Object.values(outputsOf(root, PAGE_METAFILE)) : [];
  const keys = new Set(recipe.addon ? ['node_modules/raw-socket', 'node_modules/nan'] : []);
  for (const input of [output, ...parts, ...page].flatMap(({ inputs }) => Object.keys(inputs))) {
    const at = input.lastIndexOf(MARK);
    if (at < 0) continue;
    const [scope = '', name = ''] = input.slice(at + MARK.length).split('/');
    keys.add(`${input.slice(0, at)}${MARK}${scope.startsWith('@') ? `${scope}/${name}` : scope}`);
  }
  return [...keys].sort().map((key) => {
    const locked = lock.packages[key];
    if (!locked) throw new UserError('NOT_LOCKED', `${key} is bundled but not in package-lock.json: run "npm install"`);
    return { ...locked, name: key.slice(key.lastIndexOf(MARK) + MARK.length) };
  });
}

/** The program with its parts, and the licence texts of the packages in it. */
export function programEntries(root: string, recipe: Recipe, packages: readonly NpmComponent[]): TarEntry[] {
  const program = Buffer.from(packed(readText(root, `dist/${recipe.program}`)));
  const parts = recipe.parts.map(
    (part): TarEntry => ({
      type: 'file',
      path: partPath(part),
      mode: 0o644,
      content: Buffer.from(readText(root, `dist/${part}`)),
    }),
  );
  const licenses = packages.map(({ name, version, license }) => {
    return `${name} ${version} (${license ?? 'no licence named'})\n\n${licenseText(join(root, MARK, name))}`;
  });
  return [
    { type: 'file', path: PROGRAM_PATH, mode: 0o644, content: program },
    ...parts,
    { type: 'file', path: 'app/LICENSES', mode: 0o644, content: Buffer.from(licenses.join(`\n${'-'.repeat(80)}\n`)) },
  ];
}

/** Without white space, comments and the paths in them, but with every name: V8 keeps a program's text in memory, which this halves. */
function packed(program: string): string {
  return transformSync(program, {
    format: 'esm',
    target: 'node26',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
  }).code;
}

function outputOf(root: string, metafile: string, file: string): Metafile['outputs'][string] {
  const output = outputsOf(root, metafile)[`dist/${file}`];
  if (!output) throw notBuilt(file);
  return output;
}

function outputsOf(root: string, path: string): Metafile['outputs'] {
  return (JSON.parse(readText(root, path)) as Metafile).outputs;
}

function licenseText(directory: string): string {
  if (!existsSync(directory)) return '';
  const file = readdirSync(directory)
    .sort()
    .find((name) => /^licen[cs]e/i.test(name));
  return file ? readFileSync(join(directory, file), 'utf8') : '';
}

function readText(root: string, path: string): string {
  if (!existsSync(join(root, path))) throw notBuilt(path);
  return readFileSync(join(root, path), 'utf8');
}

function notBuilt(path: string): UserError {
  return new UserError('NOT_BUILT', `${path} is missing: run "npm run build" first`);
}
