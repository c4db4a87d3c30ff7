// `embedded:page`: the browser's part of the page, bundled and shrunk, as text inside the program that serves it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/** What went into it, as esbuild tells: the bill of materials names it beside what the program itself bundles. */
export const PAGE_METAFILE = 'dist/metafile-page.json';

/** `entry` is the browser's main file; it imports its style sheet. */
export function embedPage(entry: string): Plugin {
  return {
    name: 'embed-page',
    setup(build) {
      build.onResolve({ filter: /^embedded:page$/ }, ({ path }) => ({ path, namespace: 'embed-page' }));
      build.onLoad({ filter: /.*/, namespace: 'embed-page' }, async () => {
        const { outputFiles, metafile } = await build.esbuild.build({
          entryPoints: [entry],
          bundle: true,
          minify: true,
          write: false,
          metafile: true,
          outdir: 'page',
          format: 'esm',
          target: ['chrome120', 'firefox121', 'safari17'],
          jsx: 'automatic',
          jsxImportSource: 'preact',
          legalComments: 'none',
          charset: 'utf8',
        });
        mkdirSync(dirname(PAGE_METAFILE), { recursive: true });
        writeFileSync(PAGE_METAFILE, JSON.stringify(metafile));
        const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
        const contents = `export const js = ${JSON.stringify(text('.js'))}; export const css = ${JSON.stringify(text('.css'))};`;
        return { contents, loader: 'js' };
      });
    },
  };
}
