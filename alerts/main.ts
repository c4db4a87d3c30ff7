// `alerts`: reads touch lines, evaluates the rules, writes one alert line a security event on stdout.
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { createSink } from '../decoys/touch/sink.ts';
import { followFile } from './input/file.ts';
import { splitLines } from './input/lines.ts';
import { alertText } from './outputs/stdout/payload.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { loadRules } from './rules/load.ts';
import { shippedRules } from './rules/shipped.ts';
import { readFlags, USAGE } from './settings.ts';

const TICK_MS = 1_000;
/** Lines that are none of ours are told of once, then counted up to this often. */
const FOREIGN_EVERY = 1_000;

function say(message: string): void {
  process.stderr.write(`alerts: ${message}\n`);
}

async function readStdin(pipeline: Pipeline): Promise<void> {
  const splitter = splitLines(pipeline.line);
  for await (const bytes of process.stdin) splitter.push(bytes as Buffer);
  splitter.end();
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes('--help')) {
    process.stderr.write(`${USAGE}\n`);
    return;
  }
  const settings = readFlags(words);
  const { rules, errors } = settings.rules === undefined ? shippedRules() : loadRules(settings.rules);
  for (const error of errors) say(`rule ${error.message}`);
  if (rules.length === 0)
    throw new UserError('NO_RULES', `--rules ${settings.rules}: holds no usable GlobalAlert (.yaml, .yml or .json)`);
  say(`${rules.length} rules: ${rules.map((rule) => rule.name).join(', ')}`);

  const sink = createSink(1, (error) => {
    say(`stdout cannot be written (${error.message}); alerts would be lost, so this ends`);
    process.exit(1);
  });
  let foreign = 0;
  let refused = 0;
  const pipeline = createPipeline({
    rules,
    onEvent(event, change, nowMs) {
      if (change === 'opened' && !sink.write(alertText(event, nowMs))) refused++;
    },
    onForeign(reason) {
      foreign++;
      if (foreign % FOREIGN_EVERY === 1) say(`${foreign} lines so far are no touch lines, the last: ${reason}`);
    },
  });
  const ticker = setInterval(() => {
    pipeline.tick();
    if (refused > 0) say(`${refused} alert lines found no room: stdout is not read`);
    refused = 0;
  }, TICK_MS);

  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  const reading = settings.stdin
    ? readStdin(pipeline)
    : Promise.all(
        settings.files.map((path) =>
          followFile({ path, onLine: pipeline.line, onState: say, once: settings.once, signal: stopping.signal }).catch(
            (error: NodeJS.ErrnoException) => {
              throw new UserError('NO_FILE', `--file ${path}: cannot be read (${error.code})`);
            },
          ),
        ),
      );
  await Promise.race([reading, stopped]);
  clearInterval(ticker);
  await sink.end();
}

main().then(
  () => process.exit(0),
  (error: unknown) => exitWith('alerts', error),
);
