// How long a flooded socket may be left alone between two rounds of reading. While its receive buffer is far from full, long: each round
// costs as much as a hundred packets. Where the host grants so small a buffer (rmem_max of 212,992) that a burst would run over by then,
// short, as long as there is CPU for it: who is held up anyway loses more by rounds than by bursts.

const ROUND_MS = 5;
const LONGEST_MS = 20;
/** The part of a receive buffer that may fill between two rounds. */
const FILL = 1 / 8;
/** What a small packet takes of a receive buffer. */
const BUFFERED_BYTES = 1_024;
/** What a sender on the same machine manages in a burst: a buffer should outlast the pause at that rate. */
const BURST_PACKETS_PER_MS = 130;
/** Later than planned by this, the process had no CPU: a limit of half a CPU throttles by 50 ms at a time. */
const HELD_UP_MS = 45;
/** How long it is sparing with rounds from then on. */
const SPARING_MS = 10_000;

export interface Pace {
  /** Rounds begin: how long before the first, ms. */
  start(now: number): number;
  /** A round that began at `began` has ended at `now`, both ms, with `most` packets from the fullest socket: how long to pause, ms. */
  pauseAfter(round: { readonly began: number; readonly now: number; readonly most: number }): number;
}

/** `receiveBuffer` is what the kernel granted, bytes. */
export function createPace(receiveBuffer: number): Pace {
  const capacity = receiveBuffer / BUFFERED_BYTES;
  const room = capacity * FILL;
  const longestMs = Math.min(LONGEST_MS, capacity / BURST_PACKETS_PER_MS);
  const shortestMs = Math.min(ROUND_MS, room / BURST_PACKETS_PER_MS);
  let endedAt = 0;
  let plannedAt = 0;
  let sparingUntil = Number.NEGATIVE_INFINITY;

  return {
    start(now) {
      const pauseMs = Math.min(ROUND_MS, longestMs);
      endedAt = now;
      plannedAt = now + pauseMs;
      return pauseMs;
    },
    pauseAfter({ began, now, most }) {
      if (began - plannedAt > HELD_UP_MS || now - began > HELD_UP_MS) sparingUntil = now + SPARING_MS;
      const fillMs = (room * (now - endedAt)) / Math.max(most, 1);
      const sparing = now < sparingUntil;
      const pauseMs = Math.max(sparing ? ROUND_MS : shortestMs, Math.min(sparing ? LONGEST_MS : longestMs, fillMs));
      endedAt = now;
      plannedAt = now + pauseMs;
      return pauseMs;
    },
  };
}
