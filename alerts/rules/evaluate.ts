// Rules over touches as they stream in: which rules hold for this one.
import type { TouchLine } from '../../decoys/touch/schema.ts';
import type { Culprit } from '../attribution/culprit.ts';
import { type FlowRecord, flowOf } from '../flow.ts';
import { createQuery, type Query } from '../query/match.ts';
import { size } from '../query/ranges.ts';
import type { QueryRecord, Value } from '../query/record.ts';
import { type Counted, type Counter, createCounter } from './counter.ts';
import { lineTime } from './line-time.ts';
import { touchRecord } from './record.ts';
import { createRowCounter, type NewRows } from './rows.ts';
import type { Condition, Metric, Rule } from './rule.ts';

/** Combinations of aggregateBy remembered per rule; the one longest unheard is forgotten first. */
const WINDOWS = 8_192;

/** A touch that a rule's query holds for. */
export interface Match {
  readonly rule: Rule;
  readonly line: TouchLine;
  readonly culprit: Culprit;
  /** Values `${…}` in the summary stand for: the aggregateBy fields and the metric. */
  readonly values: Readonly<Record<string, Value>>;
  /** Touches that together made the rule hold, this one among them; absent where one is enough. */
  readonly touches?: number;
  /** Name of the alert exception that covers it. */
  readonly exception?: string;
}

export interface Evaluator {
  /** The rules that hold now because of this touch. */
  touch(line: TouchLine, culprit: Culprit, nowMs: number): Match[];
  /** Rules whose condition can only be judged at the end of their period. Call once a second or so. */
  tick(nowMs: number): Match[];
  /** The clock was set: what was counted keeps its age. */
  shift(ms: number): void;
  /** Replaces the rules; one that is the same as before keeps what it has counted. */
  setRules(rules: readonly Rule[]): void;
}

interface Counting {
  readonly counter: Counter;
  last: Omit<Match, 'rule'>;
}

interface RuleState {
  readonly rule: Rule;
  readonly query: Query;
  readonly immediate: boolean;
  readonly windows: Map<string, Counting>;
  nextPeriodMs: number;
}

export function createEvaluator(rules: readonly Rule[]): Evaluator {
  const rows = createRowCounter();
  let states: readonly RuleState[] = rules.map(newState);

  return {
    touch(line, culprit, nowMs) {
      const flow = flowOf(line, culprit);
      const touch = touchRecord(line, culprit);
      // Health lines are no touches: they open no rows and are the business of `dataSet: health` alone.
      const isHealth = (line.event.dataset as string) === 'honeypod.health';
      const opened = isHealth ? { rows: 0 } : rows.open(flow);
      const found: Match[] = [];
      for (const state of states) {
        const { rule } = state;
        if (isHealth !== (rule.dataSet === 'health')) continue;
        const record = rule.dataSet === 'flows' ? flow : touch;
        if (!state.query.matches(record)) continue;
        const values = valuesOf(rule, record);
        if (!rule.metric) {
          found.push({ rule, line, culprit, values });
          continue;
        }
        const counting = countingFor(state, keyOf(values, line), { line, culprit, values });
        const added = rule.dataSet === 'flows' ? newRows(state.query, flow, opened) : touchesIn(rule, line);
        const totals = counting.counter.add({
          decoy: line.orchestrator.resource.name,
          // What is judged at the end of a period is judged by when it came: the period it belongs to may be over.
          atMs: state.immediate ? lineTime(line, nowMs) : nowMs,
          nowMs,
          touches: line.honeypod.count ?? 1,
          count: added,
          value: numberIn(record, rule.metric.field),
        });
        if (!state.immediate) continue;
        for (const each of totals) {
          const match = judge(rule, each, counting.last);
          if (!match) continue;
          found.push(match);
          break;
        }
      }
      return found;
    },

    shift(ms) {
      for (const state of states) {
        if (state.nextPeriodMs > 0) state.nextPeriodMs += ms;
        for (const { counter } of state.windows.values()) counter.shift(ms);
      }
    },

    setRules(next) {
      const known = new Map(states.map((state) => [JSON.stringify(state.rule), state]));
      states = next.map((rule) => known.get(JSON.stringify(rule)) ?? newState(rule));
    },

    tick(nowMs) {
      const found: Match[] = [];
      for (const state of states) {
        if (!state.rule.metric || state.immediate || nowMs < state.nextPeriodMs) continue;
        const first = state.nextPeriodMs === 0;
        state.nextPeriodMs = nowMs + state.rule.periodMs;
        if (first) continue;
        for (const [key, counting] of state.windows) {
          const counted = counting.counter.totals(nowMs);
          const match = judge(state.rule, counted, counting.last);
          if (match) found.push(match);
          if (counted.window.count === 0) state.windows.delete(key);
        }
      }
      return found;
    },
  };
}

