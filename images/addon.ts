// The raw-socket addon, compiled for the image's platform against the headers of the Node that is in the image.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../decoys/touch/errors.ts';
import { run } from './command.ts';
import { crossTool, type NodeRuntime } from './node-runtime.ts';
import type { Platform } from './platforms.ts';
import type { TarEntry } from './tar.ts';

/** As node-gyp's common.gypi sets them for an addon of this Node. */
export const COMPILER_FLAGS: readonly string[] = [
  '-std=gnu++20',
  '-O2',
  '-fPIC',
  '-shared',
  '-fno-rtti',
  '-fno-exceptions',
  '-DNODE_GYP_MODULE_NAME=raw',
  '-DBUILDING_NODE_EXTENSION',
  '-D_LARGEFILE_SOURCE',
  '-D_FILE_OFFSET_BITS=64',
  '-w',
  '-s',
  '-static-libgcc',
  '-Wl,--build-id=none',
];

/** The package's files as the app decoy requires them, below `directory` of the image. */
export function addonEntries(root: string, work: string, node: NodeRuntime, platform: Platform): TarEntry[] {
  const source = join(root, 'node_modules', 'raw-socket');
  const nan = join(root, 'node_modules', 'nan');
  if (!existsSync(source) || !existsSync(nan)) {
    throw new UserError(
      'NO_ADDON_SOURCE',
      'node_modules/raw-socket is missing: run "npm install" without --omit=optional',
    );
  }
  mkdirSync(work, { recursive: true });
  const built = join(work, 'raw.node');
  const includes = [`-I${node.include}`, `-I${nan}`];
  run(crossTool('g++', platform), [...COMPILER_FLAGS, ...includes, 'raw.cc', '-o', built], {
    cwd: join(source, 'src'),
  });
  const base = 'app/node_modules/raw-socket';
  const copied = ['package.json', 'index.js'].map(
    (file): TarEntry => ({
      type: 'file',
      path: `${base}/${file}`,
      mode: 0o644,
      content: readFileSync(join(source, file)),
    }),
  );
  return [
    ...copied,
    { type: 'file', path: `${base}/build/Release/raw.node`, mode: 0o755, content: readFileSync(built) },
  ];
}
