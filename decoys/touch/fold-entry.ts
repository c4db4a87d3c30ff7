// What folding keeps of one source and of each kind of its touches.
import type { PortSet } from './ports.ts';
import { PRIORITY, type Priority, type Touch } from './touch.ts';

/** A fold is written this long after its last touch, at first. */
const QUIET_MS = 500;
/** And at the latest this long after its first. */
const WINDOW_MS = 15_000;
const SAMPLES = 12;
const SAMPLE_CHARS = 160;
export const NO_SAMPLES: readonly string[] = [];
/** Stands in an entry that has nothing folded, so that what it has written is not kept. */
export const NOTHING: Touch = { action: 'unattributed', at: 0, protocol: 0, message: '' };

/** Touches of one kind of one source, as they fold. */
export interface Entry {
  readonly source: Source;
  readonly key: string;
  touch: Touch;
  /** Bytes the touch holds, about. */
  held: number;
  count: number;
  start: number;
  end: number;
  bytes: number;
  ports: PortSet | undefined;
  samples: readonly string[];
  /** When the first touch was folded, on the caller's clock. */
  since: number;
  /** 0 while nothing is folded. */
  dueAt: number;
  priority: Priority;
  fresh: boolean;
  quiet: number;
  window: number;
  lastSeen: number;
}

export interface Source {
  readonly ip: string;
  readonly entries: Map<string, Entry>;
  tokens: number;
  refilledAt: number;
}

export function newEntry(source: Source, key: string, touch: Touch, now: number): Entry {
  return {
    source,
    key,
    touch,
    held: 0,
    count: 0,
    start: touch.at,
    end: touch.at,
    bytes: 0,
    ports: undefined,
    samples: NO_SAMPLES,
    since: now,
    dueAt: 0,
    priority: PRIORITY.ordinary,
    fresh: true,
    quiet: QUIET_MS,
    window: WINDOW_MS,
    lastSeen: now,
  };
}

/** What a value of a touch takes beside its text, in bytes. */
const VALUE_BYTES = 16;

/** Bytes of memory what a touch tells takes, about. */
export function heldBytes(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (ArrayBuffer.isView(value)) return VALUE_BYTES + value.byteLength;
  if (value === null || typeof value !== 'object') return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const member of Object.values(value)) bytes += heldBytes(member);
  return bytes;
}

/** Keeps a few different messages of what is folded; true where this is one more. */
export function addSample(entry: Entry, message: string): boolean {
  const { samples } = entry;
  if (samples.length >= SAMPLES) return false;
  const sample = message.length > SAMPLE_CHARS ? message.slice(0, SAMPLE_CHARS) : message;
  if (samples.includes(sample)) return false;
  entry.samples = [...samples, sample];
  return true;
}
