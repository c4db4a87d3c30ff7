// The pipeline: text of a line → touch → who → rules → security events → outputs. One stage after the other, in process.
import type { TouchLine } from '../decoys/touch/schema.ts';
import { type Culprit, outside } from './attribution/culprit.ts';
import { createOpenEvents } from './events/open-events.ts';
import type { SecurityEvent } from './events/security-event.ts';
import { readLine } from './input/read-line.ts';
import { createEvaluator, type Match } from './rules/evaluate.ts';
import type { Rule } from './rules/rule.ts';

/** Ids remembered to tell a line that arrives twice; the oldest is forgotten first. */
const SEEN_IDS = 65_536;

export type Change = 'opened' | 'counted' | 'closed';

export interface PipelineOptions {
  readonly rules: readonly Rule[];
  /** Told of every change of a security event. */
  readonly onEvent: (event: SecurityEvent, change: Change, nowMs: number) => void;
  readonly onHeartbeat?: (line: TouchLine) => void;
  /** Told why a line is not one of ours. */
  readonly onForeign?: (reason: string) => void;
  readonly attribute?: (ip: string | undefined, line: TouchLine) => Culprit;
  readonly now?: () => number;
  readonly quietMs?: number;
}

export interface Pipeline {
  /** Takes one line, as written by a decoy or as a container runtime logged it. Never throws for what it holds. */
  line(text: string): void;
  /** Ends periods and closes quiet events. Call once a second or so. */
  tick(): void;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { rules, onEvent, onHeartbeat, onForeign, attribute = outside, now = Date.now, quietMs } = options;
  const evaluator = createEvaluator(rules);
  const events = createOpenEvents({ quietMs });
  const seen = new Set<string>();

  function settle(matches: readonly Match[], nowMs: number): void {
    for (const match of matches) {
      const { event, opened } = events.match(match, nowMs);
      onEvent(event, opened ? 'opened' : 'counted', nowMs);
    }
  }

  function isRepeated(id: string): boolean {
    if (seen.has(id)) return true;
    if (seen.size >= SEEN_IDS) seen.delete(seen.values().next().value ?? '');
    seen.add(id);
    return false;
  }

  return {
    line(text) {
      if (text.trim() === '') return;
      const read = readLine(text);
      if (read.kind === 'foreign') onForeign?.(read.reason);
      else if (isRepeated(read.line.event.id)) return;
      else if (read.kind === 'heartbeat') onHeartbeat?.(read.line);
      else {
        const nowMs = now();
        const { line } = read;
        settle(evaluator.touch(line, attribute(line.source?.ip, line), nowMs), nowMs);
      }
    },
    tick() {
      const nowMs = now();
      settle(evaluator.tick(nowMs), nowMs);
      for (const event of events.tick(nowMs)) onEvent(event, 'closed', nowMs);
    },
  };
}
