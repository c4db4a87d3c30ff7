// A request's head, from bytes to a typed value: request line, headers, nginx's buffer model and its rules on single headers.
// Pure: it holds no socket and no clock, and what it refuses comes back as a status.
import { isOldMsie } from './browser.ts';
import { type HeaderScan, newHeaderScan, nextHeader, scanHeader } from './header-line.ts';
import { type HeaderList, listHeaders } from './header-list.ts';
import { hostName } from './host.ts';
import { HEADER_BUFFER_BYTES, HEADER_LINES, LARGE_HEADER_BUFFER_BYTES, LARGE_HEADER_BUFFERS } from './limits.ts';
import {
  isBlank,
  methodOf,
  newRequestLineScan,
  type RequestLine,
  type RequestLineScan,
  requestLineOf,
  scanRequestLine,
} from './request-line.ts';
import { normaliseUri, type Uri } from './uri.ts';

export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' };

export interface Head extends HeaderList {
  readonly line: RequestLine;
  readonly uri: Uri;
  /** Host to repeat in redirects; empty where the request names none. */
  readonly host: string;
  readonly body: BodyFraming;
  /** The status nginx refuses the request with whatever it is for. */
  readonly refusal: 400 | 405 | 501 | undefined;
  /** The client's wish after nginx's rules for its version. */
  readonly keepAlive: boolean;
  readonly bytes: number;
  /** How often the very same bytes were sent; what is worked out of a head is worth keeping from the second time on. */
  seen: number;
}

/** 494 is nginx's own number for "Request Header Or Cookie Too Large", sent as 400. */
export interface HeadFailure extends HeaderList {
  readonly status: 400 | 414 | 494 | 505;
  readonly reason: string;
  /** The answer to HEAD has no body, also where the rest of the line is at fault. */
  readonly bodiless: boolean;
  /** What is known of the request by then. */
  readonly line: RequestLine | undefined;
  readonly uri: Uri | undefined;
  /** Offset of the first byte not read. */
  readonly at: number;
  /** The line at fault itself counts as unread: nginx gave up in the middle of it. */
  readonly unread: boolean;
}

export type HeadProgress = { readonly head: Head } | { readonly failure: HeadFailure } | undefined;

export interface HeadReader {
  readonly line: RequestLineScan;
  parsed: RequestLine | undefined;
  uri: Uri | undefined;
  header: HeaderScan | undefined;
  /** See header-list.ts. */
  readonly marks: number[];
  /** Lines among them that nginx takes for headers. */
  counted: number;
  /** Headers that may stand once and do: their bits in SINGLE. */
  singles: number;
  host: string | undefined;
  /** Offset where the nginx buffer in use ends, counted from the first byte of the request. */
  bufferEnd: number;
  largeBuffers: number;
}

/** Headers that may stand once: a second one is a 400 (nginx 1.22.1 asked with every standard name twice). */
const SINGLE: ReadonlyMap<string, number> = new Map(
  [
    'host',
    'if-modified-since',
    'if-unmodified-since',
    'if-match',
    'if-none-match',
    'content-length',
    'content-range',
    'if-range',
    'transfer-encoding',
    'expect',
    'authorization',
  ].map((name, at) => [name, 1 << at]),
);

/** Lengths of those names: most other headers need no second look. */
const SINGLE_LENGTHS: ReadonlySet<number> = new Set([...SINGLE.keys()].map((name) => name.length));

const MAX_LENGTH = 0x7fffffffffffffffn;

const HTTP_09 = 9;

/** A reader for the next request. `room` is what is left of the buffer the request before ended in, if it left bytes there. */
export function newHeadReader(room = HEADER_BUFFER_BYTES, largeBuffers = 0): HeadReader {
  return {
    line: newRequestLineScan(),
    parsed: undefined,
    uri: undefined,
    header: undefined,
    marks: [],
    counted: 0,
    singles: 0,
    host: undefined,
    bufferEnd: room,
    largeBuffers,
  };
}

/** True while the reader has looked at nothing yet. */
export function isUntouched({ line, header }: HeadReader): boolean {
  return header === undefined && line.at === 0;
}

/** True for a reader that is as the first of a connection. */
export function isNew(reader: HeadReader): boolean {
  return isUntouched(reader) && reader.bufferEnd === HEADER_BUFFER_BYTES && reader.largeBuffers === 0;
}

function fail(
  reader: HeadReader,
  status: HeadFailure['status'],
  reason: string,
  bytes: Buffer,
  unread = false,
): HeadProgress {
  const { parsed, uri, marks } = reader;
  const at = reader.header?.at ?? reader.line.at;
  const bodiless = parsed?.version !== HTTP_09 && methodOf(bytes, reader.line) === 'HEAD';
  return { failure: { status, reason, bodiless, line: parsed, uri, ...listHeaders(bytes, marks), at, unread } };
}

/** Reads on with all bytes of the request so far. Undefined: the head is not complete. */
export function readHead(bytes: Buffer, reader: HeadReader): HeadProgress {
  for (;;) {
    const end = Math.min(bytes.length, reader.bufferEnd);
    const progress =
      reader.header === undefined ? readLine(bytes, end, reader) : readHeaders(bytes, end, reader, reader.header);
    if (progress !== undefined) return progress;
    if (reader.header !== undefined && reader.header.at < end) continue;
    if (end < reader.bufferEnd) return undefined;
    const full = takeLargeBuffer(bytes, reader);
    if (full !== undefined) return full;
    if (bytes.length <= end) return undefined;
  }
}

