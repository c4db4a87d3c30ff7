// Follows a log file as it grows, through truncation and through rotation (a new file under the same name), and goes on
// where a run before stopped: also in a file that was renamed meanwhile.
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { splitLines } from './lines.ts';

const POLL_MS = 25;
const CHUNK_BYTES = 262_144;
/** Bytes compared to see that a file still holds what was read of it: event ids in them make equal ones unlikely. */
const TAIL_BYTES = 2_048;
/** Names looked through beside the file for one that was renamed. */
const SIBLINGS = 1_000;

export interface FollowOptions {
  readonly path: string;
  /** A line, and the position after it. */
  readonly onLine: (text: string, position: string) => void;
  /** A position `onLine` gave in a run before. */
  readonly position?: string;
  /** Awaited before more is read. */
  readonly room?: () => Promise<void> | undefined;
  /** Told of a file that is missing, is back, or cannot be found again. */
  readonly onState?: (message: string) => void;
  /** Reads to the end and returns. */
  readonly once: boolean;
  readonly signal: AbortSignal;
}

/** Reads from `position` or from the start, then follows until `signal`. With `once` a missing file is an error. */
export async function followFile(options: FollowOptions): Promise<void> {
  const { path, onState, once, signal } = options;
  let missing = false;
  let past = parsePosition(options.position);
  if (past) {
    const renamed = await renamedFile(path, past.inode).catch(() => undefined); // The directory is not there: nor is the file.
    if (renamed === undefined && (await inodeOf(path)) !== past.inode)
      onState?.(`${path}: the file read last is gone, what was added to it since is not seen`);
    if (renamed !== undefined) {
      await readRest(renamed, past, options);
      past = undefined;
    }
  }
  while (!signal.aborted) {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      if (once) throw error;
      if (!missing) onState?.(`${path}: waiting for it (${(error as NodeJS.ErrnoException).code})`);
      missing = true;
      await delay(POLL_MS, undefined, { signal }).catch(() => {}); // Aborted: the loop's condition ends it.
      continue;
    }
    if (missing) onState?.(`${path}: there it is`);
    missing = false;
    try {
      const { ino, size } = await file.stat();
      await readUntilReplaced(file, past?.inode === ino && past.bytes <= size ? past.bytes : 0, options);
    } finally {
      await file.close();
    }
    past = undefined;
    if (once) return;
  }
}

async function readUntilReplaced(file: FileHandle, from: number, options: FollowOptions): Promise<void> {
  const { path, onLine, once, signal } = options;
  const { ino } = await file.stat();
  const splitter = () => {
    const start = position;
    return splitLines((text, endBytes) => onLine(text, `${ino}:${start + endBytes}`));
  };
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = from;
  let lines = splitter();
  let tail = Buffer.alloc(0);
  let waited = false;
  while (!signal.aborted) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead > 0) {
      // Emptied and filled past where we were, as copytruncate may do between two looks: then what is before us is not what we read.
      if (waited && !(await stands(file, tail, position))) {
        options.onState?.(`${path}: it was emptied and written anew`);
        position = 0;
        tail = Buffer.alloc(0);
        lines = splitter();
        continue;
      }
      waited = false;
      tail = Buffer.from(chunk.subarray(Math.max(0, bytesRead - TAIL_BYTES), bytesRead));
      position += bytesRead;
      lines.push(chunk.subarray(0, bytesRead));
      await options.room?.();
      continue;
    }
    if (once) break;
    waited = true;
    const now = await stat(path).catch(() => undefined); // Gone for the moment: the old file may still be written to.
    const size = (await file.stat()).size;
    if (size < position) {
      position = 0;
      tail = Buffer.alloc(0);
      lines = splitter();
    } else if (now && now.ino !== ino && size === position) break;
    await delay(POLL_MS, undefined, { signal }).catch(() => {}); // Aborted: the loop's condition ends it.
  }
  // A line that has no end yet is left for the next run, unless nothing more can come.
  if (!signal.aborted) lines.end();
}

/** Whether the bytes before `position` are still those read last. */
async function stands(file: FileHandle, tail: Buffer, position: number): Promise<boolean> {
  if (tail.length === 0) return true;
  const now = Buffer.alloc(tail.length);
  const { bytesRead } = await file.read(now, 0, now.length, position - tail.length);
  return bytesRead === tail.length && now.equals(tail);
}

/** Reads what a renamed file still holds. */
async function readRest(path: string, past: Position, options: FollowOptions): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    await readUntilReplaced(file, Math.min(past.bytes, size), { ...options, path, once: true });
  } finally {
    await file.close();
  }
}

interface Position {
  readonly inode: number;
  readonly bytes: number;
}

function parsePosition(text: string | undefined): Position | undefined {
  const [inode, bytes] = (text ?? '').split(':').map(Number);
  return Number.isSafeInteger(inode) && Number.isSafeInteger(bytes) ? { inode: inode!, bytes: bytes! } : undefined;
}

/** Where the file that was read last is now, if it has another name. */
async function renamedFile(path: string, inode: number): Promise<string | undefined> {
  const own = basename(path);
  if ((await inodeOf(path)) === inode) return undefined;
  // Rotation keeps the name as a prefix (app.log.1) or its stem (0.log.20261123-044512).
  const names = (await readdir(dirname(path))).filter(
    (name) => name !== own && name.startsWith(own.split('.')[0] ?? ''),
  );
  for (const name of names.slice(0, SIBLINGS)) {
    const sibling = join(dirname(path), name);
    if ((await inodeOf(sibling)) === inode) return sibling;
  }
  return undefined;
}

async function inodeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.ino; // Missing: no inode.
}
