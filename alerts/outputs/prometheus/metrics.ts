// What `alerts` counts about itself and its decoys, for Prometheus. Labels are bounded: rules, decoys, outputs, decoy pods;
// never a source, which an attacker could choose.
import type { TouchLine } from '../../../decoys/touch/schema.ts';
import type { SecurityEvent } from '../../events/security-event.ts';
import { knownDecoy, textAt } from '../../events/touch-facts.ts';
import type { NoticeKind } from '../../state/batch.ts';
import { gradeOf } from '../severity.ts';
import { Family, type Labels } from './text.ts';

/** Series of one family by rule; rules past that are counted under `other`. */
const RULE_SERIES = 2_000;
/** Decoy pods remembered; the one longest unheard is forgotten first. */
const PODS = 10_000;
/** A pod unheard for this long is gone for good; that it fell silent was told as an event long before. */
const POD_MS = 3_600_000;
const MS = 1_000;

/** What is read when somebody asks. */
export interface Readings {
  readonly version: string;
  readonly startedMs: number;
  readonly durable: boolean;
  readonly openEvents: Iterable<SecurityEvent>;
  readonly outputs: readonly {
    readonly name: string;
    readonly delivered: number;
    readonly retried: number;
    readonly lost: number;
    readonly depth: number;
    readonly oldestMs: number | undefined;
  }[];
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

export interface Metrics {
  line(kind: 'touch' | 'heartbeat' | 'foreign' | 'repeated'): void;
  touch(line: TouchLine): void;
  heartbeat(line: TouchLine, nowMs: number): void;
  notice(event: SecurityEvent, kind: NoticeKind): void;
  /** Text of the exposition format 0.0.4. */
  text(readings: Readings, nowMs: number): string;
}

export function createMetrics(): Metrics {
  const lines = new Map<string, number>();
  const touches = new Map<string, number>();
  const lost = new Map<string, number>();
  const notices = new Map<string, { labels: Labels; count: number }>();
  const pods = new Map<string, { labels: Labels; ms: number }>();
  let lastLineMs = 0;

  return {
    line(kind) {
      add(lines, kind, 1);
    },
    touch(line) {
      add(touches, knownDecoy(line.honeypod.decoy), line.honeypod.count ?? 1);
    },
    heartbeat(line, nowMs) {
      lastLineMs = nowMs;
      const decoy = knownDecoy(line.honeypod.decoy);
      const missed = line.honeypod.lost;
      add(lost, decoy, typeof missed === 'number' && missed > 0 ? missed : 0);
      const pod = line.orchestrator.resource.name;
      const labels = { decoy, namespace: textAt(line, 'orchestrator', 'namespace') ?? '', pod };
      const key = `${labels.namespace}/${pod}`;
      pods.delete(key);
      if (pods.size >= PODS) pods.delete(pods.keys().next().value ?? '');
      pods.set(key, { labels, ms: nowMs });
    },
    notice(event, kind) {
      const own = { ...labelsOf(event), notice: kind };
      const labels = notices.size < RULE_SERIES || notices.has(JSON.stringify(own)) ? own : { ...own, rule: 'other' };
      const key = JSON.stringify(labels);
      const known = notices.get(key);
      if (known) known.count++;
      else notices.set(key, { labels, count: 1 });
    },
    text(readings, nowMs) {
      for (const [key, { ms }] of pods) if (nowMs - ms > POD_MS) pods.delete(key);
      const byName = (kind: string, counts: ReadonlyMap<string, number>) =>
        [...counts].map(([name, count]) => [{ [kind]: name }, count] as const);
      const byOutput = (read: (output: Readings['outputs'][number]) => number) =>
        readings.outputs.map((output) => [{ output: output.name }, read(output)] as const);
      return [
        new Family('honeypods_build_info', 'gauge', 'Version of alerts.', [[{ version: readings.version }, 1]]),
        new Family('honeypods_lines_total', 'counter', 'Lines read, by what they were.', byName('kind', lines)),
        new Family('honeypods_touches_total', 'counter', 'Touches, folded ones counted.', byName('decoy', touches)),
        new Family('honeypods_lost_total', 'counter', 'Touches that decoys say were lost.', byName('decoy', lost)),
        new Family(
          'honeypods_events_total',
          'counter',
          'Security events told of: opened, escalated, reminded, closed.',
          [...notices.values()].map(({ labels, count }) => [labels, count] as const),
        ),
        new Family('honeypods_events_open', 'gauge', 'Security events open now.', openOf(readings.openEvents)),
        new Family(
          'honeypods_notices_delivered_total',
          'counter',
          'Notices an output took.',
          byOutput(({ delivered }) => delivered),
        ),
        new Family(
          'honeypods_posts_retried_total',
          'counter',
          'Posts that failed and were tried again.',
          byOutput(({ retried }) => retried),
        ),
        new Family(
          'honeypods_notices_lost_total',
          'counter',
          'Notices given up.',
          byOutput((output) => output.lost),
        ),
        new Family(
          'honeypods_outbox_depth',
          'gauge',
          'Notices an output has yet to take.',
          byOutput(({ depth }) => depth),
        ),
        new Family(
          'honeypods_outbox_oldest_seconds',
          'gauge',
          'Age of the oldest notice an output has yet to take.',
          byOutput(({ oldestMs }) => (oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs) / MS)),
        ),
        new Family(
          'honeypods_heartbeat_timestamp_seconds',
          'gauge',
          'When each decoy pod was last heard.',
          [...pods.values()].map(({ labels, ms }) => [labels, ms / MS] as const),
        ),
        new Family('honeypods_last_heartbeat_timestamp_seconds', 'gauge', 'When any decoy was last heard.', [
          [{}, lastLineMs / MS],
        ]),
        new Family('honeypods_state_durable', 'gauge', '1 while state is on disk, 0 while it is in memory.', [
          [{}, readings.durable ? 1 : 0],
        ]),
        new Family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [[{}, readings.residentBytes]]),
        new Family('process_cpu_seconds_total', 'counter', 'CPU time, user and system.', [[{}, readings.cpuSeconds]]),
        new Family('process_start_time_seconds', 'gauge', 'When the process started.', [[{}, readings.startedMs / MS]]),
      ].join('');
    },
  };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function labelsOf({ rule, decoy }: SecurityEvent): Labels {
  return { rule: rule.name, decoy: knownDecoy(decoy), severity: gradeOf(rule.severity).word };
}

function openOf(events: Iterable<SecurityEvent>): (readonly [Labels, number])[] {
  const counts = new Map<string, [Labels, number]>();
  for (const event of events) {
    const labels = labelsOf(event);
    const key = JSON.stringify(labels);
    const known = counts.get(key);
    if (known) known[1]++;
    else if (counts.size < RULE_SERIES) counts.set(key, [labels, 1]);
  }
  return [...counts.values()];
}
