// A packet as a raw socket delivers it, parsed: RFC 791 (IPv4), 9293 (TCP), 768 (UDP), 792 and 4443 (ICMP), 9260 (SCTP ports).
// IPv4 comes with its header; IPv6 from layer 4 up, with the source beside it (raw(7), ipv6(7)). Fragments come reassembled.

export const PROTOCOL = { icmp: 1, igmp: 2, tcp: 6, udp: 17, dccp: 33, icmpv6: 58, sctp: 132, udplite: 136 } as const;

export type Family = 4 | 6;

/** What a raw socket hands over. `data` is only valid until the next packet is read. */
export interface Delivery {
  readonly data: Buffer;
  readonly length: number;
  readonly source: string;
  readonly family: Family;
  /** The protocol the socket was opened for. */
  readonly protocol: number;
  /** When it was read, in ms since the epoch. */
  readonly at: number;
}

export interface Tcp {
  /** The low eight bits of the flags byte: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly flags: number;
  readonly sequence: number;
  readonly window: number;
  /** Where the options lie in `data`. */
  readonly optionsStart: number;
  readonly optionsEnd: number;
}

export interface Icmp {
  readonly type: number;
  readonly code: number;
  readonly id: number;
  readonly sequence: number;
}

/** Offsets are into `data`; fields the wire did not carry are undefined. */
export interface Packet {
  readonly family: Family;
  readonly source: string;
  readonly destination: string | undefined;
  readonly protocol: number;
  /** Bytes of the IP packet (IPv6: without its header, which the kernel keeps). */
  readonly bytes: number;
  readonly ttl: number | undefined;
  readonly id: number | undefined;
  readonly tos: number | undefined;
  readonly headerBytes: number;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly tcp: Tcp | undefined;
  readonly icmp: Icmp | undefined;
  readonly data: Buffer;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  /** What is wrong with it, where something is. */
  readonly malformed: string | undefined;
  readonly at: number;
}

const IPV4_HEADER_BYTES = 20;
const TCP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const ICMP_HEADER_BYTES = 8;
const SCTP_HEADER_BYTES = 12;
const PORTS_BYTES = 4;
const ADDRESSES_REMEMBERED = 64;

/** Header bytes before the payload of each protocol that begins with two ports. */
const PORT_HEADERS = new Map<number, number>([
  [PROTOCOL.udp, UDP_HEADER_BYTES],
  [PROTOCOL.udplite, UDP_HEADER_BYTES],
  [PROTOCOL.sctp, SCTP_HEADER_BYTES],
  [PROTOCOL.dccp, SCTP_HEADER_BYTES],
]);

/** Parses any bytes. Never throws; what cannot be understood says so in `malformed`. */
export function parsePacket(delivery: Delivery): Packet {
  return delivery.family === 4 ? parseIpv4(delivery) : parseLayer4(delivery, 0, delivery.length, delivery.protocol);
}

function parseIpv4(delivery: Delivery): Packet {
  const { data, length } = delivery;
  if (length < IPV4_HEADER_BYTES) return unreadable(delivery, 'IPv4 header cut short');
  const versionAndLength = data[0]!;
  const headerBytes = (versionAndLength & 15) * 4;
  if (versionAndLength >> 4 !== 4) return unreadable(delivery, 'not an IPv4 header');
  if (headerBytes < IPV4_HEADER_BYTES || headerBytes > length) return unreadable(delivery, 'bad IPv4 header length');
  // A total length of 0 is a packet over 64 KiB that receive offload put together.
  const total = data.readUInt16BE(2);
  const end = total >= headerBytes && total < length ? total : length;
  return parseLayer4(delivery, headerBytes, end, data[9]!);
}

function parseLayer4(delivery: Delivery, start: number, end: number, protocol: number): Packet {
  if (protocol === PROTOCOL.tcp) return parseTcp(delivery, start, end);
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) return parseIcmp(delivery, start, end, protocol);
  const portHeader = PORT_HEADERS.get(protocol);
  if (portHeader !== undefined) return parsePorts(delivery, start, end, protocol, portHeader);
  return packet(delivery, { protocol, headerBytes: start, payloadStart: start, payloadEnd: end });
}

