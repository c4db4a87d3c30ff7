// Modules of long texts in bundles: each text is read out of the program when it is asked for, not all of them at start.
// A getter's body is no more than scanned until it is called, so its text costs neither heap nor the compiler's memory before;
// and V8 forgets the code of what was not called for a while, and the text with it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** Apart from the project's files, which are ES modules: what one of those exports cannot be a getter. */
const NAMESPACE = 'lazy-texts';

/** `filter` says which modules by how they are imported; they export texts and records of texts, and import nothing. */
export function lazyTexts(filter: RegExp): Plugin {
  return {
    name: 'lazy-texts',
    setup(build) {
      build.onResolve({ filter }, ({ path, resolveDir }) => ({ path: join(resolveDir, path), namespace: NAMESPACE }));
      build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => {
        const exported: unknown = await import(pathToFileURL(path).href);
        return { contents: `module.exports = ${getters(exported as Texts)};`, loader: 'js' };
      });
    },
  };
}

interface Texts {
  readonly [name: string]: string | Texts;
}

function getters(texts: Texts): string {
  const entries = Object.entries(texts).map(([key, value]) => {
    const name = JSON.stringify(key);
    return typeof value === 'string'
      ? `get ${name}() { return ${JSON.stringify(value)}; }`
      : `${name}: ${getters(value)}`;
  });
  return `{ ${entries.join(',\n')} }`;
}
