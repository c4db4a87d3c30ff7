// Canary credentials: one pair for each place that leaks one, derived from the install's key, so that the decoy where a pair is
// used can name the place it was read. Pure; both decoys derive the same pairs and none is ever stored.
import { createHmac } from 'node:crypto';

/** Places by id, as the touch names them (`honeypod.canary`). Ids go into user names and stay short. */
export const CANARY_PATHS = {
  vars: '/debug/vars',
  cmdline: '/debug/pprof/cmdline',
  goroutine: '/debug/pprof/goroutine',
  config: '/debug/config',
  env: '/debug/env',
  trace: '/debug/requests',
  dotenv: '/.env',
  settings: '/config.json',
  script: '/env.js',
  deploy: '/.git/config',
  dump: '/dump.sql',
  legacy: '/config.php.bak',
  kube: '/kubeconfig',
} as const;

export type CanaryId = keyof typeof CANARY_PATHS;

export interface Canary {
  readonly id: CanaryId;
  /** Where it was leaked. */
  readonly path: string;
  readonly user: string;
  readonly password: string;
}

/** The schema leaked DSNs name; the db decoy has it, empty, where canaries exist. */
export const CANARY_SCHEMA = 'dashboard';

const USER_PREFIX = 'dash_';
const PASSWORD_CHARS = 20;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The pair of one place under an install's key (`SESSION_KEY`). */
export function canaryOf(key: string, id: CanaryId): Canary {
  const digest = createHmac('sha256', key).update(id).digest();
  return { id, path: CANARY_PATHS[id], user: USER_PREFIX + id, password: base32(digest).slice(0, PASSWORD_CHARS) };
}

/** All pairs of an install. */
export function canariesOf(key: string): readonly Canary[] {
  return (Object.keys(CANARY_PATHS) as CanaryId[]).map((id) => canaryOf(key, id));
}

/** RFC 4648 section 6, without padding. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
