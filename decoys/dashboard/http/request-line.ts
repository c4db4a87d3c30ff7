// The request line as nginx reads it, a byte at a time: RFC 9112 section 3 with nginx's own leniencies (bare LF, leading blank
// lines, spaces between the parts, HTTP/0.9). What it accepts was found by asking nginx 1.22.1; see test/protocol.
import {
  byteClass,
  COLON,
  CR,
  DEL,
  DIGIT,
  DIGITS,
  DOT,
  LETTER,
  LF,
  LOWER,
  QUESTION,
  SLASH,
  SPACE,
  UPPER,
} from './characters.ts';

export interface RequestLine {
  readonly method: string;
  /** The target as sent. */
  readonly target: string;
  /** Path and query as sent; `/` where an absolute target has none. */
  readonly uri: string;
  /** The authority of an absolute target, maybe empty; undefined where the target is a path. */
  readonly authority: string | undefined;
  /** 9 for HTTP/0.9, else major × 1000 + minor. */
  readonly version: number;
}

/** Where a scan stands between two reads. Offsets count from the first byte of the request. */
export interface RequestLineScan {
  phase: number;
  at: number;
  /** Offset of the method, -1 before it. */
  start: number;
  methodEnd: number;
  targetStart: number;
  targetEnd: number;
  authorityStart: number;
  authorityEnd: number;
  uriStart: number;
  /** Place in `://` or `HTTP/`. */
  step: number;
  /** -1 until a version has been read: HTTP/0.9 has none. */
  minor: number;
}

const METHOD = byteClass('_-', UPPER);
const SCHEME = byteClass('+-.', UPPER, LOWER, DIGITS);
const HOST = byteClass('.-', UPPER, LOWER, DIGITS);
const IP_LITERAL = byteClass(":-._~!$&'()*+,;=", UPPER, LOWER, DIGITS);
const HTTP = 'HTTP/';

// The phases, in the order of the line.
const START = 0;
const IN_METHOD = 1;
const BEFORE_TARGET = 2;
const IN_SCHEME = 3;
const SCHEME_SLASHES = 4;
const HOST_START = 5;
const IN_HOST = 6;
const IN_IP_LITERAL = 7;
const HOST_END = 8;
const IN_PORT = 9;
const IN_URI = 10;
const AFTER_TARGET = 11;
const IN_HTTP = 12;
const MAJOR_FIRST = 13;
const IN_MAJOR = 14;
const MINOR_FIRST = 15;
const IN_MINOR = 16;
const AFTER_VERSION = 17;
const BEFORE_LF = 18;

const ASCII_ZERO = 0x30;
const MAX_MINOR = 99;

export function newRequestLineScan(): RequestLineScan {
  return {
    phase: START,
    at: 0,
    start: -1,
    methodEnd: 0,
    targetStart: 0,
    targetEnd: 0,
    authorityStart: -1,
    authorityEnd: 0,
    uriStart: -1,
    step: 0,
    minor: -1,
  };
}

export type RequestLineProgress = 'more' | 'done' | 400 | 505;

/**
 * Reads on from where the scan stands, up to `end`. `scan.at` then is past the last byte looked at; after `done` it is the first
 * byte of the headers.
 */
