// The boundary to the kernel's raw sockets (raw(7)): one for each IP protocol number and family, through the raw-socket addon.
import { createRequire } from 'node:module';
import type { Family } from './packet.ts';
import type { RawSocket, Wrap } from './polling.ts';

interface Addon {
  createSocket(options: { protocol: number; addressFamily: number; bufferSize: number }): { wrap: Wrap };
}

/** Raw sockets cannot be had here; the message says why in words for a person. */
export class RawUnavailable extends Error {}

/** The addon's names: 1 is IPv4, 2 is IPv6. */
const ADDRESS_FAMILY: Record<Family, number> = { 4: 1, 6: 2 };
const LAST_PROTOCOL = 255;
/** A socket of this protocol sends packets whose IP header is ours. */
export const HEADER_INCLUDED = 255;
/** IPv6 extension headers (RFC 8200): the packet behind them is delivered to its own protocol's socket. */
const EXTENSION_HEADERS: ReadonlySet<number> = new Set([0, 43, 44, 60]);
/** Protocols that floods come in, worth a large receive buffer. */
const FLOODED: ReadonlySet<number> = new Set([1, 6, 17, 58]);
/** What a flood may queue while the process has no CPU; the kernel doubles it and caps it at rmem_max. */
export const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const MEMINFO_BYTES = 36;
const MEMINFO_RCVBUF = 4;
const MEMINFO_DROPS = 32;
const SOL_RAW = 255;
const IPV6_CHECKSUM = 7;
const ICMP: Record<Family, number> = { 4: 1, 6: 58 };
const UINT32 = 2 ** 32;

export interface RawSockets {
  readonly sockets: readonly RawSocket[];
  /** Families that could be opened. */
  readonly families: readonly Family[];
  /** Bytes the kernel queues for a flooded protocol. */
  readonly receiveBuffer: number;
  /** Packets the kernel dropped for want of room since they were opened, by family; `of` limits which sockets are asked. */
  drops(of?: readonly RawSocket[]): Record<Family, number>;
  /** Sends a packet with its IP header. What cannot be sent is dropped, as the kernel drops its own answers. */
  send(family: Family, packet: Buffer, address: string): void;
  close(): void;
}

export interface FirstSockets {
  readonly icmp: Wrap;
  readonly sender: Wrap;
}

export interface OpenOptions {
  /** Runs once when the first sockets of each family, ICMP's and the sending one, are open and no other is. */
  readonly onFirst?: (sockets: ReadonlyMap<Family, FirstSockets>) => void;
  /** A socket that fails later: the decoy has gone blind. */
  readonly onFailure: (error: Error) => void;
}

/** Opens them all. Throws RawUnavailable where the addon is not built or the process may not. */
export function openRawSockets({ onFirst, onFailure }: OpenOptions): RawSockets {
  const addon = loadAddon();
  const sockets: RawSocket[] = [];
  function open(family: Family, protocol: number): Wrap {
    const { wrap } = addon.createSocket({ protocol, addressFamily: ADDRESS_FAMILY[family], bufferSize: 1 });
    wrap.removeAllListeners('recvReady');
    wrap.removeAllListeners('error');
    wrap.on('error', (error) => onFailure(error ?? new Error('a raw socket failed')));
    sockets.push({ wrap, family, protocol });
    if (FLOODED.has(protocol)) widen(wrap);
    return wrap;
  }

  function openFirst(family: Family): FirstSockets {
    const icmp = open(family, ICMP[family]);
    if (family === 6) trustNoChecksum(icmp);
    return { icmp, sender: open(family, HEADER_INCLUDED) };
  }

  function openRest(family: Family): void {
    for (let protocol = 1; protocol < LAST_PROTOCOL; protocol++) {
      if (protocol === ICMP[family] || (family === 6 && EXTENSION_HEADERS.has(protocol))) continue;
      open(family, protocol);
    }
  }

  const first = new Map<Family, FirstSockets>();
  const problems: string[] = [];
  for (const family of [4, 6] as const) {
    try {
      first.set(family, openFirst(family));
    } catch (error) {
      // A kernel without IPv6 is no fault.
      problems.push(`IPv${family}: ${messageOf(error)}`);
    }
  }
  if (first.size === 0) throw new RawUnavailable(problems.join('; '));
  try {
    onFirst?.(first);
    for (const family of first.keys()) openRest(family);
  } catch (error) {
    for (const { wrap } of sockets) wrap.close();
    throw new RawUnavailable(messageOf(error));
  }

  const counted = new Map<RawSocket, number>();
  const dropped: Record<Family, number> = { 4: 0, 6: 0 };
  return {
    sockets,
    families: [...first.keys()],
    receiveBuffer: Math.min(...sockets.filter(({ protocol }) => FLOODED.has(protocol)).map(({ wrap }) => rcvbuf(wrap))),
    drops(of = sockets) {
      for (const socket of of) {
        const now = meminfo(socket.wrap).readUInt32LE(MEMINFO_DROPS);
        dropped[socket.family] += (now - (counted.get(socket) ?? 0) + UINT32) % UINT32;
        counted.set(socket, now);
      }
      return { ...dropped };
    },
    send(family, packet, address) {
      try {
        first.get(family)?.sender.send(packet, 0, packet.length, address, () => {});
      } catch {
        // No route, no buffer or a filter: an answer less, as for the kernel's own.
      }
    },
    close() {
      for (const { wrap } of sockets) wrap.close();
    },
  };
}

function loadAddon(): Addon {
  try {
    return createRequire(import.meta.url)('raw-socket') as Addon;
  } catch (error) {
    throw new RawUnavailable(`the raw-socket addon cannot be loaded (${messageOf(error)})`);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function widen(wrap: Wrap): void {
  const wanted = uint32(RECEIVE_BUFFER_BYTES);
  try {
    wrap.setOption(SOL_SOCKET, SO_RCVBUFFORCE, wanted, wanted.length);
  } catch {
    // Only NET_ADMIN may pass rmem_max; without it the kernel gives what rmem_max allows.
    wrap.setOption(SOL_SOCKET, SO_RCVBUF, wanted, wanted.length);
  }
}

/** Takes ICMPv6 with a wrong checksum too, which the kernel would drop: RFC 3542 3.1, ipv6(7). */
function trustNoChecksum(wrap: Wrap): void {
  const never = uint32(UINT32 - 1);
  try {
    wrap.setOption(SOL_RAW, IPV6_CHECKSUM, never, never.length);
  } catch {
    // A kernel that refuses counts such packets as drops instead, so they are still accounted for.
  }
}

function meminfo(wrap: Wrap): Buffer {
  const info = Buffer.alloc(MEMINFO_BYTES);
  wrap.getOption(SOL_SOCKET, SO_MEMINFO, info, info.length);
  return info;
}

function rcvbuf(wrap: Wrap): number {
  return meminfo(wrap).readUInt32LE(MEMINFO_RCVBUF);
}
