// Touches from nothing but the kernel's counts. It knows that and how often, not who or which port. Pure.
import type { Action } from './actions.ts';
import { type Counters, grown } from './kernel-counters.ts';
import type { Touch } from './touch.ts';

/** IANA protocol numbers. */
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, udplite: 136 } as const;

export interface Counted {
  readonly touches: readonly Touch[];
  /** Neighbour discovery and the like, which are no touches. */
  readonly ignored: number;
}

interface Row {
  /** Added up. */
  readonly plus: readonly string[];
  readonly minus?: readonly string[];
  readonly action: Action;
  readonly protocol: number;
  readonly what: string;
}

const UDP = ['InDatagrams', 'NoPorts', 'InErrors'] as const;
function udpNames(group: string): string[] {
  return UDP.map((name) => group + name);
}

/** In a pod of its own no program listens, so everything that came is a touch; unknown protocols are in the books of what no socket saw. */
const ALONE: readonly Row[] = [
  { plus: ['Tcp.InSegs'], action: 'tcp-probe', protocol: PROTOCOL.tcp, what: 'TCP packet' },
  {
    plus: [...udpNames('Udp.'), ...udpNames('Udp6')],
    action: 'udp-probe',
    protocol: PROTOCOL.udp,
    what: 'UDP datagram',
  },
  {
    plus: [...udpNames('UdpLite.'), ...udpNames('UdpLite6')],
    action: 'udp-probe',
    protocol: PROTOCOL.udplite,
    what: 'UDP-Lite datagram',
  },
];
/** Beside other programs: what none of them asked for. Resets that answer closed ports, not those that end connections. */
const SHARED: readonly Row[] = [
  {
    plus: ['TcpExt.EmbryonicRsts'],
    action: 'tcp-syn',
    protocol: PROTOCOL.tcp,
    what: 'half-open TCP connection',
  },
  {
    plus: ['Tcp.OutRsts'],
    minus: ['TcpExt.TCPAbortOnData', 'TcpExt.TCPAbortOnClose', 'TcpExt.TCPAbortOnMemory', 'TcpExt.TCPAbortOnTimeout'],
    action: 'tcp-probe',
    protocol: PROTOCOL.tcp,
    what: 'TCP packet to a closed port',
  },
  {
    plus: ['Udp.NoPorts', 'Udp6NoPorts'],
    action: 'udp-probe',
    protocol: PROTOCOL.udp,
    what: 'UDP datagram to a closed port',
  },
  {
    plus: ['Ip.InUnknownProtos', 'Ip6InUnknownProtos'],
    action: 'ip-probe',
    protocol: 0,
    what: 'packet of an unknown IP protocol',
  },
];
/** Delivered to layer 4 and to none of its counters: IGMP, PIM and other protocols the kernel takes without a count. */
const DELIVERED = ['Ip.InDelivers', 'Ip6InDelivers'];
const LAYER4 = [
  'Icmp.InMsgs',
  'Icmp6InMsgs',
  'Tcp.InSegs',
  ...udpNames('Udp.'),
  ...udpNames('Udp6'),
  ...udpNames('UdpLite.'),
  ...udpNames('UdpLite6'),
  'Udp.IgnoredMulti',
];

const ICMP_FAMILIES = [
  { prefix: 'IcmpMsg.InType', all: 'Icmp.InMsgs', protocol: PROTOCOL.icmp, echo: 8 },
  { prefix: 'Icmp6InType', all: 'Icmp6InMsgs', protocol: PROTOCOL.icmpv6, echo: 128 },
] as const;
/** ICMPv6 types of neighbour and multicast listener discovery. */
const DISCOVERY: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 137, 143]);
/** Questions: the only ICMP that a machine with programs on it does not bring upon itself. */
const QUESTIONS: Record<number, ReadonlySet<number>> = {
  [PROTOCOL.icmp]: new Set([8, 13, 15, 17, 42]),
  [PROTOCOL.icmpv6]: new Set([128, 139, 160]),
};

/** What came between two reads. `shared`: other programs use this namespace too. `at` is ms since the epoch. */
export function countedTouches(
  before: Counters,
  after: Counters,
  { shared, at }: { shared: boolean; at: number },
): Counted {
  const touches: Touch[] = [];
  let ignored = 0;

  function add(count: number, action: Action, protocol: number, what: string, icmpType?: number): void {
    if (count <= 0) return;
    touches.push({
      action,
      at,
      protocol,
      count,
      outcome: 'unknown',
      honeypod: {
        scan: { kind: 'ip-enumeration' },
        ...(icmpType === undefined ? {} : { icmp: { type: icmpType, code: 0 } }),
      },
      message: `${count} ${plural(what, count)}, counted by the kernel; the source is unknown`,
      foldKey: `${protocol} ${what}`,
    });
  }

  for (const { prefix, all, protocol, echo } of ICMP_FAMILIES) {
    let typed = 0;
    for (const name of after.keys()) {
      if (!name.startsWith(prefix)) continue;
      const type = Number(name.slice(prefix.length));
      const count = grown(before, after, name);
      typed += count;
      if (protocol === PROTOCOL.icmpv6 && DISCOVERY.has(type)) ignored += count;
      else if (type === echo) add(count, 'icmp-echo-request', protocol, 'ICMP echo request', type);
      else if (!shared || QUESTIONS[protocol]?.has(type))
        add(count, 'icmp-probe', protocol, `ICMP type ${type} message`, type);
    }
    if (!shared) add(grown(before, after, all) - typed, 'packet-malformed', protocol, 'malformed ICMP message');
  }
  for (const row of shared ? SHARED : ALONE) {
    add(sum(before, after, row.plus) - sum(before, after, row.minus ?? []), row.action, row.protocol, row.what);
  }
  if (!shared) {
    const silent = sum(before, after, DELIVERED) - sum(before, after, LAYER4);
    add(silent, 'ip-probe', 0, 'packet of another IP protocol');
  }
  return { touches, ignored };
}

/** `TCP packet to a closed port` → `TCP packets to a closed port`. */
function plural(what: string, count: number): string {
  if (count === 1) return what;
  const noun = /packet|datagram|message|request|connection/.exec(what);
  return noun ? what.replace(noun[0], `${noun[0]}s`) : what;
}

function sum(before: Counters, after: Counters, names: readonly string[]): number {
  return names.reduce((total, name) => total + grown(before, after, name), 0);
}
