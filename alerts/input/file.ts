// Follows a log file as it grows, through truncation and through rotation (a new file under the same name).
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { splitLines } from './lines.ts';

const POLL_MS = 50;
const CHUNK_BYTES = 262_144;

export interface FollowOptions {
  readonly path: string;
  readonly onLine: (text: string) => void;
  /** Told once when the file is missing and again when it is back. */
  readonly onState?: (message: string) => void;
  /** Reads to the end and returns. */
  readonly once: boolean;
  readonly signal: AbortSignal;
}

/** Reads from the start, then follows until `signal`. With `once` a missing file is an error. */
export async function followFile({ path, onLine, onState, once, signal }: FollowOptions): Promise<void> {
  let missing = false;
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
      await readUntilReplaced(file, path, onLine, once, signal);
    } finally {
      await file.close();
    }
    if (once) return;
  }
}

async function readUntilReplaced(
  file: FileHandle,
  path: string,
  onLine: (text: string) => void,
  once: boolean,
  signal: AbortSignal,
): Promise<void> {
  const splitter = splitLines(onLine);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const { ino } = await file.stat();
  let position = 0;
  while (!signal.aborted) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead > 0) {
      position += bytesRead;
      splitter.push(chunk.subarray(0, bytesRead));
      continue;
    }
    if (once) break;
    const now = await stat(path).catch(() => undefined); // Gone for the moment: the old file may still be written to.
    const size = (await file.stat()).size;
    if (size < position) position = 0;
    else if (now && now.ino !== ino && size === position) break;
    await delay(POLL_MS, undefined, { signal }).catch(() => {}); // Aborted: the loop's condition ends it.
  }
  splitter.end();
}
