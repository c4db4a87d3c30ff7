// A security event: what one source did to one decoy under one rule, from its first touch until it has been quiet.
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { uuidv7 } from '../../decoys/touch/uuid.ts';
import { type Culprit, named } from '../attribution/culprit.ts';
import type { Match } from '../rules/evaluate.ts';
import type { Rule } from '../rules/rule.ts';

/** Touch ids kept as evidence: the first ones and the last ones. */
const FIRST_IDS = 8;
const LAST_IDS = 8;
const USERS = 16;

export interface SecurityEvent {
  readonly id: string;
  readonly rule: Rule;
  readonly decoy: string;
  readonly culprit: Culprit;
  readonly first: TouchLine;
  last: TouchLine;
  startMs: number;
  endMs: number;
  /** Touches, folded ones counted. */
  count: number;
  readonly firstIds: string[];
  lastIds: string[];
  readonly users: Set<string>;
  message: string;
  state: 'open' | 'closed';
}

/** What makes two matches the same event: rule, source and decoy. */
export function eventKey({ rule, line, culprit }: Match): string {
  const source = culprit.uid ?? line.source?.ip ?? 'unknown';
  return `${rule.name}|${source}|${line.orchestrator.namespace ?? ''}|${decoyOf(line)}`;
}

/** The decoy's label `app`, so that the replicas of a DaemonSet are one decoy. */
function decoyOf(line: TouchLine): string {
  return line.orchestrator.resource.label[0] ?? line.orchestrator.resource.name;
}

export function openEvent(match: Match, nowMs: number): SecurityEvent {
  const { rule, line, culprit } = match;
  const event: SecurityEvent = {
    id: uuidv7(nowMs),
    rule,
    decoy: line.honeypod.decoy,
    culprit,
    first: line,
    last: line,
    startMs: Infinity,
    endMs: 0,
    count: 0,
    firstIds: [],
    lastIds: [],
    users: new Set(),
    message: '',
    state: 'open',
  };
  countTouch(event, match);
  return event;
}

/** Adds a touch to an open event. */
export function countTouch(event: SecurityEvent, { rule, line, culprit, values }: Match): void {
  const stamped = Date.parse(line['@timestamp']);
  event.last = line;
  event.startMs = Math.min(event.startMs, line.event.start ? Date.parse(line.event.start) : stamped);
  event.endMs = Math.max(event.endMs, line.event.end ? Date.parse(line.event.end) : stamped);
  event.count += line.honeypod.count ?? 1;
  if (event.firstIds.length < FIRST_IDS) event.firstIds.push(line.event.id);
  else event.lastIds = [...event.lastIds.slice(1 - LAST_IDS), line.event.id];
  const user = line.user?.name;
  if (user !== undefined && event.users.size < USERS) event.users.add(user);
  event.message = `${render(rule.summary, values)} (${named(culprit, line.source?.ip)})`;
}

/** Puts values into `${field}`; a field without a value is `-`. */
export function render(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\$\{([^${}]{1,100})\}/g, (_, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value === undefined ? '-' : Array.isArray(value) ? value.join(',') : String(value);
  });
}
