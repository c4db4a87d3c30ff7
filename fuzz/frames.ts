// Ethernet frames for the app decoy: those recorded of real scanners, changed, with lengths and checksums mostly put right again so that
// the change is reached. Capture files: https://datatracker.ietf.org/doc/html/draft-ietf-opsawg-pcap; headers: RFC 791, 8200, 9293.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { internetChecksum } from '../decoys/app/checksum.ts';
import { latin1, once, pick, type Random } from './case.ts';
import { mutated } from './mutate.ts';

const PCAP_HEADER_BYTES = 24;
const PCAP_RECORD_BYTES = 16;
const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const IPV6_TYPE = 0x86dd;
/** What fits a cable of usual MTU. */
const FRAME_BYTES = 1_514;
const WORDS = [
  '\0\0\0\0',
  '\xff\xff\xff\xff',
  '\x45',
  '\x4f',
  '\x60',
  '\x02\x04\x05\xb4',
  '\x01\x01\x08\x0a',
  '\x03\x03\x07',
  '\x3a\0\x05\x02\0\0',
];

export interface Ends {
  /** Link addresses, six bytes. */
  readonly fromLink: Buffer;
  readonly toLink: Buffer;
  /** Network addresses as bytes. */
  readonly from4: Buffer;
  readonly to4: Buffer;
  readonly from6: Buffer;
  readonly to6: Buffer;
}

/** IP packets of the recorded frames, as latin1. */
const PACKETS: readonly string[] = recorded();

function recorded(): string[] {
  const file = readFileSync(join(import.meta.dirname, '..', 'test', 'fixtures', 'app', 'scanners.pcap'));
  const packets: string[] = [];
  for (let at = PCAP_HEADER_BYTES; at + PCAP_RECORD_BYTES <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    packets.push(latin1(file.subarray(at + PCAP_RECORD_BYTES + ETHERNET_BYTES, at + PCAP_RECORD_BYTES + length)));
    at += PCAP_RECORD_BYTES + length;
  }
  return packets;
}

/** One IP packet, changed. Addresses stand in later: a case does not depend on them. */
export function dealPacket(random: Random): string {
  const base = pick(PACKETS, random);
  const text = once(10, random) ? base : mutated(base, random, WORDS, PACKETS);
  const bytes = Buffer.from(text.slice(0, FRAME_BYTES - ETHERNET_BYTES), 'latin1');
  if (bytes.length < IPV4_BYTES) return latin1(bytes);
  // The IP protocols: whatever a byte can say, most often one that is listened for.
  if (once(8, random)) bytes[9] = pick([1, 2, 4, 6, 17, 41, 47, 50, 51, 58, 89, 132, 136, random(256)], random);
  return latin1(bytes);
}

/** The frame as it goes over the cable; `repair` puts version, lengths and checksums right. */
export function frameOf(packet: string, ends: Ends, repair: boolean): Buffer {
  const bytes = Buffer.from(packet, 'latin1');
  const isSix = (bytes[0] ?? 0) >> 4 === 6;
  if (repair && isSix && bytes.length >= IPV6_BYTES) repairSix(bytes, ends);
  else if (repair && bytes.length >= IPV4_BYTES) repairFour(bytes, ends);
  const head = Buffer.concat([
    ends.toLink,
    ends.fromLink,
    Buffer.from(isSix ? [IPV6_TYPE >> 8, IPV6_TYPE & 255] : [8, 0]),
  ]);
  return Buffer.concat([head, bytes]);
}

function repairFour(bytes: Buffer, { from4, to4 }: Ends): void {
  bytes[0] = 0x40 | Math.max(5, Math.min((bytes[0] ?? 0) & 15, bytes.length >> 2));
  bytes.writeUInt16BE(bytes.length, 2);
  from4.copy(bytes, 12);
  to4.copy(bytes, 16);
  bytes.writeUInt16BE(0, 10);
  const headBytes = ((bytes[0] ?? 0) & 15) * 4;
  bytes.writeUInt16BE(internetChecksum(bytes.subarray(0, headBytes)), 10);
  // Of a fragment the checksum is the whole datagram's.
  if ((bytes.readUInt16BE(6) & 0x3fff) === 0)
    repairPayload(bytes.subarray(headBytes), bytes[9] ?? 0, Buffer.concat([from4, to4]));
}

function repairSix(bytes: Buffer, { from6, to6 }: Ends): void {
  bytes.writeUInt16BE(bytes.length - IPV6_BYTES, 4);
  from6.copy(bytes, 8);
  to6.copy(bytes, 24);
  repairPayload(bytes.subarray(IPV6_BYTES), bytes[6] ?? 0, Buffer.concat([from6, to6]));
}

/** Where each protocol keeps its checksum, and whether addresses are part of it. */
const CHECKSUMS: Readonly<Record<number, { readonly at: number; readonly addressed: boolean }>> = {
  1: { at: 2, addressed: false },
  6: { at: 16, addressed: true },
  17: { at: 6, addressed: true },
  58: { at: 2, addressed: true },
};

function repairPayload(payload: Buffer, protocol: number, addresses: Buffer): void {
  const place = CHECKSUMS[protocol];
  if (!place || payload.length < place.at + 2) return;
  if (protocol === 17) payload.writeUInt16BE(payload.length, 4);
  payload.writeUInt16BE(0, place.at);
  const pseudo = Buffer.from([0, protocol, payload.length >> 8, payload.length & 255]);
  const covered = place.addressed ? Buffer.concat([addresses, pseudo, payload]) : payload;
  payload.writeUInt16BE(internetChecksum(covered), place.at);
}

/** A capture file with these frames, for whatever replays one. */
export function captureOf(frames: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(PCAP_HEADER_BYTES);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  const records = frames.flatMap((frame) => {
    const record = Buffer.alloc(PCAP_RECORD_BYTES);
    const bytes = frame.subarray(0, FRAME_BYTES);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return [record, bytes];
  });
  return Buffer.concat([head, ...records]);
}
