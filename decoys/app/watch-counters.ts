// Counters mode: no capability at all, the kernel's counters alone, four times a second.
import { countedTouches } from '../touch/counted.ts';
import { type CounterReader, type Counters, grown } from '../touch/kernel-counters.ts';
import { currentPrivileges } from '../touch/privileges.ts';
import type { Recorder } from '../touch/recorder.ts';
import type { Running } from '../touch/run.ts';
import { createUnseenBooks } from './unseen.ts';

const POLL_MS = 250;

export interface CounterWatchOptions {
  readonly recorder: Pick<Recorder, 'touch'>;
  readonly counters: CounterReader;
  /** Other programs use this network namespace too. */
  readonly shared: boolean;
}

export function watchCounters({ recorder, counters, shared }: CounterWatchOptions): Running {
  const privileges = currentPrivileges();
  const base = counters.read();
  const books = createUnseenBooks(base, (touch) => recorder.touch(touch));
  let before = base;
  const ignored = { 'neighbour-discovery': 0 };

  function poll(): void {
    const after = counters.read();
    const counted = countedTouches(before, after, { shared, at: Date.now() });
    for (const touch of counted.touches) recorder.touch(touch);
    ignored['neighbour-discovery'] += counted.ignored;
    // Beside other programs most of what arrives is theirs, and a difference says nothing.
    if (!shared) books.settle(after, deliveredSince(base, after), Date.now());
    before = after;
  }

  const poller = setInterval(poll, POLL_MS);
  return {
    summary: `counts packets by the kernel's counters only (uid ${privileges.uid}): it cannot see who sent them, nor to which ports`,
    heartbeat: () => ({
      mode: 'counters',
      ports: [],
      uid: privileges.uid,
      capabilities: privileges.capabilities,
      unseen: books.totals(),
      ignored: { ...ignored },
    }),
    async close() {
      clearInterval(poller);
      poll();
      counters.close();
    },
  };
}

function deliveredSince(base: Counters, now: Counters): Record<4 | 6, number> {
  return { 4: grown(base, now, 'Ip.InDelivers'), 6: grown(base, now, 'Ip6InDelivers') };
}
