// Packages a bundle can do without although a dependency names them: required only on paths our code never takes.
import type { Plugin } from 'esbuild';

/** A module that says what is missing, should anyone come by after all; a function, so that nothing is an instance of it. */
export function leaveOut(names: readonly string[]): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      const wanted = new RegExp(`^(?:${names.map((name) => name.replaceAll('/', '\\/')).join('|')})$`);
      build.onResolve({ filter: wanted }, ({ path }) => ({ path, namespace: 'leave-out' }));
      build.onLoad({ filter: /.*/, namespace: 'leave-out' }, ({ path }) => ({
        contents: `module.exports = function () { throw new Error(${JSON.stringify(`${path} was left out of this bundle`)}); };`,
        loader: 'js',
      }));
    },
  };
}
