// `--file`: paths and patterns. A pattern (`/var/log/pods/*/*.log`) is looked up again every few seconds, so that new files are followed too.
import { glob } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../decoys/touch/errors.ts';
import { followFile } from './file.ts';

const LOOK_MS = 2_000;
/** Files followed at once. */
const FILES = 10_000;

export interface FilesOptions {
  readonly files: readonly string[];
  /** A line, the file's stream name, and the position after it. */
  readonly onLine: (text: string, stream: string, position: string) => void;
  /** The position of a run before. */
  readonly positionOf: (stream: string) => string | undefined;
  /** Awaited before more is read. */
  readonly room: () => Promise<void> | undefined;
  readonly say: (message: string) => void;
  readonly once: boolean;
  readonly signal: AbortSignal;
}

export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** Follows every file named until `signal`; with `once` reads each to its end. Rejects with UserError where a named file cannot be read. */
export async function followFiles(options: FilesOptions): Promise<void> {
  const { files, once, signal, say } = options;
  const followed = new Map<string, Promise<void>>();
  const patterns = files.filter(isPattern);

  function follow(path: string): void {
    if (followed.has(path)) return;
    if (followed.size >= FILES) {
      say(`--file: ${FILES} files are followed already; ${path} is not`);
      return;
    }
    followed.set(path, followOne(path, options));
  }

  for (const path of files) if (!isPattern(path)) follow(path);
  do {
    for (const pattern of patterns) for await (const path of glob(pattern)) follow(path);
    if (once) break;
    if (patterns.length === 0) break;
    await delay(LOOK_MS, undefined, { signal }).catch(() => {}); // Aborted: the loop's condition ends it.
  } while (!signal.aborted);
  if (once && followed.size === 0)
    throw new UserError('NO_FILE', `--file ${patterns.join(' ')}: no file has such a name`);
  await Promise.all(followed.values());
}

async function followOne(path: string, { onLine, positionOf, room, say, once, signal }: FilesOptions): Promise<void> {
  const stream = `file:${path}`;
  try {
    await followFile({
      path,
      onLine: (text, position) => onLine(text, stream, position),
      position: positionOf(stream),
      room,
      onState: say,
      once,
      signal,
    });
  } catch (error) {
    throw new UserError('NO_FILE', `--file ${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
