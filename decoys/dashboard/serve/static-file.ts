// Static files as nginx's index and static modules answer for them: which status a path and method get, and the file's own headers.
import { errorPage, type PageOptions } from '../http/error-page.ts';
import type { Head } from '../http/head.ts';
import type { Reply } from '../http/reply.ts';
import { rangeHolds, weighConditions } from './conditions.ts';
import { parseRanges, type Range } from './ranges.ts';
import type { Site, SiteFile } from './site.ts';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const INDEX = 'index.html';
const BOUNDARY_DIGITS = 20;
/** Parts up to this are copied, larger ones are sent from the file itself. */
const SMALL_PART_BYTES = 16 * 1024;
const JOINED_BYTES = 64 * 1024;

/** `directory`: redirect to the path with a slash. */
export type Found = { readonly file: SiteFile } | { readonly status: 403 | 404 | 405 } | { readonly directory: string };

/** What the site has at a path, by method. */
export function findStatic(site: Site, method: string, path: string): Found {
  if (!READING.has(method)) return { status: 405 };
  if (path.endsWith('/')) {
    if (!site.directories.has(path)) return { status: 404 };
    const index = site.files.get(path + INDEX);
    if (!index) return { status: 403 };
    return method === 'POST' ? { status: 405 } : { file: index };
  }
  const file = site.files.get(path);
  if (file) return method === 'POST' ? { status: 405 } : { file };
  return site.directories.has(`${path}/`) ? { directory: `${path}/` } : { status: 404 };
}

let parts = 0;

/** The reply for a file: conditions first, then ranges, then the whole. */
export function sendFile(file: SiteFile, head: Head, page: PageOptions): Reply {
  const condition = weighConditions(head.known, file);
  if (condition === 412) return errorPage(412, { ...page, closes: true });
  const modified = `Last-Modified: ${file.lastModified}\r\n`;
  const etag = `ETag: ${file.etag}\r\n`;
  if (condition === 304) {
    return { status: 304, before: modified, after: etag, body: [], file: false, bytes: 0, type: undefined };
  }
  const range = head.known.get('range');
  if (range !== undefined && head.line.version >= 1000 && rangeHolds(head.known.get('if-range'), file)) {
    const ranges = parseRanges(range, file.body.length);
    if (ranges === 'unsatisfiable') {
      return errorPage(416, { ...page, after: `Content-Range: bytes */${file.body.length}\r\n` });
    }
    if (ranges !== 'ignore') return sendRanges(file, ranges, modified, etag);
  }
  return wholeFile(file, modified, etag);
}

/** The reply for a whole file is the same each time. */
const whole = new WeakMap<SiteFile, Reply>();

function wholeFile(file: SiteFile, modified: string, etag: string): Reply {
  let reply = whole.get(file);
  if (!reply) {
    reply = {
      status: 200,
      before: `Content-Type: ${file.type}\r\nContent-Length: ${file.body.length}\r\n${modified}`,
      after: `${etag}Accept-Ranges: bytes\r\n`,
      body: [file.body],
      file: true,
      bytes: file.body.length,
      type: file.type,
    };
    whole.set(file, reply);
  }
  return reply;
}

function sendRanges(file: SiteFile, ranges: readonly Range[], modified: string, etag: string): Reply {
  const length = file.body.length;
  const [only] = ranges;
  if (ranges.length === 1 && only) {
    return {
      status: 206,
      before: `Content-Type: ${file.type}\r\nContent-Length: ${only.end - only.start}\r\n${modified}`,
      after: `${etag}Content-Range: bytes ${only.start}-${only.end - 1}/${length}\r\n`,
      body: [file.body.subarray(only.start, only.end)],
      file: true,
      bytes: only.end - only.start,
      type: file.type,
    };
  }
  parts++;
  const boundary = String(parts).padStart(BOUNDARY_DIGITS, '0');
  // Hundreds of small parts are put together as text first: a buffer each would cost ten times as much.
  const body: Buffer[] = [];
  let text = '';
  let bytes = 0;
  const flush = () => {
    if (text === '') return;
    body.push(Buffer.from(text, 'latin1'));
    text = '';
  };
  for (const { start, end } of ranges) {
    const head = `\r\n--${boundary}\r\nContent-Type: ${file.type}\r\nContent-Range: bytes ${start}-${end - 1}/${length}\r\n\r\n`;
    text += head;
    bytes += head.length + end - start;
    if (end - start <= SMALL_PART_BYTES) text += file.body.toString('latin1', start, end);
    else {
      flush();
      body.push(file.body.subarray(start, end));
    }
    if (text.length >= JOINED_BYTES) flush();
  }
  text += `\r\n--${boundary}--\r\n`;
  bytes += boundary.length + 8;
  flush();
  const type = `multipart/byteranges; boundary=${boundary}`;
  return {
    status: 206,
    before: `Content-Type: ${type}\r\nContent-Length: ${bytes}\r\n${modified}`,
    after: etag,
    body,
    file: true,
    bytes,
    type,
  };
}
