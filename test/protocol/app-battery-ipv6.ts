// The battery's rows over IPv6.
import { HOST, nmap, nmapPorts, type Probe, SCAN } from './app-probe.ts';

export const IPV6_BATTERY: readonly Probe[] = [
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
  {
    label: 'ping -6, 4,000 bytes in fragments',
    family: 6,
    command: ({ ip, source }) => ['ping', '-c1', '-s4000', '-I', source, ip],
    verdicts: [],
    kind: 'ip-enumeration',
  },
  { label: 'nmap -6 -sW', family: 6, command: nmapPorts(10, '-sW'), verdicts: ['port-scan', 'ack'], kind: 'ack' },
  { label: 'nmap -6 -sV', family: 6, command: nmapPorts(6, '-sV'), verdicts: SCAN, kind: 'syn' },
  {
    label: 'nmap -6 -sY',
    family: 6,
    command: nmapPorts(6, '-sY'),
    verdicts: ['port-scan'],
    kind: 'port-scan',
  },
  {
    label: 'nmap -6 --badsum',
    family: 6,
    command: nmapPorts(6, '-sS', '--badsum'),
    verdicts: SCAN,
    kind: 'syn',
  },
  {
    label: 'traceroute -6 -I',
    family: 6,
    command: ({ ip, source }) => ['traceroute', '-6', '-I', '-n', '-w1', '-m5', '-s', source, ip],
    verdicts: ['traceroute'],
    kind: 'traceroute',
    tool: 'traceroute',
  },
  {
    label: 'traceroute -6 -T',
    family: 6,
    command: ({ ip, source }) => ['traceroute', '-6', '-T', '-n', '-w1', '-m5', '-s', source, ip],
    verdicts: ['traceroute', 'connect'],
    kind: 'traceroute',
    tool: 'traceroute',
  },
  {
    label: 'nc -6 -z, a range',
    family: 6,
    command: ({ ip, source, draw }) => {
      const first = draw.integer(1, 30_000);
      return ['nc', '-6', '-z', '-w1', '-s', source, ip, `${first}-${first + 9}`];
    },
    verdicts: ['connect', 'port-scan'],
    kind: 'connect',
  },
];
