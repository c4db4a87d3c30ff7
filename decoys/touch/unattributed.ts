// Touches whose source is not kept apart: one line a second, with their exact count and an estimate of how many sources they had.
import { DistinctCounter } from './distinct.ts';
import type { Folded } from './line.ts';
import type { Glimpse, Touch } from './touch.ts';

/** They are written once in this time. */
const UNATTRIBUTED_MS = 1_000;

export interface Unattributed {
  /** Counts a touch. */
  addOne(glimpse: Glimpse): void;
  /** Counts what was folded of a source that is forgotten. */
  add(touch: Touch, folded: Pick<Folded, 'count' | 'start' | 'end' | 'bytes'>): void;
  /** Writes the line where it is due. `now` is a clock in ms that never steps back. */
  tick(now: number): void;
  /** Writes it now. */
  flush(): void;
}

interface Waiting {
  readonly destination: string | undefined;
  readonly protocol: number;
  count: number;
  start: number;
  end: number;
  bytes: number;
}

export function createUnattributed(emit: (touch: Touch, folded: Folded) => void): Unattributed {
  const strangers = new DistinctCounter();
  let waiting: Waiting | undefined;
  let writtenAt = 0;

  function flush(): void {
    if (!waiting) return;
    const { destination, protocol, count, start, end, bytes } = waiting;
    const sources = Math.max(1, Math.min(strangers.estimate(), count));
    waiting = undefined;
    strangers.clear();
    emit(
      {
        action: 'unattributed',
        at: start,
        destination: destination === undefined ? undefined : { ip: destination },
        protocol,
        message: `${count} touches of about ${sources} sources, too many to name each`,
      },
      { count, start, end, bytes, sources },
    );
  }

  function count(
    ip: string,
    destination: string | undefined,
    protocol: number,
    touches: number,
    start: number,
    end: number,
    bytes: number,
  ): void {
    strangers.add(ip);
    waiting ??= { destination, protocol, count: 0, start, end, bytes: 0 };
    waiting.count += touches;
    waiting.bytes += bytes;
    waiting.start = Math.min(waiting.start, start);
    waiting.end = Math.max(waiting.end, end);
  }

  return {
    addOne({ ip, asked, protocol, at, bytes }) {
      count(ip, asked, protocol, 1, at, at, bytes);
    },
    add({ source, destination, protocol }, folded) {
      count(source?.ip ?? '', destination?.ip, protocol, folded.count, folded.start, folded.end, folded.bytes);
    },
    tick(now) {
      if (now - writtenAt < UNATTRIBUTED_MS || !waiting) return;
      writtenAt = now;
      flush();
    },
    flush,
  };
}
