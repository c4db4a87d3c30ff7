// Bundles get Node's own modules by require(). For an ESM import Node reads every export of a module, and some load more when read:
// http its WebSocket and with it undici (15 MB resident), crypto its webcrypto. Of what is required each name that is used is read once.
import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'builtin';
/** What makes require() in a bundle has to come by import itself. */
const BOOTSTRAP = 'node:module';

const load = createRequire(import.meta.url);

export function requireBuiltins(): Plugin {
  return {
    name: 'builtin-modules',
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
        kind === 'import-statement' && path !== BOOTSTRAP ? { path, namespace: NAMESPACE } : undefined,
      );
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ contents: toModule(path), loader: 'js' }));
    },
  };
}

/** An ES module of the names the Node that builds knows of `path`; what no importer names is left out of a bundle, as it is pure. */
function toModule(path: string): string {
  const names = Object.keys(load(path)).filter((name) => name !== 'default');
  return [
    `const loaded = require(${JSON.stringify(path)});`,
    'const exported = (name) => loaded[name];',
    ...names.map((name) => `const $${name} = /* @__PURE__ */ exported(${JSON.stringify(name)});`),
    `export { ${names.map((name) => `$${name} as ${name}`).join(', ')} };`,
    'export default loaded;',
  ].join('\n');
}
