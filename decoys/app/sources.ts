// The sources a decoy remembers, in bounded memory: newcomers in a small room of their own, so that a flood of addresses
// seen once cannot push out a scanner that comes back (a segmented LRU: Karedla, Love, Wherry 1994).
import { PortSet } from '../touch/ports.ts';
import type { PacketFacts } from './packet-facts.ts';
import { type Evidence, newEvidence, type Stream, type Verdict } from './verdict.ts';

/** Sources seen in one packet only; the oldest is forgotten first. */
export const NEWCOMERS = 1_024;
/** Sources that came back; the one longest unheard is forgotten first. */
export const REGULARS = 3_072;
/** Streams with more than WIDE_PORTS ports, at 8 KiB each; the oldest of them starts its list of ports anew. */
export const WIDE_STREAMS = 512;
const WIDE_PORTS = 32;
/** Slow scans: what a source has shown is kept this long after its last packet. */
const REMEMBER_MS = 24 * 60 * 60 * 1_000;
/** A regular's place in the order is renewed at most this often. */
const RENEW_MS = 1_000;

/** What one stream of a source has waiting. */
export interface StreamState {
  readonly source: Source;
  readonly stream: Stream;
  tool: string | undefined;
  ports: PortSet | undefined;
  /** The word its last touch was told under. */
  told: Verdict | undefined;
  /** Of the packet that stands for those that wait; undefined while none does. */
  facts: PacketFacts | undefined;
  count: number;
  bytes: number;
  end: number;
}

export interface Source {
  readonly ip: string;
  readonly evidence: Evidence;
  readonly streams: Map<Stream, StreamState>;
  renewedAt: number;
  lastSeen: number;
}

export interface Sources {
  /** The source of an address, made where it is new. `at` is the packet's time in ms. */
  of(ip: string, at: number): Source;
  addPort(state: StreamState, port: number): void;
  knows(ip: string): boolean;
}

/** `onForget` gets each source before it is forgotten, to hand out what it has waiting. */
export function createSources(onForget: (source: Source) => void): Sources {
  const newcomers = new Map<string, Source>();
  const regulars = new Map<string, Source>();
  const wide = new Set<StreamState>();
  let latest: Source | undefined;

  function make(ip: string, at: number): Source {
    if (newcomers.size >= NEWCOMERS) forgetOldest(newcomers);
    const source: Source = { ip, evidence: newEvidence(), streams: new Map(), renewedAt: at, lastSeen: at };
    newcomers.set(ip, source);
    return source;
  }

  function settle(source: Source): void {
    newcomers.delete(source.ip);
    if (regulars.size >= REGULARS) forgetOldest(regulars);
    regulars.set(source.ip, source);
  }

  function forgetOldest(room: Map<string, Source>): void {
    const oldest = room.values().next().value;
    if (oldest) forget(room, oldest);
  }

  function forget(room: Map<string, Source>, source: Source): void {
    onForget(source);
    for (const state of source.streams.values()) wide.delete(state);
    room.delete(source.ip);
    if (latest === source) latest = undefined;
  }

  return {
    of(ip, at) {
      if (latest?.ip === ip && at - latest.lastSeen < RENEW_MS && regulars.has(ip)) {
        latest.lastSeen = at;
        return latest;
      }
      const known = regulars.get(ip);
      if (known && at - known.lastSeen > REMEMBER_MS) {
        forget(regulars, known);
        latest = make(ip, at);
      } else if (known) {
        if (at - known.renewedAt > RENEW_MS) {
          regulars.delete(ip);
          regulars.set(ip, known);
          known.renewedAt = at;
        }
        latest = known;
      } else {
        const newcomer = newcomers.get(ip);
        if (newcomer) settle(newcomer);
        latest = newcomer ?? make(ip, at);
      }
      latest.lastSeen = at;
      return latest;
    },

    addPort(state, port) {
      state.ports ??= new PortSet();
      const { ports } = state;
      if (!ports.add(port) || ports.size !== WIDE_PORTS + 1) return;
      if (wide.size >= WIDE_STREAMS) {
        const oldest = wide.values().next().value;
        if (oldest) {
          wide.delete(oldest);
          oldest.ports = undefined;
        }
      }
      wide.add(state);
    },

    knows: (ip) => regulars.has(ip) || newcomers.has(ip),
  };
}
