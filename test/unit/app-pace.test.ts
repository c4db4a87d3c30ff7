// How often the app decoy reads sockets that are flooded.
import { describe, expect, it } from 'vitest';
import { createPace } from '../../decoys/app/pace.ts';

const LARGE = 8 * 1024 * 1024;
/** Twice an rmem_max of 212,992. */
const SMALL = 425_984;

/** The pauses of rounds that take no time, with so many packets a ms, ms. */
function pauses(receiveBuffer: number, packetsPerMs: number, rounds = 20): number[] {
  const pace = createPace(receiveBuffer);
  let now = 0;
  let pause = pace.start(now);
  const all = [pause];
  for (let round = 0; round < rounds; round++) {
    const most = Math.max(1, Math.round(packetsPerMs * Math.max(pause, 0.1)));
    now += Math.max(pause, 0.1);
    pause = pace.pauseAfter({ began: now, now, most });
    all.push(pause);
  }
  return all;
}

describe('the pace of reading', () => {
  it.each([1, 20, 100, 1_000])('is 5 to 20 ms where the buffer is large, at %d packets a ms', (packetsPerMs) => {
    for (const pause of pauses(LARGE, packetsPerMs)) {
      expect(pause).toBeGreaterThanOrEqual(5);
      expect(pause).toBeLessThanOrEqual(20);
    }
  });

  it.each([1, 20, 100, 150])(
    'lets no burst of 130 packets a ms fill a small buffer, at %d packets a ms',
    (packetsPerMs) => {
      for (const pause of pauses(SMALL, packetsPerMs)) expect(pause * 130).toBeLessThanOrEqual(SMALL / 1_024);
    },
  );

  it('is sparing for a while once the process has been held up, and only then', () => {
    const pace = createPace(SMALL);
    const first = pace.start(0);
    expect(pace.pauseAfter({ began: first, now: first, most: 10 })).toBeLessThan(5);
    const late = first + 90;
    expect(pace.pauseAfter({ began: late, now: late, most: 400 })).toBeGreaterThanOrEqual(5);
    expect(pace.pauseAfter({ began: late + 5, now: late + 5, most: 10 })).toBeGreaterThanOrEqual(5);
    const calm = late + 11_000;
    pace.start(calm);
    expect(pace.pauseAfter({ began: calm + 2, now: calm + 2, most: 10 })).toBeLessThan(5);
  });
});
