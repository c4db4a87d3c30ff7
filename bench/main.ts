// `npm run bench [-- --only part,part]`: each budget, our figure, hit or missed, and the ratio to peers of the same run. A part's figures
// are kept in bench/results.json, so that parts may be run one by one; bench/RESULTS.md is the table of them all.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { type Figure, isHit, tableOf } from './figure.ts';
import { lackingAlerts, measureAlerts, measureFollowing } from './parts/alerts.ts';
import { lackingFlood, measureFlood } from './parts/flood.ts';
import { lackingHttp, measureHttp } from './parts/http.ts';
import { lackingHttpRate, measureHttpRate } from './parts/http-rate.ts';
import { lackingLogin, measureLogin } from './parts/login.ts';
import { lackingScan, measureScan } from './parts/scan.ts';
import { lackingStart, measureStart } from './parts/start.ts';

interface Part {
  readonly title: string;
  /** Why it cannot be measured here, or an empty string. */
  readonly lacking: () => string;
  readonly measure: () => Promise<Figure[]>;
}

const PARTS: Readonly<Record<string, Part>> = {
  http: { title: 'HTTP', lacking: lackingHttp, measure: measureHttp },
  'http-rate': { title: 'HTTP beside nginx', lacking: lackingHttpRate, measure: measureHttpRate },
  login: { title: 'MySQL logins', lacking: lackingLogin, measure: measureLogin },
  start: { title: 'Start', lacking: lackingStart, measure: measureStart },
  scan: { title: 'Scans', lacking: lackingScan, measure: measureScan },
  alerts: { title: 'Alerts', lacking: lackingAlerts, measure: measureAlerts },
  following: { title: 'A large cluster', lacking: lackingAlerts, measure: measureFollowing },
  flood: { title: 'Floods', lacking: lackingFlood, measure: measureFlood },
};

interface Result {
  readonly at: string;
  readonly machine: string;
  readonly load: number;
  /** Why there are no figures. */
  readonly lacking?: string;
  readonly figures: readonly (Omit<Figure, 'value'> & { readonly value: number | null })[];
}

const HERE = import.meta.dirname;
const KEPT = join(HERE, 'results.json');
const TABLE = join(HERE, 'RESULTS.md');

function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${gigabytes} GiB, Linux ${release()} ${arch()}, Node ${process.versions.node}`;
}

function wanted(words: readonly string[]): string[] {
  const names = Object.keys(PARTS);
  let only: string | undefined;
  try {
    only = parseArgs({ args: [...words], options: { only: { type: 'string' } } }).values.only;
  } catch (error) {
    throw new UserError('BAD_FLAG', `${(error as Error).message.split('. ')[0]}; allowed is --only ${names.join(',')}`);
  }
  const chosen = only?.split(',') ?? names;
  const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) throw new UserError('BAD_FLAG', `--only ${unknown}: must be among ${names.join(', ')}`);
  return chosen;
}

/** JSON has no infinity: a figure that does not exist is null. */
function figuresOf({ figures }: Result): Figure[] {
  return figures.map((figure) => ({ ...figure, value: figure.value ?? Number.POSITIVE_INFINITY }));
}

function section(name: string, result: Result | undefined): string {
  const { title } = PARTS[name]!;
  if (!result) return `## ${title}\n\nNot measured yet: \`npm run bench -- --only ${name}\`.\n`;
  if (result.lacking) return `## ${title}\n\nNot measured: ${result.lacking}.\n`;
  return `## ${title}\n\n${tableOf(figuresOf(result))}\n${result.at}, load ${result.load.toFixed(1)}; ${result.machine}.\n`;
}

function documentOf(results: Readonly<Record<string, Result>>): string {
  const all = Object.values(results).flatMap(figuresOf);
  const judged = all.filter(({ budget }) => budget);
  const missed = judged.filter((figure) => !isHit(figure));
  const verdict = `${judged.length - missed.length} of ${judged.length} budgets hit${missed.length ? `; missed: ${missed.map(({ what }) => what).join('; ')}` : ''}.`;
  const head = `# Bench results

Written by \`npm run bench\`. CPU is user and system time of the server's own processes, as the kernel counts it; peers without a word ran on
the same machine in the same run, *published* ones elsewhere on two cores. ${verdict}
`;
  return `${[head, ...Object.keys(PARTS).map((name) => section(name, results[name]))].join('\n')}`;
}

async function main(): Promise<void> {
  const chosen = wanted(process.argv.slice(2));
  const results = existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, 'utf8')) as Record<string, Result>) : {};
  const failed: string[] = [];
  for (const name of chosen) {
    const { title, lacking, measure } = PARTS[name]!;
    const why = lacking();
    process.stderr.write(`bench: ${title}${why ? ` left out: ${why}` : ' …'}\n`);
    const facts = {
      at: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      machine: machine(),
      load: loadavg()[0]!,
    };
    try {
      results[name] = { ...facts, ...(why ? { lacking: why, figures: [] } : { figures: await measure() }) };
    } catch (error) {
      failed.push(name);
      process.stderr.write(`bench: ${title} failed: ${(error as Error).stack}\n`);
      continue;
    }
    process.stdout.write(`${section(name, results[name])}\n`);
    writeFileSync(KEPT, `${JSON.stringify(results, null, 1)}\n`);
    writeFileSync(TABLE, documentOf(results));
  }
  const missed = chosen
    .flatMap((name) => (results[name] ? figuresOf(results[name]) : []))
    .filter((figure) => !isHit(figure));
  for (const { what, value, unit } of missed) process.stderr.write(`bench: MISSED ${what}: ${value} ${unit}\n`);
  if (failed.length > 0) process.stderr.write(`bench: failed: ${failed.join(', ')}\n`);
  process.exit(failed.length > 0 ? 1 : 0);
}

main().catch((error: unknown) => exitWith('bench', error));
