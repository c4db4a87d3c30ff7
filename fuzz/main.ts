// `npm run fuzz -- db|dashboard|app|alerts --seconds N [--seed S]`: changes recorded bytes and sends them to a built program.
// Exit 0: nothing found. 1: something was; its case stands in test/fixtures/fuzz, where the tests play it again. 2: wrong arguments.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { run } from './run.ts';
import { TARGETS, type TargetName } from './targets.ts';

const MOST_SECONDS = 86_400;
const MOST_SEED = 2 ** 31 - 1;

function whole(name: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= most))
    throw new UserError('BAD_FLAG', `--${name} ${text}: must be a whole number from 1 to ${most}`);
  return value;
}

function readWords(words: readonly string[]) {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    throw new UserError('BAD_FLAG', `${(error as Error).message.split('. ')[0]}; allowed are --seconds N and --seed S`);
  }
  const { values, positionals } = parsed;
  const [name = '', more] = positionals;
  const names = Object.keys(TARGETS).join(', ');
  if (!isTarget(name)) throw new UserError('BAD_FLAG', `${name || 'nothing to fuzz'}: must be one of ${names}`);
  if (more !== undefined) throw new UserError('BAD_FLAG', `${more}: one target at a time, of ${names}`);
  const seed =
    values.seed === undefined ? 1 + Math.floor(Math.random() * MOST_SEED) : whole('seed', values.seed, MOST_SEED);
  return { name, target: TARGETS[name], seed, seconds: whole('seconds', values.seconds, MOST_SECONDS) };
}

function isTarget(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}

function parse(words: readonly string[]) {
  const options = { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } as const;
  return parseArgs({ args: [...words], allowPositionals: true, options });
}

async function main(): Promise<void> {
  const { name, target, seed, seconds } = readWords(process.argv.slice(2));
  const lacking = target.lacking();
  if (lacking) throw new UserError('CANNOT_FUZZ', `${name} ${lacking}`);
  const say = (text: string) => process.stderr.write(`fuzz: ${name}, seed ${seed}: ${text}\n`);
  say(`for ${seconds} s`);
  const outcome = await run({ target, seed, until: { ms: seconds * 1_000 }, say });
  if (outcome.clean) {
    const { touches, lines, peakMb } = outcome.books;
    say(
      `clean after ${outcome.cases} cases: ${touches} touches in ${lines} lines, books exact, at most ${peakMb.toFixed(0)} MB resident`,
    );
    process.exit(0);
  }
  const directory = join(import.meta.dirname, '..', 'test', 'fixtures', 'fuzz', name);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `seed-${seed}-case-${outcome.cases}.json`);
  writeFileSync(file, `${JSON.stringify({ problem: outcome.problem, cases: outcome.culprits }, null, 1)}\n`);
  say(`FOUND after ${outcome.cases} cases: ${outcome.problem}; ${outcome.culprits.length} case(s) kept in ${file}`);
  process.exit(1);
}

main().catch((error: unknown) => exitWith('fuzz', error));
