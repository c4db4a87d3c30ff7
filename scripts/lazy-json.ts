// Large data files in bundles: each entry becomes an object when it is first read, not all of them at start.
// A getter's body is no more than scanned until it is called, so its text costs neither time nor heap before.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Objects in the file down to this depth are made of getters. */
const DEPTH = 2;

/** `filter` says which files; they are JSON objects that nobody writes to. */
export function lazyJson(filter: RegExp): Plugin {
  return {
    name: 'lazy-json',
    setup(build) {
      build.onLoad({ filter }, async ({ path }) => {
        const value: unknown = JSON.parse(await readFile(path, 'utf8'));
        return { contents: `${LAZY}\nexport default ${expression(value, DEPTH)};`, loader: 'js' };
      });
    },
  };
}

const LAZY =
  'const keep = (object, key, value) => (Object.defineProperty(object, key, { value, enumerable: true }), value);';

function expression(value: unknown, depth: number): string {
  if (depth === 0 || value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  const getters = Object.entries(value).map(([key, item]) => {
    const name = JSON.stringify(key);
    return `get ${name}() { return keep(this, ${name}, ${expression(item, depth - 1)}); }`;
  });
  return `{ ${getters.join(',\n')} }`;
}
