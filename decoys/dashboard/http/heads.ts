// Heads read before, found again by their bytes: scanners, floods and load balancers send the same head over and over, on one
// connection or on many. Bounded: so many heads are kept, the older half is forgotten at a time.
import type { Head } from './head.ts';
import { HEADER_BUFFER_BYTES } from './limits.ts';

/** Heads of one half. */
const HEADS = 64;
/** Of heads never seen before one in so many is kept: who sends another each time would only fill memory with them. */
const SHARE = 8;
/** Heads of more lines are not kept: a kilobyte of header can be three hundred of them. */
const LINES = 32;
const END = Buffer.from('\r\n\r\n');

let strangers = 0;
let recent = new Map<string, Head>();
let older = new Map<string, Head>();

/** The head `bytes` start with, where the very same was read before; `room` is the bytes nginx would have a buffer for. */
export function knownHead(bytes: Buffer, room: number): Head | undefined {
  const end = bytes.indexOf(END) + END.length;
  if (end < END.length || end > room || end > HEADER_BUFFER_BYTES) return undefined;
  const text = bytes.toString('latin1', 0, end);
  let known = recent.get(text);
  if (!known) {
    known = older.get(text);
    if (known) keep(text, known);
  }
  if (known) known.seen++;
  return known;
}

/** Keeps a head just read; only such as have come whole within the first buffer can be found again. */
export function rememberHead(bytes: Buffer, head: Head): void {
  if (head.bytes > HEADER_BUFFER_BYTES || head.headers.length > LINES) return;
  strangers++;
  if (strangers % SHARE === 0) keep(bytes.toString('latin1', 0, head.bytes), head);
}

function keep(text: string, head: Head): void {
  if (recent.size >= HEADS) {
    older = recent;
    recent = new Map();
  }
  recent.set(text, head);
}
