// `embedded:state-threads`: the threads that write and read the state file, bundled and as text inside the program that starts them, so that a
// program stays one file; for esbuild (tsup) and for vite (vitest).
import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

const NAME = 'embedded:state-threads';
/** Main files of the threads by the name their text is exported under; they need Node alone. */
const ENTRIES = { writer: 'alerts/state/writer-thread.ts', reader: 'alerts/state/reader-thread.ts' } as const;

async function toModule(): Promise<string> {
  const bundled = Object.entries(ENTRIES).map(async ([name, entry]) => {
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
    return `export const ${name} = ${JSON.stringify(outputFiles[0]?.text ?? '')};`;
  });
  return (await Promise.all(bundled)).join('\n');
}

export function esbuildThreads(): EsbuildPlugin {
  return {
    name: 'embed-threads',
    setup(context) {
      context.onResolve({ filter: new RegExp(`^${NAME}$`) }, ({ path }) => ({ path, namespace: 'embed-threads' }));
      context.onLoad({ filter: /.*/, namespace: 'embed-threads' }, async () => ({
        contents: await toModule(),
        loader: 'js',
      }));
    },
  };
}

export function viteThreads(): VitePlugin {
  return {
    name: 'embed-threads',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? toModule() : undefined),
  };
}
