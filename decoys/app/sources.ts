// The sources that sent more than one packet: a bounded LRU, the one longest unheard is forgotten first.
import { PortSet } from '../touch/ports.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import type { FirstPacket } from './newcomers.ts';
import type { PacketFacts } from './packet-facts.ts';
import type { Stream } from './stream.ts';
import { nameOf, type Verdict } from './verdict.ts';

export const SOURCES = 4_096;
/** Streams of all of them; a source that sends every kind of packet there is has eighteen. */
export const STREAMS = 8_192;
/** Streams with more than WIDE_PORTS ports, at 8 KiB each; the oldest of them starts its list of ports anew. */
export const WIDE_STREAMS = 256;
const WIDE_PORTS = 32;
/** Slow scans: what a source has shown is kept this long after its last packet. */
export const REMEMBER_MS = 24 * 60 * 60 * 1_000;
/** A source's place in the order is renewed at most this often. */
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
  /** It came back and no touch has been preferred for that yet: few addresses that a flood made up do. */
  returned: boolean;
  renewedAt: number;
}

export interface Sources {
  /** The source of an address, where it is known. `at` is the packet's time in ms. */
  find(ip: string, at: number): Source | undefined;
  /** A source that came back, with what its first packet showed. */
  settle(ip: string, at: number, first: FirstPacket): Source;
  /** The state of a stream, made where it is new. */
  streamOf(source: Source, stream: Stream): StreamState;
  addPort(state: StreamState, port: number): void;
  has(ip: string): boolean;
}

/** `onForget` gets each source before it is forgotten, to hand out what it has waiting. */
export function createSources(onForget: (source: Source) => void): Sources {
  const sources = new Map<string, Source>();
  const wide = new Set<StreamState>();
  let streams = 0;

  function forget(source: Source): void {
    onForget(source);
    streams -= source.streams.size;
    for (const state of source.streams.values()) narrow(state);
    sources.delete(source.ip);
  }

  /** A line that is still to be written may hold its ports; it needs no more than their text. */
  function narrow(state: StreamState): void {
    if (!wide.delete(state)) return;
    state.ports?.settle();
    state.ports = undefined;
  }

  function streamOf(source: Source, stream: Stream): StreamState {
    const known = source.streams.get(stream);
    if (known) return known;
    for (const oldest of sources.values()) {
      if (streams < STREAMS || oldest === source) break;
      forget(oldest);
    }
    streams++;
    const state: StreamState = {
      source,
      stream,
      tool: undefined,
      ports: undefined,
      told: undefined,
      facts: undefined,
      count: 0,
      bytes: 0,
      end: 0,
    };
    source.streams.set(stream, state);
    return state;
  }

  function addPort(state: StreamState, port: number): void {
    state.ports ??= new PortSet();
    if (!state.ports.add(port) || state.ports.size !== WIDE_PORTS + 1) return;
    const oldest = wide.size >= WIDE_STREAMS ? wide.values().next().value : undefined;
    if (oldest) narrow(oldest);
    wide.add(state);
  }

  return {
    streamOf,
    addPort,
    has: (ip) => sources.has(ip),
    find(ip, at) {
      // Never `===` on an address: V8 would put each one that a flood makes up into its table of strings.
      const known = sources.get(ip);
      if (!known) return undefined;
      if (at - known.renewedAt > REMEMBER_MS) {
        forget(known);
        return undefined;
      }
      if (at - known.renewedAt >= RENEW_MS) {
        sources.delete(ip);
        sources.set(ip, known);
        known.renewedAt = at;
      }
      return known;
    },
    settle(ip, at, first) {
      const oldest = sources.size >= SOURCES ? sources.values().next().value : undefined;
      if (oldest) forget(oldest);
      const source: Source = {
        ip,
        evidence: evidenceOf(first, first.earned),
        streams: new Map(),
        returned: true,
        renewedAt: at,
      };
      const state = streamOf(source, first.stream);
      state.told = nameOf(first.stream, first.earned);
      if (first.port !== undefined) addPort(state, first.port);
      sources.set(ip, source);
      return source;
    },
  };
}
