// A security event to and from the text that state keeps of it.
import type { EventRow } from '../state/batch.ts';
import type { SecurityEvent } from './security-event.ts';

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
    body: JSON.stringify(event),
  };
}

/** The event of a body that `eventRow` made; undefined where it is none. */
export function eventFrom(body: string): SecurityEvent | undefined {
  try {
    const event = JSON.parse(body) as SecurityEvent;
    return typeof event.id === 'string' && typeof event.key === 'string' ? event : undefined;
  } catch {
    return undefined; // A damaged row; whoever asked says that it is gone.
  }
}
