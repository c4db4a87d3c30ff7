// A security event: what one source did to one decoy under one rule, from its first touch until it has been quiet.
// Plain JSON throughout, so that it can be stored and sent as it is.
import { hash } from 'node:crypto';
import { clip } from '../../decoys/touch/caps.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { type Culprit, named } from '../attribution/culprit.ts';
import type { Value } from '../query/record.ts';
import type { Match } from '../rules/evaluate.ts';
import type { Rule } from '../rules/rule.ts';
import { addEvidence, createEvidence, type Evidence } from './evidence.ts';
import { type TouchFacts, textAt, touchFacts } from './touch-facts.ts';

/** Touch ids kept as evidence: the first ones and the last ones. */
const FIRST_IDS = 8;
const LAST_IDS = 8;
const KEY_CHARS = 1_024;
const VALUE_CHARS = 253;
const MESSAGE_CHARS = 1_024;
/** An event is told of again when it has grown this much since it was told of last. */
const GROWTH = 10;

/** What an event keeps of its rule, so that it outlives it. */
export type RuleFacts = Pick<
  Rule,
  'name' | 'summary' | 'description' | 'severity' | 'category' | 'attackVector' | 'techniques' | 'mitigations'
>;

/** Why an open event is worth telling of again. */
export type Escalation = 'count' | 'severity' | 'signature' | 'canary' | 'culprit';

export interface SecurityEvent {
  /** A UUIDv7 that depends on the rule, the source, the decoy and the first touch only: the same event has it again after a crash. */
  readonly id: string;
  readonly key: string;
  rule: RuleFacts;
  readonly decoy: string;
  culprit: Culprit;
  readonly first: TouchFacts;
  last: TouchFacts;
  startMs: number;
  endMs: number;
  readonly openedMs: number;
  /** When its last touch arrived here. */
  heardMs: number;
  /** Touches, folded ones counted. */
  count: number;
  readonly firstIds: string[];
  lastIds: string[];
  readonly evidence: Evidence;
  /** What `${…}` in the rule's summary stands for. */
  values: Readonly<Record<string, Value>>;
  message: string;
  state: 'open' | 'closed';
  /** The alert exception that covers it: counted and shown, told to nobody. */
  readonly exception?: string;
  /** How it stood when it was told of last. */
  told: { ms: number; count: number };
}

/** What makes two matches the same event: rule, source and decoy; what an exception covers stays apart from what it does not. */
export function eventKey({ rule, line, culprit, exception }: Match): string {
  const source = culprit.uid ?? line.source?.ip ?? 'unknown';
  const namespace = textAt(line, 'orchestrator', 'namespace') ?? '';
  return clip(
    `${rule.name}|${source}|${namespace}|${decoyOf(line)}${exception === undefined ? '' : `|${exception}`}`,
    KEY_CHARS,
  );
}

/** The decoy's label `app`, so that the replicas of a DaemonSet are one decoy. */
function decoyOf(line: TouchLine): string {
  return line.orchestrator.resource.label[0] ?? line.orchestrator.resource.name;
}

export function openEvent(match: Match, nowMs: number): SecurityEvent {
  const { rule, line, culprit, values, exception } = match;
  const key = eventKey(match);
  const facts = touchFacts(line);
  const evidence = createEvidence();
  addEvidence(evidence, line);
  const event: SecurityEvent = {
    id: eventId(facts.startMs, `${key}|${line.event.id}`),
    key,
    rule: ruleFacts(rule),
    decoy: line.honeypod.decoy,
    culprit,
    first: facts,
    last: facts,
    startMs: facts.startMs,
    endMs: facts.endMs,
    openedMs: nowMs,
    heardMs: nowMs,
    count: Math.max(facts.count, match.touches ?? 0),
    firstIds: [facts.id],
    lastIds: [],
    evidence,
    values: short(values),
    message: '',
    state: 'open',
    ...(exception === undefined ? {} : { exception }),
    told: { ms: nowMs, count: Math.max(facts.count, match.touches ?? 0) },
  };
  event.message = messageOf(event);
  return event;
}

/** Adds a touch to an open event. Returns why it should be told of again, where it should. */
export function countTouch(
  event: SecurityEvent,
  { rule, line, culprit, values }: Match,
  nowMs: number,
): Escalation | undefined {
  event.heardMs = nowMs;
  event.values = short(values);
  const isNew = line.event.id !== event.last.id; // A rule judged at the end of its period brings its last touch again.
  const told = isNew ? takeTouch(event, line) : undefined;
  const known = event.culprit.confidence !== 'exact' && culprit.confidence === 'exact';
  if (known) event.culprit = culprit;
  const worse = rule.severity > event.rule.severity;
  if (worse) event.rule = ruleFacts(rule);
  const reason = worse
    ? 'severity'
    : (told ?? (known ? 'culprit' : event.count >= event.told.count * GROWTH ? 'count' : undefined));
  if (reason) tell(event, nowMs);
  return reason;
}

/** Marks the event as told of now, with a message that says how it stands. */
export function tell(event: SecurityEvent, nowMs: number): void {
  event.told = { ms: nowMs, count: event.count };
  event.message = messageOf(event);
}

function takeTouch(event: SecurityEvent, line: TouchLine): Escalation | undefined {
  const facts = touchFacts(line);
  event.last = facts;
  event.startMs = Math.min(event.startMs, facts.startMs);
  event.endMs = Math.max(event.endMs, facts.endMs);
  event.count += facts.count;
  if (event.firstIds.length < FIRST_IDS) event.firstIds.push(facts.id);
  else event.lastIds = [...event.lastIds.slice(1 - LAST_IDS), facts.id];
  return addEvidence(event.evidence, line);
}

function ruleFacts(rule: Rule): RuleFacts {
  const { name, summary, description, severity, category, attackVector, techniques, mitigations } = rule;
  return { name, summary, description, severity, category, attackVector, techniques, mitigations };
}

/** Version 7 in form (RFC 9562), with a digest where that has random bits. */
function eventId(ms: number, identity: string): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0').slice(-12);
  const digest = hash('sha256', identity, 'hex');
  const variant = ((Number.parseInt(digest[3]!, 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

function messageOf(event: SecurityEvent): string {
  return clip(
    `${inWords(render(event.rule.summary, event.values))} (${named(event.culprit, event.last.source.ip)})`,
    MESSAGE_CHARS,
  );
}

/** Long texts cut: values may be fields of a line that a captured decoy wrote. */
function short(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  const isLong = (value: Value) => (typeof value === 'string' || Array.isArray(value)) && value.length > VALUE_CHARS;
  if (!Object.values(values).some(isLong)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isLong(value) ? clip(String(value), VALUE_CHARS) : value]),
  );
}

/** Flow logs' words for sources that are no workload, as people say them. */
const NOBODY: readonly (readonly [words: string, meaning: string])[] = [
  ['-/pvt', 'a private address'],
  ['-/pub', 'a public address'],
  ['-/-', 'an unknown source'],
];

function inWords(text: string): string {
  return NOBODY.reduce((said, [words, meaning]) => said.replace(words, meaning), text);
}

/** Puts values into `${field}`; a field without a value is `-`. */
export function render(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\$\{([^${}]{1,100})\}/g, (_, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value === undefined ? '-' : Array.isArray(value) ? value.join(',') : String(value);
  });
}
