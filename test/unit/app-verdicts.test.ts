// Verdicts on packets drawn at random: kinds of scan, ports, order, pace, addresses, all at once; every packet told once, none under a wrong name.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePacket } from '../../decoys/app/packet.ts';
import { SOURCES, STREAMS, WIDE_STREAMS } from '../../decoys/app/sources.ts';
import { createTracker } from '../../decoys/app/tracker.ts';
import type { Verdict } from '../../decoys/app/verdict.ts';
import type { Touch } from '../../decoys/touch/touch.ts';

const HOUR = 3_600_000;
const NMAP_SYN = { flags: 2, window: 1_024, options: [2, 4, 5, 0xb4] };
const OS_SYN = { flags: 2, window: 64_240, options: [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7] };

interface Layer4 {
  readonly protocol: number;
  readonly bytes: Buffer;
}

function tcp(port: number, { flags, window, options }: { flags: number; window: number; options: number[] }): Layer4 {
  const bytes = Buffer.alloc(20 + options.length);
  bytes.writeUInt16BE(40_000, 0);
  bytes.writeUInt16BE(port, 2);
  bytes[12] = (bytes.length / 4) << 4;
  bytes[13] = flags;
  bytes.writeUInt16BE(window, 14);
  bytes.set(options, 20);
  return { protocol: 6, bytes };
}

function flagged(flags: number): (port: number) => Layer4 {
  return (port) => tcp(port, { flags, window: 2_048, options: [] });
}

function udp(port: number): Layer4 {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(port, 2);
  bytes.writeUInt16BE(12, 4);
  return { protocol: 17, bytes };
}

const ECHO: Layer4 = { protocol: 1, bytes: Buffer.from([8, 0, 0, 0, 0, 1, 0, 1]) };

function ipv4(source: string, { protocol, bytes }: Layer4, ttl: number): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + bytes.length, 2);
  header[8] = ttl;
  header[9] = protocol;
  header.set(source.split('.').map(Number), 12);
  header.set([10, 0, 0, 2], 16);
  return Buffer.concat([header, bytes]);
}

/** What a source does, and what it must be called for it. */
interface Behaviour {
  readonly packet: (port: number) => Layer4;
  /** Earned with any port, and with four of them. */
  readonly any: readonly Verdict[];
  readonly four: readonly Verdict[];
  readonly kind: { readonly few: Verdict; readonly many: Verdict };
}

function shape(verdict: Verdict, flags: number): Behaviour {
  return { packet: flagged(flags), any: [verdict], four: ['port-scan'], kind: { few: verdict, many: verdict } };
}

const BEHAVIOURS: Record<string, Behaviour> = {
  ping: { packet: () => ECHO, any: [], four: [], kind: { few: 'ip-enumeration', many: 'ip-enumeration' } },
  syn: {
    packet: (port) => tcp(port, NMAP_SYN),
    any: ['syn'],
    four: ['port-scan'],
    kind: { few: 'ip-enumeration', many: 'syn' },
  },
  connect: {
    packet: (port) => tcp(port, OS_SYN),
    any: ['connect'],
    four: ['port-scan'],
    kind: { few: 'ip-enumeration', many: 'connect' },
  },
  udp: { packet: udp, any: [], four: ['port-scan', 'udp-scan'], kind: { few: 'ip-enumeration', many: 'udp-scan' } },
  fin: shape('fin', 1),
  null: shape('null', 0),
  xmas: shape('xmas', 41),
  ack: shape('ack', 16),
  maimon: shape('maimon', 17),
  synfin: shape('synfin', 3),
  odd: shape('odd', 44),
  synack: { packet: flagged(18), any: ['backscatter'], four: [], kind: { few: 'backscatter', many: 'backscatter' } },
};

/** Any port but those that traceroute has for itself. */
const anyPort = fc.oneof(fc.integer({ min: 0, max: 33_000 }), fc.integer({ min: 34_000, max: 65_535 }));
const anySource = fc.record({
  behaviour: fc.constantFrom(...Object.keys(BEHAVIOURS)),
  ports: fc.uniqueArray(anyPort, { minLength: 1, maxLength: 40 }),
  repeats: fc.integer({ min: 1, max: 3 }),
});

function watch() {
  const touches: Touch[] = [];
  const tracker = createTracker({ emit: (touch) => touches.push(touch), wants: () => true, asked: () => undefined });
  return {
    touches,
    tracker,
    send(source: string, layer4: Layer4, at: number, ttl = 60) {
      const data = ipv4(source, layer4, ttl);
      tracker.observe(parsePacket({ data, length: data.length, source, family: 4, protocol: layer4.protocol, at }));
    },
    of: (source: string) => touches.filter((touch) => touch.source?.ip === source),
  };
}

function counted(touches: readonly Touch[]): number {
  return touches.reduce((sum, { count = 1 }) => sum + count, 0);
}

