// This machine's own addresses, kept up to date: a pod's IPv6 address may come after its process has started.
import { networkInterfaces } from 'node:os';
import { ipv6Bytes, sharedBytes } from './address.ts';

const LINK_LOCAL = 'fe80:';
const LOOPBACK = '::1';

/** Replaces what `own` holds by the addresses of all interfaces now. */
export function refreshAddresses(own: Set<string>): void {
  own.clear();
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) own.add(address);
  }
}

/**
 * The IPv6 address of ours that a peer most likely asked, since raw sockets do not tell: the peer's own where it is this
 * machine, else the nearest of the same scope. A pod has one. Undefined where there is none.
 */
export function nearestAddress(peer: string, own: ReadonlySet<string>): string | undefined {
  if (own.has(peer)) return peer;
  const local = peer.startsWith(LINK_LOCAL);
  const wanted = ipv6Bytes(peer);
  let nearest: string | undefined;
  let most = -1;
  for (const address of own) {
    if (!address.includes(':') || address === LOOPBACK || address.startsWith(LINK_LOCAL) !== local) continue;
    const shared = sharedBytes(ipv6Bytes(address), wanted);
    if (shared > most) {
      nearest = address;
      most = shared;
    }
  }
  return nearest;
}
