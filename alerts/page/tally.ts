// Counts by text with a bound: past it the smallest count makes room and goes to `others`, so that the sum stays exact.

export interface Tally {
  readonly counts: Map<string, Record<string, number>>;
  others: number;
}

export function createTally(): Tally {
  return { counts: new Map(), others: 0 };
}

/** Adds `count` touches of `decoy` under `key`. */
export function addTo(tally: Tally, key: string, decoy: string, count: number, limit: number): void {
  let entry = tally.counts.get(key);
  if (!entry) {
    if (tally.counts.size >= limit) makeRoom(tally);
    entry = {};
    tally.counts.set(key, entry);
  }
  entry[decoy] = (entry[decoy] ?? 0) + count;
}

function makeRoom(tally: Tally): void {
  let smallest = '';
  let least = Infinity;
  for (const [key, entry] of tally.counts) {
    const total = sum(entry);
    if (total < least) [smallest, least] = [key, total];
    if (least <= 1) break;
  }
  tally.others += sum(tally.counts.get(smallest) ?? {});
  tally.counts.delete(smallest);
}

export function merge(into: Tally, from: Tally, limit: number): void {
  for (const [key, entry] of from.counts)
    for (const [decoy, count] of Object.entries(entry)) addTo(into, key, decoy, count, limit);
  into.others += from.others;
}

export function sum(entry: Readonly<Record<string, number>>): number {
  let total = 0;
  for (const key in entry) total += entry[key] ?? 0;
  return total;
}
