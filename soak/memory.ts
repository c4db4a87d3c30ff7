// Memory of each process over the run: it may rise while caches fill, but its low-water marks must be level in the second half.
import { readFileSync } from 'node:fs';
import type { Running } from './product.ts';

const EVERY_MS = 2_000;
/** A low-water mark may lie this much above the one before, MB: the collector's leisure. */
const LEVEL_MB = 6;
/** Budgets under hostile load, MB. */
const MOST_MB: Readonly<Record<string, number>> = { app: 110, dashboard: 110, db: 110, alerts: 512 };

export interface MemoryOf {
  readonly name: string;
  /** Lowest in the third and in the last quarter of the run, and the highest of all, MB. */
  readonly third: number;
  readonly last: number;
  readonly most: number;
  readonly isFlat: boolean;
  readonly isSmall: boolean;
}

function residentMb(pid: number | undefined): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  } catch {
    return undefined; // It has ended, which is told elsewhere.
  }
}

export function watchMemory(programs: readonly Running[]): () => MemoryOf[] {
  const samples = new Map(programs.map(({ name }) => [name, [] as number[]]));
  const timer = setInterval(() => {
    for (const { name, child } of programs) {
      const mb = residentMb(child.pid);
      if (mb !== undefined) samples.get(name)!.push(mb);
    }
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    return [...samples].map(([name, all]) => {
      const [half, threeQuarters] = [all.length >> 1, Math.floor(all.length * 0.75)];
      const third = Math.min(...all.slice(half, threeQuarters));
      const last = Math.min(...all.slice(threeQuarters));
      const most = Math.max(...all);
      return { name, third, last, most, isFlat: last - third <= LEVEL_MB, isSmall: most <= (MOST_MB[name] ?? 0) };
    });
  };
}
