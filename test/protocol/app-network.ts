// What the tests of app do to their namespaces: pull the cable, read the kernel's counts, add addresses, run things inside.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { countOf, DIST, touchesOf } from '../harness/lines.ts';
import type { Network } from '../harness/netns.ts';

const SENDER = join(import.meta.dirname, '..', '..', 'bench', 'app-sender.ts');

/** The cable between two namespaces: name and link address of an end. */
export function linkOf(netns: string): { name: string; mac: string } {
  const shown = execFileSync('ip', ['-n', netns, '-o', 'link', 'show', 'type', 'veth'], { encoding: 'utf8' });
  return { name: /^\d+: ([^@:]+)/.exec(shown)?.[1] ?? '', mac: /ether ([0-9a-f:]+)/.exec(shown)?.[1] ?? '' };
}

/** The link-local address of a namespace. */
export function linkLocalOf(netns: string): string {
  const shown = execFileSync('ip', ['-n', netns, '-6', 'addr', 'show', 'scope', 'link'], { encoding: 'utf8' });
  return /inet6 (fe80:[0-9a-f:]+)\//.exec(shown)?.[1] ?? '';
}

/** With its cable pulled a namespace receives nothing, so that what was counted can be compared exactly. */
export function setCable(network: Network, state: 'up' | 'down'): void {
  const { netns, ip6 } = network.attacker;
  const { name } = linkOf(netns);
  execFileSync('ip', ['-n', netns, 'link', 'set', name, state]);
  // Linux forgets IPv6 addresses with the link.
  if (state === 'up') execFileSync('ip', ['-n', netns, '-6', 'addr', 'replace', `${ip6}/64`, 'dev', name, 'nodad']);
}

/** Packets the kernel of a namespace has received, as it counts them. */
export function received(netns: string): number {
  const text = execFileSync('ip', ['netns', 'exec', netns, 'cat', '/proc/net/snmp', '/proc/net/snmp6'], {
    encoding: 'utf8',
  });
  const names = /^Ip: (Forwarding .*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const values = /^Ip: (\d.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  return Number(values[names.indexOf('InReceives')]) + Number(/^Ip6InReceives\s+(\d+)$/m.exec(text)?.[1]);
}

/** Counts a namespace's arriving packets by source address from now on, neighbours' questions aside; gives a reader of those that came. */
export function countSources(netns: string): () => Set<string> {
  const rules = `table inet sources {
    set four { type ipv4_addr; flags dynamic; }
    set six { type ipv6_addr; flags dynamic; }
    chain arriving {
      type filter hook prerouting priority -500;
      update @four { ip saddr }
      icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
      update @six { ip6 saddr }
    }
  }`;
  execFileSync('ip', ['netns', 'exec', netns, 'nft', '-f', '-'], { input: rules });
  return () => {
    const shown = execFileSync('ip', ['netns', 'exec', netns, 'nft', 'list', 'ruleset'], { encoding: 'utf8' });
    return new Set([...shown.matchAll(/elements = \{([^}]*)\}/g)].flatMap(([, list = '']) => list.split(/[\s,]+/)));
  };
}

/** All a decoy accounts for: packets it told, ignored, knows lost and knows unseen. */
export function allPackets(lines: readonly TouchLine[]): number {
  const told = countOf(touchesOf(lines).filter((line) => line.honeypod.unseen === undefined));
  const last = lines.filter((line) => line.event.kind === 'metric').at(-1)?.honeypod;
  const lost = lines.reduce((sum, line) => sum + (line.honeypod.lost ?? 0), 0);
  return told + lost + total(last?.ignored) + total(last?.unseen);
}

function total(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
}

/** Further addresses for the attacker, from .100 on. */
export function sourcesOf(network: Network, count: number): { ip: string }[] {
  const { netns, ip } = network.attacker;
  const { name } = linkOf(netns);
  return Array.from({ length: count }, (_, at) => {
    const source = ip.replace(/\.\d+$/, `.${100 + at}`);
    execFileSync('ip', ['-n', netns, 'addr', 'replace', `${source}/24`, 'dev', name]);
    return { ip: source };
  });
}

export const inside = {
  link: (network: Network) => linkOf(network.attacker.netns).name,
  run(netns: string, command: readonly string[]): void {
    spawnSync('ip', ['netns', 'exec', netns, ...command], { stdio: 'ignore', timeout: 10_000 });
  },
  /** Runs app to its end, under setpriv(1) where limits are given. */
  app(netns: string, { limits = [], nodeFlags = [], env = {} }: AppRun) {
    const program = [process.execPath, ...nodeFlags, join(DIST, 'app.js')];
    const limited = limits.length ? ['setpriv', ...limits, ...program] : program;
    return spawnSync('ip', ['netns', 'exec', netns, ...limited], {
      encoding: 'utf8',
      timeout: 10_000,
      env: { PATH: process.env.PATH, ...env },
    });
  },
};

interface AppRun {
  readonly limits?: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly env?: Record<string, string>;
}

/** A web server inside a namespace, listening once this resolves. */
export async function openPort(netns: string, port: number): Promise<ChildProcess> {
  const script = `require('node:http').createServer((_, answer) => answer.end('here')).listen(${port}, '::', () => console.log('up'))`;
  const child = spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

/** Floods the decoy from the attacker's address; resolves with how many packets left. */
export function startSender(
  { attacker, decoy }: Network,
  { kind, rate, seconds }: { kind: string; rate: number; seconds: number },
): Promise<number> {
  const flags = ['--kind', kind, '--rate', `${rate}`, '--seconds', `${seconds}`];
  const child = spawn(
    'ip',
    [
      ...['netns', 'exec', attacker.netns, process.execPath, SENDER, ...flags],
      ...['--source', attacker.ip, '--destination', decoy.ip],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => child.once('close', () => resolve((JSON.parse(text) as { sent: number }).sent)));
}
