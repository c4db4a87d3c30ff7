// `npm start` puts all decoys on one machine, beside whatever else runs there: which packets are somebody else's business.
// In a pod app is alone and none of this is used.
import { ticksMs } from '../touch/ticks.ts';
import { type Conversations, createConversations, type Side } from './conversations.ts';
import { createMachineSockets } from './machine-sockets.ts';
import { isAnswer } from './own-traffic.ts';
import { type Packet, PROTOCOL } from './packet.ts';

/** How often the list of sockets is read anyway, for programs that begin to listen. */
const REFRESH_MS = 2_000;
/** Reading it may take at most this part of the time. */
const SHARE = 0.1;
/** Ports whose answers come to sockets that may be closed by then: DNS, DHCP, NTP, QUIC. */
const ANSWERING_PORTS: ReadonlySet<number> = new Set([53, 67, 123, 443]);
const EPHEMERAL_PORT = 32_768;
const MULTICAST_FIRST_OCTET = 224;

export interface SharedMachine {
  /** `waiting` packets come back through `onTouch`, or count in `onTheirs`. */
  sort(packet: Packet): Side;
  /** Decides what can be decided; call it every 50 ms or so. */
  tick(at: number): void;
  /** Decides everything. */
  finish(): void;
}

export interface SharedMachineOptions {
  /** TCP ports of our other programs. */
  readonly ports: ReadonlySet<number>;
  readonly onTouch: (packet: Packet) => void;
  readonly onTheirs: (packets: number) => void;
  /** A clock in ms that never steps back. */
  readonly clock?: () => number;
}

export function createSharedMachine(options: SharedMachineOptions): SharedMachine {
  const { ports, onTouch, onTheirs, clock = ticksMs } = options;
  const sockets = createMachineSockets(ports);
  const conversations: Conversations = createConversations({ sockets, onTouch, onTheirs });
  let refreshedAt = clock();
  let cost = sockets.refresh();

  function refresh(): void {
    cost = sockets.refresh();
    refreshedAt = clock();
  }

  return {
    sort(packet) {
      if (packet.tcp) return conversations.sort(packet);
      const isUdp = packet.protocol === PROTOCOL.udp && packet.destinationPort !== undefined;
      return isToGroup(packet) || isAnswer(packet) || (isUdp && isUdpOfOthers(packet)) ? 'theirs' : 'touch';
    },
    tick(at) {
      conversations.giveUp(at);
      const since = clock() - refreshedAt;
      if (since < cost / SHARE) return;
      if (conversations.unsettled || since >= REFRESH_MS) refresh();
      if (conversations.unsettled) conversations.settle();
    },
    finish() {
      conversations.giveUp(Number.POSITIVE_INFINITY);
      refresh();
      conversations.settle();
    },
  };

  function isUdpOfOthers({ sourcePort = 0, destinationPort = 0 }: Packet): boolean {
    return sockets.hasUdp(destinationPort) || (ANSWERING_PORTS.has(sourcePort) && destinationPort >= EPHEMERAL_PORT);
  }
}

/** Multicast and broadcast: the network's own chatter. */
function isToGroup({ destination }: Packet): boolean {
  return destination !== undefined && Number.parseInt(destination, 10) >= MULTICAST_FIRST_OCTET;
}
