// What a request's head says in ECS words.
import type { Touch } from '../../touch/touch.ts';
import type { Head } from '../http/head.ts';
import type { Header } from '../http/header-list.ts';
import { HIDDEN, hideSecrets, readable } from '../text.ts';

const HEADER_LINES = 64;
const HEADER_BYTES = 512;
const MESSAGE_TARGET_CHARS = 200;
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
]);

/** What a head says in ECS words. */
export function requestFields(head: Head, open: boolean): Pick<Touch, 'http' | 'url' | 'userAgent'> {
  const { line, uri, known, host } = head;
  const referrer = known.get('referer');
  const type = known.get('content-type');
  return {
    http: {
      version: line.version === 9 ? '0.9' : `1.${line.version - 1000}`,
      request: {
        method: line.method,
        ...(referrer === undefined ? {} : { referrer: shown(referrer, open) }),
        ...(type === undefined ? {} : { mime_type: readable(type) }),
      },
    },
    url: {
      original: shown(line.target, open),
      path: readable(uri.path),
      ...(uri.query === undefined ? {} : { query: shown(`?${uri.query}`, open).slice(1) }),
      ...(host === '' ? {} : { domain: readable(host) }),
      scheme: 'http',
    },
    ...userAgentOf(known),
  };
}

/** A target as it may be shown: without the values of secrets where they may not be logged. */
export function shown(target: string, open: boolean): string {
  const text = readable(target);
  return open ? text : hideSecrets(text);
}

/** A target as it stands in a message. */
export function clipped(target: string): string {
  return target.length > MESSAGE_TARGET_CHARS ? `${target.slice(0, MESSAGE_TARGET_CHARS)}…` : target;
}

export function headerLines(headers: readonly Header[], open: boolean): string[] {
  const lines = headers.slice(0, HEADER_LINES).map(({ name, value }) => {
    const hidden = !open && SECRET_HEADERS.has(name.toLowerCase());
    return `${readable(name, HEADER_BYTES)}: ${hidden ? HIDDEN : readable(value, HEADER_BYTES)}`;
  });
  if (headers.length > HEADER_LINES) lines[HEADER_LINES - 1] = `… and ${headers.length - HEADER_LINES + 1} more`;
  return lines;
}

export function userAgentOf(known: ReadonlyMap<string, string>): { userAgent?: string } {
  const value = known.get('user-agent');
  return value === undefined ? {} : { userAgent: readable(value) };
}
