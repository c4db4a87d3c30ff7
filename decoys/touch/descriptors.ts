// How many connections may be held at once: a process out of file descriptors has its kernel connections closed by libuv before any
// code of ours sees them (uv__emfile_trick), and nobody would be told of them. proc_pid_limits(5).
import { readFileSync } from 'node:fs';

/** For the program itself: its ports, its log, the loop's own, the kernel's counters, and a burst that is accepted in one turn. */
const OWN_DESCRIPTORS = 24;
const LEAST = 8;

/** `RLIMIT_NOFILE` as it stands; undefined where it cannot be read. */
function openFilesLimit(): number | undefined {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined; // Not Linux, or the image does not let it be read.
  }
}

/** Connections a listener may hold: `most`, or its `share` (0–1) of the file descriptors there are, where that is less. */
export function connectionRoom(most: number, share = 1): number {
  const limit = openFilesLimit();
  if (limit === undefined) return most;
  return Math.min(most, Math.max(LEAST, Math.floor((limit - OWN_DESCRIPTORS) * share)));
}
