// What an endpoint of the application is: data the router is built from.

import type { BaitFacts } from '../facts.ts';
import type { ApplicationNote } from '../http/exchange.ts';

export interface AppRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Lowercased names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first bytes of the body, at most KEPT_BODY_BYTES. */
  readonly body: Buffer;
  /** Its whole length. */
  readonly bodyBytes: number;
}

export interface AppAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  /** Further headers by the name they are sent with. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly note?: ApplicationNote;
}

export interface EndpointContext {
  readonly facts: BaitFacts;
  readonly query: URLSearchParams;
  /** ms since the epoch. */
  readonly now: number;
  /** Waits, at most until the client has left. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface Endpoint {
  readonly path: string;
  /** Methods served; all where absent, as a Go handler without a check does. */
  readonly methods?: readonly string[];
  answer(request: AppRequest, context: EndpointContext): AppAnswer | Promise<AppAnswer>;
}

export const PLAIN = 'text/plain; charset=utf-8';
export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json';

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): AppAnswer {
  return { status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n`, headers };
}

/** What Go's `http.Error` sends. */
export function plainError(status: number, text: string): AppAnswer {
  return { status, type: PLAIN, body: `${text}\n`, headers: { 'X-Content-Type-Options': 'nosniff' } };
}
