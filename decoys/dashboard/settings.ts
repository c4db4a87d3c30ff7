// The dashboard's settings, read once from the environment.
import { UserError } from '../touch/errors.ts';
import { type Env, type Identity, identityFrom, readBind, readPort, readSessionKey } from '../touch/settings.ts';

export interface DashboardSettings {
  readonly bind: string;
  readonly debugPort: number;
  readonly tlsPort: number;
  /** `DEBUG_SERVICE_PORT`: the port its Service has, which is what the site tells of; `npm start` has no Service. */
  readonly servicePort: number;
  readonly identity: Identity;
  /** The install's key canaries are derived from; without it none are served. */
  readonly key: string | undefined;
}

const DEBUG_PORT = 8080;
const TLS_PORT = 443;
const SERVICE_PORT = 8888;

/** Throws UserError for a wrong value. */
export function dashboardSettings(env: Env): DashboardSettings {
  const settings = {
    bind: readBind(env),
    debugPort: readPort(env, 'DEBUG_PORT', DEBUG_PORT),
    tlsPort: readPort(env, 'TLS_PORT', TLS_PORT),
    servicePort: readPort(env, 'DEBUG_SERVICE_PORT', SERVICE_PORT),
    identity: identityFrom(env, 'dashboard'),
    key: readSessionKey(env),
  };
  if (settings.debugPort === settings.tlsPort) {
    throw new UserError('BAD_SETTING', `TLS_PORT=${settings.tlsPort}: must differ from DEBUG_PORT`);
  }
  return settings;
}