export function scanRequestLine(bytes: Uint8Array, end: number, scan: RequestLineScan): RequestLineProgress {
  let { phase, at } = scan;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    switch (phase) {
      case START:
        if (byte === CR || byte === LF) break;
        scan.start = at;
        if (METHOD[byte] === 0) return refuse(scan, at, 400);
        phase = IN_METHOD;
        break;
      case IN_METHOD:
        if (METHOD[byte] === 1) break;
        if (byte !== SPACE) return refuse(scan, at, 400);
        scan.methodEnd = at;
        phase = BEFORE_TARGET;
        break;
      case BEFORE_TARGET:
        if (byte === SPACE) break;
        scan.targetStart = at;
        if (byte === SLASH) {
          scan.uriStart = at;
          phase = IN_URI;
        } else if (LETTER[byte] === 1) phase = IN_SCHEME;
        else return refuse(scan, at, 400);
        break;
      case IN_SCHEME:
        if (SCHEME[byte] === 1) break;
        if (byte !== COLON) return refuse(scan, at, 400);
        scan.step = 0;
        phase = SCHEME_SLASHES;
        break;
      case SCHEME_SLASHES:
        if (byte !== SLASH) return refuse(scan, at, 400);
        if (scan.step === 1) phase = HOST_START;
        scan.step++;
        break;
      case HOST_START:
      case IN_HOST:
        if (phase === HOST_START) {
          scan.authorityStart = at;
          scan.authorityEnd = at;
          if (byte === 0x5b) {
            phase = IN_IP_LITERAL;
            break;
          }
          phase = IN_HOST;
        }
        if (HOST[byte] === 1) break;
        phase = HOST_END;
        at--;
        break;
      case IN_IP_LITERAL:
        if (byte === 0x5d) phase = HOST_END;
        else if (IP_LITERAL[byte] === 0) return refuse(scan, at, 400);
        break;
      case HOST_END:
      case IN_PORT:
        if (phase === HOST_END) scan.authorityEnd = at;
        if (byte === COLON && phase === HOST_END) phase = IN_PORT;
        else if (byte === SLASH || byte === QUESTION) {
          scan.uriStart = at;
          phase = IN_URI;
        } else if (byte === SPACE) {
          scan.targetEnd = at;
          phase = AFTER_TARGET;
        } else if (phase === HOST_END || DIGIT[byte] === 0) return refuse(scan, at, 400);
        break;
      case IN_URI:
        if (byte > SPACE && byte !== DEL) break;
        scan.targetEnd = at;
        if (byte === SPACE) phase = AFTER_TARGET;
        else if (byte === CR) phase = BEFORE_LF;
        else if (byte === LF) return finish(scan, at);
        else return refuse(scan, at, 400);
        break;
      case AFTER_TARGET:
        if (byte === SPACE) break;
        if (byte === CR) phase = BEFORE_LF;
        else if (byte === LF) return finish(scan, at);
        else if (byte === HTTP.charCodeAt(0)) {
          scan.step = 1;
          phase = IN_HTTP;
        } else return refuse(scan, at, 400);
        break;
      case IN_HTTP:
        if (byte !== HTTP.charCodeAt(scan.step)) return refuse(scan, at, 400);
        scan.step++;
        if (scan.step === HTTP.length) phase = MAJOR_FIRST;
        break;
      case MAJOR_FIRST:
        if (DIGIT[byte] === 0 || byte === ASCII_ZERO) return refuse(scan, at, 400);
        if (byte > ASCII_ZERO + 1) return refuse(scan, at, 505);
        phase = IN_MAJOR;
        break;
      case IN_MAJOR:
        if (byte === DOT) phase = MINOR_FIRST;
        else if (DIGIT[byte] === 0) return refuse(scan, at, 400);
        else return refuse(scan, at, 505);
        break;
      case MINOR_FIRST:
        if (DIGIT[byte] === 0) return refuse(scan, at, 400);
        scan.minor = byte - ASCII_ZERO;
        phase = IN_MINOR;
        break;
      case IN_MINOR:
        if (DIGIT[byte] === 1 && scan.minor <= MAX_MINOR) {
          scan.minor = scan.minor * 10 + byte - ASCII_ZERO;
          break;
        }
        if (byte === CR) phase = BEFORE_LF;
        else if (byte === LF) return finish(scan, at);
        else if (byte === SPACE) phase = AFTER_VERSION;
        else return refuse(scan, at, 400);
        break;
      case AFTER_VERSION:
        if (byte === SPACE) break;
        if (byte === CR) phase = BEFORE_LF;
        else if (byte === LF) return finish(scan, at);
        else return refuse(scan, at, 400);
        break;
      default:
        if (byte === LF) return finish(scan, at);
        return refuse(scan, at, 400);
    }
  }
  scan.phase = phase;
  scan.at = at;
  return 'more';
}

function refuse(scan: RequestLineScan, at: number, status: 400 | 505): 400 | 505 {
  scan.at = at;
  return status;
}

function finish(scan: RequestLineScan, at: number): 'done' {
  scan.at = at + 1;
  if (scan.targetEnd === 0) scan.targetEnd = at;
  return 'done';
}

/** True while nothing but blank lines has come. */
export function isBlank(scan: RequestLineScan): boolean {
  return scan.start === -1;
}

/** The method of a line that may be at fault further on; empty where not even that is whole. */
export function methodOf(bytes: Buffer, scan: RequestLineScan): string {
  return scan.methodEnd === 0 ? '' : bytes.toString('latin1', scan.start, scan.methodEnd);
}

/** The parts of a line that `scanRequestLine` called done. Bytes become characters one to one (latin1). */
export function requestLineOf(bytes: Buffer, scan: RequestLineScan): RequestLine {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  const rest = scan.uriStart === -1 ? '/' : text(scan.uriStart, scan.targetEnd);
  return {
    method: text(scan.start, scan.methodEnd),
    target: text(scan.targetStart, scan.targetEnd),
    uri: rest.startsWith('?') ? `/${rest}` : rest,
    authority: scan.authorityStart === -1 ? undefined : text(scan.authorityStart, scan.authorityEnd),
    version: scan.minor === -1 ? 9 : 1000 + scan.minor,
  };
}
