// What a request costs: the decoy, writing a touch line for all it sees, beside real nginx with its access log on: same client (ab,
// wrk where paths vary), same file, same run. `node bench/dashboard.ts [requests]`; CPU is user and system time of the server's own processes.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TouchLine } from '../decoys/touch/schema.ts';
import { freePort, startPair } from '../test/dashboard-twin/pair.ts';
import type { Target } from '../test/dashboard-twin/probe.ts';
import { DIST } from '../test/harness/lines.ts';
import { missing } from '../test/harness/tools.ts';

const [requests = 60_000] = process.argv.slice(2).map(Number);
const HOST = '127.0.0.1';
const TICK_US = 10_000;
const SETTLE_MS = 1_500;

interface Load {
  readonly name: string;
  readonly path: string;
  readonly options: readonly string[];
  readonly share: number;
  /** Every request asks for another path with other headers, most of which are not there: wrk, since ab asks for one path. */
  readonly varied?: boolean;
}

const LOADS: readonly Load[] = [
  { name: 'static file, keep-alive, 32 at once', path: '/tiny.txt', options: ['-k', '-c', '32'], share: 1 },
  { name: 'static file, a connection each, 16 at once', path: '/tiny.txt', options: ['-c', '16'], share: 0.5 },
  { name: 'another path each, keep-alive, 16 at once', path: '/', options: ['keep-alive'], share: 0, varied: true },
  { name: 'another path each, a connection each, 16 at once', path: '/', options: ['close'], share: 0, varied: true },
  {
    name: 'behind the application, keep-alive, 16 at once',
    path: '/api/v1/status',
    options: ['-k', '-c', '16'],
    share: 0.3,
  },
  {
    name: 'behind the application, a connection each, 16 at once',
    path: '/api/v1/status',
    options: ['-c', '16'],
    share: 0.2,
  },
];
const VARIED_SECONDS = 4;
const VARIED_AT_ONCE = 16;
/** For wrk: a path, a query and a header of its own for each request, three user agents, one path in eight that is there. */
const VARIED_SCRIPT = `
local n = 0
local agents = { "curl/8.9.1", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126 Safari/537.36", "python-requests/2.31" }
request = function()
  n = n + 1
  local path = n % 8 == 0 and "/docs/?" .. n or "/p" .. n .. "/x" .. (n * 7919 % 1000) .. ".txt?id=" .. n
  return wrk.format("GET", path, { ["User-Agent"] = agents[n % 3 + 1], ["X-N"] = tostring(n), ["Connection"] = os.getenv("CONNECTION") })
end
`;

/** The process and all it started. */
function family(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [
          [Number(name), Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])] as const,
        ];
      } catch {
        // Ended meanwhile.
        return [];
      }
    });
  const members = [pid];
  for (const member of members) for (const [child, parent] of parents) if (parent === member) members.push(child);
  return members;
}

/** User and system time in µs. */
function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }, 0);
}

function memoryOf(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024);
}

interface Cost {
  readonly perSecond: number;
  /** µs a request. */
  readonly cpu: number;
  readonly requests: number;
}

function driveVaried({ host, port }: Target, [connection]: readonly string[], pids: readonly number[]): Cost {
  const before = cpuOf(pids);
  const report = execFileSync(
    'wrk',
    ['-t1', `-c${VARIED_AT_ONCE}`, `-d${VARIED_SECONDS}s`, '-s', script, `http://${host}:${port}/`],
    { encoding: 'utf8', env: { ...process.env, CONNECTION: connection } },
  );
  const number = (pattern: RegExp) => Number(pattern.exec(report)![1]);
  const answered = number(/(\d+) requests in/);
  return { perSecond: number(/Requests\/sec:\s+([\d.]+)/), cpu: (cpuOf(pids) - before) / answered, requests: answered };
}

function drive(target: Target, load: Load, pids: readonly number[]): Cost {
  if (load.varied) return driveVaried(target, load.options, pids);
  const count = Math.round(requests * load.share);
  const before = cpuOf(pids);
  const report = execFileSync(
    'ab',
    ['-q', '-n', String(count), ...load.options, `http://${target.host}:${target.port}${load.path}`],
    { encoding: 'utf8' },
  );
  const cpu = (cpuOf(pids) - before) / count;
  return { perSecond: Number(/Requests per second:\s+([\d.]+)/.exec(report)![1]), cpu, requests: count };
}

const lacking = missing('nginx', 'ab', 'wrk');
if (lacking) {
  process.stderr.write(`bench/dashboard: ${lacking}\n`);
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'bench-dashboard-'));
const linesFile = join(scratch, 'lines.ndjson');
const script = join(scratch, 'varied.lua');
writeFileSync(script, VARIED_SCRIPT);
const output = openSync(linesFile, 'w');
const [debugPort, tlsPort] = [await freePort(), await freePort()];
const decoy = spawn(process.execPath, [join(DIST, 'dashboard.js')], {
  env: { PATH: process.env.PATH, BIND: HOST, DEBUG_PORT: String(debugPort), TLS_PORT: String(tlsPort) },
  stdio: ['ignore', output, 'ignore'],
});
const pair = await startPair({ TWIN_ACCESS_LOG: 'true' });
await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
const nginx = family(pair.pid).filter(
  (pid) => pid !== pair.pid && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('nginx'),
);
process.stdout.write(`decoy at rest: ${memoryOf(decoy.pid!)} MB resident\n`);
let sent = 0;
for (const load of LOADS) {
  const reference = drive(pair.reference, load, nginx);
  const own = drive({ host: HOST, port: debugPort }, load, [decoy.pid!]);
  sent += own.requests;
  process.stdout.write(
    `${load.name}: decoy ${Math.round(own.perSecond)}/s, ${own.cpu.toFixed(0)} µs CPU a request; nginx ${Math.round(reference.perSecond)}/s, ${reference.cpu.toFixed(0)} µs; ratio ${(own.perSecond / reference.perSecond).toFixed(2)}\n`,
  );
}
process.stdout.write(`decoy after: ${memoryOf(decoy.pid!)} MB resident\n`);
decoy.kill('SIGTERM');
await new Promise((resolve) => decoy.once('exit', resolve));
await pair.stop();
closeSync(output);
const lines = readFileSync(linesFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as TouchLine);
const counted = lines.reduce((sum, line) => sum + (line.event.kind === 'event' ? (line.honeypod.count ?? 0) : 0), 0);
process.stdout.write(`touches counted in ${lines.length} lines: ${counted}, requests answered: ${sent}\n`);
rmSync(scratch, { recursive: true });
