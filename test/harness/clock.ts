// A program's own wall clock, set or made to run fast from outside: libfaketime between it and the C library.
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARY = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0] ?? '';

/** Why clocks cannot be set here, or an empty string. */
export function noClock(): string {
  return existsSync(LIBRARY) ? '' : 'needs libfaketime';
}

export interface SetClock {
  readonly env: Record<string, string>;
  /** Seconds the wall clock is ahead from now on; the clock that never jumps goes on as it is. */
  set(seconds: number): void;
  remove(): void;
}

/** A wall clock that can be set while the program runs. */
export function createSetClock(): SetClock {
  const directory = mkdtempSync(join(tmpdir(), 'clock-'));
  const file = join(directory, 'offset');
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  set(0);
  return {
    env: { LD_PRELOAD: LIBRARY, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' },
    set,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** All clocks and timers `times` as fast as they are: an hour of 3,600 s in 10 s for 360. */
export function fastClock(times: number): Record<string, string> {
  return { LD_PRELOAD: LIBRARY, FAKETIME: `+0 x${times}` };
}
