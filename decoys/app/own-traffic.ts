// Packets that arrive and are nobody's touch: neighbour discovery, answers of this machine to itself, errors about our own replies.
// RFC 4861 (neighbour discovery), 3810 (multicast listeners), 3376 (IGMP queries).
import { ipv6Text } from './address.ts';
import { addressAt, type Packet, PROTOCOL } from './packet.ts';
import { ICMP_ERRORS } from './stream.ts';

/** Why a packet is no touch, as `honeypod.ignored` counts it. */
export type Ignored = 'neighbour-discovery' | 'multicast-membership' | 'own-reply' | 'reply-error' | 'other-program';

/** ICMPv6: router and neighbour solicitation and advertisement, redirect; then multicast listener queries and reports. */
const NEIGHBOUR_DISCOVERY: ReadonlySet<number> = new Set([133, 134, 135, 136, 137]);
const LISTENER_DISCOVERY: ReadonlySet<number> = new Set([130, 131, 132, 143]);
const ALL_HOSTS = '224.0.0.1';
const LOOPBACK = '127.';
/** What a kernel sends by itself: echo, timestamp and mask replies, and errors. */
const ANSWERS: Record<4 | 6, ReadonlySet<number>> = {
  4: new Set([0, 3, 5, 11, 12, 14, 16, 18]),
  6: new Set([1, 2, 3, 4, 129, 140]),
};
const RST = 4;
const SYN_ACK = 0x12;
const ICMP_PROTOCOLS: ReadonlySet<number> = new Set([PROTOCOL.icmp, PROTOCOL.icmpv6]);
const IPV4_SOURCE = 12;
const IPV4_DESTINATION = 16;
const IPV6_SOURCE = 8;
const IPV6_DESTINATION = 24;
const IPV6_HEADER_BYTES = 40;
const IPV4_HEADER_BYTES = 20;

export interface Surroundings {
  /** Addresses of this machine. */
  readonly own: { has(address: string): boolean };
  /** Whether an address has sent us anything, so that our reply may have gone there. */
  readonly knows: (ip: string) => boolean;
}

/** Why a packet is no touch; undefined where it is one. */
export function ignoredAs(packet: Packet, { own, knows }: Surroundings): Ignored | undefined {
  const { icmp, tcp, family } = packet;
  if (family === 6 && icmp) {
    if (NEIGHBOUR_DISCOVERY.has(icmp.type)) return 'neighbour-discovery';
    if (LISTENER_DISCOVERY.has(icmp.type)) return 'multicast-membership';
  }
  if (packet.protocol === PROTOCOL.igmp && packet.destination === ALL_HOSTS) return 'multicast-membership';
  if (own.has(packet.source) || (family === 4 && packet.source.startsWith(LOOPBACK))) {
    if (isAnswer(packet)) return 'own-reply';
    if (tcp && (tcp.flags & RST || (tcp.flags & SYN_ACK) === SYN_ACK)) return 'own-reply';
  }
  if (icmp && ICMP_ERRORS[family].has(icmp.type)) {
    const quoted = quotedAddresses(packet);
    if (quoted && own.has(quoted.source) && knows(quoted.destination)) return 'reply-error';
  }
  return undefined;
}

/** An ICMP message that a kernel sends only because it got something. */
export function isAnswer({ icmp, family }: Packet): boolean {
  return icmp !== undefined && ANSWERS[family].has(icmp.type);
}

/** Source and destination of the packet that an ICMP error is about. */
export function quotedAddresses(packet: Packet): { source: string; destination: string } | undefined {
  const { data, payloadStart, payloadEnd, family } = packet;
  if (!ICMP_PROTOCOLS.has(packet.protocol)) return undefined;
  const room = payloadEnd - payloadStart;
  if (family === 4) {
    if (room < IPV4_HEADER_BYTES) return undefined;
    return {
      source: addressAt(data, payloadStart + IPV4_SOURCE),
      destination: addressAt(data, payloadStart + IPV4_DESTINATION),
    };
  }
  if (room < IPV6_HEADER_BYTES) return undefined;
  return {
    source: ipv6Text(data, payloadStart + IPV6_SOURCE),
    destination: ipv6Text(data, payloadStart + IPV6_DESTINATION),
  };
}
