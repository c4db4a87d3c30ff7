// Work that can be laid down: it yields where others may have their turn, and goes on later where it was. Who cannot wait runs it through.
import type { Execution } from './execution.ts';
import type { Node, Row } from './scope.ts';
import type { Value } from './value/value.ts';

export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs work through without laying it down. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** What an expression gives for a row, with others having their turn where it goes through rows of its own. */
export function* valueSteps(node: Node, row: Row): Steps<Value> {
  if (node.steps) return yield* node.steps(row);
  for (const ask of node.ahead ?? []) yield* ask(row);
  return node.get(row);
}

/** What `make` gives for each item, with others having their turn in between. */
export function* mapped<T, U>(x: Execution, items: Iterable<T>, make: (item: T, at: number) => U): Steps<U[]> {
  const made: U[] = [];
  for (const item of items) {
    if (x.turnIsOver) yield;
    made.push(make(item, made.length));
  }
  return made;
}

/** Items sorted at once; longer lists are sorted in runs of so many, which are merged. */
const RUN_ITEMS = 512;

/** Items in order, those that compare alike as they came. */
export function* sorted<T>(x: Execution, items: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let at = 0; at < items.length; at += RUN_ITEMS) {
    if (x.turnIsOver) yield;
    runs.push(items.slice(at, at + RUN_ITEMS).sort(compare));
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      longer.push(yield* merged(x, runs[at] as T[], runs[at + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merged<T>(x: Execution, a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const out: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    // Where merging alone takes long, nothing else tells that the turn is over.
    if (out.length % RUN_ITEMS === 0) x.look();
    if (x.turnIsOver) yield;
    out.push(compare(a[i] as T, b[j] as T) <= 0 ? (a[i++] as T) : (b[j++] as T));
  }
  while (i < a.length) out.push(a[i++] as T);
  while (j < b.length) out.push(b[j++] as T);
  return out;
}
