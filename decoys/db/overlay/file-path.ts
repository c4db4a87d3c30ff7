// A file's name as the server resolves it; nothing on disk is looked at.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select-into.html (relative names stand in the data directory).

const DATA_DIRECTORY = '/var/lib/mysql';
/** Directories of the image that a path may climb out of. */
const DIRECTORIES: ReadonlySet<string> = new Set(
  ['', 'etc', 'tmp', 'usr', 'var', 'var/lib', 'var/lib/mysql', 'var/lib/mysql-files', 'var/run', 'var/www'].map(
    (path) => `/${path}`,
  ),
);

/** Absolute path without `.`, `..` and doubled slashes; undefined where it climbs out of a directory that is not there. */
export function resolvedFile(name: string): string | undefined {
  const parts: string[] = [];
  for (const part of (name.startsWith('/') ? name : `${DATA_DIRECTORY}/${name}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (!DIRECTORIES.has(`/${parts.join('/')}`)) return undefined;
    else parts.pop();
  }
  return `/${parts.join('/')}`;
}
