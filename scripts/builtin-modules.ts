// Bundles get Node's own modules by require(). For an ESM import Node reads every export of a module, and some load more when read:
// http its WebSocket and with it undici (15 MB resident), crypto its webcrypto.
import type { Plugin } from 'esbuild';

const NAMESPACE = 'builtin';
/** What makes require() in a bundle has to come by import itself. */
const BOOTSTRAP = 'node:module';

export function requireBuiltins(): Plugin {
  return {
    name: 'builtin-modules',
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
        kind === 'import-statement' && path !== BOOTSTRAP ? { path, namespace: NAMESPACE } : undefined,
      );
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)});`,
        loader: 'js',
      }));
    },
  };
}
