// What the kernel received and no raw socket delivered, by kind: the check that nothing goes by unnoticed. Pure.
// Every packet counts once in Ip/Ip6InReceives and, unless it ends in one of the counters below, once in a raw socket.
import { type Counters, grown } from '../touch/kernel-counters.ts';
import type { Family } from './packet.ts';

/** `multicast` and `other` are what no counter explains; the rest are kernel counters under plain names. */
export type UnseenKind =
  | 'fragment'
  | 'header-error'
  | 'address-error'
  | 'unknown-protocol'
  | 'no-route'
  | 'discarded'
  | 'forwarded'
  | 'reverse-path'
  | 'multicast'
  | 'other';

export type Unseen = Partial<Record<UnseenKind, number>>;

const KINDS: Record<Family, Partial<Record<UnseenKind, readonly string[]>>> = {
  4: {
    'header-error': ['Ip.InHdrErrors', 'IpExt.InTruncatedPkts'],
    'address-error': ['Ip.InAddrErrors'],
    'unknown-protocol': ['Ip.InUnknownProtos'],
    'no-route': ['IpExt.InNoRoutes'],
    discarded: ['Ip.InDiscards'],
    forwarded: ['Ip.ForwDatagrams'],
    'reverse-path': ['TcpExt.IPReversePathFilter'],
  },
  6: {
    'header-error': ['Ip6InHdrErrors', 'Ip6InTruncatedPkts', 'Ip6InTooBigErrors'],
    'address-error': ['Ip6InAddrErrors'],
    'unknown-protocol': ['Ip6InUnknownProtos'],
    'no-route': ['Ip6InNoRoutes'],
    discarded: ['Ip6InDiscards'],
    forwarded: ['Ip6OutForwDatagrams'],
  },
};
const FRAGMENTS: Record<Family, { readonly parts: string; readonly wholes: string }> = {
  4: { parts: 'Ip.ReasmReqds', wholes: 'Ip.ReasmOKs' },
  6: { parts: 'Ip6ReasmReqds', wholes: 'Ip6ReasmOKs' },
};
const RECEIVED: Record<Family, string> = { 4: 'Ip.InReceives', 6: 'Ip6InReceives' };
const GROUP_PACKETS: Record<Family, readonly string[]> = {
  4: ['IpExt.InMcastPkts', 'IpExt.InBcastPkts'],
  6: ['Ip6InMcastPkts'],
};

/** Packets the kernel received between two reads. */
export function receivedBetween(before: Counters, after: Counters, family: Family): number {
  return grown(before, after, RECEIVED[family]);
}

/**
 * What was received between two reads and never delivered. `delivered` is what the raw sockets handed over or dropped
 * since `before`, read after `after`: so the unexplained rest is never too large, and exact once traffic pauses.
 */
export function unseenBetween(before: Counters, after: Counters, family: Family, delivered: number): Unseen {
  const unseen: Unseen = {};
  let rest = receivedBetween(before, after, family) - delivered;
  for (const [kind, names] of Object.entries(KINDS[family]) as [UnseenKind, readonly string[]][]) {
    const count = names.reduce((sum, name) => sum + grown(before, after, name), 0);
    if (count > 0) unseen[kind] = count;
    rest -= count;
  }
  const { parts, wholes } = FRAGMENTS[family];
  // A datagram of n fragments is received n times and delivered once.
  const fragments = grown(before, after, parts) - grown(before, after, wholes);
  if (fragments > 0) unseen.fragment = fragments;
  rest -= Math.max(0, fragments);
  if (rest <= 0) return unseen;
  const groups = GROUP_PACKETS[family].reduce((sum, name) => sum + grown(before, after, name), 0);
  const multicast = Math.min(rest, groups);
  if (multicast > 0) unseen.multicast = multicast;
  if (rest > multicast) unseen.other = rest - multicast;
  return unseen;
}
