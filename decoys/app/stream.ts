// The kinds of traffic a source can send, each told in lines of its own.
import type { Shape } from './fingerprint.ts';
import { type Packet, PROTOCOL } from './packet.ts';

/** The kinds of traffic of a source that fold into one line each; `sctp` is DCCP too. */
export type Stream = Shape | 'echo' | 'icmp' | 'udp' | 'sctp' | 'protocol' | 'malformed';

export function streamOf(packet: Packet, shape: Shape | undefined): Stream {
  if (packet.malformed !== undefined) return 'malformed';
  if (shape !== undefined) return shape;
  if (packet.icmp) return isEcho(packet) ? 'echo' : 'icmp';
  if (packet.protocol === PROTOCOL.udp || packet.protocol === PROTOCOL.udplite) return 'udp';
  return packet.protocol === PROTOCOL.sctp || packet.protocol === PROTOCOL.dccp ? 'sctp' : 'protocol';
}

export function isEcho(packet: Packet): boolean {
  return packet.icmp?.type === (packet.family === 4 ? 8 : 128);
}

/** ICMP types that quote the packet they are about: RFC 792, 4443. */
export const ICMP_ERRORS: Record<4 | 6, ReadonlySet<number>> = {
  4: new Set([3, 4, 5, 11, 12]),
  6: new Set([1, 2, 3, 4]),
};
