// Keeps Alertmanager's alerts as our events are: fired at once, sent again while open, resolved when closed.
import type { SecurityEvent } from '../../events/security-event.ts';
import { createHttpPoster, type HttpTarget } from '../http-post.ts';
import type { Notice, Output } from '../output.ts';
import { type Alert, alertOf, bodyOf, type Labels, labelsOf, watchdogOf } from './payload.ts';

const BATCH = 64;
const RESEND_MS = 60_000;
/** An alert not sent again for so many rounds ends by itself, as Prometheus does it: nobody may fire for a dead sender. */
const ROUNDS = 4;
/** Open events sent again in a round at most, the last heard ones. */
const OPEN_ALERTS = 5_000;
/** Label sets remembered, to resolve one that changed; the oldest is forgotten first and ends by itself. */
const SENT = 10_000;

export interface AlertmanagerOptions {
  readonly name: string;
  /** Without `/api/v2/alerts`. */
  readonly target: HttpTarget;
  readonly openEvents: () => Iterable<SecurityEvent>;
  readonly say: (message: string) => void;
  readonly labels?: Labels;
  readonly resendMs?: number;
  readonly minSeverity?: number;
  readonly passwords?: boolean;
  readonly now?: () => number;
}

export function alertmanagerOutput(options: AlertmanagerOptions): Output {
  const { name, target, openEvents, say, labels: own = {}, resendMs = RESEND_MS } = options;
  const { minSeverity = 1, passwords = false, now = Date.now } = options;
  const url = new URL(target.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v2/alerts`;
  const poster = createHttpPoster({ ...target, url });
  const startedMs = now();
  const sent = new Map<string, Labels>();
  let lastRoundMs = -Infinity;
  let failing = false;
  // One post at a time: a round that overtakes a resolving post would fire the alert again.
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = turn.then(task, task);
    turn = result.catch(() => {}); // Told to whoever asked for this turn.
    return result;
  }

  /** The alert as it stands now, and the one it replaces where its labels have changed. */
  function alertsOf(event: SecurityEvent, nowMs: number): Alert[] {
    const labels = labelsOf(event, own);
    const before = sent.get(event.id);
    const changed = before !== undefined && JSON.stringify(before) !== JSON.stringify(labels);
    const resolved = event.state === 'closed';
    const alerts = [alertOf(event, labels, resolved ? nowMs : nowMs + ROUNDS * resendMs, passwords)];
    if (changed) alerts.unshift(alertOf(event, before, nowMs, passwords));
    sent.delete(event.id);
    if (!resolved) {
      if (sent.size >= SENT) sent.delete(sent.keys().next().value ?? '');
      sent.set(event.id, labels);
    }
    return alerts;
  }

  async function round(signal: AbortSignal): Promise<void> {
    const open = [...openEvents()]
      .filter((event) => event.exception === undefined && event.rule.severity >= minSeverity)
      .slice(-OPEN_ALERTS);
    const nowMs = now();
    await poster.post(bodyOf([watchdogOf(own, startedMs, nowMs + ROUNDS * resendMs)]), {}, signal);
    for (let at = 0; at < open.length; at += BATCH) {
      const alerts = open
        .slice(at, at + BATCH)
        .filter((event) => event.state === 'open')
        .flatMap((event) => alertsOf(event, now()));
      if (alerts.length > 0) await poster.post(bodyOf(alerts), {}, signal);
    }
  }

  return {
    name,
    minSeverity,
    batch: BATCH,
    lanes: 1,
    async post(notices: readonly Notice[], signal) {
      await inTurn(() => poster.post(bodyOf(notices.flatMap(({ event }) => alertsOf(event, now()))), {}, signal));
    },
    tick(nowMs, signal) {
      // Also where the clock was set back: what is not sent again ends.
      if (Math.abs(nowMs - lastRoundMs) < resendMs) return;
      lastRoundMs = nowMs;
      inTurn(() => round(signal)).then(
        () => {
          failing = false;
        },
        (error: Error) => {
          // The next round sends the same again, so one line a breakdown is enough.
          if (!failing && !signal.aborted) say(`output ${name}: open alerts could not be sent again: ${error.message}`);
          failing = true;
        },
      );
    },
    close: () => poster.close(),
  };
}
