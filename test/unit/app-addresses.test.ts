// Addresses over IPv6, where the kernel tells less: which of ours was asked, and how a link-local peer is answered.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6Bytes } from '../../decoys/app/address.ts';
import { askedAddress } from '../../decoys/app/asked-address.ts';
import { foldSum, pseudoHeaderSum, sumWords } from '../../decoys/app/checksum.ts';
import { parsePacket } from '../../decoys/app/packet.ts';
import { createRefusals } from '../../decoys/app/refusals.ts';

const OWN = new Map(
  ['127.0.0.1', '10.0.0.2', '::1', 'fd00::2', 'fd00::7:2', '2001:db8:5::2', 'fe80::2'].map((ip) => [ip, 'eth0']),
);
const OFFSETS = new Map([
  [6, 16],
  [17, 6],
  [58, 2],
]);

const anyAsked = fc.record({
  protocol: fc.constantFrom(...OFFSETS.keys()),
  destination: fc.constantFrom('fd00::2', 'fd00::7:2', '2001:db8:5::2', 'fe80::2', 'ff02::1'),
  source: fc.constantFrom('fd00::9', 'fd00::7:9', '2001:db8:5::9', '2001:db8:6::1', 'fe80::9'),
  body: fc.uint8Array({ minLength: 20, maxLength: 300 }),
  /** As the network card of another pod of the node would leave it. */
  partial: fc.boolean(),
});

describe('the address an IPv6 packet was sent to', () => {
  it('is the one its checksum is right for', () => {
    fc.assert(
      fc.property(anyAsked, ({ protocol, destination, source, body, partial }) => {
        const data = Buffer.from(body);
        const offset = OFFSETS.get(protocol)!;
        data.writeUInt16BE(0, offset);
        const pseudo = pseudoHeaderSum(ipv6Bytes(source), ipv6Bytes(destination), data.length, protocol);
        const whole = ~foldSum(pseudo + sumWords(data)) & 0xffff;
        data.writeUInt16BE(partial ? foldSum(pseudo) : whole, offset);
        const packet = parsePacket({ data, length: data.length, source, family: 6, protocol, at: 0 });
        const asked = askedAddress(packet, OWN)!;
        // Two addresses whose words add up to the same cannot be told apart; none of these do.
        expect(asked).toBe(destination);
      }),
      // A wrong address fits by chance one time in 65,536.
      { numRuns: 300, seed: 7 },
    );
  });

  it('is the nearest where there is no checksum, or a wrong one', () => {
    const odd = { data: Buffer.alloc(40, 1), length: 40, source: '2001:db8:5::9', family: 6 as const, at: 0 };
    for (const protocol of [47, 6]) expect(askedAddress(parsePacket({ ...odd, protocol }), OWN)).toBe('2001:db8:5::2');
  });
});

describe('a protocol nobody speaks', () => {
  it('is refused to a link-local peer too, over the link it asked by', () => {
    const refuse = createRefusals({ refused: { 4: new Set(), 6: new Set([91]) }, own: OWN, ttl: 64 });
    const data = Buffer.alloc(24);
    const packet = parsePacket({ data, length: data.length, source: 'fe80::9%eth0', family: 6, protocol: 91, at: 0 });
    const answer = refuse(packet, 1_000);
    expect(answer?.address).toBe('fe80::9%eth0');
    expect(answer?.packet.subarray(8, 24)).toEqual(ipv6Bytes('fe80::2'));
    expect([...answer!.packet.subarray(40, 42)]).toEqual([4, 1]);
  });
});
