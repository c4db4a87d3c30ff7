// `alerts`: reads touch lines, evaluates the rules, keeps what must outlive it, gives security events to the outputs.

import { setTimeout as delay } from 'node:timers/promises';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { createSink } from '../decoys/touch/sink.ts';
import packageJson from '../package.json' with { type: 'json' };
import { createClock } from './clock.ts';
import { createClusterMode } from './cluster.ts';
import { DEFAULT_CONFIG, loadConfig } from './config/config.ts';
import { createExceptions } from './exceptions/exceptions.ts';
import { createHealth } from './health/health.ts';
import { followFiles } from './input/files.ts';
import { splitLines } from './input/lines.ts';
import { connectionFrom } from './kubernetes/connection.ts';
import { startDeliveries } from './outputs/deliveries.ts';
import { createMetrics } from './outputs/prometheus/metrics.ts';
import { startMetrics } from './outputs/prometheus/start.ts';
import { tryOutputs } from './outputs/try.ts';
import { createPage } from './page/page.ts';
import { proveCommand } from './page/prove-command.ts';
import { startPage } from './page/start.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { loadRules } from './rules/load.ts';
import { shippedRules } from './rules/shipped.ts';
import { readFlags, USAGE } from './settings.ts';
import { createCollector } from './state/collector.ts';
import { restorePast } from './state/restore.ts';
import { openState } from './state/state.ts';

const TICK_MS = 1_000;
/** From SIGTERM to exit at most, for outputs that are slow to take the last notices … */
const STOP_MS = 1_500;
/** … and from the end of input. */
const DRAIN_MS = 10_000;
/** Lines that are none of ours are told of once, then counted up to this often. */
const FOREIGN_EVERY = 1_000;
/** Events whose totals are told at the end. */
const TOTALS = 50;

function say(message: string): void {
  process.stderr.write(`alerts: ${message}\n`);
}

async function readStdin(pipeline: Pipeline): Promise<void> {
  const splitter = splitLines((text) => pipeline.line(text));
  for await (const bytes of process.stdin) {
    splitter.push(bytes as Buffer);
    await pipeline.room();
  }
  splitter.end();
}

