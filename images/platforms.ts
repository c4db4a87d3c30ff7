// The platforms images are built for, and what each is called by Debian, by the ELF loader, by npm and by the cross tools.
// Names as in Debian's multiarch tuples (wiki.debian.org/Multiarch/Tuples) and the OCI image specification.

export interface Platform {
  /** As in OCI and in Debian. */
  readonly architecture: 'amd64' | 'arm64';
  /** As `process.arch` and npm's node-linux-* packages say it. */
  readonly nodeArch: string;
  /** Debian's multiarch tuple: the directory of its libraries and the prefix of its cross tools. */
  readonly tuple: string;
  /** Path the kernel finds in the program header of every dynamic executable. */
  readonly loader: string;
}

export const PLATFORMS: readonly Platform[] = [
  { architecture: 'amd64', nodeArch: 'x64', tuple: 'x86_64-linux-gnu', loader: 'lib64/ld-linux-x86-64.so.2' },
  { architecture: 'arm64', nodeArch: 'arm64', tuple: 'aarch64-linux-gnu', loader: 'lib/ld-linux-aarch64.so.1' },
];

export function hostPlatform(): Platform {
  const found = PLATFORMS.find(({ nodeArch }) => nodeArch === process.arch);
  if (!found) throw new Error(`no images for ${process.arch}`);
  return found;
}
