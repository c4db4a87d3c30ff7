import { existsSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { asciiComments } from './scripts/ascii-comments.ts';
import { esbuildAssets } from './scripts/assets.ts';
import { requireBuiltins } from './scripts/builtin-modules.ts';
import { embedPage } from './scripts/embed-page.ts';
import { embedSite } from './scripts/embed-site.ts';
import { esbuildThreads } from './scripts/embed-threads.ts';
import { lazyTexts } from './scripts/lazy-texts.ts';
import { leaveOut } from './scripts/leave-out.ts';

/** fastify's compilers of JSON schemas: no route of ours has a schema. pino's own ways to a file: our sink writes. */
const UNUSED = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'sonic-boom', 'thread-stream'];

/** And what of Node it loads for servers of its own, which we never let it have: 4 MB resident. */
const UNUSED_OF_NODE = ['node:http2', 'node:https', 'node:dns'];

/** A line of a bundle is broken where it can be past so many. */
const LINE_CHARACTERS = 500;

const programs = {
  app: 'decoys/app/main.ts',
  dashboard: 'decoys/dashboard/main.ts',
  db: 'decoys/db/main.ts',
  alerts: 'alerts/main.ts',
  start: 'alerts/start/main.ts',
  twin: 'test/dashboard-twin/main.ts',
};

/** What a program loads once it is at work, in a file beside its own. */
const parts = {
  'db-answers': 'decoys/db/answers.ts',
};

const present = (entries: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

const shared: Options = {
  platform: 'node',
  target: 'node26',
  outDir: 'dist',
  // What went into each bundle: the images' bill of materials.
  metafile: true,
  // node:sqlite exists under that name only.
  removeNodeProtocol: false,
  splitting: false,
  sourcemap: false,
  minify: false,
  esbuildOptions(options) {
    // V8 keeps a program's text in memory, and where its lines end once it tells of an error: no white space, but every name.
    options.minifyWhitespace = true;
    options.minifySyntax = true;
    // Node shows the whole line an error nobody caught came from.
    options.lineLimit = LINE_CHARACTERS;
  },
  noExternal: [/.*/],
  external: ['raw-socket'],
  plugins: [asciiComments()],
  esbuildPlugins: [
    requireBuiltins(),
    lazyTexts(/\/mysql-9\.7(-contents|-sorted)?\.ts$/),
    esbuildAssets(),
    embedSite('decoys/dashboard/site'),
    leaveOut(UNUSED),
    leaveOut(UNUSED_OF_NODE, /node_modules\/fastify\//),
    embedPage('alerts/page/browser/main.tsx'),
    esbuildThreads(),
  ],
};

export default defineConfig([
  // One file a program. raw-socket is native and optional, so it stays outside the bundles.
  {
    ...shared,
    entry: present(programs),
    format: 'esm',
    // Images are built apart and outlive a build; parts are built at the same time.
    clean: ['!images', '!images/**', '!*.cjs', '!metafile-cjs.json'],
    // Bundled CommonJS packages call require(); ESM has none until it is made.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
  // A function of what it needs (decoys/db/later.ts), so that it is compiled as it is read.
  {
    ...shared,
    entry: present(parts),
    format: 'cjs',
    banner: { js: '(function (require, module) {' },
    footer: { js: '})' },
  },
]);
