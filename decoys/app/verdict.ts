// What a source is doing, judged from all it sent: the verdict table. Verdicts are bits, so that a packet costs a few instructions.
import { type Evidence, isTraceroute, note, SCAN_PORTS, SCAN_PROTOCOLS, type Verdicts } from './evidence.ts';
import type { Fingerprint, Shape } from './fingerprint.ts';
import type { Packet } from './packet.ts';
import { ICMP_ERRORS, type Stream } from './stream.ts';

/** Every verdict there is; a source can earn several. */
export const VERDICTS = [
  'ip-enumeration',
  'host-discovery',
  'port-scan',
  'syn',
  'connect',
  'fin',
  'null',
  'xmas',
  'ack',
  'maimon',
  'synfin',
  'odd',
  'os-fingerprint',
  'udp-scan',
  'ip-protocol-scan',
  'traceroute',
  'backscatter',
] as const;
export type Verdict = (typeof VERDICTS)[number];

const BIT = Object.fromEntries(VERDICTS.map((verdict, bit) => [verdict, 1 << bit])) as Record<Verdict, number>;

export function has(verdicts: Verdicts, verdict: Verdict): boolean {
  return (verdicts & BIT[verdict]) !== 0;
}

export function listOf(verdicts: Verdicts): Verdict[] {
  return VERDICTS.filter((verdict) => has(verdicts, verdict));
}

/** Shapes that are a verdict by themselves, on one port or many. */
const BARE: Partial<Record<Shape, number>> = {
  syn: BIT.syn,
  connect: BIT.connect,
  fin: BIT.fin,
  null: BIT.null,
  xmas: BIT.xmas,
  ack: BIT.ack,
  maimon: BIT.maimon,
  synfin: BIT.synfin,
  odd: BIT.odd,
  synack: BIT.backscatter,
};

/** Adds a packet to what is known of its source; returns the verdicts it has earned so far. */
export function judge(known: Evidence, packet: Packet, stream: Stream, print: Fingerprint): Verdicts {
  const { shape, osProbe, traces } = print;
  note(known, stream, packet.protocol, packet.destinationPort, packet.ttl, osProbe);
  let found = known.earned | BIT['ip-enumeration'];
  if (osProbe) found |= BIT['os-fingerprint'];
  else if (shape !== undefined) found |= BARE[shape] ?? 0;
  if (!known.hasSyn && shape === 'rst') found |= BIT.odd;
  if (!known.hasSyn && shape === 'rstack') found |= BIT.backscatter;
  // Errors about our own replies are no touches; one about anything else means somebody used our address.
  if (packet.icmp && ICMP_ERRORS[packet.family].has(packet.icmp.type)) found |= BIT.backscatter;
  if (known.tcpPorts.size >= SCAN_PORTS || known.sctpPorts.size >= SCAN_PORTS) found |= BIT['port-scan'];
  if (known.udpPorts.size >= SCAN_PORTS && known.otherUdp) found |= BIT['udp-scan'] | BIT['port-scan'];
  if (known.hasEcho && known.hasSyn && known.hasAck && known.tcpPorts.size < SCAN_PORTS) {
    found |= BIT['host-discovery'];
  }
  if (known.protocols.size >= SCAN_PROTOCOLS) found |= BIT['ip-protocol-scan'];
  if (traces || isTraceroute(known, packet.family)) found |= BIT.traceroute;
  known.earned = found;
  return found;
}

/** The verdicts that may name each stream by itself, the most telling first. */
const NAMED_BY: Record<Stream, readonly Verdict[]> = {
  syn: ['syn'],
  connect: ['connect'],
  fin: ['fin'],
  null: ['null'],
  xmas: ['xmas'],
  ack: ['ack'],
  maimon: ['maimon'],
  synfin: ['synfin'],
  odd: ['odd'],
  rst: ['odd', 'syn', 'connect'],
  rstack: ['backscatter', 'syn', 'connect'],
  synack: ['backscatter'],
  echo: [],
  icmp: ['backscatter'],
  udp: ['udp-scan'],
  sctp: ['port-scan'],
  protocol: [],
  malformed: [],
};
/** What may name any stream of a source, after its own. */
const NAMES_ANY: readonly Verdict[] = [
  'os-fingerprint',
  'traceroute',
  'ip-protocol-scan',
  'host-discovery',
  'ip-enumeration',
];

/**
 * The one word for a stream of a source. SYNs are `syn` or `connect` once the source scans; fewer are a host discovery,
 * a traceroute or no more than an enumeration of addresses.
 */
export function nameOf(stream: Stream, earned: Verdicts): Verdict {
  const scans = has(earned, 'port-scan');
  const discovers = has(earned, 'host-discovery') && !scans;
  const own = NAMED_BY[stream].find((verdict) => has(earned, verdict));
  const needsScan = own === 'syn' || own === 'connect';
  if (own !== undefined && (!needsScan || scans) && !(own === 'ack' && discovers)) return own;
  return NAMES_ANY.find((verdict) => has(earned, verdict)) ?? 'ip-enumeration';
}

/** How a stream is told: its one word, and every verdict its source has earned. */
export interface Told {
  readonly kind: Verdict;
  readonly kinds: Verdict[];
}

const TOLD_LIMIT = 4_096;
const told = new Map<string, Map<Verdicts, Told>>();
let toldCount = 0;

/** The same object for the same stream and verdicts: a flood asks tens of thousands of times a second. */
export function toldAs(stream: Stream, earned: Verdicts): Told {
  const known = told.get(stream)?.get(earned);
  if (known) return known;
  if (toldCount >= TOLD_LIMIT) {
    told.clear();
    toldCount = 0;
  }
  const made: Told = { kind: nameOf(stream, earned), kinds: listOf(earned) };
  const ofStream = told.get(stream) ?? new Map<Verdicts, Told>();
  told.set(stream, ofStream.set(earned, made));
  toldCount++;
  return made;
}
