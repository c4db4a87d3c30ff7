// What a source has shown, in as few words as the verdicts need: kept however long ago it was.
import { FirstFour } from './first-four.ts';
import { PROTOCOL } from './packet.ts';
import type { Stream } from './stream.ts';

/** A set of verdicts, one bit each: see verdict.ts. */
export type Verdicts = number;

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
  readonly tcpPorts: FirstFour;
  readonly udpPorts: FirstFour;
  /** Of SCTP and DCCP. */
  readonly sctpPorts: FirstFour;
  readonly protocols: FirstFour;
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
    tcpPorts: new FirstFour(),
    udpPorts: new FirstFour(),
    sctpPorts: new FirstFour(),
    protocols: new FirstFour(),
    lowTtls: 0,
    otherUdp: false,
  };
}

/** What counts of a packet, apart from its bytes. */
export interface Sighting {
  readonly stream: Stream;
  readonly protocol: number;
  readonly port: number | undefined;
  readonly ttl: number | undefined;
  readonly osProbe: boolean;
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
  known.tcpPorts.clear();
  known.udpPorts.clear();
  known.sctpPorts.clear();
  known.protocols.clear();
  known.lowTtls = 0;
  known.otherUdp = false;
}

/** Answers to somebody else's packets come to many ports too, and are no scan. */
const ANSWERS: ReadonlySet<Stream> = new Set(['synack', 'rst', 'rstack']);

/** Adds what counts of a packet. */
export function note(
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
  known.protocols.add(protocol);
  if (ttl !== undefined && ttl <= TRACEROUTE_TTL) known.lowTtls |= 1 << ttl;
  if (port === undefined) return;
  if (protocol === PROTOCOL.tcp) {
    if (!osProbe && !ANSWERS.has(stream)) known.tcpPorts.add(port);
  } else if (protocol === PROTOCOL.udp || protocol === PROTOCOL.udplite) {
    known.udpPorts.add(port);
    if (!isTraceroutePort(port) || (ttl ?? 0) > TRACEROUTE_TTL_LIMIT) known.otherUdp = true;
  } else {
    known.sctpPorts.add(port);
  }
}

function isTraceroutePort(port: number): boolean {
  return port >= TRACEROUTE_FIRST_PORT && port <= TRACEROUTE_LAST_PORT;
}

/** Whether it looks like traceroute(8): by its TTLs, or by its ports where IPv6 does not tell the hop limit. */
export function isTraceroute(known: Evidence, family: 4 | 6): boolean {
  if (bits(known.lowTtls) >= TRACEROUTE_TTLS) return true;
  // IPv6 raw sockets do not tell the hop limit; the ports do.
  return family === 6 && !known.otherUdp && known.udpPorts.size >= TRACEROUTE_TTLS;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count++;
  return count;
}
