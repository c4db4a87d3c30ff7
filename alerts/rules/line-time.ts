// When a touch was, as its decoy says it.
import type { TouchLine } from '../../decoys/touch/schema.ts';

/** A line that is older has the time of a wrong clock. */
const OLDEST_MS = 30 * 86_400_000;

/** ms since the epoch, never after `nowMs`, the time of arrival. The stamp is the decoy's: what an attacker sends has no part in it. */
export function lineTime(line: TouchLine, nowMs: number): number {
  const stampedMs = Date.parse(line.event.end ?? line['@timestamp']);
  return stampedMs < nowMs && nowMs - stampedMs < OLDEST_MS ? stampedMs : nowMs;
}
