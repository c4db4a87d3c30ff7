// The battery: what real scanners are run with, and the verdicts their packets must earn. Ports, order and addresses are drawn anew each run.
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

function nmap(...flags: string[]): (target: Target) => string[] {
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

/** nmap on so many random ports, hosts not pinged before. */
function nmapPorts(count: number, ...flags: string[]): (target: Target) => string[] {
  return (target) => nmap('-Pn', '-p', target.draw.ports(count).join(','), ...flags)(target);
}

/** nmap on ports by protocol letter, as `U:53,T:22`. */
function six(ip: string): string[] {
  return ip.includes(':') ? ['-6'] : [];
}

/** hping3 on ports that follow each other from a random one. */
function hping(count: number, ...flags: string[]): (target: Target) => string[] {
  return ({ ip, source, draw }) => {
    const port = draw.integer(1_000, 30_000);
    const wait = `u${draw.integer(500, 8_000)}`;
    return ['hping3', '-c', `${count}`, '-i', wait, '-a', source, '-p', `++${port}`, ...flags, ip];
  };
}

function shell(script: (target: Target) => string): (target: Target) => string[] {
  return (target) => ['sh', '-c', script(target)];
}

const HOST: readonly string[] = ['-sn', '--disable-arp-ping'];
const SCAN = ['port-scan', 'syn'] as const;

export const BATTERY: readonly Probe[] = [
  {
    label: 'ping',
    family: 4,
    command: ({ ip, source }) => ['ping', '-c2', '-i0.2', '-I', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'ping, four times',
    family: 4,
    command: ({ ip, source }) => ['ping', '-c4', '-i0.2', '-I', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'ping, 3,000 bytes in fragments',
    family: 4,
    command: ({ ip, source }) => ['ping', '-c1', '-s3000', '-I', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'ping with record route',
    family: 4,
    command: ({ ip, source }) => ['ping', '-c1', '-R', '-I', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'fping',
    family: 4,
    command: ({ ip, source }) => ['fping', '-c3', '-p50', '-S', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'nmap -sn',
    family: 4,
    command: nmap(...HOST),
    verdicts: ['host-discovery', 'syn', 'ack'],
    kind: 'host-discovery',
  },
  { label: 'nmap -sn -PE', family: 4, command: nmap(...HOST, '-PE'), verdicts: [], kind: 'ip-enumeration' },
  { label: 'nmap -sn -PP', family: 4, command: nmap(...HOST, '-PP'), verdicts: [], kind: 'ip-enumeration' },
  { label: 'nmap -sn -PM', family: 4, command: nmap(...HOST, '-PM'), verdicts: [], kind: 'ip-enumeration' },
  {
    label: 'nmap -sn -PS',
    family: 4,
    command: nmap(...HOST, '-PS80'),
    verdicts: ['syn'],
    kind: 'ip-enumeration',
    tool: 'nmap',
  },
  { label: 'nmap -sn -PA', family: 4, command: nmap(...HOST, '-PA80'), verdicts: ['ack'], kind: 'ack' },
  { label: 'nmap -sn -PU', family: 4, command: nmap(...HOST, '-PU'), verdicts: [], kind: 'ip-enumeration' },
  { label: 'nmap -sn -PY', family: 4, command: nmap(...HOST, '-PY'), verdicts: [], kind: 'ip-enumeration' },
  { label: 'nmap -sn -PO', family: 4, command: nmap(...HOST, '-PO'), verdicts: [], kind: 'ip-enumeration' },
  { label: 'nmap -sS', family: 4, command: nmapPorts(40, '-sS'), verdicts: SCAN, kind: 'syn', tool: 'nmap' },
  { label: 'nmap -sS, four ports', family: 4, command: nmapPorts(4, '-sS'), verdicts: SCAN, kind: 'syn', tool: 'nmap' },
  {
    label: 'nmap -sS, three ports',
    family: 4,
    command: nmapPorts(3, '-sS'),
    verdicts: ['syn'],
    kind: 'ip-enumeration',
    tool: 'nmap',
  },
  {
    label: 'nmap -sS with discovery',
    family: 4,
    command: (t) => nmap('--disable-arp-ping', '-sS', '-p', t.draw.ports(30).join(','))(t),
    verdicts: [...SCAN, 'host-discovery', 'ack'],
    kind: 'syn',
  },
  { label: 'nmap -sS -f', family: 4, command: nmapPorts(12, '-sS', '-f'), verdicts: SCAN, kind: 'syn', tool: 'nmap' },
  { label: 'nmap -sS --mtu 24', family: 4, command: nmapPorts(12, '-sS', '--mtu', '24'), verdicts: SCAN, kind: 'syn' },
  {
    label: 'nmap -sS --data-length',
    family: 4,
    command: nmapPorts(12, '-sS', '--data-length', '30'),
    verdicts: SCAN,
    kind: 'syn',
  },
  {
    label: 'nmap -sS --badsum',
    family: 4,
    command: nmapPorts(8, '-sS', '--badsum', '--max-retries', '0'),
    verdicts: SCAN,
    kind: 'syn',
  },
  {
    label: 'nmap -sS --ip-options R',
    family: 4,
    command: nmapPorts(8, '-sS', '--ip-options', 'R'),
    verdicts: SCAN,
    kind: 'syn',
  },
  {
    label: 'nmap -sS --scan-delay',
    family: 4,
    command: nmapPorts(6, '-sS', '--scan-delay', '150ms'),
    verdicts: SCAN,
    kind: 'syn',
  },
  { label: 'nmap -F', family: 4, command: nmap('-Pn', '-F'), verdicts: SCAN, kind: 'syn' },
  { label: 'nmap -sT', family: 4, command: nmapPorts(20, '-sT'), verdicts: ['port-scan', 'connect'], kind: 'connect' },
  { label: 'nmap -sA', family: 4, command: nmapPorts(20, '-sA'), verdicts: ['port-scan', 'ack'], kind: 'ack' },
  { label: 'nmap -sW', family: 4, command: nmapPorts(20, '-sW'), verdicts: ['port-scan', 'ack'], kind: 'ack' },
  { label: 'nmap -sM', family: 4, command: nmapPorts(20, '-sM'), verdicts: ['port-scan', 'maimon'], kind: 'maimon' },
  { label: 'nmap -sF', family: 4, command: nmapPorts(20, '-sF'), verdicts: ['port-scan', 'fin'], kind: 'fin' },
  { label: 'nmap -sN', family: 4, command: nmapPorts(20, '-sN'), verdicts: ['port-scan', 'null'], kind: 'null' },
  { label: 'nmap -sX', family: 4, command: nmapPorts(20, '-sX'), verdicts: ['port-scan', 'xmas'], kind: 'xmas' },
  { label: 'nmap -sF, one port', family: 4, command: nmapPorts(1, '-sF'), verdicts: ['fin'], kind: 'fin' },
  {
    label: 'nmap --scanflags SYNFIN',
    family: 4,
    command: nmapPorts(10, '-sS', '--scanflags', 'SYNFIN'),
    verdicts: ['port-scan', 'synfin'],
    kind: 'synfin',
  },
  {
    label: 'nmap --scanflags URGPSH',
    family: 4,
    command: nmapPorts(10, '-sS', '--scanflags', 'URGPSH'),
    verdicts: ['port-scan', 'odd'],
    kind: 'odd',
  },
  {
    label: 'nmap -sU',
    family: 4,
    command: nmapPorts(6, '-sU', '--max-retries', '0'),
    verdicts: ['port-scan', 'udp-scan'],
    kind: 'udp-scan',
  },
  {
    label: 'nmap -sU, known services',
    family: 4,
    command: nmap('-Pn', '-sU', '--max-retries', '0', '-p53,123,161,500,1900'),
    verdicts: ['port-scan', 'udp-scan'],
    kind: 'udp-scan',
  },
  { label: 'nmap -sY', family: 4, command: nmapPorts(10, '-sY'), verdicts: ['port-scan'], kind: 'port-scan' },
  {
    label: 'nmap -sO',
    family: 4,
    command: (t) =>
      nmap(
        '-Pn',
        '-sO',
        '--max-retries',
        '0',
        '-p',
        `${t.draw.integer(0, 3)},${t.draw.integer(20, 30)}-${t.draw.integer(40, 50)}`,
      )(t),
    verdicts: ['ip-protocol-scan'],
    kind: 'ip-protocol-scan',
  },
  {
    label: 'SYNs in the name of a zombie, as nmap -sI sends them',
    family: 4,
    command: shell(
      ({ ip, source, link, draw }) =>
        `hping3 -S -c 5 -i u3000 -w 1024 -a ${source} -p ++${draw.integer(2_000, 9_000)} ${ip}; true ${link}`,
    ),
    verdicts: SCAN,
    kind: 'syn',
  },
  { label: 'nmap -sV', family: 4, command: nmapPorts(12, '-sV'), verdicts: SCAN, kind: 'syn' },
  {
    label: 'nmap -O',
    family: 4,
    command: (t) => nmap('-Pn', '-O', '--max-os-tries', '1', '-p', t.draw.ports(6).join(','))(t),
    verdicts: [...SCAN, 'os-fingerprint'],
    kind: 'syn',
  },
  {
    label: 'nmap -A',
    family: 4,
    command: (t) => nmap('-Pn', '-A', '--max-os-tries', '1', '-p', t.draw.ports(6).join(','))(t),
    verdicts: [...SCAN, 'os-fingerprint'],
    maybe: ['traceroute'],
    kind: 'syn',
  },
  {
    label: 'masscan',
    family: 4,
    command: ({ ip, source, link, mac, draw }) => [
      'masscan',
      ip,
      `-p${draw.ports(12).join(',')}`,
      '--rate',
      '300',
      '--wait',
      '0',
      '--interface',
      link,
      '--adapter-ip',
      source,
      '--router-mac',
      mac,
    ],
    verdicts: SCAN,
    kind: 'syn',
    tool: 'masscan',
  },
  {
    label: 'masscan --ping',
    family: 4,
    command: ({ ip, source, link, mac }) => [
      'masscan',
      ip,
      '--ping',
      '--rate',
      '100',
      '--wait',
      '0',
      '--interface',
      link,
      '--adapter-ip',
      source,
      '--router-mac',
      mac,
    ],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'zmap',
    family: 4,
    command: ({ ip, source, link, mac, draw }) => [
      'zmap',
      '-q',
      '-v0',
      '-p',
      `${draw.integer(1, 30_000)}`,
      '-i',
      link,
      '-G',
      mac,
      '-S',
      source,
      '-c',
      '0',
      '-b',
      '/dev/null',
      '-w',
      '/dev/null',
      '-P',
      '2',
      `${ip}/32`,
    ],
    verdicts: ['syn'],
    kind: 'ip-enumeration',
    tool: 'zmap',
  },
  { label: 'hping3 -S', family: 4, command: hping(10, '-S'), verdicts: SCAN, kind: 'syn', tool: 'hping3' },
  {
    label: 'hping3 -S, one port',
    family: 4,
    command: ({ ip, source, draw }) => [
      'hping3',
      '-c',
      '3',
      '-i',
      'u5000',
      '-a',
      source,
      '-S',
      '-p',
      `${draw.integer(1, 30_000)}`,
      ip,
    ],
    verdicts: ['syn'],
    kind: 'ip-enumeration',
  },
  { label: 'hping3 -S -f', family: 4, command: hping(6, '-S', '-f', '-d', '64'), verdicts: SCAN, kind: 'syn' },
  { label: 'hping3 -F', family: 4, command: hping(8, '-F'), verdicts: ['port-scan', 'fin'], kind: 'fin' },
  { label: 'hping3 -A', family: 4, command: hping(8, '-A'), verdicts: ['port-scan', 'ack'], kind: 'ack' },
  { label: 'hping3, no flags', family: 4, command: hping(8), verdicts: ['port-scan', 'null'], kind: 'null' },
  {
    label: 'hping3 -F -P -U',
    family: 4,
    command: hping(8, '-F', '-P', '-U'),
    verdicts: ['port-scan', 'xmas'],
    kind: 'xmas',
  },
  {
    label: 'hping3 -S -F',
    family: 4,
    command: hping(8, '-S', '-F'),
    verdicts: ['port-scan', 'synfin'],
    kind: 'synfin',
  },
  { label: 'hping3 -S -A', family: 4, command: hping(8, '-S', '-A'), verdicts: ['backscatter'], kind: 'backscatter' },
  { label: 'hping3 -R', family: 4, command: hping(8, '-R'), verdicts: ['odd'], kind: 'odd' },
  {
    label: 'hping3 --ttl 1 to 3',
    family: 4,
    command: shell(({ ip, source, draw }) =>
      [1, 2, 3]
        .map((ttl) => `hping3 -c 1 -S -t ${ttl} -a ${source} -p ${draw.integer(1, 9) === 0 ? 443 : 80} ${ip}`)
        .join('; '),
    ),
    verdicts: ['syn', 'traceroute'],
    kind: 'traceroute',
  },
  {
    label: 'hping3 --udp',
    family: 4,
    command: hping(8, '--udp'),
    verdicts: ['port-scan', 'udp-scan'],
    kind: 'udp-scan',
  },
  {
    label: 'hping3 --icmp',
    family: 4,
    command: ({ ip, source }) => ['hping3', '-c', '3', '-i', 'u5000', '--icmp', '-a', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'hping3 --icmp-ts',
    family: 4,
    command: ({ ip, source }) => ['hping3', '-c', '3', '-i', 'u5000', '--icmp-ts', '-a', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'hping3 --rawip',
    family: 4,
    command: shell(({ ip, source, draw }) =>
      [60, 90, 140, 170]
        .map((first) => `hping3 -c 1 --rawip -H ${first + draw.integer(0, 20)} -a ${source} ${ip}`)
        .join('; '),
    ),
    verdicts: ['ip-protocol-scan'],
    kind: 'ip-protocol-scan',
  },
  {
    label: 'traceroute',
    family: 4,
    command: ({ ip, source }) => ['traceroute', '-n', '-w1', '-m5', '-s', source, ip],
    verdicts: ['traceroute'],
    kind: 'traceroute',
  },
  {
    label: 'traceroute -I',
    family: 4,
    command: ({ ip, source }) => ['traceroute', '-n', '-w1', '-m5', '-I', '-s', source, ip],
    verdicts: ['traceroute'],
    kind: 'traceroute',
  },
  {
    label: 'traceroute -T',
    family: 4,
    command: ({ ip, source }) => ['traceroute', '-n', '-w1', '-m5', '-T', '-s', source, ip],
    verdicts: ['traceroute', 'connect'],
    kind: 'traceroute',
  },
  {
    label: 'nc -z',
    family: 4,
    command: ({ ip, source, draw }) => ['nc', '-z', '-w1', '-s', source, ip, `${draw.integer(1, 30_000)}`],
    verdicts: ['connect'],
    kind: 'ip-enumeration',
  },
  {
    label: 'nc -z, a range',
    family: 4,
    command: ({ ip, source, draw }) => {
      const first = draw.integer(1, 30_000);
      return ['nc', '-z', '-w1', '-s', source, ip, `${first}-${first + 9}`];
    },
    verdicts: ['connect', 'port-scan'],
    kind: 'connect',
  },
  {
    label: 'nc -u',
    family: 4,
    command: shell(({ ip, source, draw }) => `echo hello | nc -u -w1 -s ${source} ${ip} ${draw.integer(1, 30_000)}`),
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'ping -6',
    family: 6,
    command: ({ ip, source }) => ['ping', '-c2', '-i0.2', '-I', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  {
    label: 'nmap -6 -sn',
    family: 6,
    command: nmap(...HOST),
    verdicts: ['host-discovery', 'syn', 'ack'],
    kind: 'host-discovery',
  },
  { label: 'nmap -6 -sS', family: 6, command: nmapPorts(40, '-sS'), verdicts: SCAN, kind: 'syn', tool: 'nmap' },
  {
    label: 'nmap -6 -sT',
    family: 6,
    command: nmapPorts(20, '-sT'),
    verdicts: ['port-scan', 'connect'],
    kind: 'connect',
  },
  { label: 'nmap -6 -sA', family: 6, command: nmapPorts(20, '-sA'), verdicts: ['port-scan', 'ack'], kind: 'ack' },
  { label: 'nmap -6 -sF', family: 6, command: nmapPorts(20, '-sF'), verdicts: ['port-scan', 'fin'], kind: 'fin' },
  { label: 'nmap -6 -sN', family: 6, command: nmapPorts(20, '-sN'), verdicts: ['port-scan', 'null'], kind: 'null' },
  { label: 'nmap -6 -sX', family: 6, command: nmapPorts(20, '-sX'), verdicts: ['port-scan', 'xmas'], kind: 'xmas' },
  { label: 'nmap -6 -sM', family: 6, command: nmapPorts(20, '-sM'), verdicts: ['port-scan', 'maimon'], kind: 'maimon' },
  {
    label: 'nmap -6 -sU',
    family: 6,
    command: nmapPorts(6, '-sU', '--max-retries', '0'),
    verdicts: ['port-scan', 'udp-scan'],
    kind: 'udp-scan',
  },
  {
    label: 'nmap -6 -sO',
    family: 6,
    command: (t) =>
      nmap('-Pn', '-sO', '--max-retries', '0', '-p', `${t.draw.integer(20, 30)}-${t.draw.integer(35, 42)}`)(t),
    verdicts: ['ip-protocol-scan'],
    kind: 'ip-protocol-scan',
  },
  {
    label: 'nmap -6 -O',
    family: 6,
    command: (t) => nmap('-Pn', '-O', '--max-os-tries', '1', '-p', t.draw.ports(6).join(','))(t),
    verdicts: [...SCAN, 'os-fingerprint'],
    maybe: ['host-discovery', 'udp-scan'],
    kind: 'syn',
  },
  {
    label: 'traceroute -6',
    family: 6,
    command: ({ ip, source }) => ['traceroute', '-6', '-n', '-w1', '-m5', '-s', source, ip],
    verdicts: ['traceroute'],
    kind: 'traceroute',
  },
  {
    label: 'nc -6 -z',
    family: 6,
    command: ({ ip, source, draw }) => ['nc', '-6', '-z', '-w1', '-s', source, ip, `${draw.integer(1, 30_000)}`],
    verdicts: ['connect'],
    kind: 'ip-enumeration',
  },
];