function newState(rule: Rule): RuleState {
  return { rule, query: createQuery(rule.query), immediate: isImmediate(rule), windows: new Map(), nextPeriodMs: 0 };
}

function countingFor(state: RuleState, key: string, last: Omit<Match, 'rule'>): Counting {
  let counting = state.windows.get(key);
  if (counting) {
    state.windows.delete(key);
    counting.last = last;
  } else {
    if (state.windows.size >= WINDOWS) state.windows.delete(state.windows.keys().next().value ?? '');
    counting = { counter: createCounter(state.rule.lookbackMs), last };
  }
  state.windows.set(key, counting);
  return counting;
}

/** A line counts for the touches folded into it; a field of it counts once. */
function touchesIn({ metric }: Rule, line: TouchLine): number {
  return metric?.kind === 'count' ? (line.honeypod.count ?? 1) : 1;
}

/** Rows this touch opened that the rule's query holds for. */
function newRows(query: Query, flow: FlowRecord, opened: NewRows): number {
  if (!opened.ports || opened.rows === 0) return opened.rows;
  const matching = size(query.matchingPorts(flow, opened.ports));
  return matching === size(opened.ports) ? opened.rows : matching;
}

function valuesOf(rule: Rule, record: QueryRecord): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const key of rule.aggregateBy) values[key] = record.get(key);
  return values;
}

/** Combinations are kept apart by address too where they name a source: two strangers are not one culprit. */
function keyOf(values: Readonly<Record<string, Value>>, line: TouchLine): string {
  const bySource = Object.keys(values).some((key) => key.startsWith('source'));
  return JSON.stringify([...Object.values(values), bySource ? (line.source?.ip ?? '') : '']);
}

function numberIn(record: QueryRecord, field: string | undefined): number {
  const value = field === undefined ? 0 : record.get(field);
  return typeof value === 'number' ? value : Number(typeof value === 'string' ? value : 0) || 0;
}

const RISING: readonly Metric[] = ['count', 'sum', 'max'];

/** True where more touches can only make the condition truer, so that it may fire at once instead of at the end of the period. */
function isImmediate({ metric }: Rule): boolean {
  if (!metric) return true;
  if (metric.condition === 'gt' || metric.condition === 'gte') return RISING.includes(metric.kind);
  if (metric.condition === 'lt' || metric.condition === 'lte') return metric.kind === 'min';
  return false;
}

const HOLDS: Record<Condition, (value: number, threshold: number) => boolean> = {
  eq: (value, threshold) => value === threshold,
  not_eq: (value, threshold) => value !== threshold,
  gt: (value, threshold) => value > threshold,
  gte: (value, threshold) => value >= threshold,
  lt: (value, threshold) => value < threshold,
  lte: (value, threshold) => value <= threshold,
};

function judge(rule: Rule, { window, touches }: Counted, last: Omit<Match, 'rule'>): Match | undefined {
  const { metric } = rule;
  if (!metric || window.count === 0) return undefined;
  const value = window[metric.kind];
  if (!HOLDS[metric.condition](value, metric.threshold)) return undefined;
  return { rule, ...last, values: { ...last.values, [metric.kind]: value }, touches: touches() };
}
