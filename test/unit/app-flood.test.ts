// Under a flood of made-up addresses: who still has a line of its own, and that nothing goes uncounted. Time is simulated.
import { describe, expect, it } from 'vitest';
import { parsePacket } from '../../decoys/app/packet.ts';
import { createTracker } from '../../decoys/app/tracker.ts';
import { createRecorder } from '../../decoys/touch/recorder.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { countOf, parseLine, touchesOf } from '../harness/lines.ts';
import { ECHO, ipv4, type Layer4, NMAP_SYN, tcp } from './app-wire.ts';

const START = 1_764_000_000_000;
const PER_SECOND = 10_000;
const SECONDS = 5;
const FLUSH_MS = 50;
const IDENTITY = {
  podName: 'a',
  namespace: 'n',
  podIps: ['10.0.0.2'],
  podUid: '',
  nodeName: '',
  app: 'a',
  cluster: '',
};

/** Seconds of SYNs, each of an address of its own, while `others` send theirs at their ms. */
function floodWith(others: readonly { at: number; source: string; packet: Layer4 }[]) {
  const clock = { ms: 0 };
  const told: { at: number; line: TouchLine }[] = [];
  const sink = {
    write(text: string) {
      told.push({ at: clock.ms, line: parseLine(text.trimEnd()) });
      return true;
    },
    end: () => Promise.resolve(),
  };
  const ticks = () => clock.ms;
  const recorder = createRecorder({
    decoy: 'app',
    identity: IDENTITY,
    sink,
    now: () => START + Math.floor(clock.ms),
    ticks,
  });
  const tracker = createTracker({
    emit: (touch) => recorder.touch(touch),
    wants: (glimpse) => recorder.wants(glimpse),
    asked: () => undefined,
  });
  const waiting = others.toSorted((a, b) => a.at - b.at);
  let sent = 0;
  function send(source: string, packet: Layer4): void {
    const data = ipv4(source, packet, 60);
    const at = START + Math.floor(clock.ms);
    tracker.observe(parsePacket({ data, length: data.length, source, family: 4, protocol: packet.protocol, at }));
    sent++;
  }
  const syn = tcp(80, NMAP_SYN);
  for (let number = 0; number < PER_SECOND * SECONDS; number++) {
    clock.ms = (number * 1_000) / PER_SECOND;
    send(`${20 + (number >> 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`, syn);
    while (waiting[0] && waiting[0].at <= clock.ms) {
      const { source, packet } = waiting.shift()!;
      send(source, packet);
    }
    if (number % (PER_SECOND / (1_000 / FLUSH_MS)) !== 0) continue;
    tracker.flush();
    recorder.tick();
  }
  tracker.flush();
  const during = touchesOf(told.map(({ line }) => line)).length;
  recorder.flush();
  return {
    during,
    sent,
    lines: told.map(({ line }) => line),
    firstOf: (wanted: (line: TouchLine) => boolean) => told.find(({ line }) => wanted(line))?.at ?? Number.NaN,
  };
}

describe('under a flood of made-up addresses', () => {
  it('a single packet unlike the flood has a line of its own within a second', () => {
    const { firstOf } = floodWith([{ at: 3_000, source: '10.9.9.9', packet: ECHO }]);
    expect(firstOf((line) => line.source?.ip === '10.9.9.9') - 3_000).toBeLessThan(1_000);
  });

  it('a scanner that looks like the flood is told within a second, and so is what it does', () => {
    const scan = Array.from({ length: 12 }, (_, at) => ({
      at: 3_000 + at * 20,
      source: '10.9.9.9',
      packet: tcp(1_000 + at * 7, NMAP_SYN),
    }));
    const { firstOf } = floodWith(scan);
    expect(firstOf((line) => line.source?.ip === '10.9.9.9') - 3_020).toBeLessThan(1_000);
    const named = firstOf(({ source, honeypod }) => source?.ip === '10.9.9.9' && honeypod.scan?.kind === 'syn');
    expect(named - 3_060).toBeLessThan(1_000);
  });

  it('every packet is counted, those without a source too, in fewer than fifty lines a second', () => {
    const { lines, sent, during } = floodWith([]);
    const nobodys = touchesOf(lines).filter((line) => line.event.action === 'unattributed');
    expect(countOf(touchesOf(lines))).toBe(sent);
    expect(during / SECONDS).toBeLessThan(50);
    const sources = nobodys.reduce((sum, line) => sum + (line.honeypod.sources ?? 0), 0);
    expect(sources / sent).toBeGreaterThan(0.85);
    expect(sources / sent).toBeLessThan(1.15);
    expect(nobodys[0]?.destination?.ip).toBe('10.0.0.2');
  });
});
