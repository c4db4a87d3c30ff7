// Verdicts on packets drawn at random: kinds of scan, ports, order, pace, addresses, all at once; every packet told once, none under a wrong name.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOURCES, STREAMS, WIDE_STREAMS } from '../../decoys/app/sources.ts';
import { BEHAVIOURS, counted, NMAP_SYN, tcp, udp, watch } from './app-wire.ts';

const HOUR = 3_600_000;
/** Any port but those that traceroute has for itself. */
const anyPort = fc.oneof(fc.integer({ min: 0, max: 33_000 }), fc.integer({ min: 34_000, max: 65_535 }));
const anySource = fc.record({
  family: fc.constantFrom(4 as const, 6 as const),
  behaviours: fc.uniqueArray(fc.constantFrom(...Object.keys(BEHAVIOURS)), { minLength: 1, maxLength: 3 }),
  ports: fc.uniqueArray(anyPort, { minLength: 1, maxLength: 40 }),
  repeats: fc.integer({ min: 1, max: 3 }),
});

describe('verdicts', () => {
  it('name each of many sources by all it did, whatever the ports, the order, the pace and the family', () => {
    fc.assert(
      fc.property(
        fc.array(anySource, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (sources, chance) => {
          const { send, tracker, of, touches } = watch();
          const addressOf = (at: number) => (sources[at]!.family === 4 ? `10.0.1.${at + 1}` : `fd00::1:${at + 1}`);
          const queues = sources.map(({ behaviours, ports, repeats }, at) => ({
            ip: addressOf(at),
            packets: Array.from({ length: repeats }, () => ports)
              .flat()
              .flatMap((port) => behaviours.map((behaviour) => BEHAVIOURS[behaviour]!.packet(port))),
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
          sources.forEach(({ behaviours, ports }, at) => {
            const many = ports.length >= 4;
            const told = of(addressOf(at));
            const did = behaviours.map((behaviour) => BEHAVIOURS[behaviour]!);
            const kinds = new Set<string>([
              'ip-enumeration',
              ...did.flatMap(({ any, four }) => [...any, ...(many ? four : [])]),
            ]);
            // An echo, a SYN and an ACK: a discovery, unless four ports come first.
            const isDiscovery =
              ['ping', 'ack'].every((name) => behaviours.includes(name)) &&
              kinds.size >= 3 &&
              (kinds.has('syn') || kinds.has('connect'));
            if (isDiscovery) kinds.add('host-discovery');
            const found = new Set<string>(told.at(-1)?.honeypod?.scan?.kinds);
            if (isDiscovery && many) found.add('host-discovery');
            expect([...found].sort(), behaviours.join()).toEqual([...kinds].sort());
            for (const { kind, stream } of did) {
              if (isDiscovery) continue;
              const last = told.findLast(({ foldKey }) => foldKey === stream)?.honeypod?.scan;
              const scans = kinds.has('port-scan');
              expect(last?.kind, `${stream} of ${behaviours}`).toBe(
                many || (scans && stream === 'syn') ? kind.many : kind.few,
              );
            }
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
