// The site in memory: files by path with the facts nginx would read from their inodes. Nothing is read while the decoy runs.
import { httpDate } from '../http/date.ts';
import { mediaTypeOf } from './media-types.ts';

export interface SiteFile {
  readonly path: string;
  readonly body: Buffer;
  readonly type: string;
  /** `"hex(mtime)-hex(size)"`, quotes included. */
  readonly etag: string;
  /** Seconds since the epoch. */
  readonly modified: number;
  readonly lastModified: string;
}

export interface Site {
  /** By path, bytes as latin1 characters. */
  readonly files: ReadonlyMap<string, SiteFile>;
  /** Directories, each with its trailing slash. */
  readonly directories: ReadonlySet<string>;
}

export interface SiteSource {
  readonly path: string;
  readonly body: Buffer;
}

/** `modified` is in seconds since the epoch: the site was put there in one go. */
export function createSite(
  sources: readonly SiteSource[],
  emptyDirectories: readonly string[],
  modified: number,
): Site {
  const files = new Map<string, SiteFile>();
  const directories = new Set<string>(['/', ...emptyDirectories]);
  for (const { path, body } of sources) {
    files.set(path, {
      path,
      body,
      type: mediaTypeOf(path),
      etag: `"${modified.toString(16)}-${body.length.toString(16)}"`,
      modified,
      lastModified: httpDate(modified * 1_000),
    });
    addParents(directories, path);
  }
  for (const path of emptyDirectories) addParents(directories, path);
  return { files, directories };
}

function addParents(directories: Set<string>, path: string): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    directories.add(path.slice(0, slash + 1));
  }
}
