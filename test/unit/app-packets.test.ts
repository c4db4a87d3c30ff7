// The packet parser and everything behind it up to touches: any bytes at all, never a throw, never an uncounted packet.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6Bytes, ipv6Text } from '../../decoys/app/address.ts';
import { type Delivery, parsePacket } from '../../decoys/app/packet.ts';
import { createRefusals } from '../../decoys/app/refusals.ts';
import { readTcpOptions, tcpOptionsText } from '../../decoys/app/tcp-options.ts';
import { createTracker } from '../../decoys/app/tracker.ts';
import type { Touch } from '../../decoys/touch/touch.ts';

const EVERYTHING = new Set(Array.from({ length: 256 }, (_, protocol) => protocol));

function delivery(bytes: Uint8Array, family: 4 | 6, protocol: number): Delivery {
  // As in life: the packet lies at the start of a larger buffer that holds remains of others.
  const data = Buffer.alloc(65_535, 0xee);
  data.set(bytes);
  return { data, length: bytes.length, source: family === 4 ? '10.1.2.3' : 'fd00::3', family, protocol, at: 1_000 };
}

/** An IPv4 header whose fields are right, in front of any bytes: gets further into the parser than noise does. */
function ipv4(protocol: number, body: Uint8Array, { options = 0, ttl = 64 } = {}): Buffer {
  const header = Buffer.alloc(20 + options * 4);
  header[0] = 0x40 | (5 + options);
  header.writeUInt16BE(Math.min(header.length + body.length, 65_535), 2);
  header[8] = ttl;
  header[9] = protocol;
  header.set([10, 1, 2, 3], 12);
  header.set([10, 1, 2, 2], 16);
  return Buffer.concat([header, body]);
}

const anyDelivery = fc.oneof(
  fc
    .tuple(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(4 as const, 6 as const), fc.integer({ min: 1, max: 255 }))
    .map(([bytes, family, protocol]) => delivery(bytes, family, protocol)),
  fc
    .tuple(fc.constantFrom(1, 2, 6, 17, 33, 58, 132, 136, 200), fc.uint8Array({ maxLength: 120 }), fc.nat(10))
    .map(([protocol, body, options]) => delivery(ipv4(protocol, body, { options }), 4, protocol)),
);

function collecting() {
  const touches: Touch[] = [];
  const tracker = createTracker({ emit: (touch) => touches.push(touch), wants: () => true, asked: () => 'fd00::2' });
  return { tracker, touches, counted: () => touches.reduce((sum, { count = 1 }) => sum + count, 0) };
}

describe('packets', () => {
  it('of any bytes are parsed within their bounds, counted once each and never throw', () => {
    fc.assert(
      fc.property(fc.array(anyDelivery, { maxLength: 30 }), (deliveries) => {
        const { tracker, counted } = collecting();
        const refuse = createRefusals({
          refused: { 4: EVERYTHING, 6: EVERYTHING },
          own: new Map([
            ['10.1.2.2', 'eth0'],
            ['fd00::2', 'eth0'],
          ]),
          ttl: 64,
        });
        for (const each of deliveries) {
          const packet = parsePacket(each);
          expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
          expect(packet.payloadEnd).toBeLessThanOrEqual(each.length);
          const answer = refuse(packet, 0);
          expect(answer?.packet.length ?? 0).toBeLessThanOrEqual(1_280);
          tracker.observe(packet);
        }
        tracker.flush();
        expect(counted()).toBe(deliveries.length);
      }),
      { numRuns: 400 },
    );
  });

  it('with any TCP options give a text that is bounded by their bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = tcpOptionsText(Buffer.from(bytes), 0, bytes.length);
        const { mss } = readTcpOptions(Buffer.from(bytes), 0, bytes.length);
        expect(text.includes(`M${mss}`)).toBe(mss > 0);
        expect(text.split(',').length).toBeLessThanOrEqual(40);
        expect(text).toMatch(/^[A-Z0-9?!,]*$/);
      }),
    );
  });

  it('keep no reference to the bytes they came from', () => {
    const { tracker, touches } = collecting();
    const first = delivery(ipv4(17, Buffer.from('\x04\xd2\x00\x35\x00\x0d\x00\x00hello', 'latin1')), 4, 17);
    tracker.observe(parsePacket(first));
    first.data.fill(0);
    expect(touches[0]?.honeypod).toMatchObject({ payload: 'hello', payload_bytes: 5 });
  });
});

/** Packets of a capture file (pcap, Ethernet), as raw sockets would deliver them: IPv6 without its header. */
function captured(): Delivery[] {
  const file = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'app', 'scanners.pcap'));
  const deliveries: Delivery[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    const ip = frame.subarray(14);
    if (frame.readUInt16BE(12) === 0x86dd) deliveries.push(delivery(ip.subarray(40), 6, ip[6]!));
    else deliveries.push(delivery(ip, 4, ip[9]!));
  }
  return deliveries;
}

describe('packets that nmap, hping3, ping and traceroute sent', () => {
  const packets = captured();

  it('are all understood, but for the empty ones of protocol scans and the parts of fragments', () => {
    const parsed = packets.map(parsePacket);
    const whole = parsed.filter((packet) => packet.malformed === undefined);
    expect(parsed.length).toBeGreaterThan(150);
    expect(whole.length / parsed.length).toBeGreaterThan(0.9);
    expect(parsed.some((packet) => packet.destinationPort === 0)).toBe(true);
    expect(parsed.some((packet) => packet.headerBytes > 20)).toBe(true);
  });

  it('may be cut, stretched and damaged anywhere and are still counted once each', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            packet: fc.nat(packets.length - 1),
            cut: fc.option(fc.nat(200)),
            flips: fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 8 }),
            tail: fc.uint8Array({ maxLength: 30 }),
          }),
          { maxLength: 40 },
        ),
        (changes) => {
          const { tracker, counted } = collecting();
          for (const { packet, cut, flips, tail } of changes) {
            const { data, length, family, protocol } = packets[packet]!;
            const bytes = Buffer.concat([data.subarray(0, Math.min(length, cut ?? length)), tail]);
            for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
            tracker.observe(parsePacket(delivery(bytes, family, protocol)));
          }
          tracker.flush();
          expect(counted()).toBe(changes.length);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('IPv6 addresses', () => {
  it('read back from the text they are written as', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 0xfe80, 0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
        const bytes = Buffer.alloc(16);
        groups.forEach((group, at) => {
          bytes.writeUInt16BE(group, at * 2);
        });
        expect(ipv6Bytes(ipv6Text(bytes, 0))).toEqual(bytes);
      }),
    );
  });
});
