// `npm start`: the whole product on one machine. Three decoys as processes of their own, their lines read here, events shown as they come.
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { exitWith, UserError } from '../../decoys/touch/errors.ts';
import { createSink } from '../../decoys/touch/sink.ts';
import { createClock } from '../clock.ts';
import { createExceptions } from '../exceptions/exceptions.ts';
import { splitLines } from '../input/lines.ts';
import { alertText } from '../outputs/stdout/payload.ts';
import { createPage } from '../page/page.ts';
import { createPipeline } from '../pipeline.ts';
import { shippedRules } from '../rules/shipped.ts';
import { createCollector } from '../state/collector.ts';
import { openState } from '../state/state.ts';
import { type DecoyProcess, DecoyRefused, startDecoy } from './decoy-process.ts';
import { type Machine, planFor } from './plan.ts';
import { goesOn, opened, painter, table } from './terminal.ts';

const TICK_MS = 1_000;
/** From the signal to the end at most; Ctrl-C promises 2 s. */
const STOP_MS = 1_500;
/** An event that goes on is shown again at most this often. */
const SHOW_AGAIN_MS = 5_000;

function thisMachine(): Machine {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  const isRoot = process.getuid?.() === 0;
  return { hostname: hostname(), addresses, lowestPort: lowestPort(), isRoot };
}

function lowestPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1_024; // Not Linux: the usual limit.
  }
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const unknown = words.find((word) => word !== '--json');
  if (unknown !== undefined) throw new UserError('BAD_FLAG', `${unknown}: not a flag of npm start; allowed is --json`);
  const json = words.includes('--json');
  const plan = planFor(process.env, thisMachine());
  const { rules } = shippedRules({ debugPort: plan.debugPort });
  let decoys: DecoyProcess[] = [];
  let ending = false;
  async function end(code: number): Promise<void> {
    if (ending) return;
    ending = true;
    const deadline = setTimeout(() => {
      for (const { child } of decoys) child.kill('SIGKILL');
      process.exit(code);
    }, STOP_MS);
    for (const { child } of decoys) child.kill('SIGTERM');
    await Promise.all(decoys.map(({ exited }) => exited));
    await sink.end();
    clearTimeout(deadline);
    process.exit(code);
  }
  // Nobody reads any more; decoys whose touches reach nobody are no use.
  const sink = createSink(1, () => void end(1));
  const paint = painter(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

  const say = (message: string) => process.stderr.write(`start: ${message}\n`);
  const state = openState({ say });
  const clock = createClock({ onJump: (ms) => pipeline.shift(ms) });
  const exceptions = createExceptions();
  const page = createPage({ state, exceptions, say });
  if (plan.pagePort !== undefined) await page.listen(plan.pagePort);

  const shownMs = new Map<string, number>();
  const pipeline = createPipeline({
    rules,
    exceptions,
    now: clock,
    collector: createCollector({ state, now: clock, onNotices: () => {} }),
    attribute: page.attributing(),
    onTouch: page.touch,
    onHeartbeat: page.heartbeat,
    onEvent(event, change, nowMs) {
      page.event(event, change);
      if (event.exception !== undefined) return;
      if (change === 'closed') shownMs.delete(event.id);
      else if (change === 'opened') {
        shownMs.set(event.id, nowMs);
        sink.write(json ? alertText(event, nowMs) : opened(event, nowMs, paint));
      } else if (!json && nowMs - (shownMs.get(event.id) ?? 0) >= SHOW_AGAIN_MS) {
        shownMs.set(event.id, nowMs);
        sink.write(goesOn(event, nowMs, paint));
      }
    },
    onForeign: (reason) => process.stderr.write(`start: a line of a decoy cannot be read: ${reason}\n`),
  });

  decoys = plan.decoys.map((decoy) => {
    const splitter = splitLines((text) => {
      if (json) sink.write(`${text}\n`);
      pipeline.line(text);
    });
    return startDecoy(decoy, splitter.push);
  });

  process.on('SIGINT', () => void end(0));
  process.on('SIGTERM', () => void end(0));

  try {
    await Promise.all(decoys.map(({ ready }) => ready));
  } catch (error) {
    if (ending) return;
    process.stderr.write(`${(error as Error).message}\n`);
    await end(error instanceof DecoyRefused ? error.exitCode : 1);
    return;
  }
  for (const decoy of decoys) {
    decoy.speak((text) => process.stderr.write(`${text}\n`));
    void decoy.exited.then((how) => {
      if (!ending) say(`${decoy.name} ended with ${how}; nothing watches in its place, so this ends`);
      void end(1);
    });
  }
  setInterval(pipeline.tick, TICK_MS);
  (json ? process.stderr : process.stdout).write(table(plan, paint));
}

main().catch((error: unknown) => exitWith('start', error));
