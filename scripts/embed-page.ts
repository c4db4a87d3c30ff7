// `embedded:page`: the browser's part of the page, bundled and shrunk, as text inside the program that serves it.
import type { Plugin } from 'esbuild';

/** `entry` is the browser's main file; it imports its style sheet. */
export function embedPage(entry: string): Plugin {
  return {
    name: 'embed-page',
    setup(build) {
      build.onResolve({ filter: /^embedded:page$/ }, ({ path }) => ({ path, namespace: 'embed-page' }));
      build.onLoad({ filter: /.*/, namespace: 'embed-page' }, async () => {
        const { outputFiles } = await build.esbuild.build({
          entryPoints: [entry],
          bundle: true,
          minify: true,
          write: false,
          outdir: 'page',
          format: 'esm',
          target: ['chrome120', 'firefox121', 'safari17'],
          jsx: 'automatic',
          jsxImportSource: 'preact',
          legalComments: 'none',
          charset: 'utf8',
        });
        const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
        const contents = `export const js = ${JSON.stringify(text('.js'))}; export const css = ${JSON.stringify(text('.css'))};`;
        return { contents, loader: 'js' };
      });
    },
  };
}
