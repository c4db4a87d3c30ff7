// Per source: what it has shown so far, and when the next touch is due. Packets in, touches out; each packet is counted in exactly one.
import type { Touch } from '../touch/touch.ts';
import { fingerprint } from './fingerprint.ts';
import type { Packet } from './packet.ts';
import { factsOf, type PacketFacts } from './packet-facts.ts';
import { packetTouch } from './packet-touch.ts';
import { createSources, type StreamState } from './sources.ts';
import { judge, nameOf, streamOf } from './verdict.ts';

/** Payloads digested between two flushes; further ones keep only their size. A flood is not worth its SHA-256. */
const DIGESTS = 16;

export interface Tracker {
  /** Takes in a packet; what it has to tell at once goes out at once, the rest waits for `flush`. */
  observe(packet: Packet): void;
  /** Hands out what waits; call it every 50 ms or so while `waiting`. */
  flush(): void;
  readonly waiting: boolean;
  /** Whether this address has sent anything lately. */
  knows(ip: string): boolean;
}

export interface TrackerOptions {
  readonly emit: (touch: Touch) => void;
  /** The address of ours that an IPv6 peer asked. */
  readonly asked: (peer: string) => string | undefined;
}

/**
 * The first packet of a stream, and the one that earns its source a new verdict, become touches by themselves. A stream
 * whose name a verdict changes is told under its new name at once.
 */
export function createTracker({ emit, asked }: TrackerOptions): Tracker {
  const waiting = new Set<StreamState>();
  const sources = createSources((source) => {
    for (const state of source.streams.values()) release(state);
  });
  let digests = DIGESTS;

  function facts(packet: Packet, { stream }: StreamState): PacketFacts {
    const destination = packet.family === 6 ? asked(packet.source) : undefined;
    return factsOf(packet, { stream, destination, digest: digests-- > 0 });
  }

  function wait(state: StreamState, packet: Packet): void {
    state.facts ??= facts(packet, state);
    state.count++;
    state.bytes += packet.bytes;
    state.end = packet.at;
  }

  function release(state: StreamState, news = false): void {
    waiting.delete(state);
    const { facts, stream, tool, ports, count, bytes, end, told, source } = state;
    if (!facts) return;
    const { earned } = source.evidence;
    state.facts = undefined;
    state.count = 0;
    state.bytes = 0;
    state.told = nameOf(stream, earned);
    const touch = packetTouch({ facts, stream, earned, tool, ports });
    const urgent = told !== undefined && (news || told !== state.told);
    emit(count === 1 && !urgent ? touch : { ...touch, count, bytes, end, urgent });
  }

  return {
    observe(packet) {
      const print = fingerprint(packet);
      const stream = streamOf(packet, print.shape);
      const source = sources.of(packet.source, packet.at);
      const before = source.evidence.earned;
      const earned = judge(source.evidence, packet, print);
      let state = source.streams.get(stream);
      const isNew = state === undefined;
      if (!state) {
        state = {
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
      }
      if (print.tool !== undefined) state.tool = print.tool;
      if (packet.destinationPort !== undefined) sources.addPort(state, packet.destinationPort);
      wait(state, packet);
      if (isNew || earned !== before) release(state, true);
      else waiting.add(state);
    },
    flush() {
      digests = DIGESTS;
      for (const state of waiting) release(state);
    },
    get waiting() {
      return waiting.size > 0;
    },
    knows: (ip) => sources.knows(ip),
  };
}
