// This machine's own addresses, kept up to date: a pod's IPv6 address may come after its process has started.
import { networkInterfaces } from 'node:os';
import { ipv6Bytes, sharedBytes } from './address.ts';

const LINK_LOCAL = 'fe80:';
const LOOPBACK = '::1';

/** Every address of this machine, with the name of its interface. */
export type OwnAddresses = ReadonlyMap<string, string>;

/** Replaces what `own` holds by the addresses of all interfaces now. */
export function refreshAddresses(own: Map<string, string>): void {
  own.clear();
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address } of addresses ?? []) own.set(address, name);
  }
}

export function isLinkLocal(address: string): boolean {
  return address.startsWith(LINK_LOCAL);
}

/**
 * The IPv6 address of ours that a peer most likely asked, where the packet does not tell: the peer's own where it is this
 * machine, else the nearest of the same scope. A pod has one. Undefined where there is none.
 */
export function nearestAddress(peer: string, own: OwnAddresses): string | undefined {
  if (own.has(peer)) return peer;
  const local = isLinkLocal(peer);
  const wanted = ipv6Bytes(peer);
  let nearest: string | undefined;
  let most = -1;
  for (const address of own.keys()) {
    if (!address.includes(':') || address === LOOPBACK || isLinkLocal(address) !== local) continue;
    const shared = sharedBytes(ipv6Bytes(address), wanted);
    if (shared > most) {
      nearest = address;
      most = shared;
    }
  }
  return nearest;
}
