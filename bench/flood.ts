// Floods the app decoy and says what it cost and what was lost. Needs root, ip(8), ping, nmap, and for the CPU limit a cgroup v1 cpu controller.
// node bench/flood.ts [--seconds 10] [--rates 5000,20000,50000,0] [--kinds icmp,syn,udp] [--cpu 0.1,0] [--rmem 4194304,212992]
//   [--paths adaptive,stock] [--spoofed 750000] [--for SECONDS] [--again]
// Results stand in bench/results/flood.ndjson, and as a table in flood.md beside it. What is there is not run again unless --again says so,
// and no flood is begun after --for: so the whole table can be made in pieces.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { noNetns } from '../test/harness/netns.ts';
import { flood, type Result, type Run } from './app-flood.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rates: { type: 'string', default: '5000,20000,50000,0' },
    kinds: { type: 'string', default: 'icmp,syn,udp' },
    cpu: { type: 'string', default: '0.1,0' },
    rmem: { type: 'string', default: '4194304' },
    paths: { type: 'string', default: 'adaptive' },
    /** Spoofed sources of an extra run; 0 leaves it out. */
    spoofed: { type: 'string', default: '0' },
    for: { type: 'string', default: '3600' },
    again: { type: 'boolean', default: false },
  },
});

const RESULTS = join(import.meta.dirname, 'results');
const DATA = join(RESULTS, 'flood.ndjson');
const TABLE = join(RESULTS, 'flood.md');
const SPOOFED_RATE = 20_000;
/** A spoofed flood ends with its sources; this is for a sender that is held up. */
const SPARE_SECONDS = 5;

interface Cell {
  readonly date: string;
  readonly machine: string;
  readonly run: Run;
  readonly result: Result;
}

function words(text: string): string[] {
  return text.split(',').filter((word) => word !== '');
}

function runs(): Run[] {
  const seconds = Number(values.seconds);
  const spoofed = Number(values.spoofed);
  return words(values.rmem).flatMap((rmem) =>
    words(values.cpu).flatMap((cpu) => {
      const limits = { cpu: Number(cpu), rmem: Number(rmem) };
      const floods = words(values.paths).flatMap((path) =>
        words(values.kinds).flatMap((kind) =>
          words(values.rates).map((rate): Run => {
            return { path: path as Run['path'], kind, rate: Number(rate), ...limits, seconds, sources: 1 };
          }),
        ),
      );
      const made: Run = {
        ...{ path: 'adaptive', kind: 'syn', rate: SPOOFED_RATE, ...limits },
        seconds: Math.ceil(spoofed / SPOOFED_RATE) + SPARE_SECONDS,
        sources: spoofed,
      };
      return spoofed > 0 ? [...floods, made] : floods;
    }),
  );
}

function readCells(): Cell[] {
  if (!existsSync(DATA)) return [];
  const lines = readFileSync(DATA, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Cell);
}

function keyOf(run: Run): string {
  return JSON.stringify([run.sources, run.rmem, run.cpu, run.kind, run.rate, run.path, run.seconds]);
}

function order({ run }: Cell): number[] {
  const kinds = ['icmp', 'syn', 'udp'];
  const rate = run.rate || Number.MAX_SAFE_INTEGER;
  return [run.sources, -(run.rmem ?? 0), run.cpu || 1, kinds.indexOf(run.kind), rate, run.path === 'stock' ? 1 : 0];
}

function compare(a: Cell, b: Cell): number {
  const [left, right] = [order(a), order(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}

function ms(value: number | null): string {
  return value === null ? 'none' : String(Math.round(value));
}

function row({ run, result }: Cell): string {
  const percent = (result.lost / result.sent) * 100;
  const cells = [
    run.sources > 1 ? `${run.kind}, ${run.sources.toLocaleString('en')} sources` : run.kind,
    run.rate === 0 ? 'full' : run.rate.toLocaleString('en'),
    run.path,
    run.cpu || 'all',
    run.rmem ?? 'as it is',
    result.receiveBuffer,
    result.sent,
    Math.round(result.sent / result.seconds),
    `${percent === 0 ? '0' : percent.toFixed(2)} %`,
    result.microseconds.toFixed(2),
    (result.peakBytes / 1e6).toFixed(1),
    result.linesPerSecond.toFixed(1),
    ms(result.newcomerMs),
    ms(result.scannerMs),
    result.unaccounted,
  ];
  return `| ${cells.join(' | ')} |`;
}

const COLUMNS = [
  ...['flood', 'asked, pps', 'path', 'CPU', 'rmem_max', 'buffer', 'sent', 'pps', 'lost', 'µs CPU a packet'],
  ...['peak RSS, MB', 'lines/s', 'newcomer, ms', 'scanner, ms', 'unaccounted'],
];

function table(cells: readonly Cell[]): string {
  const dates = cells.map(({ date }) => date).sort();
  const machines = [...new Set(cells.map(({ machine }) => machine))];
  return `${[
    '# Floods of the app decoy',
    '',
    `Made by \`bench/flood.ts\` from ${dates[0]} to ${dates.at(-1)} on ${machines.join('; ')}.`,
    'The decoy ran with the flags of its image, sender and decoy on the same machine. `adaptive` is what ships, `stock` one packet a wake-up.',
    'Newcomer: from the start of a ping of an address not seen before, in the middle of the flood, to its line (none: lost with the rest);',
    'scanner: from the start of nmap to the line that calls it a port scan. Unaccounted: received by the kernel, and neither told, ignored, lost nor unseen.',
    'A sender that was held up catches up in bursts of 256 packets: a small buffer has to be read that much sooner.',
    '',
    `| ${COLUMNS.join(' | ')} |`,
    `|${'---|'.repeat(COLUMNS.length)}`,
    ...cells.map(row),
  ].join('\n')}\n`;
}

const reason = noNetns();
if (reason) {
  process.stderr.write(`flood: ${reason}\n`);
  process.exit(2);
}
mkdirSync(RESULTS, { recursive: true });
const until = performance.now() + Number(values.for) * 1_000;
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Linux ${release()}, Node ${process.version}`;
const cells = new Map(readCells().map((cell) => [keyOf(cell.run), cell]));
let left = 0;

function write(): void {
  const sorted = [...cells.values()].sort(compare);
  if (sorted.length === 0) return;
  writeFileSync(DATA, sorted.map((each) => `${JSON.stringify(each)}\n`).join(''));
  writeFileSync(TABLE, table(sorted));
}

for (const run of runs()) {
  if (cells.has(keyOf(run)) && !values.again) continue;
  if (performance.now() > until) {
    left++;
    continue;
  }
  const cell: Cell = { date: new Date().toISOString().slice(0, 16), machine, run, result: await flood(run) };
  cells.set(keyOf(run), cell);
  process.stdout.write(`${row(cell)}\n`);
  write();
}
write();
if (left > 0) process.stdout.write(`${left} left\n`);