function parseTcp(delivery: Delivery, start: number, end: number): Packet {
  const { data } = delivery;
  const headerEnd = start + (end - start < TCP_HEADER_BYTES ? 0 : (data[start + 12]! >> 4) * 4);
  const whole = end - start >= TCP_HEADER_BYTES;
  const sound = headerEnd - start >= TCP_HEADER_BYTES && headerEnd <= end;
  const optionsStart = start + TCP_HEADER_BYTES;
  const optionsEnd = Math.max(optionsStart, Math.min(headerEnd, end));
  return packet(delivery, {
    protocol: PROTOCOL.tcp,
    headerBytes: start,
    ...portsAt(data, start, end),
    tcp: whole
      ? {
          flags: data[start + 13]!,
          sequence: data.readUInt32BE(start + 4),
          window: data.readUInt16BE(start + 14),
          optionsStart,
          optionsEnd,
        }
      : undefined,
    payloadStart: whole ? optionsEnd : end,
    payloadEnd: end,
    malformed: whole ? (sound ? undefined : 'bad TCP header length') : 'TCP header cut short',
  });
}

function parseIcmp(delivery: Delivery, start: number, end: number, protocol: number): Packet {
  const { data } = delivery;
  if (end - start < 2) {
    return packet(delivery, {
      protocol,
      headerBytes: start,
      payloadStart: end,
      payloadEnd: end,
      malformed: 'ICMP header cut short',
    });
  }
  const whole = end - start >= ICMP_HEADER_BYTES;
  return packet(delivery, {
    protocol,
    headerBytes: start,
    icmp: {
      type: data[start]!,
      code: data[start + 1]!,
      id: whole ? data.readUInt16BE(start + 4) : 0,
      sequence: whole ? data.readUInt16BE(start + 6) : 0,
    },
    payloadStart: whole ? start + ICMP_HEADER_BYTES : end,
    payloadEnd: end,
    malformed: whole ? undefined : 'ICMP header cut short',
  });
}

function parsePorts(delivery: Delivery, start: number, end: number, protocol: number, headerBytes: number): Packet {
  const whole = end - start >= headerBytes;
  return packet(delivery, {
    protocol,
    headerBytes: start,
    ...portsAt(delivery.data, start, end),
    payloadStart: whole ? start + headerBytes : end,
    payloadEnd: end,
    malformed: whole ? undefined : 'header cut short',
  });
}

function portsAt(data: Buffer, start: number, end: number): { sourcePort?: number; destinationPort?: number } {
  if (end - start < PORTS_BYTES) return {};
  return { sourcePort: data.readUInt16BE(start), destinationPort: data.readUInt16BE(start + 2) };
}

function unreadable(delivery: Delivery, malformed: string): Packet {
  const { data, length, family, source, protocol, at } = delivery;
  return {
    family,
    source,
    destination: undefined,
    protocol,
    bytes: length,
    ttl: undefined,
    id: undefined,
    tos: undefined,
    headerBytes: 0,
    sourcePort: undefined,
    destinationPort: undefined,
    tcp: undefined,
    icmp: undefined,
    data,
    payloadStart: 0,
    payloadEnd: length,
    malformed,
    at,
  };
}

interface Layer4 {
  readonly protocol: number;
  readonly headerBytes: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly tcp?: Tcp | undefined;
  readonly icmp?: Icmp;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly malformed?: string | undefined;
}

function packet(delivery: Delivery, layer4: Layer4): Packet {
  const { data, family, source, at } = delivery;
  const ipv4 = family === 4;
  return {
    family,
    source: ipv4 ? source : withoutZone(source),
    destination: ipv4 ? addressAt(data, 16) : undefined,
    protocol: layer4.protocol,
    bytes: layer4.payloadEnd,
    ttl: ipv4 ? data[8] : undefined,
    id: ipv4 ? data.readUInt16BE(4) : undefined,
    tos: ipv4 ? data[1] : undefined,
    headerBytes: layer4.headerBytes,
    sourcePort: layer4.sourcePort,
    destinationPort: layer4.destinationPort,
    tcp: layer4.tcp,
    icmp: layer4.icmp,
    data,
    payloadStart: layer4.payloadStart,
    payloadEnd: layer4.payloadEnd,
    malformed: layer4.malformed,
    at,
  };
}

/** `fe80::1%eth0` is `fe80::1` to everybody who is not on this machine. */
function withoutZone(source: string): string {
  const zone = source.indexOf('%');
  return zone < 0 ? source : source.slice(0, zone);
}

const addresses = new Map<number, string>();

/** The dotted IPv4 address at an offset; a decoy has few of its own, so their texts are kept. */
export function addressAt(data: Buffer, offset: number): string {
  const value = data.readUInt32BE(offset);
  const known = addresses.get(value);
  if (known !== undefined) return known;
  const text = `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  if (addresses.size >= ADDRESSES_REMEMBERED) addresses.clear();
  addresses.set(value, text);
  return text;
}

/** The same packet with bytes of its own, for whoever keeps it past the next read. */
export function kept(packet: Packet): Packet {
  return { ...packet, data: Buffer.from(packet.data.subarray(0, packet.payloadEnd)) };
}
