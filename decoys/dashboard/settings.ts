// The dashboard's settings, read once from the environment.
import { UserError } from '../touch/errors.ts';
import { type Env, type Identity, identityFrom, readBind, readPort } from '../touch/settings.ts';

export interface DashboardSettings {
  readonly bind: string;
  readonly debugPort: number;
  readonly tlsPort: number;
  readonly identity: Identity;
  /** The install's key canaries are derived from; without it none are served. */
  readonly key: string | undefined;
}

const DEBUG_PORT = 8080;
const TLS_PORT = 443;
const KEY_CHARS = [16, 256] as const;

/** Throws UserError for a wrong value. */
export function dashboardSettings(env: Env): DashboardSettings {
  const settings = {
    bind: readBind(env),
    debugPort: readPort(env, 'DEBUG_PORT', DEBUG_PORT),
    tlsPort: readPort(env, 'TLS_PORT', TLS_PORT),
    identity: identityFrom(env, 'dashboard'),
    key: readSessionKey(env),
  };
  if (settings.debugPort === settings.tlsPort) {
    throw new UserError('BAD_SETTING', `TLS_PORT=${settings.tlsPort}: must differ from DEBUG_PORT`);
  }
  return settings;
}

/** `SESSION_KEY`: the one secret of an install, shared with the db decoy. The value itself is never shown. */
export function readSessionKey(env: Env): string | undefined {
  const value = env.SESSION_KEY;
  if (value === undefined || value === '') return undefined;
  const [least, most] = KEY_CHARS;
  if (value.length < least || value.length > most || !/^[\x21-\x7e]+$/.test(value)) {
    throw new UserError(
      'BAD_SETTING',
      `SESSION_KEY (${value.length} characters): must be ${least} to ${most} printable characters without spaces, such as "openssl rand -hex 32" makes`,
    );
  }
  return value;
}
