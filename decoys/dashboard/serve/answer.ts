// From a request's head to what is to be done: reply at once, or read the body and ask the application.
import { errorPage, type PageOptions } from '../http/error-page.ts';
import type { Head } from '../http/head.ts';
import { BODY_BYTES } from '../http/limits.ts';
import type { Reply } from '../http/reply.ts';
import { locate } from './locations.ts';
import type { Site } from './site.ts';
import { findStatic, sendFile } from './static-file.ts';
import { type Counters, sendStatus } from './status.ts';

export interface Place {
  readonly site: Site;
  readonly counters: Counters;
  /** The port a redirect names. */
  readonly port: number;
}

const HTTP_PORT = 80;

/** Whom the request reached: a redirect names it where the request names no host. */
export interface Reached {
  readonly localAddress: string;
}

/** `application`: the body is to be read and the application asked. */
export function answer(head: Head, place: Place, reached: Reached): Reply | 'application' {
  const { method, version } = head.line;
  const page: PageOptions = { userAgent: head.known.get('user-agent'), version };
  const { path, query } = head.uri;
  if (head.refusal !== undefined) return errorPage(head.refusal, page);
  if (head.body.kind === 'length' && head.body.bytes > BODY_BYTES) return errorPage(413, page);
  const serving = locate(path);
  switch (serving) {
    case 'application':
      return 'application';
    case 'slash':
      return errorPage(301, { ...page, location: redirect(head, place, reached, `${path}/`, query) });
    case 'denied':
      return errorPage(403, page);
    case 'status':
      if (method !== 'GET' && method !== 'HEAD') return errorPage(405, page);
      return sendStatus(place.counters, head, page);
    default: {
      const found = findStatic(place.site, method, path);
      if ('file' in found) return sendFile(found.file, head, page);
      if ('status' in found) return errorPage(found.status, page);
      return errorPage(301, { ...page, location: redirect(head, place, reached, found.directory, query) });
    }
  }
}

/** Redirects are absolute and name the port nginx itself listens on. */
function redirect(
  head: Head,
  { port }: Place,
  { localAddress }: Reached,
  path: string,
  query: string | undefined,
): string {
  const own = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  const host = head.host === '' ? own : head.host;
  return `http://${host}${port === HTTP_PORT ? '' : `:${port}`}${path}${query ? `?${query}` : ''}`;
}
