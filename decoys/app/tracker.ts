// Per source: what it has shown so far, and when the next touch is due. Packets in, touches out; each packet is counted in exactly one.
import { Bucket } from '../touch/bucket.ts';
import { type Glimpse, PRIORITY, type Touch } from '../touch/touch.ts';
import { clearEvidence, newEvidence } from './evidence.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { createNewcomers } from './newcomers.ts';
import type { Packet } from './packet.ts';
import { factsOf, type PacketFacts } from './packet-facts.ts';
import { packetTouch } from './packet-touch.ts';
import { createSources, REMEMBER_MS, type Source, type StreamState } from './sources.ts';
import { type Stream, streamOf } from './stream.ts';
import { judge, nameOf } from './verdict.ts';

/** Packets told in full, in a stretch of time; further ones are told without their headers' fields and payload. */
const FULL_FACTS = 32;
const STRETCH_MS = 50;
/** Sources that came back and are told before those seen once: a burst, then so many a second. */
const RETURNED_BURST = 20;
const RETURNED_PER_SECOND = 10;

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
  /** False where the first packet of a source is counted with those of all others, and no touch is asked for. */
  readonly wants: (glimpse: Glimpse) => boolean;
  /** The address of ours that an IPv6 packet was sent to; `roughly` where a good guess will do. */
  readonly asked: (packet: Packet, roughly: boolean) => string | undefined;
}

/**
 * The first packet of a stream, and the one that earns its source a new verdict, become touches by themselves. A stream
 * whose name a verdict changes is told under its new name at once.
 */
export function createTracker({ emit, wants, asked }: TrackerOptions): Tracker {
  const waiting = new Set<StreamState>();
  const newcomers = createNewcomers();
  const sources = createSources((source) => {
    for (const state of source.streams.values()) release(state);
  });
  /** Judges newcomers, one after the other. */
  const scratch = newEvidence();
  const returned = new Bucket(RETURNED_BURST, RETURNED_PER_SECOND);
  let full = FULL_FACTS;
  let stretchAt = 0;

  function facts(packet: Packet, stream: Stream): PacketFacts {
    if (packet.at - stretchAt >= STRETCH_MS || packet.at < stretchAt) {
      stretchAt = packet.at;
      full = FULL_FACTS;
    }
    full--;
    const destination = packet.family === 6 ? asked(packet, full < 0) : undefined;
    return factsOf(packet, { stream, destination, full: full >= 0 });
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
    const preferred = source.returned && returned.take(end);
    if (preferred) source.returned = false;
    emit({ ...touch, count, bytes, end, urgent, priority: preferred ? PRIORITY.completed : PRIORITY.ordinary });
  }

  /** The source of a packet that came back; undefined where the packet is its first, which is then told. */
  function meet(packet: Packet, stream: Stream, print: Fingerprint): Source | undefined {
    const { source: ip, at, protocol, ttl, destinationPort: port } = packet;
    const first = newcomers.take(ip);
    const seconds = Math.floor(at / 1_000);
    if (first && (seconds - first.seconds) * 1_000 < REMEMBER_MS) return sources.settle(ip, at, first);
    clearEvidence(scratch);
    const earned = judge(scratch, packet, stream, print);
    if (wants({ ip, asked: packet.destination, foldKey: stream, protocol, at, bytes: packet.bytes })) {
      emit(packetTouch({ facts: facts(packet, stream), stream, earned, tool: print.tool, ports: undefined }));
    }
    newcomers.put(ip, { stream, earned, port, protocol, ttl, osProbe: print.osProbe, seconds });
    return undefined;
  }

  return {
    observe(packet) {
      const print = fingerprint(packet);
      const stream = streamOf(packet, print.shape);
      const source = sources.find(packet.source, packet.at) ?? meet(packet, stream, print);
      if (!source) return;
      const before = source.evidence.earned;
      const earned = judge(source.evidence, packet, stream, print);
      const state = sources.streamOf(source, stream);
      if (print.tool !== undefined) state.tool = print.tool;
      if (packet.destinationPort !== undefined) sources.addPort(state, packet.destinationPort);
      state.facts ??= facts(packet, stream);
      state.count++;
      state.bytes += packet.bytes;
      state.end = packet.at;
      if (state.told === undefined || earned !== before) release(state, true);
      else waiting.add(state);
    },
    flush() {
      for (const state of waiting) release(state);
    },
    get waiting() {
      return waiting.size > 0;
    },
    knows: (ip) => sources.has(ip) || newcomers.has(ip),
  };
}
