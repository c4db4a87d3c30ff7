// Requests a second of the dashboard beside nginx with its access log, in interleaved rounds of the same client: the ratio is the
// median of the rounds' own ratios, so that what else the machine does falls on both.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missing } from '../../test/harness/tools.ts';
import type { Figure } from '../figure.ts';
import { cpuUs } from '../processes.ts';
import { type Server, startBareNet, startDecoy, startNginx } from '../servers.ts';

const ROUNDS = 7;
const AT_ONCE = 16;
const ROUND_REQUESTS = 5_000;
const ROUND_SECONDS = 1;
const LEAST_RATIO = 0.6;

/** For wrk: a path, a query and a header of its own for each request, three user agents, one path in eight that is there. */
const VARIED = `
local n = 0
local agents = { "curl/8.9.1", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126 Safari/537.36", "python-requests/2.31" }
request = function()
  n = n + 1
  local path = n % 8 == 0 and "/docs/?" .. n or "/p" .. n .. "/x" .. (n * 7919 % 1000) .. ".txt?id=" .. n
  return wrk.format("GET", path, { ["User-Agent"] = agents[n % 3 + 1], ["X-N"] = tostring(n), ["Connection"] = os.getenv("CONNECTION") })
end
`;

interface Load {
  readonly what: string;
  /** Every request asks for another path with other headers: wrk, since ab asks for one path. */
  readonly varied: boolean;
  readonly keepAlive: boolean;
}

const LOADS: readonly Load[] = [
  { what: 'requests a second, one file, keep-alive', varied: false, keepAlive: true },
  { what: 'requests a second, one file, a connection each', varied: false, keepAlive: false },
  { what: 'requests a second, another path each, keep-alive', varied: true, keepAlive: true },
  { what: 'requests a second, another path each, a connection each', varied: true, keepAlive: false },
];

interface Round {
  readonly perSecond: number;
  /** µs a request. */
  readonly cpu: number;
}

function ask({ host, port, pids }: Server, { varied, keepAlive }: Load, script: string): Round {
  const before = cpuUs(pids);
  const number = (report: string, pattern: RegExp) => Number(pattern.exec(report)?.[1]);
  if (!varied) {
    const options = ['-q', '-n', String(ROUND_REQUESTS), '-c', String(AT_ONCE), ...(keepAlive ? ['-k'] : [])];
    const report = execFileSync('ab', [...options, `http://${host}:${port}/tiny.txt`], { encoding: 'utf8' });
    return {
      perSecond: number(report, /Requests per second:\s+([\d.]+)/),
      cpu: (cpuUs(pids) - before) / ROUND_REQUESTS,
    };
  }
  const options = ['-t1', `-c${AT_ONCE}`, `-d${ROUND_SECONDS}s`, '-s', script];
  const env = { ...process.env, CONNECTION: keepAlive ? 'keep-alive' : 'close' };
  const report = execFileSync('wrk', [...options, `http://${host}:${port}/`], { encoding: 'utf8', env });
  const answered = number(report, /(\d+) requests in/);
  return { perSecond: number(report, /Requests\/sec:\s+([\d.]+)/), cpu: (cpuUs(pids) - before) / answered };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export const lackingHttpRate = () => missing('ab', 'wrk', 'nginx');

export async function measureHttpRate(): Promise<Figure[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-rate-'));
  const script = join(scratch, 'varied.lua');
  writeFileSync(script, VARIED);
  const decoy = await startDecoy('dashboard');
  const nginx = (await startNginx())!;
  const all = (await startNginx('auto'))!;
  const net = await startBareNet();
  const servers = [nginx, decoy, net, all];
  try {
    return LOADS.flatMap((load) => {
      // What Node's net costs by itself is asked where a connection is most of the cost.
      const asked = servers.filter((server) => server !== net || !load.keepAlive);
      for (const server of asked) ask(server, load, script);
      const rounds = Array.from({ length: ROUNDS }, () =>
        asked.map((server) => ({ server, ...ask(server, load, script) })),
      );
      const of = (server: Server, key: keyof Round) =>
        median(rounds.map((round) => round.find((one) => one.server === server)![key]));
      const ratios = rounds.map((round) => {
        const rate = (server: Server) => round.find((one) => one.server === server)!.perSecond;
        return rate(decoy) / rate(nginx);
      });
      const peers = asked.filter((server) => server !== decoy);
      const cpu = asked.map((server) => `${server.name} ${of(server, 'cpu').toFixed(1)}`).join(', ');
      return [
        {
          what: load.what,
          value: of(decoy, 'perSecond'),
          unit: 'requests/s',
          peers: peers.map((server) => ({ name: server.name, value: of(server, 'perSecond') })),
          note: `${load.varied ? 'wrk' : 'ab'}, ${AT_ONCE} at once, each logged; µs CPU a request: ${cpu}`,
        },
        {
          what: `${load.what}, of nginx's`,
          value: median(ratios),
          unit: '×',
          budget: { kind: 'least', value: LEAST_RATIO },
          note: `median of ${ROUNDS} rounds, ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
        },
      ];
    });
  } finally {
    for (const server of servers) await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}
