// Exceptions made on the page: an AlertException object from an event and a scope, kept in the state and in force at once.
// Where the cluster holds the exceptions they are written there instead, and come back as every other.
import { iso } from '../../decoys/touch/line.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { type AlertException, ExceptionError, type Exceptions, exceptionFrom } from '../exceptions/exceptions.ts';
import type { ExceptionEntry } from './api.ts';
import { scopesOf } from './details.ts';
import type { PageStore } from './store.ts';

const DESCRIPTION_CHARS = 200;

/** What the form on the page asks for. */
export interface ExceptionWish {
  readonly scope: string;
  /** Only for the event's own alert and decoy, or for all. */
  readonly onlyRule: boolean;
  readonly onlyDecoy: boolean;
  /** ms since the epoch; 0 for no end. */
  readonly endMs: number;
  readonly description: string;
}

/** Keeps an AlertException where it lives; rejects with what is wrong. */
export interface ExceptionKeeper {
  create(object: Record<string, unknown>): Promise<void>;
  delete(name: string): Promise<void>;
}

/** The object that the wish asks for. Throws ExceptionError where the event has no such scope. */
export function exceptionObject(
  event: SecurityEvent,
  { scope, onlyRule, onlyDecoy, endMs, description }: ExceptionWish,
  nowMs: number,
): Record<string, unknown> {
  const chosen = scopesOf(event).find((candidate) => candidate.scope === scope);
  if (!chosen) throw new ExceptionError(`scope ${JSON.stringify(scope)}: this event has no such source`);
  const { culprit } = event;
  const who: Record<string, unknown> = {
    pod: { namespaces: [culprit.namespace], pods: [culprit.name] },
    owner: { namespaces: [culprit.namespace], owners: [culprit.owner] },
    namespace: { namespaces: [culprit.namespace] },
    ip: { sourceCIDRs: [chosen.value] },
  }[chosen.scope];
  const name = `page-${nowMs.toString(36)}-${event.id.slice(-6)}`;
  return {
    apiVersion: 'alerts.internal/v1',
    kind: 'AlertException',
    metadata: { name },
    spec: {
      description: description.slice(0, DESCRIPTION_CHARS),
      ...(endMs > 0 ? { endTime: iso(endMs) } : {}),
      ...(onlyRule ? { rules: [event.rule.name] } : {}),
      ...(onlyDecoy ? { targets: [event.decoy] } : {}),
      ...who,
    },
  };
}

/** Kept in the page's own table; those of a run before are in force again at once. */
export function keepLocally(exceptions: Exceptions, store: PageStore, say: (message: string) => void): ExceptionKeeper {
  for (const text of store.exceptions()) {
    try {
      exceptions.set(exceptionFrom(JSON.parse(text) as Record<string, unknown>));
    } catch (error) {
      say(`an exception of the state cannot be used: ${(error as Error).message}`);
    }
  }
  return {
    async create(object) {
      const exception = exceptionFrom(object);
      exceptions.set(exception);
      await store.keepException(exception.name, JSON.stringify(object));
    },
    async delete(name) {
      exceptions.delete(name);
      await store.dropException(name);
    },
  };
}

export function exceptionEntry(exception: AlertException, nowMs: number): ExceptionEntry {
  const { name, description, startMs, endMs, rules, decoys, namespaces, owners, pods, ports, sources } = exception;
  const part = (label: string, list: readonly (string | number)[]) =>
    list.length ? [`${label} ${list.join(', ')}`] : [];
  const covers = [
    ...part('pod', pods),
    ...part('owner', owners),
    ...part('namespace', namespaces),
    ...part('addresses', sources?.rules ?? []),
    ...part('alert', rules),
    ...part('decoy', decoys),
    ...part('port', ports),
  ].join('; ');
  return {
    name,
    description,
    covers,
    endMs: Number.isFinite(endMs) ? endMs : 0,
    active: startMs <= nowMs && nowMs < endMs,
  };
}
