// `embedded:state-writer`: the thread that writes the state file, bundled and as text inside the program that starts it, so that a program
// stays one file; for esbuild (tsup) and for vite (vitest).
import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

const NAME = 'embedded:state-writer';

/** `entry` is the thread's main file; it needs Node alone. */
async function toModule(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node26',
  });
  return `export const text = ${JSON.stringify(outputFiles[0]?.text ?? '')};`;
}

export function esbuildWorker(entry: string): EsbuildPlugin {
  return {
    name: 'embed-worker',
    setup(context) {
      context.onResolve({ filter: new RegExp(`^${NAME}$`) }, ({ path }) => ({ path, namespace: 'embed-worker' }));
      context.onLoad({ filter: /.*/, namespace: 'embed-worker' }, async () => ({
        contents: await toModule(entry),
        loader: 'js',
      }));
    },
  };
}

export function viteWorker(entry: string): VitePlugin {
  return {
    name: 'embed-worker',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? toModule(entry) : undefined),
  };
}