describe('verdicts', () => {
  it('name each of many sources by what it did, whatever the ports, the order and the pace', () => {
    fc.assert(
      fc.property(
        fc.array(anySource, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (sources, chance) => {
          const { send, tracker, of, touches } = watch();
          const queues = sources.map(({ behaviour, ports, repeats }, at) => ({
            ip: `10.0.1.${at + 1}`,
            packets: Array.from({ length: repeats }, () => ports)
              .flat()
              .map(BEHAVIOURS[behaviour]!.packet),
          }));
          let now = 1_764_000_000_000;
          let sent = 0;
          for (let left = queues.slice(); left.length > 0; left = left.filter((queue) => queue.packets.length > 0)) {
            const queue = left[Math.min(left.length - 1, Math.floor(chance.next().value! * left.length))]!;
            const packet = queue.packets.shift();
            if (packet) send(queue.ip, packet, now);
            sent++;
            // From a burst to a scan of a port every quarter of an hour.
            now += Math.round(chance.next().value! ** 6 * (HOUR / 4));
            if (chance.next().value! < 0.2) tracker.flush();
          }
          tracker.flush();
          expect(counted(touches)).toBe(sent);
          sources.forEach(({ behaviour, ports }, at) => {
            const expected = BEHAVIOURS[behaviour]!;
            const scan = of(`10.0.1.${at + 1}`).at(-1)?.honeypod?.scan;
            const many = ports.length >= 4;
            const kinds = ['ip-enumeration', ...expected.any, ...(many ? expected.four : [])];
            expect([...(scan?.kinds ?? [])].sort(), behaviour).toEqual(kinds.sort());
            expect(scan?.kind, behaviour).toBe(many ? expected.kind.many : expected.kind.few);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('find a scan of one port every six hours, and forget it a day after its last packet', () => {
    const { send, of } = watch();
    [22, 80, 443, 3_306].forEach((port, at) => {
      send('10.0.0.9', tcp(port, NMAP_SYN), at * 6 * HOUR);
    });
    expect(of('10.0.0.9').at(-1)?.honeypod?.scan?.kinds).toContain('port-scan');
    send('10.0.0.9', tcp(25, NMAP_SYN), (18 + 25) * HOUR);
    expect(of('10.0.0.9').at(-1)?.honeypod?.scan?.kinds).not.toContain('port-scan');
  });

  it('take two low TTLs for a traceroute, and ports 33434 on with them for no scan', () => {
    const { send, of } = watch();
    for (let probe = 0; probe < 15; probe++) send('10.0.0.9', udp(33_434 + probe), probe, 1 + Math.floor(probe / 3));
    const scan = of('10.0.0.9').at(-1)?.honeypod?.scan;
    expect(scan).toEqual({ kind: 'traceroute', kinds: ['ip-enumeration', 'traceroute'] });
  });

  it('stay with a scanner while a hundred thousand addresses pass by once', () => {
    const { send, tracker, of, touches } = watch();
    let sent = 0;
    for (let number = 0; number < 100_000; number++) {
      const [a, b] = [(number >> 8) & 255, number & 255];
      send(`11.${number >> 16}.${a}.${b}`, tcp(80, NMAP_SYN), number / 20);
      sent++;
      if (number % 25_000 !== 0) continue;
      for (const port of [number, number + 1]) send('10.0.0.9', tcp(1_000 + (port % 60_000), NMAP_SYN), number / 20);
      sent += 2;
    }
    tracker.flush();
    expect(counted(touches)).toBe(sent);
    expect(of('10.0.0.9').at(-1)?.honeypod?.scan?.kinds).toContain('port-scan');
    expect(of('10.0.0.9').at(-1)?.ports?.size).toBe(8);
  }, 20_000);

  it('keep their memory bounded when more sources scan than can be kept, and still tell every packet', () => {
    const { send, tracker, touches } = watch();
    const scanners = SOURCES + 200;
    let sent = 0;
    for (let scanner = 0; scanner < scanners; scanner++) {
      for (let port = 1; port <= (scanner < WIDE_STREAMS + 20 ? 40 : 3); port++) {
        send(`12.0.${scanner >> 8}.${scanner & 255}`, tcp(port, NMAP_SYN), scanner);
        sent++;
      }
    }
    expect(tracker.knows('12.0.0.0')).toBe(false);
    expect(tracker.knows(`12.0.${(scanners - 1) >> 8}.${(scanners - 1) & 255}`)).toBe(true);
    tracker.flush();
    expect(counted(touches)).toBe(sent);
  }, 20_000);

  it('forget the oldest where every source sends every kind of packet, and still tell each of them', () => {
    const { send, tracker, touches } = watch();
    let sent = 0;
    const sources = Math.ceil(STREAMS / 12) + 100;
    for (let source = 0; source < sources; source++) {
      for (const { packet } of Object.values(BEHAVIOURS)) {
        for (const port of [1, 2]) send(`12.1.${source >> 8}.${source & 255}`, packet(port), source);
        sent += 2;
      }
    }
    expect(tracker.knows('12.1.0.0')).toBe(false);
    expect(tracker.knows(`12.1.${(sources - 1) >> 8}.${(sources - 1) & 255}`)).toBe(true);
    tracker.flush();
    expect(counted(touches)).toBe(sent);
  }, 20_000);
});
