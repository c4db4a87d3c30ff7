// Rules and exceptions that live in the cluster as objects of alerts.internal/v1: read as they change, their status written back.

import { iso } from '../../decoys/touch/line.ts';
import { type Exceptions, exceptionFrom } from '../exceptions/exceptions.ts';
import { type KubernetesObject, listWatch } from '../kubernetes/list-watch.ts';
import type { Api } from '../kubernetes/request.ts';
import { ruleFrom } from './load.ts';
import type { Rule } from './rule.ts';

const GROUP = '/apis/alerts.internal/v1';
/** Rules taken from the cluster. */
const RULES = 1_000;
/** A rule's status is written at most this often. */
const STATUS_MS = 10_000;
const MESSAGE_CHARS = 1_024;

export interface LiveOptions {
  readonly api: Api;
  readonly exceptions: Exceptions;
  readonly signal: AbortSignal;
  /** The whole set, each time it changes: once for all that a list or a stretch of a watch brings. */
  readonly onRules: (rules: readonly Rule[]) => void;
  /** One line a broken object. */
  readonly onError: (message: string) => void;
  /** What cannot be watched or written and why; '' once it can. */
  readonly onTrouble: (what: string, message: string) => void;
  readonly now?: () => number;
}

export interface LiveRules {
  /** Every rule was evaluated over a touch. */
  executed(): void;
  /** The rule opened or counted an event. */
  fired(name: string, nowMs: number): void;
  /** Writes statuses that have changed. Call once a second or so. */
  tick(nowMs: number): void;
  readonly done: Promise<unknown>;
}

interface Status {
  lastUpdateMs: number;
  lastExecutedMs: number;
  lastEventMs: number;
  error: string;
  dirty: boolean;
  writtenMs: number;
}

/** Runs until `signal`. */
export function followLiveRules(options: LiveOptions): LiveRules {
  const { api, exceptions, signal, onRules, onError, onTrouble, now = Date.now } = options;
  const rules = new Map<string, Rule>();
  const statuses = new Map<string, Status>();
  let executed = false;
  let changed = false;
  let unwritten = false;

  function change(): void {
    if (changed) return;
    changed = true;
    setImmediate(() => {
      changed = false;
      onRules([...rules.values()]);
    });
  }

  function take(object: KubernetesObject): void {
    const { name } = object.metadata;
    const known = statuses.get(name);
    const status: Status = known ?? {
      lastUpdateMs: 0,
      lastExecutedMs: 0,
      lastEventMs: 0,
      error: '',
      dirty: true,
      writtenMs: 0,
    };
    const before = status.error;
    try {
      if (rules.size >= RULES && !rules.has(name)) throw new Error(`${name}: ${RULES} rules are active already`);
      const rule = ruleFrom(object as unknown as Record<string, unknown>);
      const same = JSON.stringify(rules.get(name)) === JSON.stringify(rule);
      status.error = '';
      if (same) return; // Our own status patch comes back as a change.
      rules.set(name, rule);
      change();
    } catch (error) {
      status.error = (error as Error).message;
      if (rules.delete(name)) change();
      if (before === status.error) return;
      onError(`rule ${status.error}`);
    }
    status.lastUpdateMs = now();
    status.dirty = true;
    statuses.set(name, status);
  }

  const alerts = listWatch({
    api,
    path: `${GROUP}/globalalerts`,
    signal,
    onSet: take,
    onDelete({ metadata }) {
      statuses.delete(metadata.name);
      if (rules.delete(metadata.name)) change();
    },
    onTrouble: (message) => onTrouble('globalalerts', message),
  });
  const excepted = listWatch({
    api,
    path: `${GROUP}/alertexceptions`,
    signal,
    onSet(object) {
      try {
        exceptions.set(exceptionFrom(object as unknown as Record<string, unknown>));
      } catch (error) {
        exceptions.delete(object.metadata.name);
        onError(`exception ${(error as Error).message}`);
      }
    },
    onDelete: ({ metadata }) => exceptions.delete(metadata.name),
    onTrouble: (message) => onTrouble('alertexceptions', message),
  });

  /** Told of once, by the first that fails: they fail together. */
  function written(message: string): void {
    if ((message === '') !== unwritten) return;
    unwritten = message !== '';
    onTrouble('status of globalalerts', message);
  }

  function write(name: string, status: Status, nowMs: number): void {
    status.dirty = false;
    status.writtenMs = nowMs;
    api.patch(`${GROUP}/globalalerts/${encodeURIComponent(name)}/status`, { status: statusOf(status) }).then(
      () => written(''),
      (error: Error) => {
        if (statuses.get(name) !== status) return; // Deleted meanwhile.
        status.dirty = true;
        written(error.message);
      },
    );
  }

  return {
    done: Promise.all([alerts, excepted]),
    executed() {
      executed = true;
    },
    fired(name, nowMs) {
      const status = statuses.get(name);
      if (!status) return;
      status.lastEventMs = nowMs;
      status.dirty = true;
    },
    tick(nowMs) {
      if (executed) {
        for (const [name, status] of statuses) {
          if (!rules.has(name)) continue;
          status.lastExecutedMs = nowMs;
          status.dirty = true;
        }
      }
      executed = false;
      for (const [name, status] of statuses)
        if (status.dirty && Math.abs(nowMs - status.writtenMs) >= STATUS_MS) write(name, status, nowMs);
    },
  };
}

/** GlobalAlert's status, fields as Calico names them. */
function statusOf(status: Status): Record<string, unknown> {
  const time = (ms: number) => (ms > 0 ? iso(ms) : null);
  return {
    lastUpdate: time(status.lastUpdateMs),
    active: status.error === '',
    healthy: status.error === '',
    lastExecuted: time(status.lastExecutedMs),
    lastEvent: time(status.lastEventMs),
    errorConditions:
      status.error === '' ? [] : [{ type: 'Specification', message: status.error.slice(0, MESSAGE_CHARS) }],
  };
}
