// What a line keeps of the packet that stands for the others folded with it; nothing here points into the packet's bytes.
import type { HoneypodFields } from '../touch/schema.ts';
import type { Endpoint } from '../touch/touch.ts';
import { flagNames } from './fingerprint.ts';
import { type Packet, PROTOCOL } from './packet.ts';
import { payloadFields } from './payload.ts';
import type { Stream } from './stream.ts';
import { tcpOptionsText } from './tcp-options.ts';

type LayerFields = Pick<HoneypodFields, 'ip' | 'tcp' | 'icmp' | 'udp'>;
type PayloadFields = Pick<HoneypodFields, 'payload' | 'payload_bytes' | 'payload_sha256'>;

export interface PacketFacts {
  readonly at: number;
  readonly source: Endpoint;
  readonly destination: Endpoint | undefined;
  readonly protocol: number;
  readonly bytes: number;
  /** What is wrong with the packet. */
  readonly reason: string | undefined;
  readonly fields: LayerFields & PayloadFields;
  /** The packet in words, its port included. */
  readonly what: string;
}

export interface FactsOptions {
  readonly stream: Stream;
  /** The address that was asked, where the packet does not say (IPv6). */
  readonly destination: string | undefined;
  /** False leaves out header fields and payload: a flood is not worth its SHA-256. */
  readonly full: boolean;
}

const ICMP_NAMES: Record<4 | 6, Readonly<Record<number, string>>> = {
  4: {
    0: 'echo reply',
    3: 'destination unreachable',
    4: 'source quench',
    5: 'redirect',
    8: 'echo request',
    9: 'router advertisement',
    10: 'router solicitation',
    11: 'time exceeded',
    12: 'parameter problem',
    13: 'timestamp request',
    14: 'timestamp reply',
    15: 'information request',
    17: 'address mask request',
    42: 'extended echo request',
  },
  6: {
    1: 'destination unreachable',
    2: 'packet too big',
    3: 'time exceeded',
    4: 'parameter problem',
    128: 'echo request',
    129: 'echo reply',
    139: 'node information query',
    160: 'extended echo request',
  },
};

export function factsOf(packet: Packet, { stream, destination, full }: FactsOptions): PacketFacts {
  const { source, sourcePort, destinationPort, payloadStart, payloadEnd } = packet;
  const asked = packet.destination ?? destination;
  const port = destinationPort === undefined ? '' : ` to port ${destinationPort}`;
  return {
    at: packet.at,
    source: sourcePort === undefined ? { ip: source } : { ip: source, port: sourcePort },
    destination:
      asked === undefined
        ? undefined
        : destinationPort === undefined
          ? { ip: asked }
          : { ip: asked, port: destinationPort },
    protocol: packet.protocol,
    bytes: packet.bytes,
    reason: packet.malformed,
    fields: full ? { ...layerFields(packet), ...payloadFields(packet.data.subarray(payloadStart, payloadEnd)) } : {},
    what: whatOf(packet, stream) + port,
  };
}

const IPV4_HEADER_BYTES = 20;

function layerFields(packet: Packet): LayerFields {
  const { tcp, icmp, ttl, protocol, data } = packet;
  const time = ttl === undefined ? {} : { ttl };
  const ip = ipFields(packet);
  if (tcp) {
    const options = tcpOptionsText(data, tcp.optionsStart, tcp.optionsEnd);
    return { ...ip, tcp: { flags: flagNames(tcp.flags), window: tcp.window, options, ...time } };
  }
  if (icmp) {
    const { type, code, id, sequence } = icmp;
    return { ...ip, icmp: { type, code, id, sequence, ...time } };
  }
  if (protocol === PROTOCOL.udp) {
    return { ...ip, udp: { bytes: packet.payloadEnd - packet.payloadStart, ...time } };
  }
  return { ip: { ...ip.ip, protocol, ...time } };
}

/** What only IPv4's header tells. */
function ipFields({ family, id, tos, data, headerBytes }: Packet): Pick<LayerFields, 'ip'> {
  if (family === 6 || id === undefined || tos === undefined) return {};
  if (headerBytes <= IPV4_HEADER_BYTES) return { ip: { id, tos } };
  return { ip: { id, tos, options: data.toString('hex', IPV4_HEADER_BYTES, headerBytes) } };
}

function whatOf(packet: Packet, stream: Stream): string {
  const { icmp, tcp, family, protocol } = packet;
  if (stream === 'malformed') return `malformed packet of protocol ${protocol}`;
  if (icmp) return `ICMP${family === 6 ? 'v6' : ''} ${ICMP_NAMES[family][icmp.type] ?? `type ${icmp.type}`}`;
  if (tcp) return `TCP ${flagNames(tcp.flags) || 'packet without flags'}`;
  if (protocol === PROTOCOL.udp) return 'UDP datagram';
  if (protocol === PROTOCOL.sctp) return 'SCTP packet';
  if (protocol === PROTOCOL.dccp) return 'DCCP packet';
  return `packet of IP protocol ${protocol}`;
}
