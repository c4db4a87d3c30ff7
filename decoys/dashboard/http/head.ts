// A request's head, from bytes to a typed value: request line, headers, nginx's buffer model and its rules on single headers.
// Pure: it holds no socket and no clock, and what it refuses comes back as a status.
import { type HeaderScan, newHeaderScan, nextHeader, scanHeader } from './header-line.ts';
import { hostName } from './host.ts';
import { HEADER_BUFFER_BYTES, LARGE_HEADER_BUFFER_BYTES, LARGE_HEADER_BUFFERS } from './limits.ts';
import {
  isBlank,
  newRequestLineScan,
  type RequestLine,
  type RequestLineScan,
  requestLineOf,
  scanRequestLine,
} from './request-line.ts';
import { normaliseUri, type Uri } from './uri.ts';

export interface Header {
  readonly name: string;
  readonly value: string;
  /** nginx reads over it. */
  readonly odd: boolean;
}

export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' };

export interface Head {
  readonly line: RequestLine;
  readonly uri: Uri;
  /** In the order sent, ignored ones too. */
  readonly headers: readonly Header[];
  /** Value by lowercased name; where a name repeats, the one nginx goes by. */
  readonly known: ReadonlyMap<string, string>;
  /** Host to repeat in redirects; empty where the request names none. */
  readonly host: string;
  readonly body: BodyFraming;
  /** The client's wish after nginx's rules for its version. */
  readonly keepAlive: boolean;
  readonly bytes: number;
}

/** 494 is nginx's own number for "Request Header Or Cookie Too Large", sent as 400. */
export interface HeadFailure {
  readonly status: 400 | 405 | 414 | 494 | 501 | 505;
  readonly reason: string;
  /** What is known of the request by then. */
  readonly line: RequestLine | undefined;
  readonly uri: Uri | undefined;
  readonly headers: readonly Header[];
  readonly known: ReadonlyMap<string, string>;
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
  readonly headers: Header[];
  readonly known: Map<string, string>;
  host: string | undefined;
  /** Offset where the nginx buffer in use ends, counted from the first byte of the request. */
  bufferEnd: number;
  largeBuffers: number;
}

/** Headers that may stand once: a second one is a 400 (nginx 1.22.1 asked with every standard name twice). */
const SINGLE: ReadonlySet<string> = new Set([
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
]);

/** The largest Content-Length that fits nginx's 64-bit signed counter, as digits; longer numbers are refused before reaching it. */
const MAX_LENGTH_DIGITS = 19;

/** A reader for the next request. `room` is what is left of the buffer the request before ended in, if it left bytes there. */
export function newHeadReader(room = HEADER_BUFFER_BYTES, largeBuffers = 0): HeadReader {
  return {
    line: newRequestLineScan(),
    parsed: undefined,
    uri: undefined,
    header: undefined,
    headers: [],
    known: new Map(),
    host: undefined,
    bufferEnd: room,
    largeBuffers,
  };
}

function fail(reader: HeadReader, status: HeadFailure['status'], reason: string, unread = false): HeadProgress {
  const { parsed, uri, headers, known } = reader;
  const at = reader.header?.at ?? reader.line.at;
  return { failure: { status, reason, line: parsed, uri, headers, known, at, unread } };
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
    const full = takeLargeBuffer(reader);
    if (full !== undefined) return full;
    if (bytes.length <= end) return undefined;
  }
}

/** The buffer is full and the line in it is not: nginx moves the line to a large buffer, if one is left and it fits. */
function takeLargeBuffer(reader: HeadReader): HeadProgress {
  const inLine = reader.header === undefined;
  if (inLine && isBlank(reader.line)) {
    // Nothing but blank lines: the same buffer is used again.
    reader.bufferEnd += HEADER_BUFFER_BYTES;
    return undefined;
  }
  const lineStart = inLine ? reader.line.start : reader.header!.nameStart;
  const carried = reader.bufferEnd - lineStart;
  if (carried >= LARGE_HEADER_BUFFER_BYTES || reader.largeBuffers >= LARGE_HEADER_BUFFERS) {
    return inLine ? fail(reader, 414, 'request line too long', true) : fail(reader, 494, 'header too large', true);
  }
  reader.largeBuffers++;
  reader.bufferEnd = lineStart + LARGE_HEADER_BUFFER_BYTES;
  return undefined;
}

