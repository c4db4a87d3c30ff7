// Folding: the first touch of a source is written at once, a flood becomes a bounded number of lines, and nothing is left uncounted.
// The sum of the counts written is the sum of the counts added, always.
import { addSample, type Entry, heldBytes, NO_SAMPLES, NOTHING, newEntry, type Source } from './fold-entry.ts';
import type { Folded } from './line.ts';
import { PortSet } from './ports.ts';
import { createRation } from './ration.ts';
import { type Glimpse, PRIORITY, type Priority, type Touch } from './touch.ts';
import { createUnattributed } from './unattributed.ts';

/** Sources remembered; the one longest unheard is evicted, what it had folded moves to the unattributed line. */
export const SOURCES = 4_096;
/** Kinds of touches folded apart per source; further kinds share one. */
const KEYS_PER_SOURCE = 32;
/** And of all sources together; for one more the source longest unheard is evicted. */
export const ENTRIES = 4_096;
/** Bytes of the touches that wait to be written, about; for more the source longest unheard is evicted too. */
const ALL_HELD_BYTES = 4 * 1024 * 1024;
/** How long a fold waits after its last touch doubles with each line, up to this. */
const QUIET_LIMIT_MS = 8_000;
/** And how long after its first at the latest. */
const WINDOW_LIMIT_MS = 60_000;
/** A kind not seen for this long is new again: its next touch is written at once. */
const FORGET_MS = 60_000;
const FORGET_EVERY_MS = 1_000;
/** Bit maps of ports (8 KiB each) in use at once; further folds keep only their count of ports. */
const PORT_SETS = 2_048;
/** Samples of all folds together; further messages of a flood are counted and not kept. */
const ALL_SAMPLES = 2_048;

export interface FoldOptions {
  /** Lines one source may write before its touches fold; 0 folds from the second touch of a kind on. */
  readonly burst?: number;
  /** Lines a second that burst grows by again. */
  readonly refill?: number;
  /** Makes a touch whole, with all it tells, before it is kept for a line. */
  readonly whole?: (touch: Touch) => Touch;
  readonly emit: (touch: Touch, folded: Folded) => void;
}

/** `now` is a clock in ms that never steps back; times in touches are the wall clock's. */
export interface Folder {
  add(touch: Touch, now: number): void;
  /** False counts a touch as unattributed; true makes its source known and asks for the touch itself. */
  wants(glimpse: Glimpse, now: number): boolean;
  /** Writes what is due; call it every 50 ms or so. */
  tick(now: number): void;
  /** Writes everything, as long as there is room; false where something is left. */
  flush(hasRoom?: () => boolean): boolean;
  /** Writes what is folded as one unattributed line: for the end, when there is no time for a line each. */
  summarize(): void;
}

