// What scanners report of the decoy and of real nginx, side by side: `node bench/dashboard-scanners.ts`. Uses those of nmap, whatweb,
// gobuster, ffuf and sslscan that are here; version digits, addresses, times and the order of lines are left out of the comparison.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startPair } from '../test/dashboard-twin/pair.ts';
import type { Target } from '../test/dashboard-twin/probe.ts';
import { missing } from '../test/harness/tools.ts';

const SCRIPTS =
  'http-title,http-headers,http-methods,http-server-header,http-enum,http-git,http-robots.txt,http-security-headers,http-favicon,http-comments-displayer,http-trace,http-php-version,http-waf-detect,http-errors';
/** Apart: nmap keeps what one script fetched for the others, and these fetch ranges. */
const VULNERABILITIES = 'http-vuln*';
const WORDS = '/usr/share/dirb/wordlists/common.txt';
const TIMEOUT_MS = 180_000;

interface Scanner {
  readonly tool: string;
  readonly needs?: string;
  readonly args: (target: Target, origin: string) => readonly string[];
}

const SCANNERS: readonly Scanner[] = [
  { tool: 'nmap', args: ({ host, port }) => ['-n', '-Pn', '-sV', '--version-all', '-p', String(port), host] },
  ...[SCRIPTS, VULNERABILITIES].map(
    (scripts): Scanner => ({
      tool: 'nmap',
      args: ({ host, port }) => ['-n', '-Pn', '-sV', '-p', String(port), '--script', scripts, host],
    }),
  ),
  { tool: 'whatweb', args: (_target, origin) => ['-a3', '--color=never', origin] },
  {
    tool: 'gobuster',
    needs: WORDS,
    args: (_target, origin) => ['dir', '-q', '--no-color', '-t', '10', '-w', WORDS, '-u', origin],
  },
  { tool: 'ffuf', needs: WORDS, args: (_target, origin) => ['-s', '-t', '10', '-w', WORDS, '-u', `${origin}/FUZZ`] },
  { tool: 'sslscan', args: ({ host, port }) => ['--no-colour', `${host}:${port}`] },
];

function reportOf({ tool, args }: Scanner, target: Target): string[] {
  const origin = `http://${target.host}:${target.port}`;
  const { stdout } = spawnSync(tool, args(target, origin), { encoding: 'utf8', timeout: TIMEOUT_MS });
  return (
    stdout
      .replaceAll(target.host, 'HOST')
      .replace(/1\.22\.1|1\.26\.3/g, 'VERSION')
      .replace(/\r|\x1b\[2K/g, '')
      .split('\n')
      .map((line) => line.replace(/^\|_?\s*/, '').trim())
      // Lua's tables have no order of their own.
      .map((line) => (line.startsWith('IDs:') ? line.split(/\s+/).sort().join(' ') : line))
      .filter((line) => line !== '' && !/latency|Starting Nmap|Nmap done|Date:|http-date/.test(line))
      .sort()
  );
}

const pair = await startPair();
let different = 0;
for (const scanner of SCANNERS) {
  const name = `${scanner.tool} ${scanner.args({ host: 'HOST', port: 0 }, 'ORIGIN').slice(0, 4).join(' ')}`;
  const lacking =
    missing(scanner.tool) || (scanner.needs && !existsSync(scanner.needs) ? `needs ${scanner.needs}` : '');
  if (lacking) {
    process.stdout.write(`${name}: left out, ${lacking}\n`);
    continue;
  }
  const [reference, decoy] = [reportOf(scanner, pair.reference), reportOf(scanner, pair.decoy)];
  const odd = [
    ...reference.filter((line) => !decoy.includes(line)).map((line) => `  nginx only: ${line}`),
    ...decoy.filter((line) => !reference.includes(line)).map((line) => `  decoy only: ${line}`),
  ];
  if (odd.length > 0) different++;
  process.stdout.write(
    `${name}: ${odd.length === 0 ? `same, ${decoy.length} lines` : `DIFFERENT\n${odd.join('\n')}`}\n`,
  );
}
await pair.stop();
process.exit(different === 0 ? 0 : 1);
