// What a row of the battery is: what real scanners are run with, and the verdicts their packets must earn. Ports, order and addresses are drawn anew each run.
import type { Verdict } from '../../decoys/app/verdict.ts';

/** What a probe is run with. `source` is an address of its own, so that its lines can be told from all others. */
export interface Target {
  readonly ip: string;
  readonly source: string;
  readonly link: string;
  /** The decoy's link address, for tools that make their own frames. */
  readonly mac: string;
  readonly draw: Draw;
}

/** Random choices of one probe, all from one seed. */
export interface Draw {
  integer(min: number, max: number): number;
  /** Distinct ports in random order. */
  ports(count: number): number[];
}

export interface Probe {
  readonly label: string;
  readonly family: 4 | 6;
  readonly command: (target: Target) => string[];
  /** Every verdict the source must have earned in the end besides `ip-enumeration`, and no other unless it is in `maybe`. */
  readonly verdicts: readonly Verdict[];
  /** Verdicts that depend on how fast the tool gives up. */
  readonly maybe?: readonly Verdict[];
  /** What the stream with most packets is named; `ip-enumeration` where nothing more is to be said. */
  readonly kind: Verdict;
  readonly tool?: string;
}

/** A generator of numbers from a seed: mulberry32. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    integer,
    ports(count) {
      const ports = new Set<number>();
      while (ports.size < count) {
        const port = integer(1, 65_535);
        // traceroute's own range says something else.
        if (port < 33_000 || port > 34_000) ports.add(port);
      }
      return [...ports];
    },
  };
}

export function nmap(...flags: string[]): (target: Target) => string[] {
  return ({ ip, source, link }) => [
    'nmap',
    '-n',
    '-T4',
    '--max-retries',
    '1',
    ...six(ip),
    '-S',
    source,
    '-e',
    link,
    ...flags,
    ip,
  ];
}

/**
 * nmap on so many random ports, hosts not asked for before. `-Pn` alone still asks for a neighbour by ARP or ND, goes no further
 * when no answer comes in time, and with `--badsum` over IPv6 none can come: that question has a wrong sum too.
 */
export function nmapPorts(count: number, ...flags: string[]): (target: Target) => string[] {
  return (target) => nmap('-Pn', '--disable-arp-ping', '-p', target.draw.ports(count).join(','), ...flags)(target);
}

/** The flag for IPv6 where the address is one. */
function six(ip: string): string[] {
  return ip.includes(':') ? ['-6'] : [];
}

/** hping3 on ports that follow each other from a random one. */
export function hping(count: number, ...flags: string[]): (target: Target) => string[] {
  return ({ ip, source, draw }) => {
    const port = draw.integer(1_000, 30_000);
    const wait = `u${draw.integer(500, 8_000)}`;
    return ['hping3', '-c', `${count}`, '-i', wait, '-a', source, '-p', `++${port}`, ...flags, ip];
  };
}

/** zmap at one address, its answers left unread. */
export function zmap(...flags: string[]): (target: Target) => string[] {
  return ({ ip, source, link, mac }) => [
    ...['zmap', '-q', '-v0', '-i', link, '-G', mac, '-S', source, '-c', '0', '-b', '/dev/null', '-w', '/dev/null'],
    ...['-o', '/dev/null', ...flags, `${ip}/32`],
  ];
}

export function shell(script: (target: Target) => string): (target: Target) => string[] {
  return (target) => ['sh', '-c', script(target)];
}

/** Hosts only, by packets of IP also where ARP would do. */
export const HOST: readonly string[] = ['-sn', '--disable-arp-ping'];
export const SCAN = ['port-scan', 'syn'] as const;
