// What app reads from its environment.
import { UserError } from '../touch/errors.ts';
import { type Env, readChoice } from '../touch/settings.ts';

export const WATCH_MODES = ['auto', 'raw', 'counters'] as const;
export type WatchMode = (typeof WATCH_MODES)[number];

export interface Settings {
  /** `raw`: raw sockets or nothing; `counters`: the kernel's counters only; `auto`: raw where it can. */
  readonly watch: WatchMode;
  /**
   * TCP ports of our other programs on the same machine; empty in a pod, where app is alone. With any, the packets of all
   * other programs of the machine are left to them.
   */
  readonly siblings: ReadonlySet<number>;
}

const SIBLINGS_LIMIT = 64;

export function settingsFrom(env: Env): Settings {
  return { watch: readChoice(env, 'WATCH', WATCH_MODES, 'auto'), siblings: readPorts(env, 'SIBLING_PORTS') };
}

function readPorts(env: Env, name: string): ReadonlySet<number> {
  const value = env[name];
  if (value === undefined || value === '') return new Set();
  const ports = value.split(',').map((text) => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : 0));
  if (ports.length > SIBLINGS_LIMIT || ports.some((port) => port < 1 || port > 65_535)) {
    const shown = JSON.stringify(value.slice(0, 80));
    throw new UserError(
      'BAD_SETTING',
      `${name}=${shown}: must be at most ${SIBLINGS_LIMIT} ports from 1 to 65535 joined by commas`,
    );
  }
  return new Set(ports);
}
