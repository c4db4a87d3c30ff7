// The pipeline: text of a line → touch → who → rules → security events → outputs. One stage after the other, in process.
import type { TouchLine } from '../decoys/touch/schema.ts';
import { type Culprit, outside } from './attribution/culprit.ts';
import { type Changed, createOpenEvents } from './events/open-events.ts';
import type { SecurityEvent } from './events/security-event.ts';
import type { Exceptions } from './exceptions/exceptions.ts';
import { readLine, unwrap } from './input/read-line.ts';
import { createSeenIds } from './input/seen-ids.ts';
import { createEvaluator, type Match } from './rules/evaluate.ts';
import type { Rule } from './rules/rule.ts';
import type { Origin } from './state/batch.ts';
import type { Collector } from './state/collector.ts';

export type { Change } from './events/open-events.ts';

export interface PipelineOptions {
  readonly rules: readonly Rule[];
  /** Told of every change of a security event, at once. */
  readonly onEvent?: (event: SecurityEvent, change: Changed['change'], nowMs: number) => void;
  /** Told of every touch line, once. */
  readonly onTouch?: (line: TouchLine) => void;
  readonly onHeartbeat?: (line: TouchLine) => void;
  /** Told why a line is not one of ours. */
  readonly onForeign?: (reason: string) => void;
  /** Told of a line that arrived before. */
  readonly onRepeated?: (line: TouchLine) => void;
  /** What is counted and shown without being told of. */
  readonly exceptions?: Exceptions;
  /** Told of every rule that holds for a touch. */
  readonly onMatch?: (match: Match, nowMs: number) => void;
  readonly attribute?: (ip: string | undefined, line: TouchLine) => Culprit;
  /** True where the name of the line's source is still to come; `go` is then called once, and the line judged. */
  readonly waitFor?: (line: TouchLine, go: () => void) => boolean;
  /** Keeps what must outlive this process. */
  readonly collector?: Collector;
  readonly now?: () => number;
  readonly quietMs?: number;
  readonly remindMs?: number;
}

/** What a run before left. */
export interface Past {
  /** Events still open, the one longest unheard first. */
  readonly events: Iterable<SecurityEvent>;
  /** Touches of the rules' longest lookback, oldest first. */
  readonly touches: Iterable<{ readonly receivedMs: number; readonly line: string; readonly culprit?: Culprit }>;
}

export interface Pipeline {
  /** Takes one line, as written by a decoy or as a container runtime logged it. Never throws for what it holds. */
  line(text: string, origin?: Origin): void;
  /** Takes a line that `alerts` itself made about a decoy (health/): rules see it, nothing counts it as a touch. */
  health(line: TouchLine): void;
  /** Ends periods and closes quiet events. Call once a second or so. */
  tick(): void;
  /** The clock was set by so much: periods, windows and quiet times go on as if it had not been. */
  shift(ms: number): void;
  /** Takes up where a run before ended, telling nobody of it. Call before the first line. */
  restore(past: Past): void;
  openEvents(): Iterable<SecurityEvent>;
  /** Resolves once more lines should be brought; undefined where they may be at once. */
  room(): Promise<void> | undefined;
  /** Replaces the rules; one that is the same as before keeps what it has counted. */
  setRules(rules: readonly Rule[]): void;
}

/** A line that waits for the name of its source, and the last line of its input before the next that waits. */
interface WaitingLine {
  judged: boolean;
  last: Origin | undefined;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { rules, onEvent, onTouch, onHeartbeat, onForeign, onRepeated, onMatch, collector, exceptions } = options;
  const { attribute = outside, waitFor, now = Date.now, quietMs, remindMs } = options;
  const evaluator = createEvaluator(rules);
  const events = createOpenEvents({ quietMs, remindMs });
  const seen = createSeenIds(collector?.newestTouch);
  /** Lines that wait, by their input and in its order: it counts as read up to the first of them, so that a crash loses none. */
  const waiting = new Map<string, WaitingLine[]>();

  function change(changed: Changed, nowMs: number): void {
    collector?.changed(changed, nowMs);
    onEvent?.(changed.event, changed.change, nowMs);
  }

  function settle(matches: readonly Match[], nowMs: number): void {
    for (const match of matches) {
      const exception = exceptions?.find(match.rule.name, match.line, match.culprit, nowMs)?.name;
      change(events.match(exception === undefined ? match : { ...match, exception }, nowMs), nowMs);
      onMatch?.(match, nowMs);
    }
  }

  function isRepeated(id: string): boolean {
    const known = seen.add(id);
    return known === 'seen' || (known === 'perhaps' && (collector?.knows(id) ?? false));
  }

  function touch(line: TouchLine, text: string, origin: Origin | undefined): void {
    onTouch?.(line);
    const place = { judged: false, last: origin };
    const go = () => {
      judge(line, text);
      place.judged = true;
      if (origin) readOn(origin.stream);
    };
    if (!waitFor?.(line, go)) judge(line, text);
    else if (origin) {
      const places = waiting.get(origin.stream);
      if (places) places.push(place);
      else waiting.set(origin.stream, [place]);
    }
  }

  function readOn(stream: string): void {
    const places = waiting.get(stream) ?? [];
    while (places[0]?.judged) collector?.line(places.shift()?.last);
    if (places.length === 0) waiting.delete(stream);
  }

  /** A line has been dealt with, whatever it was. */
  function done(origin: Origin | undefined): void {
    const place = origin && waiting.get(origin.stream)?.at(-1);
    if (place) place.last = origin;
    else collector?.line(origin);
  }

  function judge(line: TouchLine, text: string): void {
    const nowMs = now();
    const culprit = attribute(line.source?.ip, line);
    collector?.touch([
      line.event.id,
      nowMs,
      line.honeypod.decoy,
      line.source?.ip ?? null,
      line.honeypod.count ?? 1,
      culprit.kind === 'outside' || culprit.kind === 'unknown' ? null : JSON.stringify(culprit),
      unwrap(text),
    ]);
    evaluate(line, culprit, nowMs);
  }

  function evaluate(line: TouchLine, culprit: Culprit, nowMs: number): void {
    settle(evaluator.touch(line, culprit, nowMs), nowMs);
  }

  return {
    line(text, origin) {
      if (text.trim() !== '') {
        const read = readLine(text);
        if (read.kind === 'foreign') onForeign?.(read.reason);
        else if (isRepeated(read.line.event.id)) onRepeated?.(read.line);
        else if (read.kind === 'heartbeat') onHeartbeat?.(read.line);
        else touch(read.line, text, origin);
      }
      done(origin);
    },
    health(line) {
      evaluate(line, outside(undefined), now());
    },
    tick() {
      const nowMs = now();
      settle(evaluator.tick(nowMs), nowMs);
      for (const changed of events.tick(nowMs)) change(changed, nowMs);
    },
    shift(ms) {
      evaluator.shift(ms);
      events.shift(ms);
    },
    restore(past) {
      for (const { receivedMs, line: text, culprit } of past.touches) {
        const read = readLine(text);
        if (read.kind !== 'touch') continue;
        const { line } = read;
        seen.add(line.event.id);
        evaluator.touch(line, culprit ?? outside(line.source?.ip), receivedMs);
      }
      events.restore(past.events, now());
    },
    openEvents: () => events.all(),
    room: () => collector?.room(),
    setRules: (next) => evaluator.setRules(next),
  };
}
