// The chunked coding as nginx decodes it, a byte at a time over the framing and in strides over the data: RFC 9112 section 7.1
// with nginx's leniencies (bare LF, any extension, any trailer).
import { CR, HEX, LF, SPACE } from './characters.ts';

export interface ChunkedScan {
  phase: number;
  /** Bytes left of the chunk being read; past 2^53 near enough, since nobody sends as many. */
  left: number;
  /** Digits of its size so far without leading zeros, and the first of them. */
  digits: number;
  lead: number;
  /** Decoded bytes so far. */
  total: number;
}

const SIZE_FIRST = 0;
const IN_SIZE = 1;
const IN_EXTENSION = 2;
const SIZE_LF = 3;
const IN_DATA = 4;
const AFTER_DATA = 5;
const AFTER_DATA_LF = 6;
const TRAILER_START = 7;
const IN_TRAILER = 8;
const TRAILER_LF = 9;
const LAST_LF = 10;
const DONE = 11;

/** Hexadecimal digits of a size, and the first of fifteen that makes it a sixteenth of 2^63. */
const MOST_DIGITS = 15;
const SIGN_DIGIT = 8;

const TAB = 0x09;
const SEMICOLON = 0x3b;

export function newChunkedScan(): ChunkedScan {
  return { phase: SIZE_FIRST, left: 0, digits: 0, lead: 0, total: 0 };
}

export type ChunkedProgress = 'more' | 'done' | 'invalid' | 'too large';

/**
 * Decodes from `at`, giving each run of data to `data(from, to)`. A chunk that
 * takes the total past `limit` is `too large`, once data of it comes.
 * `next` is the offset of the first byte not taken.
 */
export function scanChunked(
  bytes: Uint8Array,
  at: number,
  scan: ChunkedScan,
  limit: number,
  data: (from: number, to: number) => void,
): { progress: ChunkedProgress; next: number } {
  while (at < bytes.length) {
    if (scan.phase === IN_DATA) {
      if (scan.total + scan.left > limit) return { progress: 'too large', next: at };
      const taken = Math.min(scan.left, bytes.length - at);
      data(at, at + taken);
      at += taken;
      scan.left -= taken;
      scan.total += taken;
      if (scan.left === 0) scan.phase = AFTER_DATA;
      continue;
    }
    const ok = step(bytes[at]!, scan);
    if (!ok) return { progress: 'invalid', next: at };
    at++;
    if (scan.phase === DONE) return { progress: 'done', next: at };
  }
  return { progress: 'more', next: at };
}

/** Takes one byte of framing; false where nginx calls the body invalid. */
function step(byte: number, scan: ChunkedScan): boolean {
  switch (scan.phase) {
    case SIZE_FIRST:
      if (HEX[byte] === 0xff) return false;
      scan.left = 0;
      scan.digits = 0;
      scan.phase = IN_SIZE;
      takeDigit(HEX[byte]!, scan);
      return true;
    case IN_SIZE:
      if (isTooLarge(scan)) return false;
      if (HEX[byte] !== 0xff) {
        takeDigit(HEX[byte]!, scan);
        return true;
      }
      if (byte === LF) endSize(scan);
      else if (byte === CR) scan.phase = SIZE_LF;
      else if (byte === SEMICOLON || byte === SPACE || byte === TAB) scan.phase = IN_EXTENSION;
      else return false;
      return true;
    case IN_EXTENSION:
      if (byte === LF) endSize(scan);
      else if (byte === CR) scan.phase = SIZE_LF;
      return true;
    case SIZE_LF:
      if (byte !== LF) return false;
      endSize(scan);
      return true;
    case AFTER_DATA:
      if (byte === LF) scan.phase = SIZE_FIRST;
      else if (byte === CR) scan.phase = AFTER_DATA_LF;
      else return false;
      return true;
    case AFTER_DATA_LF:
      scan.phase = SIZE_FIRST;
      return byte === LF;
    case TRAILER_START:
      if (byte === LF) scan.phase = DONE;
      else scan.phase = byte === CR ? LAST_LF : IN_TRAILER;
      return true;
    case IN_TRAILER:
      if (byte === LF) scan.phase = TRAILER_START;
      else if (byte === CR) scan.phase = TRAILER_LF;
      return true;
    case TRAILER_LF:
      scan.phase = TRAILER_START;
      return byte === LF;
    default:
      scan.phase = DONE;
      return byte === LF;
  }
}

function takeDigit(digit: number, scan: ChunkedScan): void {
  if (scan.digits === 0) scan.lead = digit;
  if (scan.digits > 0 || digit > 0) scan.digits++;
  scan.left = scan.left * 16 + digit;
}

/** Another digit would not fit signed 64 bits: nginx looks at the next byte whatever it is, and refuses. */
function isTooLarge({ digits, lead }: ChunkedScan): boolean {
  return digits > MOST_DIGITS || (digits === MOST_DIGITS && lead >= SIGN_DIGIT);
}

function endSize(scan: ChunkedScan): void {
  scan.phase = scan.left === 0 ? TRAILER_START : IN_DATA;
}
