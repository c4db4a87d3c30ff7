// What was read or made for one moment is memory V8 lets grow by tens of megabytes before it collects it: after so many bytes it is told to.
// Measured: 20 MB less under 12 packets of 16 MB before a login.

const MIB = 1024 * 1024;
/** Bytes read between two collections of the young generation, over all connections: outside V8's heap, they do not count there. */
const COLLECT_EVERY_READ_BYTES = 8 * MIB;
/** Bytes heavy statements made between two whole collections; a statement of fewer is not counted, V8 knows best there. */
const COLLECT_EVERY_MADE_BYTES = 8 * MIB;
const HEAVY_BYTES = MIB;
/** A heap of fewer bytes in use is left alone. */
const SMALL_HEAP_BYTES = 24 * MIB;

type Collect = (options: { readonly type: 'minor' | 'major' }) => void;

let read = 0;
let made = 0;
let collect: Collect | undefined;

/** V8's own collector; asked for at the first flood, so that an idle pod does without. */
function collector(): Collect {
  process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
  return process.getBuiltinModule('node:vm').runInNewContext('gc');
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

/** Collects what heavy statements made. */
export function collectMade(): void {
  if (made < COLLECT_EVERY_MADE_BYTES) return;
  made = 0;
  if (process.getBuiltinModule('node:v8').getHeapStatistics().used_heap_size < SMALL_HEAP_BYTES) return;
  collect ??= collector();
  collect({ type: 'major' });
}
