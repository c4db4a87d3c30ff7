// The db decoy's settings: where it listens, and who it says it is.
import { hostname } from 'node:os';
import { type Env, readBind, readChoice, readPort, readSessionKey } from '../touch/settings.ts';

import { DEFAULT_VERSION, type Version, versions } from './persona/personas.ts';

const DEFAULT_PORT = 3306;

export interface DbSettings {
  readonly port: number;
  readonly bind: string;
  /** @@hostname: the pod's name, as a container's hostname is. */
  readonly hostname: string;
  /** The MySQL it is. */
  readonly version: Version;
  /** What stays the same for this pod and differs for others. */
  readonly identity: string;
  /** The install's key canary accounts are derived from; without it there are none. */
  readonly key: string | undefined;
}

/** Reads DB_PORT, DB_VERSION, BIND and SESSION_KEY; throws UserError for a wrong value. */
export function readDbSettings(env: Env): DbSettings {
  const name = env.POD_NAME || hostname();
  return {
    port: readPort(env, 'DB_PORT', DEFAULT_PORT),
    version: readChoice(env, 'DB_VERSION', versions(), DEFAULT_VERSION),
    bind: readBind(env),
    hostname: name,
    identity: env.POD_UID || name,
    key: readSessionKey(env),
  };
}
