// A rule: one GlobalAlert, read and checked. The form is Calico's (projectcalico.org/v3); our group is alerts.internal/v1.
import type { Expression } from '../query/expression.ts';

export const METRICS = ['avg', 'max', 'min', 'sum', 'count'] as const;
export const CONDITIONS = ['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'] as const;
export const DATA_SETS = ['flows', 'dns', 'audit', 'l7', 'waf', 'vulnerability', 'touches', 'health'] as const;

export type Metric = (typeof METRICS)[number];
export type Condition = (typeof CONDITIONS)[number];
export type DataSet = (typeof DATA_SETS)[number];

export interface Rule {
  readonly name: string;
  /** Template of the event's message, `${field}` from aggregateBy or the metric. */
  readonly summary: string;
  readonly description: string;
  /** 1 to 100. */
  readonly severity: number;
  readonly dataSet: DataSet;
  readonly query: Expression;
  readonly aggregateBy: readonly string[];
  readonly periodMs: number;
  readonly lookbackMs: number;
  readonly metric?: {
    readonly kind: Metric;
    readonly field?: string;
    readonly condition: Condition;
    readonly threshold: number;
  };
  /** From the annotations of our shipped rules; empty for rules that have none. */
  readonly category: string;
  readonly attackVector: string;
  readonly techniques: readonly string[];
  readonly mitigations: readonly string[];
}

/** What an author of a rule must mend: one clear line. */
export class RuleError extends Error {
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(`${rule}: ${message}`);
    this.rule = rule;
  }
}
