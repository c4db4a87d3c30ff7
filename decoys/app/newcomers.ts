// Sources seen in one packet so far, in a table of fixed size: a flood of addresses that never come back costs no memory and pushes
// out no scanner. A slot is overwritten by the next newcomer that falls into it; who comes back before gets its first packet credited.
import { randomBytes } from 'node:crypto';
import type { Sighting, Verdicts } from './evidence.ts';
import type { Stream } from './stream.ts';

/** Slots, at 20 bytes each; of 20,000 new sources a second nine in ten are still known after 0.7 s, half after 4.5 s. */
const SLOT_BITS = 17;
const SLOTS = 1 << SLOT_BITS;
const NO_PORT = -1;
/** Stands for no TTL (IPv6); an IPv4 packet that came with 255 says as little. */
const NO_TTL = 255;

/** The order is that of the numbers in the table. */
const STREAMS: readonly Stream[] = [
  'syn',
  'connect',
  'fin',
  'null',
  'xmas',
  'ack',
  'maimon',
  'synfin',
  'synack',
  'rst',
  'rstack',
  'odd',
  'echo',
  'icmp',
  'udp',
  'sctp',
  'protocol',
  'malformed',
];
const NUMBERS = new Map(STREAMS.map((stream, number) => [stream, number]));

/** What is kept of a first packet. */
export interface FirstPacket extends Sighting {
  readonly earned: Verdicts;
  /** When it came, in seconds since the epoch. */
  readonly seconds: number;
}

export interface Newcomers {
  put(ip: string, first: FirstPacket): void;
  /** The first packet of an address, which is no newcomer from now on. */
  take(ip: string): FirstPacket | undefined;
  has(ip: string): boolean;
}

/** `seed` makes slots unpredictable, so that nobody can choose addresses that fall into one. */
export function createNewcomers(seed: number = randomBytes(4).readUInt32LE()): Newcomers {
  const tags = new Uint32Array(SLOTS);
  const earned = new Uint32Array(SLOTS);
  const seconds = new Uint32Array(SLOTS);
  const ports = new Int32Array(SLOTS);
  const streams = new Uint8Array(SLOTS);
  const protocols = new Uint8Array(SLOTS);
  const ttls = new Uint8Array(SLOTS);
  const probes = new Uint8Array(SLOTS);
  let tag = 0;

  /** FNV-1a twice over: one hash chooses the slot, the other tells whose it is. 0 means a free slot. */
  function slotOf(ip: string): number {
    let first = 0x811c9dc5 ^ seed;
    let second = 0x01000193 ^ seed;
    for (let at = 0; at < ip.length; at++) {
      const unit = ip.charCodeAt(at);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ unit, 0x85ebca6b);
      second ^= second >>> 13;
    }
    tag = second >>> 0 || 1;
    first ^= first >>> 15;
    return Math.imul(first, 0xc2b2ae35) >>> (32 - SLOT_BITS);
  }

  return {
    put(ip, first) {
      const slot = slotOf(ip);
      tags[slot] = tag;
      earned[slot] = first.earned;
      seconds[slot] = first.seconds;
      ports[slot] = first.port ?? NO_PORT;
      streams[slot] = NUMBERS.get(first.stream) ?? 0;
      protocols[slot] = first.protocol;
      ttls[slot] = first.ttl ?? NO_TTL;
      probes[slot] = Number(first.osProbe);
    },
    take(ip) {
      const slot = slotOf(ip);
      if (tags[slot] !== tag) return undefined;
      tags[slot] = 0;
      const port = ports[slot]!;
      return {
        stream: STREAMS[streams[slot]!]!,
        earned: earned[slot]!,
        port: port === NO_PORT ? undefined : port,
        protocol: protocols[slot]!,
        ttl: ttls[slot] === NO_TTL ? undefined : ttls[slot],
        osProbe: probes[slot] === 1,
        seconds: seconds[slot]!,
      };
    },
    has(ip) {
      const slot = slotOf(ip);
      return tags[slot] === tag;
    },
  };
}
