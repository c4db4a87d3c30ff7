// Waiting for the name of a source: in order, not for long, not for many, and not twice in vain.
import { describe, expect, it } from 'vitest';
import { createPatience } from '../../alerts/attribution/patience.ts';

const T0 = 1_764_000_000_000;

function start() {
  const clock = { ms: T0 };
  const gone: string[] = [];
  const patience = createPatience({ isOpen: (ip) => ip.startsWith('10.'), now: () => clock.ms });
  const wait = (ip: string, label: string, atMs = clock.ms) => patience.wait({ ip, atMs, go: () => gone.push(label) });
  return { clock, gone, patience, wait };
}

describe('a touch without a name', () => {
  it('goes as soon as its address has a pod, those of one address in the order they came', () => {
    const { gone, patience, wait } = start();
    expect([wait('10.0.0.1', 'a'), wait('10.0.0.2', 'b'), wait('10.0.0.1', 'c')]).toEqual([true, true, true]);
    patience.named(['10.0.0.1', 'fd00::1']);
    expect(gone).toEqual(['a', 'c']);
    patience.named(['10.0.0.1']);
    expect(gone).toEqual(['a', 'c']);
  });

  it('goes without after five seconds, and its address is not waited for again before ten minutes', () => {
    const { clock, gone, patience, wait } = start();
    wait('10.0.0.1', 'a');
    clock.ms += 4_999;
    patience.tick();
    expect(gone).toEqual([]);
    clock.ms += 1;
    patience.tick();
    expect(gone).toEqual(['a']);
    expect(wait('10.0.0.1', 'b')).toBe(false);
    clock.ms += 600_000;
    expect(wait('10.0.0.1', 'c')).toBe(true);
  });

  it('does not wait where no pod can have the address, or it was touched long ago', () => {
    const { clock, wait } = start();
    expect(wait('203.0.113.9', 'a')).toBe(false);
    expect(wait('10.0.0.1', 'b', clock.ms - 5_001)).toBe(false);
  });

  it('does not wait where two thousand do, and loses none of them at the end', () => {
    const { gone, patience, wait } = start();
    for (let at = 0; at < 2_000; at++) expect(wait(`10.0.${at >> 8}.${at & 255}`, 'waited')).toBe(true);
    expect(wait('10.1.0.0', 'more')).toBe(false);
    expect(wait('10.0.0.0', 'more of one that waits')).toBe(false);
    expect(gone).toEqual(['waited']);
    patience.end();
    expect(gone).toHaveLength(2_000);
  });
});
