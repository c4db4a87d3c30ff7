// The page as one part of `alerts`: takes what the pipeline tells, keeps what is shown, serves it on loopback.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { type Culprit, outside } from '../attribution/culprit.ts';
import type { Change } from '../events/open-events.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import type { Exceptions } from '../exceptions/exceptions.ts';
import { readLine } from '../input/read-line.ts';
import type { State } from '../state/state.ts';
import { type Activity, createActivity } from './activity.ts';
import { createDecoys, type Decoys } from './decoys.ts';
import { type ExceptionKeeper, keepLocally } from './exceptions.ts';
import { createProver, type Prover, SELF_TEST } from './prove.ts';
import { createPageServer, listen } from './server.ts';
import { createPageStore, type PageStore } from './store.ts';
import { titleOf } from './story.ts';
import { createStream, type Stream } from './stream.ts';

const LOOPBACK = '127.0.0.1';
/** From a change of an event to its row: after the state has committed it. */
const FLUSH_MS = 60;
/** Names of sources kept for the dashboard; the oldest is forgotten first. */
const LABELS = 20_000;
/** Lines read back at a turn when past touches are counted … */
const BACK_LINES = 256;
/** … and the pause between two turns, also while somebody has asked for something this short a time ago. */
const REST_MS = 1;
const REST_ASKED_MS = 5;
const ASKED_MS = 1_000;
const BACK_MS = 30 * 86_400_000;

/** What routes work with. */
export interface PageParts {
  readonly store: PageStore;
  readonly activity: Activity;
  readonly decoys: Decoys;
  readonly prover: Prover;
  readonly stream: Stream;
  readonly exceptions: Exceptions;
  readonly keeper: ExceptionKeeper;
  readonly now: () => number;
  readonly labelOf: (ip: string) => string;
  readonly isLoading: () => boolean;
}

export interface PageOptions {
  readonly state: State;
  readonly exceptions: Exceptions;
  /** Where exceptions made on the page are kept; in the state unless given. */
  readonly keeper?: ExceptionKeeper;
  readonly say: (message: string) => void;
  readonly now?: () => number;
}

type Attribute = (ip: string | undefined, line: TouchLine) => Culprit;

export interface Page {
  /** For the pipeline: names the self-test's own touches, leaves the rest to `others`. */
  attributing(others?: Attribute): Attribute;
  touch(line: TouchLine): void;
  heartbeat(line: TouchLine): void;
  event(event: SecurityEvent, change: Change): void;
  /** Serves on loopback. Throws UserError where the port cannot be had. */
  listen(port: number): Promise<void>;
  close(): void;
}

export function createPage({ state, exceptions, keeper, say, now = Date.now }: PageOptions): Page {
  const store = createPageStore(state);
  const activity = createActivity();
  const decoys = createDecoys();
  const stream = createStream();
  const labels = new Map<string, string>();
  const prover = createProver({ now, onProven: store.proven });
  const changed = new Map<string, SecurityEvent>();
  let timer: NodeJS.Timeout | undefined;
  let loading = true;
  let closed = false;
  let troubled = '';

  const parts: PageParts = {
    store,
    activity,
    decoys,
    prover,
    stream,
    exceptions,
    keeper: keeper ?? keepLocally(exceptions, store, say),
    now,
    labelOf: (ip) => labels.get(ip) ?? ip,
    isLoading: () => loading,
  };
  let askedMs = 0;
  const server = createPageServer({
    parts,
    token: randomBytes(24).toString('base64url'),
    say,
    onRequest() {
      askedMs = now();
    },
  });

  async function flush(): Promise<void> {
    timer = undefined;
    const events = [...changed.values()];
    changed.clear();
    try {
      await store.write(events);
      troubled = '';
    } catch (error) {
      // The state says what is wrong with its disk and leaves it; the rows are filled in from what it keeps.
      const problem = (error as Error).message;
      if (problem !== troubled) say(`page: ${events.length} events are not shown yet: ${problem}`);
      troubled = problem;
    }
    stream.changed();
  }

  function label(event: SecurityEvent): void {
    const { ip } = event.last.source;
    if (ip === undefined) return;
    labels.delete(ip);
    if (labels.size >= LABELS) labels.delete(labels.keys().next().value ?? '');
    labels.set(ip, titleOf(event));
  }

  /** Rows of events, and counts of touches, that were there before: for a few milliseconds at a turn, so that nobody waits for it. */
  async function lookBack(): Promise<void> {
    let written: Promise<unknown> = Promise.resolve();
    for (let id: string | undefined = ''; id !== undefined && !closed; ) {
      const filled = store.fill(id);
      await written; // One turn's rows are made while those of the turn before are written.
      ({ last: id, written } = filled);
      stream.changed();
      await rest();
    }
    await written;
    const last = await store.lastLine();
    const fromMs = now() - BACK_MS;
    for (let seq = 0; seq < last && !closed; await rest()) {
      const lines = await store.linesAfter(seq, BACK_LINES);
      if (lines.length === 0) break;
      for (const { seq: at, receivedMs, line } of lines) {
        seq = at;
        if (at > last || receivedMs < fromMs) continue;
        const read = readLine(line);
        if (read.kind === 'touch') activity.add(read.line, receivedMs);
      }
    }
  }

  /** Between two turns: longer while somebody is being answered. */
  function rest(): Promise<void> {
    return delay(now() - askedMs < ASKED_MS ? REST_ASKED_MS : REST_MS);
  }

  return {
    attributing:
      (others = outside) =>
      (ip, line) =>
        prover.isSelfTest(line, now()) ? SELF_TEST : others(ip, line),
    touch(line) {
      decoys.touched(line.orchestrator.resource.name, now(), false);
      if (!prover.isSelfTest(line, now())) activity.add(line, now());
      stream.changed();
    },
    heartbeat(line) {
      decoys.heartbeat(line, now());
      stream.changed();
    },
    event(event, change) {
      prover.event(event, now());
      if (change === 'opened' || change === 'counted') decoys.touched(event.last.pod, now(), true);
      if (event.culprit.kind !== 'self-test') label(event);
      changed.set(event.id, event);
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    async listen(port) {
      await listen(server, LOOPBACK, port);
      lookBack()
        .catch((error: unknown) => say(`page: what was there before is not all shown: ${(error as Error).message}`))
        .finally(() => {
          loading = false;
          stream.changed();
        });
    },
    close() {
      closed = true;
      clearTimeout(timer);
      stream.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