/** How the events stand at the end: the lines on stdout tell of an event when it opens and grows, not of each touch. */
function tellTotals(pipeline: Pipeline): void {
  let told = 0;
  let more = 0;
  for (const { rule, decoy, count, last, exception } of pipeline.openEvents()) {
    if (++told > TOTALS) more++;
    else
      say(
        `${rule.name}: ${count} touches of ${decoy} by ${last.source.ip ?? 'an unknown source'}${exception ? ` (exception ${exception})` : ''}`,
      );
  }
  if (more > 0) say(`and ${more} more events`);
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes('--help')) {
    process.stderr.write(`${USAGE}\n`);
    return;
  }
  const settings = readFlags(words);
  const config = settings.config === undefined ? DEFAULT_CONFIG : loadConfig(settings.config, process.env);
  const sink = createSink(1, (error) => {
    say(`stdout cannot be written (${error.message}); alerts would be lost, so this ends`);
    process.exit(1);
  });
  if (settings.command === 'test') {
    process.exitCode = (await tryOutputs(config, { sink, say, openEvents: () => [] })) ? 0 : 1;
    return;
  }
  if (settings.command === 'prove') {
    process.exitCode = (await proveCommand(process.env, (text) => process.stdout.write(text))) ? 0 : 1;
    return;
  }
  const { rules, errors } = settings.rules === undefined ? shippedRules() : loadRules(settings.rules);
  for (const error of errors) say(`rule ${error.message}`);
  if (rules.length === 0)
    throw new UserError('NO_RULES', `--rules ${settings.rules}: holds no usable GlobalAlert (.yaml, .yml or .json)`);
  say(`${rules.length} rules: ${rules.map((rule) => rule.name).join(', ')}`);

  const state = openState({ directory: settings.state, say });
  const metrics = createMetrics();
  const clock = createClock({
    onJump(ms) {
      say(
        `the clock was set ${ms > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(ms) / 1_000)} s; what waits goes on`,
      );
      pipeline.shift(ms);
      health.shift(ms);
    },
  });
  const deliveries = startDeliveries(config, state, { sink, say, openEvents: () => pipeline.openEvents() });
  const collector = createCollector({ state, now: clock, onNotices: deliveries.wake });
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
  const exceptions = createExceptions();
  const health = createHealth({
    onLine: (line) => pipeline.health(line),
    recall: (name) => state.position(`health:${name}`),
    remember: (name, text) => collector.mark(`health:${name}`, text),
  });
  const cluster = settings.cluster
    ? createClusterMode({
        connection: connectionFrom(process.env),
        namespaces: settings.namespaces,
        selector: settings.selector,
        exceptions,
        health,
        signal: stopping.signal,
        say,
        ownRules: rules,
        standIn: settings.rules === undefined,
      })
    : undefined;
  const page = settings.once ? undefined : createPage({ state, exceptions, say });
  let foreign = 0;
  const pipeline = createPipeline({
    rules,
    collector,
    exceptions,
    now: clock,
    quietMs: config.quietMs,
    remindMs: config.remindMs,
    attribute: page?.attributing(cluster?.attribute),
    waitFor: cluster?.waitFor,
    onMatch: cluster?.onMatch,
    onEvent(event, change) {
      page?.event(event, change);
      if (change !== 'counted' && event.exception === undefined) metrics.notice(event, change);
    },
    onTouch(line) {
      cluster?.onTouch();
      metrics.line('touch');
      metrics.touch(line);
      page?.touch(line);
      health.line(line, clock());
    },
    onHeartbeat(line) {
      metrics.line('heartbeat');
      metrics.heartbeat(line, clock());
      page?.heartbeat(line);
      health.line(line, clock());
    },
    onRepeated: () => metrics.line('repeated'),
    onForeign(reason) {
      metrics.line('foreign');
      foreign++;
      if (foreign % FOREIGN_EVERY === 1) say(`${foreign} lines so far are no touch lines, the last: ${reason}`);
    },
  });
  restorePast({ state, rules, pipeline, say });
  if (!settings.once) {
    await startMetrics({
      env: process.env,
      cluster: settings.cluster,
      say,
      text: () =>
        metrics.text(
          {
            version: packageJson.version,
            startedMs: performance.timeOrigin,
            durable: state.durable(),
            openEvents: pipeline.openEvents(),
            outputs: deliveries.readings(),
            residentBytes: process.memoryUsage.rss(),
            cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
          },
          Date.now(),
        ),
    });
  }
  if (page) await startPage(page, process.env, say);
  deliveries.wake();
  deliveries.tick(clock());
  const ticker = setInterval(() => {
    deliveries.tick(clock());
    // A finished file falls silent for good; only what is followed can be missed.
    if (!settings.once) health.tick(clock());
    pipeline.tick();
  }, TICK_MS);

  await state.ready;
  const reading = cluster
    ? cluster.read(pipeline, (stream) => state.position(stream))
    : settings.stdin
      ? readStdin(pipeline)
      : followFiles({
          files: settings.files,
          onLine: (text, stream, position) => pipeline.line(text, { stream, position }),
          positionOf: (stream) => state.position(stream),
          room: pipeline.room,
          say,
          once: settings.once,
          signal: stopping.signal,
        });
  // Files are read up to where they are left; standard input may never end.
  await Promise.race([reading, settings.stdin ? stopped : stopped.then(() => reading)]);
  clearInterval(ticker);
  page?.close();
  if (foreign > 1) say(`${foreign} lines were no touch lines`);
  if (!settings.cluster) tellTotals(pipeline);
  await collector.flush();
  const patience = stopped.then(() => delay(STOP_MS));
  await Promise.race([deliveries.drain(DRAIN_MS), patience]);
  deliveries.close();
  for (const { name, depth } of deliveries.readings())
    if (depth > 0)
      say(
        `output ${name}: ${depth} notices not taken; ${state.durable() ? 'the next run gives them' : 'they are lost'}`,
      );
  await Promise.race([sink.end(), patience, delay(DRAIN_MS)]);
  await state.close();
}

main().then(
  () => process.exit(),
  (error: unknown) => exitWith('alerts', error),
);
