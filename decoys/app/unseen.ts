// Keeps the books of what went by the raw sockets: totals for the heartbeat, and a touch where somebody must have sent it on purpose.
import type { Counters } from '../touch/kernel-counters.ts';
import type { Touch } from '../touch/touch.ts';
import { type Unseen, type UnseenKind, unseenBetween } from './completeness.ts';
import type { Family } from './packet.ts';

/** Traffic to groups this pod has not joined is the network's own noise; the rest is aimed at the pod. */
const NOISE: ReadonlySet<UnseenKind> = new Set(['multicast', 'forwarded']);
const FAMILIES: readonly Family[] = [4, 6];
const WHOLES: Record<Family, string> = { 4: 'Ip.ReasmOKs', 6: 'Ip6ReasmOKs' };

export interface UnseenBooks {
  /** Takes a reading of the counters, and what the raw sockets delivered or dropped until after that reading. */
  settle(counters: Counters, delivered: Record<Family, number>, at: number): void;
  /** Since the start, by kind. */
  totals(): Record<string, number>;
}

/** `base` is a reading from before the first packet was delivered. */
export function createUnseenBooks(base: Counters, emit: (touch: Touch) => void): UnseenBooks {
  const told: Record<Family, Unseen> = { 4: {}, 6: {} };
  const highest: Record<Family, Unseen> = { 4: {}, 6: {} };
  const fragments: Record<Family, { seen: number; wholes: number }> = {
    4: newFragments(base, 4),
    6: newFragments(base, 6),
  };

  /** Fragments of whole datagrams are told by the datagram; those that stay alone are told once no more come. */
  function loneFragments(family: Family, total: number, counters: Counters): number {
    const state = fragments[family];
    const wholes = counters.get(WHOLES[family]) ?? 0;
    const grew = total !== state.seen;
    const completed = wholes !== state.wholes;
    state.seen = total;
    state.wholes = wholes;
    if (completed) told[family].fragment = total;
    return grew || completed ? 0 : total - (told[family].fragment ?? 0);
  }

  return {
    settle(counters, delivered, at) {
      for (const family of FAMILIES) {
        const now = unseenBetween(base, counters, family, delivered[family]);
        raise(highest[family], now);
        for (const [kind, total] of Object.entries(now) as [UnseenKind, number][]) {
          const before = told[family][kind] ?? 0;
          const more = kind === 'fragment' ? loneFragments(family, total, counters) : total - before;
          if (more <= 0) continue;
          told[family][kind] = before + more;
          if (!NOISE.has(kind)) emit(unseenTouch(family, kind, more, at));
        }
      }
    },
    totals() {
      const sums: Record<string, number> = {};
      for (const family of FAMILIES) {
        for (const [kind, count] of Object.entries(highest[family])) sums[kind] = (sums[kind] ?? 0) + count;
      }
      return sums;
    },
  };
}

function newFragments(base: Counters, family: Family): { seen: number; wholes: number } {
  return { seen: 0, wholes: base.get(WHOLES[family]) ?? 0 };
}

/** The unexplained rest is a lower bound that traffic in flight hides at times: the highest one is the truth. */
function raise(highest: Unseen, now: Unseen): void {
  for (const [kind, total] of Object.entries(now) as [UnseenKind, number][]) {
    highest[kind] = Math.max(highest[kind] ?? 0, total);
  }
}

/** What each kind is called in a sentence. */
const WORDS: Record<UnseenKind, string> = {
  fragment: 'lone fragment',
  'header-error': 'packet with a broken IP header',
  'address-error': 'packet for an impossible address',
  'unknown-protocol': 'packet of a protocol no socket can have',
  'no-route': 'packet without a route',
  discarded: 'packet the kernel had no memory for',
  forwarded: 'packet for somebody else',
  'reverse-path': 'packet from an address that cannot be there',
  multicast: 'packet to a group nobody joined',
  other: 'packet no counter explains',
};
const PROTOCOLS: Record<Family, number> = { 4: 4, 6: 41 };

/** Always written by itself, so that `unseen` and `count` say the same. */
function unseenTouch(family: Family, kind: UnseenKind, count: number, at: number): Touch {
  return {
    action: 'packets-counted',
    at,
    protocol: PROTOCOLS[family],
    count,
    outcome: 'unknown',
    honeypod: { unseen: { [kind]: count }, scan: { kind: 'ip-enumeration' } },
    message: `counted by the kernel, source unknown: ${WORDS[kind]}, IPv${family}, ${count} times`,
    foldKey: `unseen ${family} ${kind}`,
    urgent: true,
  };
}
