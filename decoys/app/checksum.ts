// The Internet checksum: RFC 1071, and RFC 8200 8.1 for what stands before a packet of IPv6.

/** Adds 16-bit words, big-endian; an odd last byte counts as a word's first. */
export function sumWords(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = 0;
  for (let at = start; at < end; at += 2) sum += (bytes[at]! << 8) | (at + 1 < end ? bytes[at + 1]! : 0);
  return sum;
}

/** Carries put back until sixteen bits are left. */
export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** The checksum of `bytes`, whose own checksum field holds zero. */
export function internetChecksum(bytes: Uint8Array): number {
  return ~foldSum(sumWords(bytes)) & 0xffff;
}

/** The sum of the pseudo-header of an IPv6 packet. */
export function pseudoHeaderSum(source: Uint8Array, destination: Uint8Array, bytes: number, protocol: number): number {
  return sumWords(source) + sumWords(destination) + foldSum(bytes) + protocol;
}
