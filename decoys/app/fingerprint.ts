// What a single packet says about who made it: its shape, the tool behind it, whether it is one of nmap's OS probes.
// Facts measured from nmap 7.93, nping, masscan 1.3.2, zmap 2.1.1, hping3 and the Linux stack; nmap's probes: https://nmap.org/book/osdetect-methods.html.
import { type Packet, PROTOCOL } from './packet.ts';
import { readTcpOptions } from './tcp-options.ts';
import { datagramTracer, tcpTracer } from './tracers.ts';

/** TCP packets by their flags, ECN bits aside; `connect` is a SYN as an operating system sends it. */
export type Shape =
  | 'syn'
  | 'connect'
  | 'fin'
  | 'null'
  | 'xmas'
  | 'ack'
  | 'maimon'
  | 'synfin'
  | 'synack'
  | 'rst'
  | 'rstack'
  | 'odd';

const FLAGS = 0x3f;
const SHAPES = new Map<number, Shape>([
  [0b000000, 'null'],
  [0b000001, 'fin'],
  [0b000010, 'syn'],
  [0b000011, 'synfin'],
  [0b000100, 'rst'],
  [0b010000, 'ack'],
  [0b010001, 'maimon'],
  [0b010010, 'synack'],
  [0b010100, 'rstack'],
  [0b101001, 'xmas'],
]);

export const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;

export interface Fingerprint {
  readonly shape: Shape | undefined;
  readonly tool: string | undefined;
  /** One of the probes nmap identifies operating systems by. */
  readonly osProbe: boolean;
  /** Sent to trace a route. */
  readonly traces: boolean;
}

const NOTHING: Fingerprint = { shape: undefined, tool: undefined, osProbe: false, traces: false };
const OS_PROBE: Fingerprint = { ...NOTHING, tool: 'nmap', osProbe: true };

const NMAP_WINDOW = 1_024;
const NMAP_MSS = 1_460;
const HPING_WINDOW = 512;
const NPING_WINDOW = 1_480;
const ZMAP_ID = 54_321;
const ZMAP_WINDOW = 65_535;
/** zmap's packets start with TTL 255; no path is longer. */
const ZMAP_TTL = 255 - 64;
/** nmap's SEQ, ECN and T probes carry MSS 265 or 640 or 1400 with a timestamp; 265 is in all of T2–T7. */
const OS_PROBE_MSS = 265;
const OS_PROBE_CLOSED_PORT_WINDOW = 31_337;
const OS_PROBE_ECHO_CODE = 9;
const OS_PROBE_UDP_BYTE = 0x43;
const OS_PROBE_UDP_BYTES = 300;
const ICMP_ECHO = 8;
const ICMPV6_ECHO = 128;

/** Pure and cheap: options are only read where a SYN or an OS probe may hide in them. */
export function fingerprint(packet: Packet): Fingerprint {
  if (packet.tcp) return tcpFingerprint(packet);
  if (packet.icmp && isOddEcho(packet)) return OS_PROBE;
  if (packet.protocol === PROTOCOL.udp && isUdpOsProbe(packet)) return OS_PROBE;
  const tracer = datagramTracer(packet);
  if (tracer !== undefined) return { ...NOTHING, tool: tracer, traces: true };
  return packet.id === ZMAP_ID && (packet.ttl ?? 0) > ZMAP_TTL ? { ...NOTHING, tool: 'zmap' } : NOTHING;
}

function tcpFingerprint(packet: Packet): Fingerprint {
  const tcp = packet.tcp!;
  const shape = shapeOf(tcp.flags);
  const optionBytes = tcp.optionsEnd - tcp.optionsStart;
  if (optionBytes === 0) {
    return printOf(shape, bareTool(packet, shape));
  }
  const options = readTcpOptions(packet.data, tcp.optionsStart, tcp.optionsEnd);
  const osProbe = options.timestamps && (options.mss === OS_PROBE_MSS || tcp.window === OS_PROBE_CLOSED_PORT_WINDOW);
  if (osProbe) return { ...OS_PROBE, shape };
  const nmap = tcp.window === NMAP_WINDOW && options.mss === NMAP_MSS && optionBytes === 4;
  const tool = nmap ? 'nmap' : undefined;
  if (shape !== 'syn') return printOf(shape, tool);
  if (options.sackPermitted || options.windowScale !== undefined || options.timestamps) {
    const tracer = tcpTracer(tcp.window, options);
    return { shape: 'connect', tool: tracer, osProbe, traces: tracer !== undefined };
  }
  return printOf(shape, tool);
}

function printOf(shape: Shape, tool: string | undefined): Fingerprint {
  return { shape, tool, osProbe: false, traces: false };
}

/** ECN bits belong to a connection: with SYN or ACK they are ignored, alone they make a packet odd and not a null one. */
function shapeOf(flags: number): Shape {
  const bare = flags & FLAGS;
  return (bare === 0 && flags !== 0 ? undefined : SHAPES.get(bare)) ?? 'odd';
}

/** Resets answer, and their windows say nothing. */
const RESETS: ReadonlySet<Shape> = new Set(['rst', 'rstack']);

/** Who sends packets without any option. */
function bareTool(packet: Packet, shape: Shape): string | undefined {
  const { window } = packet.tcp!;
  if (packet.id === ZMAP_ID && window === ZMAP_WINDOW) return 'zmap';
  if (window === HPING_WINDOW) return 'hping3';
  if (shape === 'syn' && window === NPING_WINDOW) return 'nping';
  if (window !== NMAP_WINDOW || RESETS.has(shape)) return undefined;
  if (packet.family === 4 && packet.id === masscanId(packet)) return 'masscan';
  return shape === 'syn' ? 'masscan' : 'nmap';
}

/** masscan's IP id is made of the target's address and port and the sequence number. */
function masscanId(packet: Packet): number {
  const { data, destinationPort = 0, headerBytes } = packet;
  const destination = data.readUInt32BE(16);
  const sequence = data.readUInt32BE(headerBytes + 4);
  return (destination ^ destinationPort ^ sequence) & 0xffff;
}

function isOddEcho(packet: Packet): boolean {
  const { type, code } = packet.icmp!;
  return (type === ICMP_ECHO || type === ICMPV6_ECHO) && code === OS_PROBE_ECHO_CODE;
}

function isUdpOsProbe(packet: Packet): boolean {
  const { data, payloadStart, payloadEnd } = packet;
  if (payloadEnd - payloadStart !== OS_PROBE_UDP_BYTES) return false;
  for (let at = payloadStart; at < payloadEnd; at++) if (data[at] !== OS_PROBE_UDP_BYTE) return false;
  return true;
}

const FLAG_TEXTS = Array.from({ length: 256 }, (_, flags) =>
  FLAG_NAMES.filter((_name, bit) => flags & (1 << bit)).join(','),
);

/** `SYN,ACK`; empty for a null packet. */
export function flagNames(flags: number): string {
  return FLAG_TEXTS[flags & 0xff] ?? '';
}
