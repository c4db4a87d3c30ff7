// For images/Dockerfile: lays out below DIR, image by image, what `npm run images` puts in the layer on top.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import type { Lock } from './node-runtime.ts';
import { bundledPackages, programEntries } from './program.ts';
import { RECIPES } from './recipes.ts';

const ROOT = join(import.meta.dirname, '..');

try {
  const directory = process.argv[2];
  if (!directory) throw new UserError('NO_DIRECTORY', 'stage.ts DIR: name the directory to write to');
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  for (const recipe of RECIPES.filter(({ program }) => existsSync(join(ROOT, 'dist', program)))) {
    for (const { path, mode, content } of programEntries(ROOT, recipe, bundledPackages(ROOT, recipe, lock))) {
      const target = join(directory, recipe.name, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content ?? '', { mode });
    }
  }
} catch (error) {
  exitWith('stage', error);
}
