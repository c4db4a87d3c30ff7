// Beside other programs: whose packet is it? Each is somebody's, once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConversations, WAITING_LIMIT } from '../../decoys/app/conversations.ts';
import { flowOf, parseSockets } from '../../decoys/app/machine-sockets.ts';
import { parsePacket } from '../../decoys/app/packet.ts';

const SERVER_PORT = 8_080;

function tcp(source: string, sourcePort: number, destinationPort: number, flags: number, at = 0) {
  const data = Buffer.alloc(40);
  data[0] = 0x45;
  data.writeUInt16BE(40, 2);
  data[8] = 64;
  data[9] = 6;
  data.set([10, 0, 0, 2], 16);
  data.writeUInt16BE(sourcePort, 20);
  data.writeUInt16BE(destinationPort, 22);
  data[32] = 0x50;
  data[33] = flags;
  return parsePacket({ data, length: data.length, source, family: 4, protocol: 6, at });
}

function sorting(flows: ReadonlySet<string> = new Set()) {
  const seen = { touches: 0, theirs: 0 };
  const conversations = createConversations({
    sockets: { listens: (port) => port === SERVER_PORT, has: (flow) => flows.has(flow) },
    onTouch: () => {
      seen.touches++;
    },
    onTheirs: (packets) => {
      seen.theirs += packets;
    },
  });
  return {
    seen,
    conversations,
    send(...packet: Parameters<typeof tcp>) {
      const side = conversations.sort(tcp(...packet));
      if (side === 'touch') seen.touches++;
      if (side === 'theirs') seen.theirs++;
      return side;
    },
    finish() {
      conversations.giveUp(Number.POSITIVE_INFINITY);
      conversations.settle();
      return seen;
    },
  };
}

describe('conversations of other programs', () => {
  it('are theirs once the handshake completes: SYN, ACK, data, FIN', () => {
    const { send, finish } = sorting();
    for (const flags of [2, 16, 24, 17]) send('10.0.0.9', 40_000, SERVER_PORT, flags);
    expect(finish()).toEqual({ touches: 0, theirs: 4 });
  });

  it('are none where the scanner resets or nobody answers', () => {
    const { send, finish } = sorting();
    send('10.0.0.9', 40_000, SERVER_PORT, 2);
    send('10.0.0.9', 40_000, SERVER_PORT, 4);
    send('10.0.0.9', 40_001, SERVER_PORT, 2);
    expect(finish()).toEqual({ touches: 2, theirs: 1 });
  });

  it('are none on a port nobody listens on, at once', () => {
    expect(sorting().send('10.0.0.9', 40_000, 22, 2)).toBe('touch');
  });

  it('give a SYN its second, then tell it', () => {
    const { send, conversations, seen } = sorting();
    send('10.0.0.9', 40_000, SERVER_PORT, 2, 5_000);
    conversations.giveUp(5_900);
    expect(seen.touches).toBe(0);
    conversations.giveUp(6_000);
    expect(seen.touches).toBe(1);
  });

  it('are looked up among the sockets of the machine where they began before', () => {
    const { send, finish } = sorting(new Set([flowOf('10.0.0.9', 443, 50_000)]));
    send('10.0.0.9', 443, 50_000, 24);
    send('10.0.0.9', 443, 50_001, 24);
    expect(finish()).toEqual({ touches: 1, theirs: 1 });
  });

  it('account for every packet once, whatever comes, within their bounds', () => {
    const anyPacket = fc.tuple(
      fc.constantFrom('10.0.0.8', '10.0.0.9'),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(SERVER_PORT, 22, 50_000),
      fc.integer({ min: 0, max: 63 }),
    );
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 60 }), (packets) => {
        const { send, finish } = sorting(new Set([flowOf('10.0.0.9', 2, 50_000)]));
        for (const packet of packets) send(...packet);
        const { touches, theirs } = finish();
        expect(touches + theirs).toBe(packets.length);
      }),
      { numRuns: 500 },
    );
    const { send, seen, finish } = sorting();
    for (let port = 1; port <= WAITING_LIMIT + 10; port++) send('10.0.0.9', port, SERVER_PORT, 2);
    expect(seen.touches).toBe(10);
    expect(finish().touches).toBe(WAITING_LIMIT + 10);
  });
});

describe('the list of sockets', () => {
  it('reads as the kernel writes it, IPv4, IPv6 and mapped', () => {
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
      '   1: 020000C0:C350 0101010A:01BB 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
      '   2: 00000000000000000000000001000000:0050 B80D01200000000000000000010000FE:C001 01 00000000:00000000 00:0 0 0 0 1',
      '   3: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000100007F:C002 06 00000000:00000000 00:0 0 0 0 1',
      'nonsense',
    ].join('\n');
    expect(parseSockets(text)).toEqual([
      { ownPort: 8_080, peer: '0.0.0.0', peerPort: 0, listens: true },
      { ownPort: 50_000, peer: '10.1.1.1', peerPort: 443, listens: false },
      { ownPort: 80, peer: '2001:db8::fe00:1', peerPort: 49_153, listens: false },
      { ownPort: 80, peer: '127.0.0.1', peerPort: 49_154, listens: false },
    ]);
  });
});
