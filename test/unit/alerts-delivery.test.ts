// The durable log of notices when it is full: what is dropped is the oldest, and it is said and counted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseConfig } from '../../alerts/config/config.ts';
import { startDeliveries } from '../../alerts/outputs/deliveries.ts';
import { createPipeline } from '../../alerts/pipeline.ts';
import { parseRules } from '../../alerts/rules/load.ts';
import { createCollector } from '../../alerts/state/collector.ts';
import { openState } from '../../alerts/state/state.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { eventually } from '../harness/time.ts';
import { touchText } from '../harness/touch-text.ts';

const CALICO = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml'), 'utf8');

it('a full log drops the oldest notices, tells of them, and delivers the rest in order', async () => {
  let away = true;
  const hook: Receiver = await startReceiver(() => (away ? 503 : 200));
  const said: string[] = [];
  const say = (message: string) => said.push(message);
  const state = openState({ say, limits: { notices: 300 } });
  const { config } = parseConfig(
    `delivery: { longestPause: 200ms }\noutputs: [{ type: stdout, off: true }, { type: webhook, url: '${hook.url}' }]`,
    {},
  );
  const sink = { write: () => true, end: () => Promise.resolve() };
  const deliveries = startDeliveries(config!, state, { sink, say, openEvents: () => [] });
  const collector = createCollector({ state, now: Date.now, onNotices: deliveries.wake });
  const pipeline = createPipeline({ rules: parseRules(CALICO, 'test').rules, collector });
  const total = 1_200;
  for (let at = 0; at < total; at++) {
    pipeline.line(touchText({ decoy: 'db', port: 3306, ip: `10.7.${at >> 8}.${at & 255}` }));
    if (at % 10 === 9) await collector.flush();
  }
  await collector.flush();
  await eventually(
    () => said.some((message) => message.includes('503')),
    5_000,
    () => said.join(),
  );
  away = false;
  await deliveries.drain(20_000);
  const [reading] = deliveries.readings();
  expect(reading!.delivered + reading!.lost).toBe(total);
  expect(reading!.lost).toBeGreaterThan(0);
  expect(said.some((message) => message.includes('the log of undelivered notices is full'))).toBe(true);
  expect(hook.taken.length).toBe(reading!.delivered);
  deliveries.close();
  await state.close();
  await hook.close();
});
