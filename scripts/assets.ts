// Build steps for files that are no code, for esbuild (tsup) and for vite (vitest): grammars become parsers, YAML its text.
import { readFile } from 'node:fs/promises';
import type { Plugin as EsbuildPlugin } from 'esbuild';
import peggy from 'peggy';
import type { Plugin as VitePlugin } from 'vite';

const ASSETS = /\.(peggy|yaml)$/;

function toModule(path: string, source: string): string {
  if (path.endsWith('.peggy'))
    return peggy.generate(source, { output: 'source', format: 'es', grammarSource: path }) as unknown as string;
  return `export const text = ${JSON.stringify(source)};`;
}

export function esbuildAssets(): EsbuildPlugin {
  return {
    name: 'assets',
    setup(build) {
      build.onLoad({ filter: ASSETS }, async ({ path }) => ({
        contents: toModule(path, await readFile(path, 'utf8')),
        loader: 'js',
      }));
    },
  };
}

export function viteAssets(): VitePlugin {
  return {
    name: 'assets',
    transform: (source, id) => (ASSETS.test(id) ? { code: toModule(id, source), map: null } : undefined),
  };
}
