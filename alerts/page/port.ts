// PAGE_PORT: where the page is served on loopback, 0 for not at all.
import { type Env, readPort } from '../../decoys/touch/settings.ts';

export const DEFAULT_PAGE_PORT = 8_090;

/** Undefined where no page is wanted. Throws UserError for a wrong value. */
export function pagePortFrom(env: Env): number | undefined {
  return env.PAGE_PORT === '0' ? undefined : readPort(env, 'PAGE_PORT', DEFAULT_PAGE_PORT);
}
