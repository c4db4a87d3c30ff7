// The dashboard's settings, read once from the environment.
import { UserError } from '../touch/errors.ts';
import {
  type Env,
  type Identity,
  identityFrom,
  readBind,
  readName,
  readPort,
  readSessionKey,
} from '../touch/settings.ts';

export interface DashboardSettings {
  readonly bind: string;
  readonly debugPort: number;
  readonly tlsPort: number;
  /** `DEBUG_SERVICE_PORT`: the port its Service has, which is what the site tells of; `npm start` has no Service. */
  readonly servicePort: number;
  /** `DEBUG_SERVICE`, `LURE_SERVICE`, `DB_SERVICE`: the names of Services that its bait tells of. */
  readonly services: { readonly debug: string; readonly lure: string; readonly db: string };
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
    services: {
      debug: readName(env, 'DEBUG_SERVICE', 'tigera-dashboard-internal-debug'),
      lure: readName(env, 'LURE_SERVICE', 'tigera-dashboard-internal-service'),
      db: readName(env, 'DB_SERVICE', 'tigera-internal-backend'),
    },
    identity: identityFrom(env, 'dashboard'),
    key: readSessionKey(env),
  };
  if (settings.debugPort === settings.tlsPort) {
    throw new UserError('BAD_SETTING', `TLS_PORT=${settings.tlsPort}: must differ from DEBUG_PORT`);
  }
  return settings;
}
