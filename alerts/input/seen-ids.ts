// Ids of lines that have arrived, to tell one that arrives twice. State remembers more of them, across runs.

/** Ids of a generation; the last whole one and the one before it being filled are remembered. */
const GENERATION = 32_768;

export interface SeenIds {
  /** `perhaps` where it may have arrived before what is remembered here: state knows. Adds it in any case. */
  add(id: string): 'new' | 'perhaps' | 'seen';
}

/**
 * Two sets that take turns: forgetting one by one would make a set of this size slow. Ids of decoys begin with their time (UUIDv7), so
 * one that is larger than all that were forgotten, and than `newest` of a run before, is new without asking.
 */
export function createSeenIds(newest = ''): SeenIds {
  let current = new Set<string>();
  let previous = new Set<string>();
  let forgotten = newest;
  let largest = '';
  let largestOfPrevious = '';
  return {
    add(id) {
      if (current.has(id) || previous.has(id)) return 'seen';
      if (current.size >= GENERATION) {
        if (largestOfPrevious > forgotten) forgotten = largestOfPrevious;
        previous = current;
        largestOfPrevious = largest;
        current = new Set();
        largest = '';
      }
      current.add(id);
      if (id > largest) largest = id;
      return id > forgotten ? 'new' : 'perhaps';
    },
  };
}
