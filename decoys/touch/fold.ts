// Folding: the first touch of a source is written at once, a flood becomes a bounded number of lines, and nothing is left uncounted.
// The sum of the counts written is the sum of the counts added, always.
import { Bucket } from './bucket.ts';
import { DistinctCounter } from './distinct.ts';
import { addSample, type Entry, newEntry, type Source } from './fold-entry.ts';
import type { Folded } from './line.ts';
import { PortSet } from './ports.ts';
import { PRIORITY, type Priority, type Touch } from './touch.ts';

/** Sources remembered; the one longest unheard is evicted, what it had folded moves to the unattributed line. */
export const SOURCES = 4_096;
/** Kinds of touches folded apart per source; further kinds share one. */
const KEYS_PER_SOURCE = 32;
/** And of all sources together; for one more the source longest unheard is evicted. */
export const ENTRIES = 4_096;
/** Sources that may become known within a second; further ones (spoofed floods) go to the unattributed line unless they completed a connection. */
export const NEW_SOURCES_PER_SECOND = 64;
/** How long a fold waits after its last touch doubles with each line, up to this. */
const QUIET_LIMIT_MS = 8_000;
/** And how long after its first at the latest. */
const WINDOW_LIMIT_MS = 60_000;
/** A kind not seen for this long is new again: its next touch is written at once. */
const FORGET_MS = 60_000;
const FORGET_EVERY_MS = 1_000;
/** Lines all sources together may write: a burst, then so many a second. */
export const LINES_BURST = 60;
export const LINES_PER_SECOND = 25;
/** Tokens each priority leaves to those above it; repeated ordinary touches leave the most. */
const RESERVE: Record<Priority, number> = { 0: 20, 1: 8, 2: 0 };
const REPEATED_RESERVE = 30;
/** Unattributed touches are written once in this time. */
const UNATTRIBUTED_MS = 1_000;
/** Bit maps of ports (8 KiB each) in use at once; further folds keep only their count of ports. */
const PORT_SETS = 2_048;

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
  const lines = new Bucket(LINES_BURST, LINES_PER_SECOND);
  const newcomers = new Bucket(NEW_SOURCES_PER_SECOND, NEW_SOURCES_PER_SECOND);
  const strangers = new DistinctCounter();
  let unattributed: Entry | undefined;
  let unattributedAt = 0;
  let forgottenAt = 0;
  let portSets = 0;
  let entries = 0;

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
    const counts = newcomers.take(now, 0);
    if (!counts && (touch.priority ?? PRIORITY.ordinary) === PRIORITY.ordinary) return undefined;
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
      if (entry.count > 0) setAside(entry.touch, entry);
      clear(entry);
    }
    entries -= oldest.entries.size;
    sources.delete(oldest.ip);
  }

  /** Counts touches whose source is not kept apart. */
  function setAside(touch: Touch, folded: Pick<Folded, 'count' | 'start' | 'end' | 'bytes'>): void {
    strangers.add(touch.source?.ip ?? '');
    if (!unattributed) {
      const nobody: Source = { ip: '', entries: new Map(), tokens: 0, refilledAt: 0 };
      unattributed = newEntry(nobody, 'unattributed', touch, folded.start);
    }
    const entry = unattributed;
    if (entry.count === 0) {
      entry.touch = whole(touch);
      entry.start = folded.start;
    }
    entry.count += folded.count;
    entry.bytes += folded.bytes;
    entry.start = Math.min(entry.start, folded.start);
    entry.end = Math.max(entry.end, folded.end);
  }

  function writeUnattributed(now: number): void {
    if (!unattributed || unattributed.count === 0) return;
    const { touch, count, start, end, bytes } = unattributed;
    const estimate = Math.max(1, Math.min(strangers.estimate(), count));
    unattributed = undefined;
    unattributedAt = now;
    strangers.clear();
    emit(
      {
        action: 'unattributed',
        at: start,
        destination: touch.destination && { ip: touch.destination.ip },
        protocol: touch.protocol,
        message: `${count} touches of about ${estimate} sources, too many to name each`,
      },
      { count, start, end, bytes, sources: estimate },
    );
  }

  function clear(entry: Entry): void {
    if (entry.ports) portSets--;
    entry.ports = undefined;
    entry.count = 0;
    entry.bytes = 0;
    entry.samples = [];
    entry.dueAt = 0;
    entry.priority = PRIORITY.ordinary;
    pending.delete(entry);
  }

  function merge(entry: Entry, touch: Touch): void {
    const count = touch.count ?? 1;
    if (entry.count === 0) {
      entry.touch = whole(touch);
      entry.start = touch.at;
      entry.end = touch.end ?? touch.at;
    } else {
      if (touch.urgent || (touch.priority ?? 0) > entry.priority) entry.touch = whole(touch);
      entry.start = Math.min(entry.start, touch.at);
      entry.end = Math.max(entry.end, touch.end ?? touch.at);
      addSample(entry.samples, touch.message);
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

  function mayWrite(entry: Entry, now: number): boolean {
    const reserve = entry.priority === PRIORITY.ordinary && !entry.fresh ? REPEATED_RESERVE : RESERVE[entry.priority];
    return lines.take(now, reserve);
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
        setAside(touch, {
          count: touch.count ?? 1,
          start: touch.at,
          end: touch.end ?? touch.at,
          bytes: touch.bytes ?? 0,
        });
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
      entry.lastSeen = now;
      const ownLine = alone && takeOwnLine(source, now);
      if (alone) entry.since = now;
      if (entry.fresh || touch.urgent || ownLine) entry.dueAt = Math.min(entry.dueAt || now, now);
      else if (alone) entry.dueAt = now + entry.quiet;
      else if (entry.dueAt > now) entry.dueAt = Math.min(now + entry.quiet, Math.max(entry.since + entry.window, now));
      if (entry.dueAt <= now && mayWrite(entry, now)) write(entry);
      else pending.add(entry);
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
      if (now - unattributedAt >= UNATTRIBUTED_MS) writeUnattributed(now);
      if (now - forgottenAt >= FORGET_EVERY_MS) forget(now);
    },

    flush(hasRoom = () => true) {
      for (const entry of [...pending]) {
        if (!hasRoom()) return false;
        write(entry);
      }
      writeUnattributed(unattributed?.end ?? 0);
      return true;
    },

    summarize() {
      for (const entry of [...pending]) {
        setAside(entry.touch, entry);
        clear(entry);
      }
      writeUnattributed(unattributed?.end ?? 0);
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
