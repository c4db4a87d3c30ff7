// Which of our addresses an IPv6 packet was sent to. Raw sockets do not tell (ipv6(7)), but the checksums of TCP, UDP and ICMPv6
// cover the destination (RFC 8200 8.1): it is the address for which they are right.
import { ipv6Bytes } from './address.ts';
import { nearestAddress, type OwnAddresses } from './addresses.ts';
import { foldSum, pseudoHeaderSum, sumWords } from './checksum.ts';
import { type Packet, PROTOCOL } from './packet.ts';

const ALL_NODES = 'ff02::1';
/** Addresses tried; a pod has two, one of them link-local. */
const TRIED = 16;
const RIGHT = 0xffff;

/** Where the checksum lies in each protocol's header. */
const CHECKSUM_OFFSETS = new Map<number, number>([
  [PROTOCOL.tcp, 16],
  [PROTOCOL.udp, 6],
  [PROTOCOL.icmpv6, 2],
]);

/** The address asked, as the checksum says it; the nearest one where it says nothing. Undefined where there is none. */
export function askedAddress(packet: Packet, own: OwnAddresses): string | undefined {
  const { data, source, protocol, headerBytes: start, payloadEnd: end } = packet;
  const nearest = nearestAddress(source, own);
  const offset = CHECKSUM_OFFSETS.get(protocol);
  if (offset === undefined || end - start < offset + 2) return nearest;
  const from = ipv6Bytes(source);
  const sum = sumWords(data, start, end);
  const field = (data[start + offset]! << 8) | data[start + offset + 1]!;
  for (const address of candidates(nearest, own)) {
    const pseudo = pseudoHeaderSum(from, ipv6Bytes(address), end - start, protocol);
    // Between two pods of a node the sender leaves the rest of the sum to a network card that never comes.
    if (foldSum(sum + pseudo) === RIGHT || foldSum(pseudo) === field) return address;
  }
  return nearest;
}

function* candidates(nearest: string | undefined, own: OwnAddresses): Generator<string> {
  if (nearest !== undefined) yield nearest;
  let left = TRIED;
  for (const address of own.keys()) {
    if (!address.includes(':') || address === nearest) continue;
    if (left-- === 0) break;
    yield address;
  }
  yield ALL_NODES;
}