export function createFolder({ burst = 0, refill = 0, whole = (touch) => touch, emit }: FoldOptions): Folder {
  /** The one longest unheard first. */
  const sources = new Map<string, Source>();
  /** The last of `sources`: heard again, it stays where it is. */
  let latest: Source | undefined;
  const pending = new Set<Entry>();
  /** Of those, the ordinary ones whose source has had no line of their kind. */
  const firsts = new Set<Entry>();
  const ration = createRation();
  const unattributed = createUnattributed(emit);
  let forgottenAt = 0;
  let portSets = 0;
  let entries = 0;
  let samples = 0;
  let held = 0;

  function sourceOf(touch: Touch, now: number): Source | undefined {
    const ip = touch.source?.ip ?? '';
    const known = sources.get(ip);
    if (known) {
      if (known !== latest) {
        sources.delete(ip);
        sources.set(ip, known);
        latest = known;
      }
      return known;
    }
    const { action, foldKey = action, protocol, bytes = 0, priority = PRIORITY.ordinary } = touch;
    const ordinary = priority === PRIORITY.ordinary;
    if (ordinary && !ration.admits({ foldKey, protocol, bytes }, firsts.size, now)) return undefined;
    return makeKnown(ip, now);
  }

  function makeKnown(ip: string, now: number): Source {
    if (sources.size >= SOURCES) evictOldest();
    const source: Source = { ip, entries: new Map(), tokens: burst, refilledAt: now };
    sources.set(ip, source);
    latest = source;
    return source;
  }

  function evictOldest(): void {
    const oldest = sources.values().next().value;
    if (!oldest) return;
    for (const entry of oldest.entries.values()) {
      if (entry.count > 0) unattributed.add(entry.touch, entry);
      clear(entry);
    }
    entries -= oldest.entries.size;
    sources.delete(oldest.ip);
  }

  function clear(entry: Entry): void {
    if (entry.ports) portSets--;
    entry.ports = undefined;
    entry.count = 0;
    entry.bytes = 0;
    samples -= entry.samples.length;
    entry.samples = NO_SAMPLES;
    entry.touch = NOTHING;
    held -= entry.held;
    entry.held = 0;
    entry.dueAt = 0;
    entry.priority = PRIORITY.ordinary;
    pending.delete(entry);
    firsts.delete(entry);
  }

  function keep(entry: Entry, touch: Touch): void {
    entry.touch = whole(touch);
    const bytes = heldBytes(entry.touch);
    held += bytes - entry.held;
    entry.held = bytes;
  }

  function merge(entry: Entry, touch: Touch): void {
    const count = touch.count ?? 1;
    if (entry.count === 0) {
      keep(entry, touch);
      entry.start = touch.at;
      entry.end = touch.end ?? touch.at;
    } else {
      if (touch.urgent || (touch.priority ?? 0) > entry.priority) keep(entry, touch);
      entry.start = Math.min(entry.start, touch.at);
      entry.end = Math.max(entry.end, touch.end ?? touch.at);
      if (samples < ALL_SAMPLES && addSample(entry, touch.message)) samples++;
    }
    entry.count += count;
    entry.bytes += touch.bytes ?? 0;
    entry.priority = Math.max(entry.priority, touch.priority ?? 0) as Priority;
    const port = touch.destination?.port;
    if (port === undefined || touch.ports) return;
    if (!entry.ports && portSets < PORT_SETS) {
      entry.ports = new PortSet();
      portSets++;
    }
    entry.ports?.add(port);
  }

  function write(entry: Entry): void {
    const { touch, count, start, end, bytes, samples } = entry;
    const ports = touch.ports ?? entry.ports;
    const spread =
      ports && (ports.size > 1 || touch.honeypod?.scan)
        ? { ranges: ports.toRanges(), distinct: ports.size }
        : undefined;
    clear(entry);
    entry.fresh = false;
    emit(touch, { count, start, end, bytes, ports: spread, samples });
  }

  function mayWrite({ priority, fresh }: Entry, now: number): boolean {
    return ration.takeLine(priority, fresh, now);
  }

  function wait(entry: Entry): void {
    pending.add(entry);
    if (isFirst(entry)) firsts.add(entry);
    else firsts.delete(entry);
  }

  function forget(now: number): void {
    forgottenAt = now;
    for (const source of sources.values()) {
      for (const [key, entry] of source.entries) {
        if (entry.count > 0 || now - entry.lastSeen <= FORGET_MS) continue;
        source.entries.delete(key);
        entries--;
      }
      if (source.entries.size === 0) sources.delete(source.ip);
    }
  }

  return {
    add(touch, now) {
      const source = sourceOf(touch, now);
      if (!source) {
        const { count = 1, at, end = at, bytes = 0 } = touch;
        unattributed.add(touch, { count, start: at, end, bytes });
        return;
      }
      let key = touch.foldKey ?? touch.action;
      if (!source.entries.has(key) && source.entries.size >= KEYS_PER_SOURCE) key = '';
      let entry = source.entries.get(key);
      if (!entry) {
        // This source is the one heard last, so it is not evicted.
        while (entries >= ENTRIES && sources.size > 1) evictOldest();
        entry = newEntry(source, key, touch, now);
        source.entries.set(key, entry);
        entries++;
      }
      const alone = entry.count === 0;
      merge(entry, touch);
      while (held > ALL_HELD_BYTES && sources.size > 1) evictOldest();
      entry.lastSeen = now;
      const ownLine = alone && takeOwnLine(source, now);
      if (alone) entry.since = now;
      if (entry.fresh || touch.urgent || ownLine) entry.dueAt = Math.min(entry.dueAt || now, now);
      else if (alone) entry.dueAt = now + entry.quiet;
      else if (entry.dueAt > now) entry.dueAt = Math.min(now + entry.quiet, Math.max(entry.since + entry.window, now));
      // First lines are written in turn: whoever comes last does not take the line of one that waits.
      const inTurn = !isFirst(entry) || firsts.size === 0;
      if (entry.dueAt <= now && inTurn && mayWrite(entry, now)) write(entry);
      else wait(entry);
    },

    wants(glimpse, now) {
      if (sources.has(glimpse.ip)) return true;
      if (ration.admits(glimpse, firsts.size, now)) {
        makeKnown(glimpse.ip, now);
        return true;
      }
      unattributed.addOne(glimpse);
      return false;
    },

    tick(now) {
      const due = [...pending].filter((entry) => entry.dueAt <= now);
      due.sort((a, b) => b.priority - a.priority || Number(b.fresh) - Number(a.fresh) || a.dueAt - b.dueAt);
      for (const entry of due) {
        if (!mayWrite(entry, now)) continue;
        const grew = !entry.fresh && entry.count > 1;
        write(entry);
        if (grew) {
          entry.quiet = Math.min(entry.quiet * 2, QUIET_LIMIT_MS);
          entry.window = Math.min(entry.window * 2, WINDOW_LIMIT_MS);
        }
      }
      unattributed.tick(now);
      if (now - forgottenAt >= FORGET_EVERY_MS) forget(now);
    },

    flush(hasRoom = () => true) {
      for (const entry of [...pending]) {
        if (!hasRoom()) return false;
        write(entry);
      }
      unattributed.flush();
      return true;
    },

    summarize() {
      for (const entry of [...pending]) {
        unattributed.add(entry.touch, entry);
        clear(entry);
      }
      unattributed.flush();
    },
  };

  function takeOwnLine(source: Source, now: number): boolean {
    source.tokens = Math.min(burst, source.tokens + (Math.max(0, now - source.refilledAt) / 1_000) * refill);
    source.refilledAt = now;
    if (source.tokens < 1) return false;
    source.tokens -= 1;
    return true;
  }
}

/** The first line of its kind for its source, and no more than ordinary. */
function isFirst({ fresh, priority }: Entry): boolean {
  return fresh && priority === PRIORITY.ordinary;
}
