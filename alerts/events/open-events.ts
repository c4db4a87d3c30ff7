// The events that are open: one per rule, source and decoy; opened at once, counted on, closed after a quiet time.
import type { Match } from '../rules/evaluate.ts';
import { countTouch, eventKey, openEvent, type SecurityEvent } from './security-event.ts';

/** Open events remembered; the one longest unheard is closed first. */
const OPEN_EVENTS = 20_000;
const QUIET_MS = 600_000;

export interface OpenEvents {
  /** Opens or counts; `opened` where this is the event's first touch. */
  match(match: Match, nowMs: number): { readonly event: SecurityEvent; readonly opened: boolean };
  /** Closes events that have been quiet and returns them. */
  tick(nowMs: number): SecurityEvent[];
}

export function createOpenEvents({ quietMs = QUIET_MS, limit = OPEN_EVENTS } = {}): OpenEvents {
  const open = new Map<string, { event: SecurityEvent; heardMs: number }>();
  const overflow: SecurityEvent[] = [];
  return {
    match(match, nowMs) {
      const key = eventKey(match);
      const known = open.get(key);
      if (known) {
        open.delete(key);
        open.set(key, known);
        known.heardMs = nowMs;
        countTouch(known.event, match);
        return { event: known.event, opened: false };
      }
      if (open.size >= limit) {
        const [oldest, entry] = open.entries().next().value!;
        open.delete(oldest);
        overflow.push(entry.event);
      }
      const event = openEvent(match, nowMs);
      open.set(key, { event, heardMs: nowMs });
      return { event, opened: true };
    },
    tick(nowMs) {
      const closed = overflow.splice(0);
      for (const [key, { event, heardMs }] of open) {
        if (nowMs - heardMs < quietMs) break; // In order of last touch: the rest is younger.
        open.delete(key);
        closed.push(event);
      }
      for (const event of closed) event.state = 'closed';
      return closed;
    },
  };
}
