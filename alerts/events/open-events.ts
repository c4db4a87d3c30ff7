// The events that are open: one per rule, source and decoy; opened at once, counted on, told of again when they grow or
// at an interval, closed after a quiet time.
import type { Match } from '../rules/evaluate.ts';
import { countTouch, type Escalation, eventKey, openEvent, type SecurityEvent, tell } from './security-event.ts';

/** Open events remembered; the one longest unheard is closed first. */
const OPEN_EVENTS = 10_000;
const QUIET_MS = 600_000;
/** From a start until what was written before it has been read. */
const CATCH_UP_MS = 60_000;

export type Change = 'opened' | 'counted' | 'escalated' | 'reminded' | 'closed';

export interface Changed {
  readonly event: SecurityEvent;
  readonly change: Change;
  /** Why it escalated. */
  readonly reason?: Escalation;
}

export interface OpenEvents {
  /** Opens an event or counts on. */
  match(match: Match, nowMs: number): Changed;
  /** Closes events that have been quiet, tells again of those whose interval is over. */
  tick(nowMs: number): Changed[];
  /** Takes events that were open when a run before ended, the one longest unheard first; none closes before what was written meanwhile could be read. */
  restore(events: Iterable<SecurityEvent>, nowMs: number): void;
  /** The clock was set: an event that has been quiet for a minute has still been quiet for a minute. */
  shift(ms: number): void;
  all(): Iterable<SecurityEvent>;
  readonly size: number;
}

export interface OpenEventsOptions {
  readonly quietMs?: number;
  /** An event that goes on is told of again at this interval; 0 for never. */
  readonly remindMs?: number;
  readonly limit?: number;
}

export function createOpenEvents(options: OpenEventsOptions = {}): OpenEvents {
  const { quietMs = QUIET_MS, remindMs = 0, limit = OPEN_EVENTS } = options;
  const open = new Map<string, SecurityEvent>();
  const overflow: SecurityEvent[] = [];

  function add(event: SecurityEvent): void {
    if (open.size >= limit) {
      const [oldest, quietest] = open.entries().next().value!;
      open.delete(oldest);
      overflow.push(quietest);
    }
    open.set(event.key, event);
  }

  return {
    match(match, nowMs) {
      const key = eventKey(match);
      const known = open.get(key);
      if (known) {
        open.delete(key);
        open.set(key, known);
        const reason = countTouch(known, match, nowMs);
        return { event: known, change: reason ? 'escalated' : 'counted', reason };
      }
      const event = openEvent(match, nowMs);
      add(event);
      return { event, change: 'opened' };
    },
    tick(nowMs) {
      const changed: Changed[] = [];
      const closed = overflow.splice(0);
      for (const [key, event] of open) {
        if (nowMs - event.heardMs < quietMs) break; // In order of last touch: the rest is younger.
        open.delete(key);
        closed.push(event);
      }
      for (const event of closed) {
        tell(event, nowMs);
        event.state = 'closed';
        changed.push({ event, change: 'closed' });
      }
      if (remindMs > 0) {
        for (const event of open.values()) {
          if (nowMs - event.told.ms < remindMs) continue;
          tell(event, nowMs);
          changed.push({ event, change: 'reminded' });
        }
      }
      return changed;
    },
    restore(events, nowMs) {
      const earliestMs = nowMs - quietMs + Math.min(quietMs, CATCH_UP_MS);
      for (const event of events) {
        event.heardMs = Math.max(event.heardMs, earliestMs);
        add(event);
      }
    },
    shift(ms) {
      for (const event of open.values()) {
        event.heardMs += ms;
        event.told.ms += ms;
      }
    },
    all: () => open.values(),
    get size() {
      return open.size;
    },
  };
}
