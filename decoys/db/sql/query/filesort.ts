// The order filesort leaves equal rows in: a queue of the first few, a selection before sorting, quicksort, or merging.
// Source: orders asked of a live 9.7.4 row by row; introsort and introselect as C++ libraries have them.
import type { Execution } from '../execution.ts';
import { type Steps, sorted } from '../steps.ts';
import type { SqlType } from '../value/type.ts';

type Less<T> = (a: T, b: T) => boolean;

/** A limit below this part of the rows is met by a queue, and one below half of them by selecting before sorting. */
const QUEUE_PART = 3;
const SELECT_PART = 2;
/** Rows up to which sorting by keys of one length does not keep equal ones in their order. */
const UNSTABLE_ROWS = 100;
/** Rows up to which that is so of keys that are as long as their text: the server has no bound there. */
const UNSTABLE_TEXTS = 2_000;
/** Items up to which insertion sorts them. */
const INSERTED_ITEMS = 16;
const SELECTED_ITEMS = 3;

function swap<T>(items: T[], a: number, b: number): void {
  const held = items[a] as T;
  items[a] = items[b] as T;
  items[b] = held;
}

/** Puts the median of the second, the middle and the last item first, parts the others by it, and gives where they part. */
function partition<T>(items: T[], first: number, last: number, less: Less<T>): number {
  const [a, b, c] = [first + 1, first + ((last - first) >> 1), last - 1];
  const below = (x: number, y: number) => less(items[x] as T, items[y] as T);
  const median = below(a, b) ? (below(b, c) ? b : below(a, c) ? c : a) : below(a, c) ? a : below(b, c) ? c : b;
  swap(items, first, median);
  let [low, high] = [first + 1, last];
  for (;;) {
    while (below(low, first)) low++;
    high--;
    while (below(first, high)) high--;
    if (low >= high) return low;
    swap(items, low, high);
    low++;
  }
}

function insertionSort<T>(items: T[], first: number, last: number, less: Less<T>): void {
  for (let at = first + 1; at < last; at++) {
    const held = items[at] as T;
    let to = at;
    while (to > first && less(held, items[to - 1] as T)) items[to] = items[--to] as T;
    items[to] = held;
  }
}

/** Quicksort down to short runs, then insertion. Items are too few for the depth to matter. */
function quickSort<T>(items: T[], less: Less<T>): void {
  const part = (first: number, end: number): void => {
    let last = end;
    while (last - first > INSERTED_ITEMS) {
      const cut = partition(items, first, last, less);
      part(cut, last);
      last = cut;
    }
  };
  part(0, items.length);
  insertionSort(items, 0, items.length, less);
}

/** Moves what belongs to the first `count` items there. */
function select<T>(x: Execution, items: T[], count: number, less: Less<T>): void {
  let [first, last] = [0, items.length];
  while (last - first > SELECTED_ITEMS) {
    x.spend(last - first);
    const cut = partition(items, first, last, less);
    if (cut <= count - 1) first = cut;
    else last = cut;
  }
  insertionSort(items, first, last, less);
}

/** Whether some key is as long as its text. */
export function sortsTexts(order: readonly { readonly node: { readonly type: SqlType } }[]): boolean {
  return order.some(({ node: { type } }) => type.text && !type.members);
}

/** The first `count` items and one more, in the places the queue held them in: the worst of them is taken by whatever comes next. */
function* queued<T>(x: Execution, items: readonly T[], count: number, less: Less<T>): Steps<T[]> {
  const slots: T[] = [];
  /** A heap of the slots, the worst first. */
  const heap: number[] = [];
  const at = (place: number) => slots[heap[place] as number] as T;
  for (const item of items) {
    if (x.turnIsOver) yield;
    if (slots.length <= count) {
      slots.push(item);
      heap.push(heap.length);
      for (let place = heap.length - 1; place > 0; ) {
        const parent = (place - 1) >> 1;
        if (less(at(place), at(parent))) break;
        swap(heap, place, parent);
        place = parent;
      }
      continue;
    }
    slots[heap[0] as number] = item;
    for (let place = 0; ; ) {
      let worst = place;
      for (const child of [2 * place + 1, 2 * place + 2])
        if (child < heap.length && less(at(worst), at(child))) worst = child;
      if (worst === place) break;
      swap(heap, place, worst);
      place = worst;
    }
  }
  return slots;
}

/**
 * Items in order, of which the first `count` are wanted; equal ones stand as filesort leaves them.
 * `estimated` is how many the optimizer thinks there are, `texts` that some key is a text. The caller has counted the work
 * of sorting all of them.
 */
export function* filesorted<T>(
  x: Execution,
  given: readonly T[],
  compare: (a: T, b: T) => number,
  count: number,
  estimated: number,
  texts: boolean,
): Steps<readonly T[]> {
  const less: Less<T> = (a, b) => compare(a, b) < 0;
  let items: T[] = [...given];
  let rows = items.length;
  if (count < estimated / QUEUE_PART && count < items.length) {
    items = yield* queued(x, items, count, less);
    rows = items.length;
  } else if (count < items.length / SELECT_PART) {
    select(x, items, count, less);
    items = items.slice(0, count);
  }
  if (rows > (texts ? UNSTABLE_TEXTS : UNSTABLE_ROWS)) return yield* sorted(x, items, compare);
  quickSort(items, less);
  return items;
}
