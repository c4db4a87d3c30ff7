// Deafness is an alert: silence, missing lines, restarts and lesser modes are noticed, and nothing else is.
import { describe, expect, it } from 'vitest';
import { createHealth } from '../../alerts/health/health.ts';
import { createRecorder } from '../../decoys/touch/recorder.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { parseLine } from '../harness/lines.ts';

const NOW = 1_764_000_000_000;

function decoy(mode = 'raw') {
  const lines: TouchLine[] = [];
  const sink = {
    write(text: string) {
      lines.push(parseLine(text.trimEnd()));
      return true;
    },
    end: () => Promise.resolve(),
  };
  const identity = {
    podName: 'tigera-internal-app-28c85',
    namespace: 'tigera-internal',
    podIps: [],
    podUid: '',
    nodeName: '',
    app: 'tigera-internal-app',
    cluster: '',
  };
  const recorder = createRecorder({ decoy: 'app', identity, sink });
  return {
    beat(lost = 0): TouchLine {
      recorder.lose(lost);
      recorder.heartbeat({ mode });
      return lines.at(-1)!;
    },
  };
}

function watching(more: Partial<Parameters<typeof createHealth>[0]> = {}) {
  const found: string[] = [];
  const health = createHealth({ onLine: (line) => found.push(`${line.event.action} ${line.honeypod.count}`), ...more });
  return { health, found };
}

describe('a decoy', () => {
  it('that beats is healthy', () => {
    const { health, found } = watching();
    const { beat } = decoy();
    for (let at = 0; at < 20; at++) {
      health.line(beat(), NOW + at * 30_000);
      health.tick(NOW + at * 30_000 + 29_000);
    }
    expect(found).toEqual([]);
  });

  it('that is not heard for 75 s is silent, told of once an hour, and may come back', () => {
    const { health, found } = watching();
    const { beat } = decoy();
    health.line(beat(), NOW);
    for (let second = 0; second <= 3_700; second += 5) health.tick(NOW + second * 1_000);
    expect(found).toEqual(['decoy-silent 1', 'decoy-silent 1']);
    health.line(beat(), NOW + 3_710_000);
    health.tick(NOW + 3_720_000);
    expect(found.length).toBe(2);
  });

  it('that was expected and never heard is silent too; one taken away is not', () => {
    const { health, found } = watching();
    for (const name of ['lost', 'removed'])
      health.expect({ name, namespace: 'n', labels: ['app=tigera-internal-db'], watch: '' }, NOW);
    health.dismiss('removed');
    health.tick(NOW + 80_000);
    expect(found).toEqual(['decoy-silent 1']);
  });

  it('whose lines are missing says how many', () => {
    const { health, found } = watching();
    const { beat } = decoy();
    health.line(beat(), NOW);
    for (let at = 0; at < 7; at++) beat();
    health.line(beat(), NOW + 1_000);
    expect(found).toEqual(['lines-missing 7']);
  });

  it('whose lines went missing while alerts was away says so when it is back', () => {
    const kept = new Map<string, string>();
    const store = {
      recall: (name: string) => kept.get(name),
      remember: (name: string, text: string) => void kept.set(name, text),
    };
    const { beat } = decoy();
    watching(store).health.line(beat(), NOW);
    const same = watching(store);
    same.health.line(beat(), NOW + 30_000);
    expect(same.found).toEqual([]);
    beat();
    beat();
    const gap = watching(store);
    gap.health.line(beat(), NOW + 120_000);
    expect(gap.found).toEqual(['lines-missing 2']);
  });

  it('that was restarted, lost touches, sees less than asked for or cannot be read is told of', () => {
    const { health, found } = watching();
    const first = decoy();
    health.line(first.beat(), NOW);
    health.expect({ name: 'tigera-internal-app-28c85', namespace: 'tigera-internal', labels: [], watch: 'raw' }, NOW);
    health.line(first.beat(12), NOW + 30_000);
    const second = decoy('counters');
    health.line(second.beat(), NOW + 60_000);
    health.line(second.beat(), NOW + 90_000);
    health.trouble('tigera-internal-app-28c85', '403 forbidden', NOW + 91_000);
    health.trouble('tigera-internal-app-28c85', '403 forbidden', NOW + 95_000);
    health.tick(NOW + 99_000);
    expect(found.join()).not.toContain('unreadable');
    health.tick(NOW + 102_000);
    health.tick(NOW + 103_000);
    expect(found).toEqual(['touches-lost 12', 'decoy-restarted 1', 'decoy-degraded 1', 'decoy-unreadable 1']);
  });
});
