// Packets put together byte by byte, and what a source that sends them must be called.
import { parsePacket } from '../../decoys/app/packet.ts';
import { createTracker } from '../../decoys/app/tracker.ts';
import type { Verdict } from '../../decoys/app/verdict.ts';
import type { Touch } from '../../decoys/touch/touch.ts';

export const NMAP_SYN = { flags: 2, window: 1_024, options: [2, 4, 5, 0xb4] };
export const OS_SYN = {
  flags: 2,
  window: 64_240,
  options: [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7],
};

export interface Layer4 {
  readonly protocol: number;
  readonly bytes: Buffer;
}

export function tcp(
  port: number,
  { flags, window, options }: { flags: number; window: number; options: number[] },
): Layer4 {
  const bytes = Buffer.alloc(20 + options.length);
  bytes.writeUInt16BE(40_000, 0);
  bytes.writeUInt16BE(port, 2);
  bytes[12] = (bytes.length / 4) << 4;
  bytes[13] = flags;
  bytes.writeUInt16BE(window, 14);
  bytes.set(options, 20);
  return { protocol: 6, bytes };
}

function flagged(flags: number): (port: number) => Layer4 {
  return (port) => tcp(port, { flags, window: 2_048, options: [] });
}

export function udp(port: number): Layer4 {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(port, 2);
  bytes.writeUInt16BE(12, 4);
  return { protocol: 17, bytes };
}

export const ECHO: Layer4 = { protocol: 1, bytes: Buffer.from([8, 0, 0, 0, 0, 1, 0, 1]) };

const ECHO6: Layer4 = { protocol: 58, bytes: Buffer.from([128, 0, 0, 0, 0, 1, 0, 1]) };

export function ipv4(source: string, { protocol, bytes }: Layer4, ttl: number): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + bytes.length, 2);
  header[8] = ttl;
  header[9] = protocol;
  header.set(source.split('.').map(Number), 12);
  header.set([10, 0, 0, 2], 16);
  return Buffer.concat([header, bytes]);
}

/** What a source does, and what it must be called for it. */
export interface Behaviour {
  readonly packet: (port: number) => Layer4;
  /** Earned with any port, and with four of them. */
  readonly any: readonly Verdict[];
  readonly four: readonly Verdict[];
  readonly kind: { readonly few: Verdict; readonly many: Verdict };
  /** What its lines fold under. */
  readonly stream: string;
}

function shape(verdict: Verdict, flags: number): Behaviour {
  return {
    packet: flagged(flags),
    any: [verdict],
    four: ['port-scan'],
    kind: { few: verdict, many: verdict },
    stream: verdict,
  };
}

export const BEHAVIOURS: Record<string, Behaviour> = {
  ping: {
    packet: () => ECHO,
    any: [],
    four: [],
    kind: { few: 'ip-enumeration', many: 'ip-enumeration' },
    stream: 'echo',
  },
  syn: {
    packet: (port) => tcp(port, NMAP_SYN),
    any: ['syn'],
    four: ['port-scan'],
    kind: { few: 'ip-enumeration', many: 'syn' },
    stream: 'syn',
  },
  connect: {
    packet: (port) => tcp(port, OS_SYN),
    any: ['connect'],
    four: ['port-scan'],
    kind: { few: 'ip-enumeration', many: 'connect' },
    stream: 'connect',
  },
  udp: {
    packet: udp,
    any: [],
    four: ['port-scan', 'udp-scan'],
    kind: { few: 'ip-enumeration', many: 'udp-scan' },
    stream: 'udp',
  },
  fin: shape('fin', 1),
  null: shape('null', 0),
  xmas: shape('xmas', 41),
  ack: shape('ack', 16),
  maimon: shape('maimon', 17),
  synfin: shape('synfin', 3),
  odd: shape('odd', 44),
  synack: {
    packet: flagged(18),
    any: ['backscatter'],
    four: [],
    kind: { few: 'backscatter', many: 'backscatter' },
    stream: 'synack',
  },
};

/** A tracker and what it has told. */
export function watch() {
  const touches: Touch[] = [];
  const tracker = createTracker({ emit: (touch) => touches.push(touch), wants: () => true, asked: () => undefined });
  return {
    touches,
    tracker,
    /** Over IPv4, or IPv6 where the address is one: there only layer 4 is delivered. */
    send(source: string, layer4: Layer4, at: number, ttl = 60) {
      if (!source.includes(':')) {
        const data = ipv4(source, layer4, ttl);
        tracker.observe(parsePacket({ data, length: data.length, source, family: 4, protocol: layer4.protocol, at }));
        return;
      }
      const { protocol, bytes: data } = layer4 === ECHO ? ECHO6 : layer4;
      tracker.observe(parsePacket({ data, length: data.length, source, family: 6, protocol, at }));
    },
    of: (source: string) => touches.filter((touch) => touch.source?.ip === source),
  };
}

/** Packets in all of them. */
export function counted(touches: readonly Touch[]): number {
  return touches.reduce((sum, { count = 1 }) => sum + count, 0);
}
