// One header line as nginx reads it, a byte at a time: RFC 9112 section 5 with nginx's leniencies (bare LF, odd names that are
// ignored instead of refused, lines without a colon).
import { byteClass, COLON, CR, DEL, DIGITS, LF, LOWER, SPACE, UPPER } from './characters.ts';

export interface HeaderScan {
  phase: number;
  at: number;
  nameStart: number;
  nameEnd: number;
  valueStart: number;
  valueEnd: number;
  /** The name holds a byte nginx does not take in names (an underscore is one): the line is read over. */
  odd: boolean;
}

const NAME = byteClass('-', UPPER, LOWER, DIGITS);

const LINE_START = 0;
const IN_NAME = 1;
const BEFORE_VALUE = 2;
const IN_VALUE = 3;
const AFTER_VALUE = 4;
const BEFORE_LF = 5;
const BEFORE_LAST_LF = 6;

export function newHeaderScan(at: number): HeaderScan {
  return { phase: LINE_START, at, nameStart: at, nameEnd: at, valueStart: at, valueEnd: at, odd: false };
}

/** `line`: one header is complete; `end`: the empty line; `invalid`: nginx answers 400. */
export type HeaderProgress = 'more' | 'line' | 'end' | 'invalid';

/** Reads on from where the scan stands up to `end`. After `line` the scan is ready for the next line once `nextHeader` was called. */
export function scanHeader(bytes: Uint8Array, end: number, scan: HeaderScan): HeaderProgress {
  let { phase, at } = scan;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    switch (phase) {
      case LINE_START:
        scan.nameStart = at;
        if (byte === CR) {
          phase = BEFORE_LAST_LF;
          break;
        }
        if (byte === LF) return stop(scan, at + 1, 'end');
        if (byte <= SPACE || byte === DEL || byte === COLON) return stop(scan, at, 'invalid');
        scan.odd = NAME[byte] === 0;
        phase = IN_NAME;
        break;
      case IN_NAME:
        if (NAME[byte] === 1) break;
        if (byte === COLON) {
          scan.nameEnd = at;
          phase = BEFORE_VALUE;
          break;
        }
        if (byte === CR || byte === LF) {
          scan.nameEnd = at;
          scan.valueStart = at;
          scan.valueEnd = at;
          if (byte === LF) return stop(scan, at + 1, 'line');
          phase = BEFORE_LF;
          break;
        }
        if (byte <= SPACE || byte === DEL) return stop(scan, at, 'invalid');
        scan.odd = true;
        break;
      case BEFORE_VALUE:
        if (byte === SPACE) break;
        scan.valueStart = at;
        scan.valueEnd = at;
        if (byte === LF) return stop(scan, at + 1, 'line');
        if (byte === CR) phase = BEFORE_LF;
        else if (byte === 0) return stop(scan, at, 'invalid');
        else phase = IN_VALUE;
        break;
      case IN_VALUE:
      case AFTER_VALUE:
        if (byte > SPACE) {
          phase = IN_VALUE;
          break;
        }
        if (byte === SPACE) {
          if (phase === IN_VALUE) scan.valueEnd = at;
          phase = AFTER_VALUE;
          break;
        }
        if (byte === CR || byte === LF) {
          if (phase === IN_VALUE) scan.valueEnd = at;
          if (byte === LF) return stop(scan, at + 1, 'line');
          phase = BEFORE_LF;
          break;
        }
        if (byte === 0) return stop(scan, at, 'invalid');
        phase = IN_VALUE;
        break;
      case BEFORE_LF:
        if (byte === LF) return stop(scan, at + 1, 'line');
        if (byte === CR) break;
        return stop(scan, at, 'invalid');
      default:
        if (byte === LF) return stop(scan, at + 1, 'end');
        return stop(scan, at, 'invalid');
    }
  }
  scan.phase = phase;
  scan.at = at;
  return 'more';
}

function stop(scan: HeaderScan, at: number, progress: HeaderProgress): HeaderProgress {
  scan.at = at;
  return progress;
}

export function nextHeader(scan: HeaderScan): void {
  scan.phase = LINE_START;
  scan.nameStart = scan.at;
  scan.odd = false;
}
