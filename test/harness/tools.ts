// Which outside programs are here; a test that needs one that is not is skipped and says so.
import { spawnSync } from 'node:child_process';

/** Why the named programs cannot be used, or an empty string. */
export function missing(...programs: string[]): string {
  const absent = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  return absent.length ? `needs ${absent.join(', ')}` : '';
}

/** Joins reasons for `describe.skipIf(reason)`; the reason is put into the test's name so that the report tells it. */
export function titled(name: string, reason: string): string {
  return reason ? `${name} [skipped: ${reason}]` : name;
}
