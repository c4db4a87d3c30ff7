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
  const { data, length, family } = delivery;
  if (family === 6) return parseLayer4(draft(delivery, 0, length, delivery.protocol));
  if (length < IPV4_HEADER_BYTES) return unreadable(delivery, 'IPv4 header cut short');
  const versionAndLength = data[0]!;
  const headerBytes = (versionAndLength & 15) * 4;
  if (versionAndLength >> 4 !== 4) return unreadable(delivery, 'not an IPv4 header');
  if (headerBytes < IPV4_HEADER_BYTES || headerBytes > length) return unreadable(delivery, 'bad IPv4 header length');
  // A total length of 0 is a packet over 64 KiB that receive offload put together.
  const total = uint16(data, 2);
  const end = total >= headerBytes && total < length ? total : length;
  const packet = draft(delivery, headerBytes, end, data[9]!);
  packet.destination = addressAt(data, 16);
  packet.ttl = data[8];
  packet.id = uint16(data, 4);
  packet.tos = data[1];
  return parseLayer4(packet);
}

/** One object a packet, made whole here and filled in by the parsers: floods make tens of thousands a second. */
type Draft = { -readonly [Field in keyof Packet]: Packet[Field] };

/** A packet of which nothing above the IP header is known yet. */
function draft({ data, family, source, at }: Delivery, start: number, end: number, protocol: number): Draft {
  return {
    family,
    source: family === 4 ? source : withoutZone(source),
    destination: undefined,
    protocol,
    bytes: end,
    ttl: undefined,
    id: undefined,
    tos: undefined,
    headerBytes: start,
    sourcePort: undefined,
    destinationPort: undefined,
    tcp: undefined,
    icmp: undefined,
    data,
    payloadStart: start,
    payloadEnd: end,
    malformed: undefined,
    at,
  };
}

function unreadable(delivery: Delivery, malformed: string): Packet {
  const packet = draft(delivery, 0, delivery.length, delivery.protocol);
  packet.malformed = malformed;
  return packet;
}

function parseLayer4(packet: Draft): Packet {
  const { protocol } = packet;
  if (protocol === PROTOCOL.tcp) return parseTcp(packet);
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) return parseIcmp(packet);
  const headerBytes = PORT_HEADERS.get(protocol);
  return headerBytes === undefined ? packet : parsePorts(packet, headerBytes);
}

function parseTcp(packet: Draft): Packet {
  const { data, headerBytes: start, payloadEnd: end } = packet;
  readPorts(packet);
  if (end - start < TCP_HEADER_BYTES) return cutShort(packet, 'TCP header cut short');
  const headerEnd = start + (data[start + 12]! >> 4) * 4;
  const optionsStart = start + TCP_HEADER_BYTES;
  if (headerEnd < optionsStart || headerEnd > end) packet.malformed = 'bad TCP header length';
  const optionsEnd = Math.max(optionsStart, Math.min(headerEnd, end));
  packet.tcp = { flags: data[start + 13]!, window: uint16(data, start + 14), optionsStart, optionsEnd };
  packet.payloadStart = optionsEnd;
  return packet;
}

function parseIcmp(packet: Draft): Packet {
  const { data, headerBytes: start, payloadEnd: end } = packet;
  if (end - start < 2) return cutShort(packet, 'ICMP header cut short');
  const whole = end - start >= ICMP_HEADER_BYTES;
  packet.icmp = {
    type: data[start]!,
    code: data[start + 1]!,
    id: whole ? uint16(data, start + 4) : 0,
    sequence: whole ? uint16(data, start + 6) : 0,
  };
  if (!whole) return cutShort(packet, 'ICMP header cut short');
  packet.payloadStart = start + ICMP_HEADER_BYTES;
  return packet;
}

function parsePorts(packet: Draft, headerBytes: number): Packet {
  readPorts(packet);
  if (packet.payloadEnd - packet.headerBytes < headerBytes) return cutShort(packet, 'header cut short');
  packet.payloadStart = packet.headerBytes + headerBytes;
  return packet;
}

function readPorts(packet: Draft): void {
  const { data, headerBytes: start, payloadEnd: end } = packet;
  if (end - start < PORTS_BYTES) return;
  packet.sourcePort = uint16(data, start);
  packet.destinationPort = uint16(data, start + 2);
}

function cutShort(packet: Draft, malformed: string): Packet {
  packet.malformed = malformed;
  packet.payloadStart = packet.payloadEnd;
  return packet;
}

function uint16(data: Buffer, offset: number): number {
  return (data[offset]! << 8) | data[offset + 1]!;
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
