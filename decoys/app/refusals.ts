// Answering for protocols nobody speaks, as the kernel would if our raw socket did not stand in its way:
// ICMP 3/2 (RFC 792) and ICMPv6 4/1 (RFC 4443), at the kernel's own pace (net.ipv4.icmp_ratelimit, RFC 1812 4.3.2.8).
import { ipv6Bytes, sharedBytes } from './address.ts';
import { isLinkLocal, nearestAddress, type OwnAddresses } from './addresses.ts';
import { foldSum, internetChecksum, pseudoHeaderSum, sumWords } from './checksum.ts';
import type { Family, Packet } from './packet.ts';

export interface Refusal {
  readonly family: Family;
  /** With its zone where it is link-local. */
  readonly address: string;
  readonly packet: Buffer;
}

export interface RefusalOptions {
  /** Protocol numbers the kernel itself refuses, by family. */
  readonly refused: Record<Family, ReadonlySet<number>>;
  readonly own: OwnAddresses;
  /** TTL of packets this machine sends. */
  readonly ttl: number;
}

/** Answers one destination gets at once, and then one in each interval; all destinations together likewise. */
const BURST = 6;
const INTERVAL_MS = 1_000;
const ALL_BURST = 50;
const ALL_INTERVAL_MS = 1;
/** Destinations whose pace is remembered; the oldest is forgotten first. */
const PACES = 1_024;
/** RFC 1812: an ICMP error is at most 576 bytes; RFC 4443: an ICMPv6 error at most 1,280. */
const ICMP_QUOTE_BYTES = 548;
const ICMPV6_QUOTE_BYTES = 1_232;
const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const ICMP_HEADER_BYTES = 8;
const NEXT_HEADER_OFFSET = 6;
const ICMPV6 = 58;
/** Precedence of ICMP errors: internetwork control (RFC 1812 4.3.2.5). */
const TOS_MASK = 0x1e;
const TOS_CONTROL = 0xc0;
const MULTICAST_FIRST_OCTET = 224;

interface Pace {
  tokens: number;
  at: number;
}

/** Returns the answer a packet deserves, or undefined; see `refused` before asking. `now` is a clock in ms that never steps back. */
export function createRefusals(options: RefusalOptions): (packet: Packet, now: number) => Refusal | undefined {
  const { refused, own, ttl } = options;
  const paces = new Map<string, Pace>();
  const all: Pace = { tokens: ALL_BURST, at: 0 };

  function paceOf(address: string, now: number): Pace {
    const known = paces.get(address);
    if (known) return known;
    if (paces.size >= PACES) {
      const oldest = paces.keys().next().value;
      if (oldest !== undefined) paces.delete(oldest);
    }
    const pace = { tokens: BURST, at: now };
    paces.set(address, pace);
    return pace;
  }

  return (packet, now) => {
    if (packet.headerBytes === 0 && packet.family === 4) return undefined;
    if (!refused[packet.family].has(packet.protocol) || !isUnicast(packet.source)) return undefined;
    const from = packet.family === 4 ? packet.destination : nearestAddress(packet.source, own);
    if (from === undefined || !own.has(from)) return undefined;
    const pace = paceOf(packet.source, now);
    if (!take(all, now, ALL_BURST, ALL_INTERVAL_MS) || !take(pace, now, BURST, intervalOf(packet, from))) {
      return undefined;
    }
    const answer = packet.family === 4 ? unreachable(packet, from, ttl) : unrecognized(packet, from, ttl);
    const zone = isLinkLocal(packet.source) ? `%${own.get(from)}` : '';
    return { family: packet.family, address: packet.source + zone, packet: answer };
  };
}

function take(pace: Pace, now: number, burst: number, intervalMs: number): boolean {
  pace.tokens = Math.min(burst, pace.tokens + (now - pace.at) / intervalMs);
  pace.at = now;
  if (pace.tokens < 1) return false;
  pace.tokens -= 1;
  return true;
}

function isUnicast(address: string): boolean {
  if (address.includes(':')) return !address.startsWith('ff') && address !== '::';
  const first = Number.parseInt(address, 10);
  return first > 0 && first < MULTICAST_FIRST_OCTET;
}

/** Linux gives ICMPv6 errors over wider routes more room: a /64 four times, the default route sixteen times. */
function intervalOf(packet: Packet, from: string): number {
  if (packet.family === 4) return INTERVAL_MS;
  return INTERVAL_MS / (sharedBytes(ipv6Bytes(packet.source), ipv6Bytes(from)) >= 8 ? 4 : 16);
}

function unreachable(packet: Packet, from: string, ttl: number): Buffer {
  const quote = packet.data.subarray(0, Math.min(packet.payloadEnd, ICMP_QUOTE_BYTES));
  const answer = Buffer.alloc(IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + quote.length);
  answer[0] = 0x45;
  answer[1] = ((packet.tos ?? 0) & TOS_MASK) | TOS_CONTROL;
  answer[8] = ttl;
  answer[9] = 1;
  answer.set(ipv4Bytes(from), 12);
  answer.set(ipv4Bytes(packet.source), 16);
  answer[20] = 3;
  answer[21] = 2;
  quote.copy(answer, IPV4_HEADER_BYTES + ICMP_HEADER_BYTES);
  answer.writeUInt16BE(internetChecksum(answer.subarray(IPV4_HEADER_BYTES)), 22);
  return answer;
}

function ipv4Bytes(address: string): number[] {
  return address.split('.').map(Number);
}

/** The quoted header is ours to rebuild: the kernel keeps the one that came. */
function unrecognized(packet: Packet, from: string, ttl: number): Buffer {
  const source = ipv6Bytes(packet.source);
  const destination = ipv6Bytes(from);
  const quoted = ipv6Header(packet.payloadEnd, packet.protocol, ttl, source, destination);
  const body = packet.data.subarray(0, Math.min(packet.payloadEnd, ICMPV6_QUOTE_BYTES - IPV6_HEADER_BYTES));
  const head = Buffer.from([4, 1, 0, 0, 0, 0, 0, NEXT_HEADER_OFFSET]);
  const message = Buffer.concat([head, quoted, body]);
  const sum = pseudoHeaderSum(destination, source, message.length, ICMPV6) + sumWords(message);
  message.writeUInt16BE(~foldSum(sum) & 0xffff, 2);
  return Buffer.concat([ipv6Header(message.length, ICMPV6, ttl, destination, source), message]);
}

function ipv6Header(bytes: number, nextHeader: number, hopLimit: number, source: Buffer, destination: Buffer): Buffer {
  const header = Buffer.alloc(IPV6_HEADER_BYTES);
  header[0] = 0x60;
  header.writeUInt16BE(bytes, 4);
  header[6] = nextHeader;
  header[7] = hopLimit;
  source.copy(header, 8);
  destination.copy(header, 24);
  return header;
}
