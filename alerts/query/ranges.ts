// Sets of ports as sorted, disjoint, closed ranges: a folded scan is matched without writing out its 65,535 rows.

export type Range = readonly [first: number, last: number];
export type Ranges = readonly Range[];

const LAST_PORT = 65_535;
export const EVERY_PORT: Ranges = [[0, LAST_PORT]];
export const NO_PORT: Ranges = [];

/** Reads `22,80-90`; parts that are no ports are left out. */
export function parseRanges(text: string): Ranges {
  const ranges: [number, number][] = [];
  for (const part of text.split(',')) {
    const dash = part.indexOf('-');
    const first = Number(dash < 0 ? part : part.slice(0, dash));
    const last = Number(dash < 0 ? part : part.slice(dash + 1));
    if (part !== '' && first >= 0 && first <= last && last <= LAST_PORT) ranges.push([first, last]);
  }
  return union(ranges, []);
}

export function size(ranges: Ranges): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

export function intersect(a: Ranges, b: Ranges): Ranges {
  const out: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [aFirst, aLast] = a[i]!;
    const [bFirst, bLast] = b[j]!;
    const first = Math.max(aFirst, bFirst);
    const last = Math.min(aLast, bLast);
    if (first <= last) out.push([first, last]);
    if (aLast < bLast) i++;
    else j++;
  }
  return out;
}

export function union(a: Ranges, b: Ranges): Ranges {
  const all = [...a, ...b].sort((x, y) => x[0] - y[0]);
  const out: [number, number][] = [];
  for (const [first, last] of all) {
    const previous = out.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else out.push([first, last]);
  }
  return out;
}

export function subtract(a: Ranges, b: Ranges): Ranges {
  const gaps: Range[] = [];
  let next = 0;
  for (const [first, last] of b) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_PORT) gaps.push([next, LAST_PORT]);
  return intersect(a, gaps);
}
