// Ids of lines that have arrived, to tell one that arrives twice. State remembers more of them, across runs.

/** Ids of a generation; the last whole one and the one before it being filled are remembered. */
const GENERATION = 32_768;

export interface SeenIds {
  /** False where the id was there already. */
  add(id: string): boolean;
}

/** Two sets that take turns: forgetting one by one would make a set of this size slow. */
export function createSeenIds(): SeenIds {
  let current = new Set<string>();
  let previous = new Set<string>();
  return {
    add(id) {
      if (current.has(id) || previous.has(id)) return false;
      if (current.size >= GENERATION) {
        previous = current;
        current = new Set();
      }
      current.add(id);
      return true;
    },
  };
}
