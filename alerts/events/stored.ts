// A security event to and from the text that state keeps of it.
import type { EventRow } from '../state/batch.ts';
import type { RuleFacts, SecurityEvent } from './security-event.ts';

/** What of an event's text stays the same from touch to touch, kept with it: it is written again with every batch that counts on. */
const HEAD = Symbol('head');

interface Head {
  readonly rule: RuleFacts;
  readonly text: string;
}

type Moving = Omit<SecurityEvent, 'id' | 'key' | 'decoy' | 'first' | 'openedMs' | 'exception' | 'rule'>;

/** The event as JSON. */
export function eventBody(event: SecurityEvent & { [HEAD]?: Head }): string {
  let head = event[HEAD];
  if (head?.rule !== event.rule) {
    const { id, key, decoy, first, openedMs, exception, rule } = event;
    head = { rule, text: JSON.stringify({ id, key, decoy, first, openedMs, exception, rule }).slice(0, -1) };
    event[HEAD] = head;
  }
  const { culprit, last, startMs, endMs, heardMs, count, firstIds, lastIds, evidence, values, message, state, told } =
    event;
  const moving: Moving = {
    culprit,
    last,
    startMs,
    endMs,
    heardMs,
    count,
    firstIds,
    lastIds,
    evidence,
    values,
    message,
    state,
    told,
  };
  return `${head!.text},${JSON.stringify(moving).slice(1)}`;
}

export function eventRow(event: SecurityEvent): EventRow {
  return {
    id: event.id,
    rule: event.rule.name,
    decoy: event.decoy,
    source: event.last.source.ip,
    severity: event.rule.severity,
    state: event.state,
    openedMs: event.openedMs,
    heardMs: event.heardMs,
    count: event.count,
    body: eventBody(event),
  };
}

/** The event of a body that `eventBody` made; undefined where it is none. */
export function eventFrom(body: string): SecurityEvent | undefined {
  try {
    const event = JSON.parse(body) as SecurityEvent;
    return typeof event.id === 'string' && typeof event.key === 'string' ? event : undefined;
  } catch {
    return undefined; // A damaged row; whoever asked says that it is gone.
  }
}
