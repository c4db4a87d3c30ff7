// This machine's own addresses, kept up to date: a pod's IPv6 address may come after its process has started.
import { networkInterfaces } from 'node:os';

/** Replaces what `own` holds by the addresses of all interfaces now. */
export function refreshAddresses(own: Set<string>): void {
  own.clear();
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) own.add(address);
  }
}
