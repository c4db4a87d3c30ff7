// A tar archive that is the same bytes for the same entries: POSIX ustar (IEEE 1003.1), owner and time given, order as given.

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const TYPE_FLAGS = { file: '0', symlink: '2', directory: '5' } as const;

export interface TarEntry {
  readonly type: keyof typeof TYPE_FLAGS;
  /** Without a leading or trailing slash. */
  readonly path: string;
  readonly mode: number;
  /** Of a file. */
  readonly content?: Uint8Array;
  /** Of a symlink. */
  readonly target?: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface TarOptions {
  /** Seconds since the epoch, for every entry. */
  readonly mtime?: number;
}

/** The archive. Throws where a path does not fit ustar (255 bytes). */
export function tar(entries: readonly TarEntry[], { mtime = 0 }: TarOptions = {}): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const content = entry.content ?? new Uint8Array();
    parts.push(header(entry, content.length, mtime), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

function header(entry: TarEntry, size: number, mtime: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, name] = splitPath(entry.type === 'directory' ? `${entry.path}/` : entry.path);
  block.write(name, 0);
  octal(block, entry.mode, 100, 8);
  octal(block, entry.uid ?? 0, 108, 8);
  octal(block, entry.gid ?? 0, 116, 8);
  octal(block, size, 124, 12);
  octal(block, mtime, 136, 12);
  block.write(TYPE_FLAGS[entry.type], 156);
  block.write(entry.target ?? '', 157);
  block.write('ustar\u000000', 257);
  block.write(prefix, 345);
  // The checksum counts its own field as spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  return block;
}

function octal(block: Buffer, value: number, at: number, width: number): void {
  block.write(value.toString(8).padStart(width - 1, '0'), at);
}

function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= NAME_BYTES) return ['', path];
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const name = path.slice(at + 1);
    if (name !== '' && Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(path.slice(0, at)) <= PREFIX_BYTES)
      return [path.slice(0, at), name];
  }
  throw new Error(`path too long for tar: ${path}`);
}
