// What a source is doing, judged from all it sent: the verdict table. Verdicts are bits, so that a packet costs a few instructions.
import type { Fingerprint, Shape } from './fingerprint.ts';
import { type Packet, PROTOCOL } from './packet.ts';

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

/** A set of verdicts, one bit each. */
export type Verdicts = number;

const BIT = Object.fromEntries(VERDICTS.map((verdict, bit) => [verdict, 1 << bit])) as Record<Verdict, number>;

export function has(verdicts: Verdicts, verdict: Verdict): boolean {
  return (verdicts & BIT[verdict]) !== 0;
}

export function listOf(verdicts: Verdicts): Verdict[] {
  return VERDICTS.filter((verdict) => has(verdicts, verdict));
}

/** Distinct ports of one source that make a scan. */
export const SCAN_PORTS = 4;
/** Distinct IP protocols of one source that make a protocol scan: ping, TCP and UDP together are none. */
export const SCAN_PROTOCOLS = 4;
/** Different TTLs this low that make a traceroute. */
const TRACEROUTE_TTLS = 2;
const TRACEROUTE_TTL = 5;
/** No scanner starts this low, no traceroute arrives higher. */
const TRACEROUTE_TTL_LIMIT = 32;
/** traceroute(8) begins at 33434 and adds one a probe. */
const TRACEROUTE_FIRST_PORT = 33_434;
const TRACEROUTE_LAST_PORT = 33_534;

/** What a verdict needs to know of a source, however long ago it was. */
export interface Evidence {
  earned: Verdicts;
  hasEcho: boolean;
  hasSyn: boolean;
  hasAck: boolean;
  /** The first distinct ports, up to SCAN_PORTS of each. */
  readonly tcpPorts: number[];
  readonly udpPorts: number[];
  readonly sctpPorts: number[];
  /** The first distinct protocols, up to SCAN_PROTOCOLS. */
  readonly protocols: number[];
  /** Bit n: a packet came with TTL n, up to TRACEROUTE_TTL. */
  lowTtls: number;
  /** A UDP packet that no traceroute would send. */
  otherUdp: boolean;
}

export function newEvidence(): Evidence {
  return {
    earned: 0,
    hasEcho: false,
    hasSyn: false,
    hasAck: false,
    tcpPorts: [],
    udpPorts: [],
    sctpPorts: [],
    protocols: [],
    lowTtls: 0,
    otherUdp: false,
  };
}

/** The kinds of traffic of a source that fold into one line each. */
export type Stream = Shape | 'echo' | 'icmp' | 'udp' | 'sctp' | 'protocol' | 'malformed';

export function streamOf(packet: Packet, shape: Shape | undefined): Stream {
  if (packet.malformed !== undefined) return 'malformed';
  if (shape !== undefined) return shape;
  if (packet.icmp) return isEcho(packet) ? 'echo' : 'icmp';
  if (packet.protocol === PROTOCOL.udp || packet.protocol === PROTOCOL.udplite) return 'udp';
  return packet.protocol === PROTOCOL.sctp ? 'sctp' : 'protocol';
}

export function isEcho(packet: Packet): boolean {
  return packet.icmp?.type === (packet.family === 4 ? 8 : 128);
}

/** ICMP types that quote the packet they are about: RFC 792, 4443. */
export const ICMP_ERRORS: Record<4 | 6, ReadonlySet<number>> = {
  4: new Set([3, 4, 5, 11, 12]),
  6: new Set([1, 2, 3, 4]),
};

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

/** What counts of a packet, apart from its bytes. */
export interface Sighting {
  readonly stream: Stream;
  readonly protocol: number;
  readonly port: number | undefined;
  readonly ttl: number | undefined;
  readonly osProbe: boolean;
}

