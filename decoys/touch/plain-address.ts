// The address of a peer as people write it: IPv4 that came over an IPv6 socket without what maps it. RFC 4291 section 2.5.5.2.

const MAPPED = '::ffff:';

/** `::ffff:192.0.2.1` as `192.0.2.1`, any other address as it is; empty where there is none any more. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address;
}
