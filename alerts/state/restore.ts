// What a run before left, given back to the pipeline: open events as they stood, and the touches of the rules' longest
// lookback, so that windows, rows and known ids are as if there had been no end.
import type { Culprit } from '../attribution/culprit.ts';
import { eventFrom } from '../events/stored.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Rule } from '../rules/rule.ts';
import type { State, StoredTouch } from './state.ts';

/** Touches read back at most; older ones are left out of windows, never of counts. */
const TOUCHES = 50_000;

export interface RestoreOptions {
  readonly state: State;
  readonly rules: readonly Rule[];
  readonly pipeline: Pipeline;
  readonly say: (message: string) => void;
  readonly now?: () => number;
}

export function restorePast({ state, rules, pipeline, say, now = Date.now }: RestoreOptions): void {
  const lookbackMs = Math.max(0, ...rules.map((rule) => rule.lookbackMs));
  let touches = 0;
  function* past() {
    for (const touch of state.touchesSince(now() - lookbackMs, TOUCHES)) {
      touches++;
      yield { receivedMs: touch.receivedMs, line: touch.line, culprit: culpritOf(touch) };
    }
  }
  const bodies = state.openEvents();
  const events = bodies.map(eventFrom).filter((event) => event !== undefined);
  pipeline.restore({ events, touches: past() });
  if (events.length < bodies.length) say(`${bodies.length - events.length} open events of the state cannot be read`);
  if (touches + events.length > 0)
    say(`goes on with ${events.length} open events and ${touches} touches of the run before`);
  if (touches === TOUCHES) say(`older touches than the last ${TOUCHES} are left out of the rules' windows`);
}

function culpritOf({ culprit }: StoredTouch): Culprit | undefined {
  return culprit === undefined ? undefined : (JSON.parse(culprit) as Culprit);
}