function readLine(bytes: Buffer, end: number, reader: HeadReader): HeadProgress {
  const progress = scanRequestLine(bytes, end, reader.line);
  if (progress === 'more') return undefined;
  if (progress !== 'done') return fail(reader, progress, 'request line', true);
  const line = requestLineOf(bytes, reader.line);
  reader.parsed = line;
  reader.uri = normaliseUri(line.uri);
  if (reader.uri === undefined) return fail(reader, 400, 'target');
  if (line.authority !== '') {
    reader.host = hostName(line.authority);
    if (reader.host === undefined) return fail(reader, 400, 'host of the target');
  }
  reader.header = newHeaderScan(reader.line.at);
  if (line.version !== 9) return undefined;
  if (line.method !== 'GET') return fail(reader, 400, 'HTTP/0.9 with a method');
  return complete(reader, reader.header.at);
}

function readHeaders(bytes: Buffer, end: number, reader: HeadReader, scan: HeaderScan): HeadProgress {
  for (;;) {
    const progress = scanHeader(bytes, end, scan);
    if (progress === 'more') return undefined;
    if (progress === 'invalid') return fail(reader, 400, 'header line', true);
    if (progress === 'end') return complete(reader, scan.at);
    const header = {
      name: bytes.toString('latin1', scan.nameStart, scan.nameEnd),
      value: bytes.toString('latin1', scan.valueStart, scan.valueEnd),
      odd: scan.odd,
    };
    reader.headers.push(header);
    nextHeader(scan);
    if (header.odd) continue;
    const reason = learn(reader, header.name.toLowerCase(), header.value);
    if (reason !== undefined) return fail(reader, 400, reason);
  }
}

/** Takes a header into account; the reason where nginx answers 400 at this line. */
function learn(reader: HeadReader, name: string, value: string): string | undefined {
  const { known } = reader;
  if (SINGLE.has(name)) {
    if (known.has(name)) return `second ${name}`;
    if (name === 'host') {
      const host = hostName(value);
      if (host === undefined) return 'host';
      // An absolute target has the last word on the host.
      reader.host ??= host;
    }
  }
  // Of a header that repeats nginx goes by the first; a wish for the connection is taken as it comes.
  if (name === 'connection' || !known.has(name)) known.set(name, value);
  return undefined;
}

function complete(reader: HeadReader, at: number): HeadProgress {
  const { known, parsed } = reader;
  const line = parsed!;
  if (line.version > 1000 && !known.has('host') && reader.host === undefined) return fail(reader, 400, 'no host');
  const length = known.get('content-length');
  let body: BodyFraming = { kind: 'none' };
  if (length !== undefined) {
    if (!/^[0-9]+$/.test(length) || length.length > MAX_LENGTH_DIGITS) return fail(reader, 400, 'content-length');
    body = { kind: 'length', bytes: Number(length) };
  }
  const coding = known.get('transfer-encoding');
  if (coding !== undefined) {
    if (line.version < 1001) return fail(reader, 400, 'transfer-encoding in HTTP/1.0');
    if (coding.toLowerCase() !== 'chunked') return fail(reader, 501, 'transfer-encoding');
    if (length !== undefined) return fail(reader, 400, 'content-length and transfer-encoding');
    body = { kind: 'chunked' };
  }
  if (line.method === 'CONNECT' || line.method === 'TRACE') return fail(reader, 405, line.method);
  const head: Head = {
    line,
    uri: reader.uri!,
    headers: reader.headers,
    known,
    host: reader.host ?? '',
    body,
    keepAlive: wantsKeepAlive(line.version, known.get('connection')),
    bytes: at,
  };
  return { head };
}

function wantsKeepAlive(version: number, connection: string | undefined): boolean {
  if (version === 9) return false;
  const wish = connection?.toLowerCase() ?? '';
  if (wish.includes('close')) return false;
  return wish.includes('keep-alive') || version > 1000;
}
