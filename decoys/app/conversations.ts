// On a machine shared with other programs: which TCP packets are theirs. What belongs to a socket of the machine is; a lone SYN is a probe of ours.
import { flowOf, type MachineSockets } from './machine-sockets.ts';
import { kept, type Packet } from './packet.ts';

/** How long a SYN may wait for the ACK that completes the handshake. */
export const HANDSHAKE_MS = 1_000;
/** SYNs, and packets whose socket is still to be looked up, that wait at once; what finds no room is a touch. */
export const WAITING_LIMIT = 1_024;
/** Connections known at once; the one longest silent is forgotten first. */
export const CONNECTIONS_LIMIT = 4_096;
/** SYNs of one connection attempt kept as evidence: the first and its retransmissions. */
const SYNS_KEPT = 8;

const SYN = 2;
const RST = 4;
const ACK = 16;

export type Side = 'theirs' | 'waiting' | 'touch';

export interface Conversations {
  /** Decides about a TCP packet; `waiting` ones come back through `onTouch` or count in `onTheirs`. */
  sort(packet: Packet): Side;
  /** Gives up SYNs whose time is over at `now` (ms since the epoch). */
  giveUp(now: number): void;
  /** Decides about packets that wait for a look at the machine's sockets; call it after that look. */
  settle(): void;
  /** Whether such a look is needed. */
  readonly unsettled: boolean;
}

export interface ConversationOptions {
  readonly sockets: Pick<MachineSockets, 'listens' | 'has'>;
  readonly onTouch: (packet: Packet) => void;
  /** Gets how many packets that had to wait turned out to be somebody else's. */
  readonly onTheirs: (packets: number) => void;
}

export function createConversations({ sockets, onTouch, onTheirs }: ConversationOptions): Conversations {
  const waiting = new Map<string, Packet[]>();
  const connections = new Set<string>();
  let unsettled: Packet[] = [];

  function remember(flow: string): void {
    connections.delete(flow);
    if (connections.size >= CONNECTIONS_LIMIT) {
      const oldest = connections.values().next().value;
      if (oldest !== undefined) connections.delete(oldest);
    }
    connections.add(flow);
  }

  function giveUpOn(flow: string): void {
    const syns = waiting.get(flow) ?? [];
    waiting.delete(flow);
    for (const syn of syns) onTouch(syn);
  }

  function sortSyn(packet: Packet, flow: string): Side {
    if (!sockets.listens(packet.destinationPort ?? 0)) return 'touch';
    connections.delete(flow);
    const syns = waiting.get(flow);
    if (syns) {
      if (syns.length >= SYNS_KEPT) return 'touch';
      syns.push(kept(packet));
      return 'waiting';
    }
    if (waiting.size >= WAITING_LIMIT) giveUpOn(waiting.keys().next().value ?? '');
    waiting.set(flow, [kept(packet)]);
    return 'waiting';
  }

  /** The packet after a SYN that waits: an ACK completes the connection, a reset ends a scanner's half-open one. */
  function sortAnswer(flags: number, flow: string): Side {
    if (flags & RST) {
      giveUpOn(flow);
      return 'theirs';
    }
    if (!(flags & ACK)) return 'touch';
    onTheirs(waiting.get(flow)?.length ?? 0);
    waiting.delete(flow);
    remember(flow);
    return 'theirs';
  }

  return {
    sort(packet) {
      const { tcp, source, sourcePort, destination, destinationPort } = packet;
      if (!tcp || packet.malformed !== undefined) return 'touch';
      const flow = flowOf(source, sourcePort, destinationPort);
      if ((tcp.flags & (SYN | ACK | RST)) === SYN) return sortSyn(packet, flow);
      if (waiting.has(flow)) return sortAnswer(tcp.flags, flow);
      const back = flowOf(destination ?? source, destinationPort, sourcePort);
      if (connections.has(flow) || connections.has(back) || waiting.has(back)) return 'theirs';
      if (sockets.has(flow)) {
        remember(flow);
        return 'theirs';
      }
      // A reset answers something; its socket is gone with it.
      if (tcp.flags & RST) return 'theirs';
      if (unsettled.length >= WAITING_LIMIT) return 'touch';
      unsettled.push(kept(packet));
      return 'waiting';
    },
    giveUp(now) {
      for (const [flow, syns] of waiting) {
        const first = syns[0];
        if (first && now - first.at < HANDSHAKE_MS) break;
        giveUpOn(flow);
      }
    },
    settle() {
      const packets = unsettled;
      unsettled = [];
      for (const packet of packets) {
        const flow = flowOf(packet.source, packet.sourcePort, packet.destinationPort);
        if (connections.has(flow) || sockets.has(flow)) {
          remember(flow);
          onTheirs(1);
        } else onTouch(packet);
      }
    },
    get unsettled() {
      return unsettled.length > 0;
    },
  };
}
