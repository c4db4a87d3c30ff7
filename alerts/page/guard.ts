// Who may call: only this machine's own browser, on our own page. Host and Origin are checked against DNS rebinding
// (https://fetch.spec.whatwg.org/#http-origin), changes need the page's token; the headers forbid whatever the page does not use.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Names of loopback. `kubectl port-forward` may put any port behind them. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

export const TOKEN_HEADER = 'x-page-token';

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

export interface Call {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Why the call is refused; undefined where it may go on. */
export function refusalOf({ method, headers }: Call, token: string): Refusal | undefined {
  const { host = '', origin } = headers;
  if (!LOOPBACK_HOST.test(host)) return { status: 421, message: 'the Host header must name loopback' };
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, message: 'the call comes from another site' };
  const site = headers['sec-fetch-site'];
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation)
    return { status: 403, message: 'the call comes from another site' };
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return { status: 405, message: 'only GET, HEAD and POST are allowed' };
  return sameText(String(headers[TOKEN_HEADER] ?? ''), token)
    ? undefined
    : { status: 403, message: 'the page’s token is missing or old: load the page again' };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
