// `alerts test`: a made-up event through every output of the configuration, and whether it arrived.

import type { Config } from '../config/config.ts';
import type { OutputContext } from '../config/output-types.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { tell } from '../events/security-event.ts';
import { createPipeline } from '../pipeline.ts';
import { parseRules } from '../rules/load.ts';
import type { Output } from './output.ts';

const TRY_MS = 15_000;

// Addresses and names nobody has: RFC 5737 and a pod that says what it is.
const RULE = `
apiVersion: alerts.internal/v1
kind: GlobalAlert
metadata: { name: honeypod.test }
spec:
  description: A test of the outputs. Nothing has happened.
  summary: A test of the outputs. Nothing has happened.
  severity: 100
  dataSet: touches
`;
const SOURCE = '192.0.2.1';
const DECOY = '192.0.2.2';

/** The event that is sent: opened now, of a touch that never was. */
export function testEvent(nowMs: number): SecurityEvent {
  const events: SecurityEvent[] = [];
  const pipeline = createPipeline({
    rules: parseRules(RULE, 'test').rules,
    onEvent: (event) => events.push(event),
    now: () => nowMs,
  });
  pipeline.line(
    JSON.stringify({
      '@timestamp': new Date(nowMs).toISOString(),
      event: { kind: 'event', module: 'honeypod', action: 'test', id: `test-${nowMs}`, sequence: 1 },
      orchestrator: { namespace: 'test', resource: { type: 'pod', name: 'test', label: ['app=test'] } },
      source: { ip: SOURCE, port: 40_000 },
      destination: { ip: DECOY, port: 3_306 },
      honeypod: { decoy: 'db', count: 1 },
      message: 'a test of the outputs',
    }),
  );
  return events[0]!;
}

/** Sends the event and its end to each output, tells of each, and returns whether all took both. */
export async function tryOutputs(config: Config, context: OutputContext): Promise<boolean> {
  const nowMs = Date.now();
  const outputs = config.outputs.map((make) => make(context));
  const results = await Promise.all(outputs.map((output) => tryOutput(output, testEvent(nowMs), context.say)));
  for (const output of outputs) output.close?.();
  return results.every(Boolean);
}

async function tryOutput(output: Output, event: SecurityEvent, say: (message: string) => void): Promise<boolean> {
  const started = performance.now();
  const signal = AbortSignal.timeout(TRY_MS);
  try {
    await output.post([{ seq: 1, kind: 'opened', atMs: Date.now(), event }], signal);
    const took = Math.round(performance.now() - started);
    tell(event, Date.now());
    event.state = 'closed';
    await output.post([{ seq: 2, kind: 'closed', atMs: Date.now(), event }], signal);
    say(`output ${output.name}: arrived after ${took} ms`);
    return true;
  } catch (error) {
    say(`output ${output.name}: NOT arrived: ${(error as Error).message}`);
    return false;
  }
}
