// All outputs of a configuration, each with its own delivery from the one durable log.
import type { Config } from '../config/config.ts';
import type { OutputContext } from '../config/output-types.ts';
import type { State } from '../state/state.ts';
import { createCursors } from './cursors.ts';
import { createDelivery } from './deliver.ts';
import type { Readings } from './prometheus/metrics.ts';

export interface Deliveries {
  /** Looks for new notices. */
  wake(): void;
  /** Call once a second or so. */
  tick(nowMs: number): void;
  /** Resolves once all is delivered, or after `ms`. */
  drain(ms: number): Promise<void>;
  close(): void;
  readings(): Readings['outputs'];
}

export function startDeliveries(config: Config, state: State, context: OutputContext): Deliveries {
  const outputs = config.outputs.map((make) => make(context));
  state.keepCursors(outputs.map(({ name }) => name));
  const cursors = createCursors(state);
  const { longestPauseMs, keptMs } = config;
  const deliveries = outputs.map((output) =>
    createDelivery({ output, state, cursors, say: context.say, longestPauseMs, keptMs }),
  );
  const each = (act: (delivery: (typeof deliveries)[number]) => void) => {
    for (const delivery of deliveries) act(delivery);
  };
  return {
    wake: () => each((delivery) => delivery.wake()),
    tick: (nowMs) => each((delivery) => delivery.tick(nowMs)),
    drain: async (ms) => {
      await Promise.all(deliveries.map((delivery) => delivery.drain(ms)));
    },
    close() {
      each((delivery) => delivery.close());
      cursors.flush();
    },
    readings() {
      cursors.flush();
      return deliveries.map(({ output: { name }, counts }) => ({ name, ...counts, ...state.backlog(name) }));
    },
  };
}
