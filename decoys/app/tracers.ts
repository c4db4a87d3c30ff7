// Programs that trace routes, known by what they send: raw IPv6 sockets tell no hop limit, and to a neighbour one probe is all there is.
// Facts measured from traceroute 2.1.2, tcptraceroute, which is the same program, and mtr 0.95.
import { type Packet, PROTOCOL } from './packet.ts';
import type { TcpOptions } from './tcp-options.ts';

/** Bytes of a payload that must fit: a word, so that no greeting of one letter does. */
const PATTERN_BYTES = 16;
/** traceroute writes 0x40, 0x41 … from the end of the UDP header on, and the same row in ICMP. */
const ROW_STARTS: ReadonlySet<number> = new Set([0x40, 0x48]);
/** Its SYNs: a window of four segments, scaled by 2, as kernels have long not had it. */
const SEGMENTS = 4;
const WINDOW_SCALE = 2;
const MTR_FIRST_SEQUENCE = 33_000;
const ECHO_REQUESTS: ReadonlySet<number> = new Set([8, 128]);

/** The tracer behind a SYN of this window and these options. */
export function tcpTracer(
  window: number,
  { mss, windowScale, sackPermitted, timestamps }: TcpOptions,
): string | undefined {
  const fits = windowScale === WINDOW_SCALE && sackPermitted && timestamps && mss > 0 && window === SEGMENTS * mss;
  return fits ? 'traceroute' : undefined;
}

/** The tracer behind an echo request or a datagram. */
export function datagramTracer(packet: Packet): string | undefined {
  const { data, icmp, protocol, payloadStart, payloadEnd } = packet;
  if (payloadEnd - payloadStart < PATTERN_BYTES) return undefined;
  if (icmp && ECHO_REQUESTS.has(icmp.type)) {
    if (isRow(data, payloadStart, 1)) return 'traceroute';
    return icmp.sequence >= MTR_FIRST_SEQUENCE && isRow(data, payloadStart, 0) ? 'mtr' : undefined;
  }
  const datagram = protocol === PROTOCOL.udp || protocol === PROTOCOL.udplite;
  return datagram && isRow(data, payloadStart, 1) ? 'traceroute' : undefined;
}

/** Whether bytes grow by one from a known start on, or are all zero. */
function isRow(data: Buffer, start: number, step: 0 | 1): boolean {
  const first = data[start]!;
  if (step === 0 ? first !== 0 : !ROW_STARTS.has(first)) return false;
  for (let at = 1; at < PATTERN_BYTES; at++) if (data[start + at] !== first + at * step) return false;
  return true;
}