/** The buffer is full and the line in it is not: nginx moves the line to a large buffer, if one is left and it fits. */
function takeLargeBuffer(bytes: Buffer, reader: HeadReader): HeadProgress {
  const inLine = reader.header === undefined;
  if (inLine && isBlank(reader.line)) {
    // Nothing but blank lines: the same buffer is used again.
    reader.bufferEnd += HEADER_BUFFER_BYTES;
    return undefined;
  }
  const lineStart = inLine ? reader.line.start : reader.header!.nameStart;
  const carried = reader.bufferEnd - lineStart;
  if (carried >= LARGE_HEADER_BUFFER_BYTES || reader.largeBuffers >= LARGE_HEADER_BUFFERS) {
    return inLine
      ? fail(reader, 414, 'request line too long', bytes, true)
      : fail(reader, 494, 'header too large', bytes, true);
  }
  reader.largeBuffers++;
  reader.bufferEnd = lineStart + LARGE_HEADER_BUFFER_BYTES;
  return undefined;
}

function readLine(bytes: Buffer, end: number, reader: HeadReader): HeadProgress {
  const progress = scanRequestLine(bytes, end, reader.line);
  if (progress === 'more') return undefined;
  if (progress !== 'done') return fail(reader, progress, 'request line', bytes, true);
  const line = requestLineOf(bytes, reader.line);
  reader.parsed = line;
  reader.uri = normaliseUri(line.uri);
  if (reader.uri === undefined) return fail(reader, 400, 'target', bytes);
  if (line.authority !== undefined) {
    reader.host = hostName(line.authority);
    if (reader.host === undefined) return fail(reader, 400, 'host of the target', bytes);
  }
  reader.header = newHeaderScan(reader.line.at);
  if (line.version !== HTTP_09) return undefined;
  if (line.method !== 'GET') return fail(reader, 400, 'HTTP/0.9 with a method', bytes);
  return complete(bytes, reader, reader.header.at);
}

function readHeaders(bytes: Buffer, end: number, reader: HeadReader, scan: HeaderScan): HeadProgress {
  for (;;) {
    const progress = scanHeader(bytes, end, scan);
    if (progress === 'more') return undefined;
    if (progress === 'invalid') return fail(reader, 400, 'header line', bytes, true);
    if (progress === 'end') return complete(bytes, reader, scan.at);
    const { nameStart, nameEnd, valueStart, valueEnd, odd } = scan;
    reader.marks.push(nameStart, nameEnd, valueStart, valueEnd, odd ? 1 : 0);
    nextHeader(scan);
    if (odd) continue;
    reader.counted++;
    if (reader.counted > HEADER_LINES) return fail(reader, 494, 'too many headers', bytes);
    if (!SINGLE_LENGTHS.has(nameEnd - nameStart)) continue;
    const name = bytes.toString('latin1', nameStart, nameEnd).toLowerCase();
    const single = SINGLE.get(name);
    if (single === undefined) continue;
    const reason = learn(reader, name, single, bytes, valueStart, valueEnd);
    if (reason !== undefined) return fail(reader, 400, reason, bytes);
  }
}

/** Takes a header that may stand once into account; the reason where nginx answers 400 at this line. */
function learn(
  reader: HeadReader,
  name: string,
  single: number,
  bytes: Buffer,
  start: number,
  end: number,
): string | undefined {
  if ((reader.singles & single) !== 0) return `second ${name}`;
  reader.singles |= single;
  if (name !== 'host') return undefined;
  const host = hostName(bytes.toString('latin1', start, end));
  if (host === undefined) return 'host';
  // An absolute target has the last word on the host.
  reader.host ??= host;
  return undefined;
}

function complete(bytes: Buffer, reader: HeadReader, at: number): HeadProgress {
  const line = reader.parsed!;
  const { headers, known } = listHeaders(bytes, reader.marks);
  if (line.version > 1000 && !known.has('host')) return fail(reader, 400, 'no host', bytes);
  const length = known.get('content-length');
  if (length !== undefined && !isLength(length)) return fail(reader, 400, 'content-length', bytes);
  const coding = known.get('transfer-encoding');
  const chunked = coding?.toLowerCase() === 'chunked';
  let body: BodyFraming = { kind: 'none' };
  if (length !== undefined) body = { kind: 'length', bytes: Number(length) };
  else if (chunked && line.version >= 1001) body = { kind: 'chunked' };
  const refusal = refusalOf(line, length, coding, chunked);
  const head: Head = {
    line,
    uri: reader.uri!,
    headers,
    known,
    host: reader.host ?? '',
    body,
    refusal,
    keepAlive: refusal === undefined && wantsKeepAlive(line, known),
    bytes: at,
    seen: 1,
  };
  return { head };
}

/** Digits within nginx's signed 64 bits. */
function isLength(text: string): boolean {
  return /^[0-9]+$/.test(text) && (text.length < 19 || BigInt(text) <= MAX_LENGTH);
}

/** What nginx refuses once the whole head is read: it then still reads the body away. */
function refusalOf(
  line: RequestLine,
  length: string | undefined,
  coding: string | undefined,
  chunked: boolean,
): Head['refusal'] {
  if (coding !== undefined) {
    if (line.version < 1001) return 400;
    if (!chunked) return 501;
    if (length !== undefined) return 400;
  }
  return line.method === 'CONNECT' || line.method === 'TRACE' ? 405 : undefined;
}

function wantsKeepAlive({ version, method }: RequestLine, known: ReadonlyMap<string, string>): boolean {
  if (version === HTTP_09) return false;
  if (method === 'POST' && isOldMsie(known.get('user-agent'))) return false;
  const wish = known.get('connection')?.toLowerCase() ?? '';
  if (wish.includes('close')) return false;
  return wish.includes('keep-alive') || version > 1000;
}
