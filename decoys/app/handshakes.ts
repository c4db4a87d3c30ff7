// On a machine shared with our other programs: which TCP packets are theirs. A connection that completes is; a lone SYN is a probe of ours.
import { kept, type Packet } from './packet.ts';

/** How long a SYN may wait for the ACK that completes the handshake. */
export const HANDSHAKE_MS = 1_000;
/** SYNs that wait at once; the oldest is given up, and counted as a touch, when one more comes. */
export const WAITING_LIMIT = 1_024;
/** Connections known at once; the one longest silent is forgotten first. */
export const CONNECTIONS_LIMIT = 4_096;
/** SYNs of one connection attempt kept as evidence: the first and its retransmissions. */
const SYNS_KEPT = 8;

const SYN = 2;
const RST = 4;
const ACK = 16;

export interface Handshakes {
  /** Decides about a packet to a sibling's port: `sibling`, `waiting` (kept until it is known) or `touch`. */
  sort(packet: Packet): 'sibling' | 'waiting' | 'touch';
  /** SYNs whose time is over at `now` (ms since the epoch), or all of them. */
  givenUp(now: number): Packet[];
}

export interface HandshakeOptions {
  /** Gets SYNs that turned out to be probes: reset by the scanner's own kernel, or pushed out by newer ones. */
  readonly onGiveUp: (syns: Packet[]) => void;
  /** Gets how many SYNs a completed handshake took. */
  readonly onSettled: (syns: number) => void;
}

export function createHandshakes({ onGiveUp, onSettled }: HandshakeOptions): Handshakes {
  const waiting = new Map<string, Packet[]>();
  const connections = new Set<string>();

  function giveUp(flow: string): void {
    const syns = waiting.get(flow);
    waiting.delete(flow);
    if (syns) onGiveUp(syns);
  }

  function remember(flow: string): void {
    connections.delete(flow);
    if (connections.size >= CONNECTIONS_LIMIT) {
      const oldest = connections.values().next().value;
      if (oldest !== undefined) connections.delete(oldest);
    }
    connections.add(flow);
  }

  return {
    sort(packet) {
      const { tcp, source, sourcePort, destinationPort } = packet;
      if (!tcp || packet.malformed !== undefined) return 'touch';
      const flow = `${source} ${sourcePort} ${destinationPort}`;
      const { flags } = tcp;
      const isSyn = (flags & (SYN | ACK | RST)) === SYN;
      if (isSyn) {
        connections.delete(flow);
        const syns = waiting.get(flow);
        if (syns) {
          if (syns.length >= SYNS_KEPT) return 'touch';
          syns.push(kept(packet));
          return 'waiting';
        }
        if (waiting.size >= WAITING_LIMIT) giveUp(waiting.keys().next().value ?? '');
        waiting.set(flow, [kept(packet)]);
        return 'waiting';
      }
      if (waiting.has(flow)) {
        if (flags & RST) {
          // The scanner's own kernel resets what the scanner half opened: part of the same probe.
          giveUp(flow);
          return 'sibling';
        }
        if (flags & ACK) {
          onSettled(waiting.get(flow)?.length ?? 0);
          waiting.delete(flow);
          remember(flow);
          return 'sibling';
        }
        return 'touch';
      }
      if (!connections.has(flow)) return 'touch';
      remember(flow);
      return 'sibling';
    },
    givenUp(now) {
      const over: Packet[] = [];
      for (const [flow, syns] of waiting) {
        const first = syns[0];
        if (first && now - first.at < HANDSHAKE_MS) break;
        waiting.delete(flow);
        over.push(...syns);
      }
      return over;
    },
  };
}