/** Adds a packet to what is known of its source; returns the verdicts it has earned so far. */
export function judge(known: Evidence, packet: Packet, stream: Stream, { shape, osProbe }: Fingerprint): Verdicts {
  note(known, stream, packet.protocol, packet.destinationPort, packet.ttl, osProbe);
  let found = known.earned | BIT['ip-enumeration'];
  if (osProbe) found |= BIT['os-fingerprint'];
  else if (shape !== undefined) found |= BARE[shape] ?? 0;
  if (!known.hasSyn && shape === 'rst') found |= BIT.odd;
  if (!known.hasSyn && shape === 'rstack') found |= BIT.backscatter;
  // Errors about our own replies are no touches; one about anything else means somebody used our address.
  if (packet.icmp && ICMP_ERRORS[packet.family].has(packet.icmp.type)) found |= BIT.backscatter;
  if (known.tcpPorts.length >= SCAN_PORTS || known.sctpPorts.length >= SCAN_PORTS) found |= BIT['port-scan'];
  if (known.udpPorts.length >= SCAN_PORTS && known.otherUdp) found |= BIT['udp-scan'] | BIT['port-scan'];
  if (known.hasEcho && known.hasSyn && known.hasAck && known.tcpPorts.length < SCAN_PORTS) {
    found |= BIT['host-discovery'];
  }
  if (known.protocols.length >= SCAN_PROTOCOLS) found |= BIT['ip-protocol-scan'];
  if (isTraceroute(known, packet.family)) found |= BIT.traceroute;
  known.earned = found;
  return found;
}

/** What is known of a source of which only its first packet's sighting was kept. */
export function evidenceOf(first: Sighting, earned: Verdicts): Evidence {
  const known = newEvidence();
  note(known, first.stream, first.protocol, first.port, first.ttl, first.osProbe);
  known.earned = earned;
  return known;
}

/** Forgets everything, so that one object can judge many sources seen once. */
export function clearEvidence(known: Evidence): void {
  known.earned = 0;
  known.hasEcho = false;
  known.hasSyn = false;
  known.hasAck = false;
  known.tcpPorts.length = 0;
  known.udpPorts.length = 0;
  known.sctpPorts.length = 0;
  known.protocols.length = 0;
  known.lowTtls = 0;
  known.otherUdp = false;
}

/** Answers to somebody else's packets come to many ports too, and are no scan. */
const ANSWERS: ReadonlySet<Stream> = new Set(['synack', 'rst', 'rstack']);

function note(
  known: Evidence,
  stream: Stream,
  protocol: number,
  port: number | undefined,
  ttl: number | undefined,
  osProbe: boolean,
): void {
  if (stream === 'echo') known.hasEcho = true;
  else if (stream === 'syn' || stream === 'connect') known.hasSyn = true;
  else if (stream === 'ack') known.hasAck = true;
  addUpTo(known.protocols, protocol, SCAN_PROTOCOLS);
  if (ttl !== undefined && ttl <= TRACEROUTE_TTL) known.lowTtls |= 1 << ttl;
  if (port === undefined) return;
  if (protocol === PROTOCOL.tcp) {
    if (!osProbe && !ANSWERS.has(stream)) addUpTo(known.tcpPorts, port, SCAN_PORTS);
  } else if (protocol === PROTOCOL.udp || protocol === PROTOCOL.udplite) {
    addUpTo(known.udpPorts, port, SCAN_PORTS);
    if (!isTraceroutePort(port) || (ttl ?? 0) > TRACEROUTE_TTL_LIMIT) known.otherUdp = true;
  } else {
    addUpTo(known.sctpPorts, port, SCAN_PORTS);
  }
}

function addUpTo(list: number[], value: number, limit: number): void {
  if (list.length < limit && !list.includes(value)) list.push(value);
}

function isTraceroutePort(port: number): boolean {
  return port >= TRACEROUTE_FIRST_PORT && port <= TRACEROUTE_LAST_PORT;
}

function isTraceroute(known: Evidence, family: 4 | 6): boolean {
  if (bits(known.lowTtls) >= TRACEROUTE_TTLS) return true;
  // IPv6 raw sockets do not tell the hop limit; the ports do.
  return family === 6 && !known.otherUdp && known.udpPorts.length >= TRACEROUTE_TTLS;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count++;
  return count;
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
