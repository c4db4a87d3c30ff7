// Per source: what it has shown so far, and when the next touch is due. Packets in, touches out; each packet is counted in exactly one.
import type { Touch } from '../touch/touch.ts';
import { fingerprint } from './fingerprint.ts';
import type { Packet } from './packet.ts';
import { packetTouch } from './packet-touch.ts';
import { createSources, type Source, type StreamState } from './sources.ts';
import { judge, streamOf } from './verdict.ts';

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

/** The first packet of a stream, and the one that earns its source a new verdict, become touches by themselves. */
export function createTracker(emit: (touch: Touch) => void): Tracker {
  const waiting = new Set<StreamState>();
  const sources = createSources((source) => {
    for (const state of source.streams.values()) release(state);
  });
  let digests = DIGESTS;

  function release(state: StreamState): void {
    waiting.delete(state);
    const { touch, count, bytes, end } = state;
    if (!touch) return;
    state.touch = undefined;
    state.count = 0;
    state.bytes = 0;
    emit(count === 1 ? touch : { ...touch, count, bytes, end });
  }

  function touchOf(packet: Packet, source: Source, state: StreamState): Touch {
    return packetTouch({
      packet,
      stream: state.stream,
      earned: source.evidence.earned,
      tool: state.tool,
      digest: digests-- > 0,
      ports: state.ports,
    });
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
        state = { stream, tool: undefined, ports: undefined, touch: undefined, count: 0, bytes: 0, end: 0 };
        source.streams.set(stream, state);
      }
      if (print.tool !== undefined) state.tool = print.tool;
      if (packet.destinationPort !== undefined) sources.addPort(state, packet.destinationPort);

      if (isNew) {
        emit(touchOf(packet, source, state));
      } else if (earned !== before) {
        const count = state.count + 1;
        const bytes = state.bytes + packet.bytes;
        const start = state.touch?.at ?? packet.at;
        waiting.delete(state);
        state.touch = undefined;
        state.count = 0;
        state.bytes = 0;
        emit({ ...touchOf(packet, source, state), at: start, end: packet.at, count, bytes, urgent: true });
      } else {
        if (state.count === 0) {
          state.touch = touchOf(packet, source, state);
          waiting.add(state);
        }
        state.count++;
        state.bytes += packet.bytes;
        state.end = packet.at;
      }
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
