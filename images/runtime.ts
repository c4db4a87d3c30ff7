// The layer every image stands on: Node, the libraries it links, and the few files a user without a shell needs.
// The least that runs, at the paths of the usual distroless Node images, so that both can carry the same entry points.
import { type DebianPackage, linkTarget, packageFile } from './debian.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { Platform } from './platforms.ts';
import type { TarEntry } from './tar.ts';

export const NODE_PATH = 'nodejs/bin/node';
/** uid and gid of the user `nonroot`. */
export const NONROOT = 65_532;

/** Debian package → its libraries that go in; what Node's ELF header needs, and the C library's own resolver for alerts. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  libc6: ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0'],
  'libgcc-s1': ['libgcc_s.so.1'],
  'libstdc++6': ['libstdc++.so.6'],
  libatomic1: ['libatomic.so.1'],
};
/** Carry no library, but the licence texts of those that do, and the release's name. */
const COMPANIONS = ['base-files', 'gcc-14-base'];
export const PACKAGES: readonly string[] = [...Object.keys(LIBRARIES), ...COMPANIONS];

const TEXTS: Readonly<Record<string, string>> = {
  'etc/passwd': `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${NONROOT}:${NONROOT}:nonroot:/home/nonroot:/sbin/nologin\n`,
  'etc/group': `root:x:0:\nnonroot:x:${NONROOT}:\n`,
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};
const LINKS: Readonly<Record<string, string>> = {
  bin: 'usr/bin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  sbin: 'usr/sbin',
  'etc/os-release': '../usr/lib/os-release',
};
const MOUNT_POINTS = ['dev', 'proc', 'sys', 'usr/bin', 'usr/sbin'];

/** Everything of the base layer, directories first, in the order of their paths. */
export function runtimeEntries(packages: readonly DebianPackage[], node: NodeRuntime, platform: Platform): TarEntry[] {
  const named = new Map(packages.map((one) => [one.name, one]));
  const libraryDirectory = `usr/lib/${platform.tuple}`;
  const loader = platform.loader.slice(platform.loader.lastIndexOf('/') + 1);
  const files: TarEntry[] = [
    file(NODE_PATH, node.binary, 0o755),
    file('usr/share/doc/nodejs/copyright', node.license),
    ...Object.entries(TEXTS).map(([path, text]) => file(path, Buffer.from(text))),
    ...Object.entries(LINKS).map(([path, target]): TarEntry => ({ type: 'symlink', path, mode: 0o777, target })),
    ...(platform.loader.startsWith('lib64')
      ? [
          {
            type: 'symlink' as const,
            path: `usr/${platform.loader}`,
            mode: 0o777,
            target: `../lib/${platform.tuple}/${loader}`,
          },
        ]
      : [
          {
            type: 'symlink' as const,
            path: `usr/${platform.loader}`,
            mode: 0o777,
            target: `${platform.tuple}/${loader}`,
          },
        ]),
  ];
  for (const [name, libraries] of Object.entries(LIBRARIES)) {
    const owner = named.get(name);
    if (!owner) throw new Error(`package ${name} was not fetched`);
    for (const library of name === 'libc6' ? [...libraries, loader] : libraries) {
      files.push(file(`${libraryDirectory}/${library}`, packageFile(owner, `${libraryDirectory}/${library}`), 0o755));
    }
  }
  for (const one of packages) {
    files.push(file(`var/lib/dpkg/status.d/${one.name}`, Buffer.from(one.control)));
    files.push(documentation(one));
    if (one.name === 'base-files') files.push(file('usr/lib/os-release', packageFile(one, 'usr/lib/os-release')));
  }
  return withDirectories(files, MOUNT_POINTS);
}

/** GCC's libraries keep their licence in gcc-14-base, to which their own documentation directory is a link. */
function documentation(one: DebianPackage): TarEntry {
  const directory = `usr/share/doc/${one.name}`;
  const target = linkTarget(one, directory);
  if (target) return { type: 'symlink', path: directory, mode: 0o777, target };
  return file(`${directory}/copyright`, packageFile(one, `${directory}/copyright`));
}

function file(path: string, content: Uint8Array, mode = 0o644): TarEntry {
  return { type: 'file', path, mode, content };
}

/** Adds every directory above the entries and those named, and sorts: the same entries give the same archive. */
export function withDirectories(entries: readonly TarEntry[], directories: readonly string[] = []): TarEntry[] {
  const all = new Map<string, TarEntry>();
  const add = (path: string) => {
    const steps = path.split('/');
    for (let depth = 1; depth <= steps.length; depth++) {
      const directory = steps.slice(0, depth).join('/');
      if (!all.has(directory)) all.set(directory, { type: 'directory', path: directory, mode: 0o755 });
    }
  };
  for (const entry of entries) {
    const above = entry.path.lastIndexOf('/');
    if (above > 0) add(entry.path.slice(0, above));
  }
  for (const directory of directories) add(directory);
  for (const entry of entries) all.set(entry.path, entry);
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
