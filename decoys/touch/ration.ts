// Rationing under floods: which touch may have a line now, and which new sources become known. First lines have a ration of their own, so
// that a flood of made-up addresses neither starves the scanners that are known nor lets a newcomer wait for its line.
import { Bucket } from './bucket.ts';
import { type Glimpse, PRIORITY, type Priority } from './touch.ts';

/** Lines all sources together may write: a burst, then so many a second. */
export const LINES_BURST = 60;
export const LINES_PER_SECOND = 25;
/** Of those, first lines of sources; what is left is for what known sources go on doing. */
const FIRSTS_BURST = 40;
const FIRSTS_PER_SECOND = 20;
/** Tokens each priority leaves to those above it; repeated ordinary touches leave the most. */
const RESERVE: Record<Priority, number> = { 0: 20, 1: 8, 2: 0 };
const REPEATED_RESERVE = 30;
/** Sources that may become known within a second, whatever they look like. */
const NEW_SOURCES_PER_SECOND = 64;
/** First lines that may wait at once: whoever becomes known has its line within a second. */
const FIRSTS_WAITING = 12;
/** A flood looks alike. Past the numbers above, so many sources a second still become known of each look that there is. */
const LOOKS = 64;
const LOOK_BURST = 2;
const LOOK_PER_SECOND = 1;
const LOOKS_WAITING = 20;

/** What tells the touches of one flood from others. */
export type Look = Pick<Glimpse, 'foldKey' | 'protocol' | 'bytes'>;

export interface Ration {
  /** Takes a line where there is one. `first`: its source has had none of this kind. */
  takeLine(priority: Priority, first: boolean, now: number): boolean;
  /** Whether the source of an ordinary touch becomes known while so many first lines are `waiting`. */
  admits(touch: Look, waiting: number, now: number): boolean;
}

export function createRation(): Ration {
  const lines = new Bucket(LINES_BURST, LINES_PER_SECOND);
  const firsts = new Bucket(FIRSTS_BURST, FIRSTS_PER_SECOND);
  const newcomers = new Bucket(NEW_SOURCES_PER_SECOND, NEW_SOURCES_PER_SECOND);
  const looks = Array.from({ length: LOOKS }, () => new Bucket(LOOK_BURST, LOOK_PER_SECOND));

  return {
    takeLine(priority, first, now) {
      if (priority !== PRIORITY.ordinary) return lines.take(now, RESERVE[priority]);
      if (!first) return lines.take(now, REPEATED_RESERVE);
      return lines.has(now, RESERVE[priority]) && firsts.take(now) && lines.take(now, RESERVE[priority]);
    },
    admits(touch, waiting, now) {
      if (waiting < FIRSTS_WAITING && newcomers.take(now)) return true;
      return waiting < LOOKS_WAITING && looks[lookOf(touch)]!.take(now);
    },
  };
}

/** Touches made by one loop of one program are of one kind and one length. */
function lookOf({ foldKey, protocol, bytes }: Look): number {
  let hash = Math.imul(protocol + 1, 0x85ebca6b) ^ Math.imul(bytes + 1, 0xc2b2ae35);
  for (let at = 0; at < foldKey.length; at++) hash = Math.imul(hash ^ foldKey.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 26;
}
