// What was read or made for one moment is memory V8 lets grow by tens of megabytes before it collects it: after so many bytes it is told to.
// Measured: 20 MB less under 12 packets of 16 MB before a login.

const MIB = 1024 * 1024;
/** Bytes read between two collections of the young generation, over all connections: outside V8's heap, they do not count there. */
const COLLECT_EVERY_READ_BYTES = 2 * MIB;
/** Bytes heavy statements made between two whole collections; a statement of fewer is not counted, V8 knows best there. */
const COLLECT_EVERY_MADE_BYTES = 6 * MIB;
const HEAVY_BYTES = MIB / 4;
/** Memory that has grown by fewer bytes since it was last collected whole is left alone. */
const GROWN_BYTES = 6 * MIB;
/** And by so many since it was last collected at all, the young generation is: most of what one turn makes ends with it. */
const YOUNG_BYTES = 2 * MIB;
/** What is left then may come to so many bytes more than after the last whole collection. */
const WHOLE_BYTES = 3 * MIB;
/** What a fresh heap holds, about. */
const FRESH_BYTES = 16 * MIB;

type Collect = (options: { readonly type: 'minor' | 'major'; readonly flavor?: 'last-resort' }) => void;

let read = 0;
let made = 0;
let usedAfter = FRESH_BYTES;
let usedAfterYoung = 0;
let collect: Collect | undefined;

/** V8's own collector; a context of its own is made for it, which the next whole collection takes. */
function collector(): Collect {
  process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
  return process.getBuiltinModule('node:vm').runInNewContext('gc');
}

/** Collects what start left and gives its pages back, which V8 does not while nothing happens: 2 to 4 MB for 15 to 25 ms of CPU. */
export function collectStart(): void {
  // Pages a collection empties go back at once, not after 8 s: 25 MB under load.
  process.getBuiltinModule('node:v8').setFlagsFromString('--memory-pool-timeout=0');
  collector()({ type: 'major', flavor: 'last-resort' });
}

/** Counts bytes a socket delivered. */
export function countRead(bytes: number): void {
  read += bytes;
  if (read < COLLECT_EVERY_READ_BYTES) return;
  read = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

/** Counts bytes one statement made, about; true where `collectMade` is due, once others have had their turn. */
export function countMade(bytes: number): boolean {
  if (bytes < HEAVY_BYTES) return false;
  made += bytes;
  return made >= COLLECT_EVERY_MADE_BYTES;
}

/** Bytes in use, in V8's heap and of buffers outside it. */
function usedBytes(): number {
  const { used_heap_size, external_memory } = process.getBuiltinModule('node:v8').getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Collects what heavy statements made, before a statement that will make much itself too. */
export function collectMade(): void {
  made = 0;
  if (usedBytes() < usedAfter + GROWN_BYTES) return;
  collectWhole();
}

function collectWhole(): void {
  collect ??= collector();
  collect({ type: 'major' });
  usedAfterYoung = usedBytes();
  usedAfter = Math.max(FRESH_BYTES, usedAfterYoung);
}

/** Looks what a turn left, after one that took long: collects what is young, or all where that does not help; true where that took a turn of its own. */
export function collectTurn(): boolean {
  const used = usedBytes();
  // Buffers are given back some time after they are collected.
  usedAfterYoung = Math.min(usedAfterYoung, used);
  usedAfter = Math.min(usedAfter, Math.max(FRESH_BYTES, used));
  if (used < usedAfterYoung + YOUNG_BYTES) return false;
  collect ??= collector();
  collect({ type: 'minor' });
  usedAfterYoung = usedBytes();
  if (usedAfterYoung <= usedAfter + WHOLE_BYTES) return false;
  collectWhole();
  return true;
}
