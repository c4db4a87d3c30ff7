// What befalls the machine `alerts` runs on: its clock is set while events are open and outputs wait, and receivers are down for an hour.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { type AlertsProgram, startAlerts } from '../harness/alerts-program.ts';
import { createSetClock, fastClock, noClock } from '../harness/clock.ts';
import { freePort } from '../harness/ports.ts';
import { type Received, type Receiver, startReceiver } from '../harness/receiver.ts';
import { eventually } from '../harness/time.ts';
import { titled } from '../harness/tools.ts';
import { touchText } from '../harness/touch-text.ts';

const root = mkdtempSync(join(tmpdir(), 'alerts-faults-'));
const noClocks = noClock();
const programs: AlertsProgram[] = [];
const receivers: Receiver[] = [];
let made = 0;

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop('SIGKILL')));
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const line = (ip: string) => `${touchText({ decoy: 'app', port: 80, ip })}\n`;

function start(config: string, env: Record<string, string>, args: readonly string[] = []): AlertsProgram {
  const file = join(root, `config-${++made}.yaml`);
  writeFileSync(file, config);
  const program = startAlerts({ args: ['--stdin', '--config', file, ...args], env });
  programs.push(program);
  return program;
}

describe.skipIf(noClocks)(titled('a clock that is set', noClocks), () => {
  const HOUR = 3_600;
  const QUIET_MS = 2_500;
  const of = (ip: string, notice: string) => (alert: AlertLine) =>
    alert.source.ip === ip && alert.honeypod.notice === notice;

  it.each([
    ['back', -HOUR],
    ['forward', HOUR],
  ])(
    '%s by an hour neither closes an event early nor keeps it open, silences nobody and holds up no output',
    async (_, by) => {
      const clock = createSetClock();
      try {
        let down = true;
        const hook = await startReceiver(() => (down ? 503 : 200));
        receivers.push(hook);
        const outputs = `outputs: [{ type: webhook, url: '${hook.url}' }, { type: stdout }]`;
        const alerts = start(
          `events: { quiet: ${QUIET_MS}ms }\ndelivery: { longestPause: 400ms }\n${outputs}`,
          clock.env,
        );
        alerts.write(line('10.8.0.1'));
        await alerts.waitFor(of('10.8.0.1', 'opened'));
        await eventually(
          () => hook.asked.length > 0,
          5_000,
          () => 'the webhook was not asked',
        );

        clock.set(by);
        down = false;
        const setAt = performance.now();
        alerts.write(line('10.8.0.2'));
        await alerts.waitFor(of('10.8.0.2', 'opened'), 2_000);
        await hook.waitFor(2, 3_000);
        const closed = await alerts.waitFor(of('10.8.0.2', 'closed'), 10_000);
        expect(performance.now() - setAt).toBeGreaterThan(QUIET_MS * 0.9);
        expect(closed.honeypod.touches.count).toBe(1);
        expect(alerts.alerts.filter(({ message }) => message.includes('decoy-silent'))).toEqual([]);
        expect(alerts.stderr.join('\n')).toContain(`the clock was set ${by < 0 ? 'back' : 'forward'} by 36`);
        await alerts.waitFor(of('10.8.0.1', 'closed'));
      } finally {
        clock.remove();
      }
    },
  );
});

describe.skipIf(noClocks)(titled('outputs that are down for an hour', noClocks), () => {
  /** An hour in seven seconds. */
  const TIMES = 500;
  const HOUR_MS = 3_600_000 / TIMES;
  const EVENTS = 30;
  const RULES = join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml');

  /** What came, each notice the first time: at such a pace an answer may be late, and what it answered comes again, as it was. */
  const once = (taken: readonly Received[]) => [...new Map(taken.map((one) => [one.text, one])).values()];

  it('get every notice of it once they are back, each event in order', async () => {
    const ports = [await freePort(), await freePort()];
    const [hookAt, sidekickAt] = ports.map((port) => `http://127.0.0.1:${port}`);
    const config = `outputs: [{ type: webhook, url: '${hookAt}' }, { type: falcosidekick, url: '${sidekickAt}' }, { type: stdout }]`;
    const alerts = start(config, fastClock(TIMES), ['--rules', RULES]);
    for (let event = 0; event < EVENTS; event++) {
      alerts.write(line(`10.9.0.${event}`));
      await delay(HOUR_MS / EVENTS);
    }
    const told = alerts.alerts.length;
    expect(told).toBeGreaterThan(EVENTS);
    for (const port of ports) receivers.push(await startReceiver(undefined, port));
    const [hook, sidekick] = receivers as [Receiver, Receiver];
    for (const { taken } of [hook, sidekick])
      await eventually(
        () => once(taken).length >= told,
        10_000,
        () => `${once(taken).length} of ${told} taken`,
      );
    const byEvent = Map.groupBy(once(hook.taken), ({ body }) => (body as AlertLine).event.id);
    const notices = [...byEvent.values()].map((taken) => taken.map(({ body }) => (body as AlertLine).honeypod.notice));
    expect(notices.length).toBe(EVENTS);
    for (const ofOne of notices) expect(['opened', 'opened,closed']).toContain(ofOne.join());
    for (const name of ['webhook', 'falcosidekick'])
      expect(alerts.stderr).toContain(`alerts: output ${name}: delivers again`);
    expect(alerts.stderr.join('\n')).not.toContain('lost');
  });
});
