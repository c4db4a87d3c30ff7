// The db decoy's settings: where it listens, and who it says it is.
import { hostname } from 'node:os';
import { type Env, readBind, readPort, readSessionKey } from '../touch/settings.ts';

const DEFAULT_PORT = 3306;

export interface DbSettings {
  readonly port: number;
  readonly bind: string;
  /** @@hostname: the pod's name, as a container's hostname is. */
  readonly hostname: string;
  /** What stays the same for this pod and differs for others. */
  readonly identity: string;
  /** The install's key canary accounts are derived from; without it there are none. */
  readonly key: string | undefined;
}

/** Reads DB_PORT, BIND and SESSION_KEY; throws UserError for a wrong value. */
export function readDbSettings(env: Env): DbSettings {
  const name = env.POD_NAME || hostname();
  return {
    port: readPort(env, 'DB_PORT', DEFAULT_PORT),
    bind: readBind(env),
    hostname: name,
    identity: env.POD_UID || name,
    key: readSessionKey(env),
  };
}
