// Packages a bundle can do without although a dependency names them: required only on paths our code never takes.
import type { Plugin } from 'esbuild';

/**
 * A module that says what is missing, should anyone come by after all; a function, so that nothing is an instance of it. `importer` says
 * whose requires are meant; all where absent.
 */
export function leaveOut(names: readonly string[], importer?: RegExp): Plugin {
  return {
    name: `leave-out ${names.join(' ')}`,
    setup(build) {
      const wanted = new RegExp(`^(?:${names.map((name) => name.replaceAll('/', '\\/')).join('|')})$`);
      build.onResolve({ filter: wanted }, (asked) =>
        importer === undefined || importer.test(asked.importer)
          ? { path: asked.path, namespace: 'leave-out' }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'leave-out' }, ({ path }) => ({
        contents: `module.exports = function () { throw new Error(${JSON.stringify(`${path} was left out of this bundle`)}); };`,
        loader: 'js',
      }));
    },
  };
}
