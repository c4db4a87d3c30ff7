// nginx's built-in pages for redirects and errors, byte for byte as it serves them.
import { isPadded } from './browser.ts';
import { type Reply, reasonOf, SERVER } from './reply.ts';

/** nginx's own number for a header that is too large; on the wire a 400 with its own title. */
const HEADER_TOO_LARGE = 494;
const PADDING = '<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n'.repeat(6);

/** Statuses after which nginx does not keep the connection. */
const CLOSING: ReadonlySet<number> = new Set([400, 413, 414, HEADER_TOO_LARGE, 500, 501, 505]);

export function endsConnection(status: number): boolean {
  return CLOSING.has(status);
}

interface Page {
  readonly body: Buffer;
  readonly text: string;
}

/** By status, padded pages by its negative. */
const pages = new Map<number, Page>();

function pageOf(status: number, padded: boolean): Page {
  const key = padded ? -status : status;
  let page = pages.get(key);
  if (!page) {
    const tooLarge = status === HEADER_TOO_LARGE;
    const title = tooLarge ? '400 Request Header Or Cookie Too Large' : `${status} ${pageTitle(status)}`;
    const heading = tooLarge ? '400 Bad Request' : title;
    const detail = tooLarge ? '<center>Request Header Or Cookie Too Large</center>\r\n' : '';
    const text = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n${detail}<hr><center>${SERVER}</center>\r\n</body>\r\n</html>\r\n${
      padded ? PADDING : ''
    }`;
    page = { body: Buffer.from(text, 'latin1'), text };
    pages.set(key, page);
  }
  return page;
}

/** A few pages are titled otherwise than the status line reads. */
function pageTitle(status: number): string {
  return status === 302 ? 'Found' : status === 401 ? 'Authorization Required' : reasonOf(status);
}

export interface PageOptions {
  readonly userAgent?: string | undefined;
  /** HTTP/0.9 gets no padding. */
  readonly version: number;
  readonly location?: string;
  /** Lines after Connection. */
  readonly after?: string;
  readonly closes?: boolean;
}

/** Pages that say nothing beyond their status are the same each time. */
const plainReplies = new Map<Page, Reply>();

/** The page for a status from 300 on. */
export function errorPage(status: number, options: PageOptions): Reply {
  const { userAgent, version, location, after = '', closes = false } = options;
  const page = pageOf(status, status >= 400 && version >= 1000 && isPadded(userAgent));
  if (location !== undefined || after !== '' || closes) return replyWith(page, status, location, after, closes);
  let reply = plainReplies.get(page);
  if (!reply) {
    reply = replyWith(page, status, undefined, '', false);
    plainReplies.set(page, reply);
  }
  return reply;
}

function replyWith(
  { body, text }: Page,
  status: number,
  location: string | undefined,
  after: string,
  closes: boolean,
): Reply {
  const type = 'text/html';
  return {
    status: status === HEADER_TOO_LARGE ? 400 : status,
    before: `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n${location === undefined ? '' : `Location: ${location}\r\n`}`,
    after,
    body: [body],
    file: false,
    text,
    bytes: body.length,
    type,
    closes,
  };
}
