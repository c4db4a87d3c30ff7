// The locations of the site, as data: what nginx's configuration would say. The twin writes its nginx.conf from this same table.

export type Serving = 'static' | 'application' | 'status' | 'denied';

export interface Location {
  /** `=` is the whole path, `^` a prefix; the longest prefix wins, `=` before all. */
  readonly match: '=' | '^';
  readonly path: string;
  readonly serve: Serving;
}

export const LOCATIONS: readonly Location[] = [
  { match: '^', path: '/', serve: 'static' },
  { match: '=', path: '/nginx_status', serve: 'status' },
  { match: '=', path: '/basic_status', serve: 'status' },
  { match: '^', path: '/.env.', serve: 'denied' },
  { match: '^', path: '/api/', serve: 'application' },
  { match: '^', path: '/apis/', serve: 'application' },
  { match: '^', path: '/debug/', serve: 'application' },
  { match: '=', path: '/metrics', serve: 'application' },
  { match: '=', path: '/healthz', serve: 'application' },
  { match: '=', path: '/readyz', serve: 'application' },
  { match: '=', path: '/livez', serve: 'application' },
  { match: '=', path: '/version', serve: 'application' },
  { match: '=', path: '/login', serve: 'application' },
  { match: '=', path: '/admin', serve: 'application' },
  { match: '=', path: '/console', serve: 'application' },
];

/** Where a failing application is answered from: `error_page 500 502 503 504`. */
export const FAILURE_PAGE = '/50x.html';

const exact = new Map(LOCATIONS.filter(({ match }) => match === '=').map(({ path, serve }) => [path, serve]));
const prefixes = LOCATIONS.filter(({ match }) => match === '^').sort((a, b) => b.path.length - a.path.length);

/** How a path is served; `slash` where nginx redirects to the application's prefix with its slash. */
export function locate(path: string): Serving | 'slash' {
  const whole = exact.get(path);
  if (whole) return whole;
  for (const { path: prefix, serve } of prefixes) {
    if (path.startsWith(prefix)) return serve;
    if (serve === 'application' && path.length + 1 === prefix.length && prefix.startsWith(path)) return 'slash';
  }
  return 'static';
}
