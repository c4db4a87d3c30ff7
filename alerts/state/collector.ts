// Collects what lines change and commits it in batches: often enough that nobody waits, seldom enough that it costs little.
import type { Change, Changed } from '../events/open-events.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { eventBody, eventRow } from '../events/stored.ts';
import { NOTICE_KINDS, type NoticeKind, type NoticeRow, type Origin, type TouchRow } from './batch.ts';
import type { State } from './state.ts';

const BATCH_LINES = 1_000;
/** From a line to its commit at most … */
const BATCH_MS = 50;
/** … and where somebody is to be told of it. */
const NOTICE_MS = 2;

export interface Collector {
  knows(touchId: string): boolean;
  /** The largest touch id of a run before, in the order of text; '' for none. */
  readonly newestTouch: string;
  touch(touch: TouchRow): void;
  changed(changed: Changed, nowMs: number): void;
  /** A line has been dealt with, whatever it was. */
  line(origin: Origin | undefined): void;
  /** Keeps a position of something that is no input of its own, with the next batch. */
  mark(stream: string, position: string): void;
  /** Commits what there is. Resolves once outputs may be given its notices. */
  flush(): Promise<void>;
  /** Resolves once there is room for more lines; undefined while there is. */
  room(): Promise<void> | undefined;
}

export interface CollectorOptions {
  readonly state: State;
  readonly now: () => number;
  /** Called once notices of a commit may be given to outputs. */
  readonly onNotices: () => void;
}

export function createCollector({ state, now, onNotices }: CollectorOptions): Collector {
  let touches: TouchRow[] = [];
  let notices: NoticeRow[] = [];
  let lines = 0;
  const events = new Set<SecurityEvent>();
  const positions = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Infinity;

  /** Resolves once all before it have been told of too. */
  let told: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    dueMs = Infinity;
    lines = 0;
    if (touches.length + events.size + notices.length + positions.size === 0) return told;
    const batch = { touches, notices, events: [...events].map(eventRow), positions: new Map(positions) };
    touches = [];
    notices = [];
    events.clear();
    positions.clear();
    const before = told;
    told = state.commit(batch, now()).then(() => {
      if (batch.notices.length > 0) onNotices();
      return before;
    });
    return told;
  }

  function flushWithin(ms: number): void {
    if (ms >= dueMs) return;
    clearTimeout(timer);
    dueMs = ms;
    timer = setTimeout(flush, ms);
  }

  return {
    knows: (id) => state.knows(id),
    newestTouch: state.newestTouch,
    touch(touch) {
      touches.push(touch);
    },
    changed({ event, change }, nowMs) {
      events.add(event);
      if (isNotice(change) && event.exception === undefined) {
        notices.push({ event: event.id, kind: change, atMs: nowMs, body: eventBody(event) });
        flushWithin(NOTICE_MS);
      } else {
        flushWithin(BATCH_MS);
      }
    },
    line(origin) {
      if (origin) positions.set(origin.stream, origin.position);
      if (++lines >= BATCH_LINES) void flush();
      else flushWithin(BATCH_MS);
    },
    mark(stream, position) {
      positions.set(stream, position);
    },
    flush,
    room: () => state.room(),
  };
}

function isNotice(change: Change): change is NoticeKind {
  return (NOTICE_KINDS as readonly Change[]).includes(change);
}
