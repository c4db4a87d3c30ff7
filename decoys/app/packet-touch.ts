// Packet → touch: what a line tells of the packet that stands for the others folded with it.
import type { Action } from '../touch/actions.ts';
import type { PortSet } from '../touch/ports.ts';
import type { HoneypodFields } from '../touch/schema.ts';
import type { Touch } from '../touch/touch.ts';
import { flagNames } from './fingerprint.ts';
import { type Packet, PROTOCOL } from './packet.ts';
import { payloadFields } from './payload.ts';
import { readTcpOptions } from './tcp-options.ts';
import { has, listOf, nameOf, type Stream, type Verdict, type Verdicts } from './verdict.ts';

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

/** What a verdict is called in a sentence. */
const VERDICT_NAMES: Record<Verdict, string> = {
  'ip-enumeration': 'IP enumeration',
  'host-discovery': 'host discovery',
  'port-scan': 'port scan',
  syn: 'SYN scan',
  connect: 'connect scan',
  fin: 'FIN scan',
  null: 'NULL scan',
  xmas: 'Xmas scan',
  ack: 'ACK scan',
  maimon: 'Maimon scan',
  synfin: 'SYN/FIN scan',
  odd: 'scan with odd flags',
  'os-fingerprint': 'OS fingerprinting',
  'udp-scan': 'UDP scan',
  'ip-protocol-scan': 'IP protocol scan',
  traceroute: 'traceroute',
  backscatter: 'backscatter',
};

export interface Judged {
  readonly packet: Packet;
  readonly stream: Stream;
  readonly earned: Verdicts;
  readonly tool: string | undefined;
  /** Whether the payload is worth its digest now. */
  readonly digest: boolean;
  /** Every port its source has tried in this stream. */
  readonly ports: PortSet | undefined;
}

/** The touch of one packet. Nothing in it points into the packet's bytes. */
export function packetTouch({ packet, stream, earned, tool, digest, ports }: Judged): Touch {
  const kind = nameOf(stream, earned);
  const { probe, scan, once } = ACTIONS_OF[stream];
  const { source, destination, sourcePort, destinationPort } = packet;
  return {
    action: has(earned, once) ? scan : probe,
    at: packet.at,
    source: sourcePort === undefined ? { ip: source } : { ip: source, port: sourcePort },
    destination: destination === undefined ? undefined : { ip: destination, port: destinationPort },
    protocol: packet.protocol,
    bytes: packet.bytes,
    ...(packet.malformed === undefined ? {} : { reason: packet.malformed }),
    honeypod: {
      ...layerFields(packet),
      scan: { kind, kinds: listOf(earned), ...(tool === undefined ? {} : { tool }) },
      ...payloadFields(packet.data.subarray(packet.payloadStart, packet.payloadEnd), digest),
    },
    message: messageOf(packet, stream, kind, tool, scan !== probe && has(earned, once)),
    foldKey: stream,
    ...(ports === undefined ? {} : { ports }),
  };
}

const TCP_PROBE = { probe: 'tcp-probe', scan: 'tcp-scan', once: 'port-scan' } as const;

/** What a stream's touch is called before and after its source has earned a verdict. */
const ACTIONS_OF: Record<Stream, { readonly probe: Action; readonly scan: Action; readonly once: Verdict }> = {
  echo: { probe: 'icmp-echo-request', scan: 'icmp-echo-request', once: 'ip-enumeration' },
  icmp: { probe: 'icmp-probe', scan: 'icmp-probe', once: 'ip-enumeration' },
  udp: { probe: 'udp-probe', scan: 'udp-scan', once: 'udp-scan' },
  sctp: { probe: 'ip-probe', scan: 'ip-protocol-scan', once: 'ip-protocol-scan' },
  protocol: { probe: 'ip-probe', scan: 'ip-protocol-scan', once: 'ip-protocol-scan' },
  malformed: { probe: 'packet-malformed', scan: 'packet-malformed', once: 'ip-enumeration' },
  syn: { probe: 'tcp-syn', scan: 'tcp-scan', once: 'port-scan' },
  connect: { probe: 'tcp-syn', scan: 'tcp-scan', once: 'port-scan' },
  fin: TCP_PROBE,
  null: TCP_PROBE,
  xmas: TCP_PROBE,
  ack: TCP_PROBE,
  maimon: TCP_PROBE,
  synfin: TCP_PROBE,
  synack: TCP_PROBE,
  rst: TCP_PROBE,
  rstack: TCP_PROBE,
  odd: TCP_PROBE,
};

function layerFields(packet: Packet): Pick<HoneypodFields, 'ip' | 'tcp' | 'icmp' | 'udp'> {
  const { tcp, icmp, ttl, id, tos, protocol, data } = packet;
  const optionBytes =
    packet.family === 4 && packet.headerBytes > 20 ? data.toString('hex', 20, packet.headerBytes) : '';
  const ip = {
    protocol,
    ...(ttl === undefined ? {} : { ttl }),
    ...(id === undefined ? {} : { id }),
    ...(tos === undefined ? {} : { tos }),
    ...(optionBytes === '' ? {} : { options: optionBytes }),
  };
  if (tcp) {
    const options = readTcpOptions(data, tcp.optionsStart, tcp.optionsEnd).text;
    return {
      ip,
      tcp: { flags: flagNames(tcp.flags), window: tcp.window, options, ...(ttl === undefined ? {} : { ttl }) },
    };
  }
  if (icmp) {
    const { type, code, id: identifier, sequence } = icmp;
    return { ip, icmp: { type, code, id: identifier, sequence, ...(ttl === undefined ? {} : { ttl }) } };
  }
  if (protocol === PROTOCOL.udp) {
    return { ip, udp: { bytes: packet.payloadEnd - packet.payloadStart, ...(ttl === undefined ? {} : { ttl }) } };
  }
  return { ip };
}

/** A scan is told by its kind, a single packet by what it is. */
function messageOf(packet: Packet, stream: Stream, kind: Verdict, tool: string | undefined, scans: boolean): string {
  const { source, destinationPort } = packet;
  const by = tool === undefined ? '' : ` by ${tool}`;
  if (scans && destinationPort !== undefined) return `${VERDICT_NAMES[kind]} of several ports from ${source}${by}`;
  const told = kind === 'ip-enumeration' || stream === 'malformed' ? '' : ` (${VERDICT_NAMES[kind]})`;
  return `${whatOf(packet, stream)}${destinationPort === undefined ? '' : ` to port ${destinationPort}`} from ${source}${by}${told}`;
}

function whatOf(packet: Packet, stream: Stream): string {
  const { icmp, tcp, family, protocol } = packet;
  if (stream === 'malformed') return `malformed packet of protocol ${protocol}`;
  if (icmp) return `ICMP${family === 6 ? 'v6' : ''} ${ICMP_NAMES[family][icmp.type] ?? `type ${icmp.type}`}`;
  if (tcp) return `TCP ${flagNames(tcp.flags) || 'packet without flags'}`;
  if (protocol === PROTOCOL.udp) return 'UDP datagram';
  if (protocol === PROTOCOL.sctp) return 'SCTP packet';
  return `packet of IP protocol ${protocol}`;
}
