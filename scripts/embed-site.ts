// `embedded:site`: the dashboard's files as data, so that its bundle reads none while it runs.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/** `root` is the folder with the files. */
export function embedSite(root: string): Plugin {
  return {
    name: 'embed-site',
    setup(build) {
      build.onResolve({ filter: /^embedded:site$/ }, ({ path }) => ({ path, namespace: 'embed-site' }));
      build.onLoad({ filter: /.*/, namespace: 'embed-site' }, () => {
        const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        const files = entries.map(({ parentPath, name }) => {
          const file = join(parentPath, name);
          return { path: `/${relative(root, file)}`, base64: readFileSync(file, 'base64') };
        });
        files.sort((a, b) => (a.path < b.path ? -1 : 1));
        return { contents: `export const files = ${JSON.stringify(files)};`, loader: 'js' };
      });
    },
  };
}
