// The program's side of the thread that writes the state file: hands writes over, keeps each until it is committed.

import { writer as threadText } from 'embedded:state-threads';
import { Worker } from 'node:worker_threads';
import type { Write } from './batch.ts';
import type { Limits } from './limits.ts';
import type { FromWriter, ToWriter, WriterData } from './writer-thread.ts';

/** Writes under way past which whoever brings more should wait, by number and by the text in them. */
const WAITING_WRITES = 512;
const WAITING_CHARS = 33_554_432;
/** Of the thread's heap: a batch and its statements need little. */
const HEAP_MB = 96;

/** What the disk said, as SQLite's errors say it. */
export class DiskError extends Error {
  readonly errcode: number;

  constructor(message: string, errcode: number) {
    super(message);
    this.errcode = errcode;
  }
}

export interface DiskWriter {
  /** Resolves once it writes, or never will. */
  readonly ready: Promise<void>;
  /** Resolves with how many rows changed, once it is committed; never where the disk fails. */
  write(write: Write): Promise<number>;
  /** Resolves once there is room for more; undefined where there is. */
  room(): Promise<void> | undefined;
  /** Ends the thread at once. Returns what was not committed, in order. */
  abandon(): readonly Unwritten[];
  /** Resolves once all is committed and the thread has ended. */
  close(): Promise<void>;
}

export interface Unwritten {
  readonly write: Write;
  readonly resolve: (changes: number) => void;
}

export interface DiskWriterOptions {
  readonly path: string;
  readonly limits: Limits;
  /** Told once, with what was not committed, in order: nothing more will be. */
  readonly onFailure: (error: DiskError, unwritten: readonly Unwritten[]) => void;
}

/** Throws where threads are refused (a permission model without `--allow-worker`). */
export function startDiskWriter({ path, limits, onFailure }: DiskWriterOptions): DiskWriter {
  const data: WriterData = { path, limits };
  const thread = new Worker(threadText, {
    eval: true,
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const waiting = new Map<number, Unwritten & { readonly chars: number }>();
  const wanting: (() => void)[] = [];
  let chars = 0;
  let last = 0;
  let ended = false;
  const closed = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();

  function isFull(): boolean {
    return waiting.size >= WAITING_WRITES || chars >= WAITING_CHARS;
  }

  function written(changes: readonly number[]): void {
    for (const changed of changes) {
      const [number, first] = waiting.entries().next().value!;
      waiting.delete(number);
      chars -= first.chars;
      first.resolve(changed);
    }
    if (!isFull()) for (const go of wanting.splice(0)) go();
  }

  function abandon(): readonly Unwritten[] {
    ended = true;
    closed.resolve();
    ready.resolve();
    const unwritten = [...waiting.values()];
    waiting.clear();
    for (const go of wanting.splice(0)) go();
    void thread.terminate();
    return unwritten;
  }

  function fail(error: DiskError): void {
    if (!ended) onFailure(error, abandon());
  }

  thread.on('message', (message: FromWriter) => {
    if (ended) return;
    if (message.kind === 'written') written(message.changes);
    else if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'failed') fail(new DiskError(message.message, message.errcode));
    else {
      ended = true;
      closed.resolve();
    }
  });
  thread.on('error', (error: Error) => fail(new DiskError(error.message, 0)));
  thread.on('exit', () => fail(new DiskError('the thread that writes has ended', 0)));

  return {
    ready: ready.promise,
    write(write) {
      return new Promise((resolve) => {
        const size = charsOf(write);
        chars += size;
        last += 1;
        waiting.set(last, { write, resolve, chars: size });
        thread.postMessage({ number: last, write } satisfies ToWriter);
      });
    },
    room: () => (isFull() && !ended ? new Promise((resolve) => wanting.push(resolve)) : undefined),
    abandon,
    close() {
      if (!ended) thread.postMessage('close' satisfies ToWriter);
      return closed.promise;
    },
  };
}

/** Text a write holds, about. */
function charsOf(write: Write): number {
  if (write.kind !== 'batch') return 0;
  const { touches, events, notices } = write.batch;
  let chars = 0;
  for (const [, , , , , , line] of touches) chars += line.length;
  for (const { body } of events) chars += body.length;
  for (const { body } of notices) chars += body.length;
  return chars;
}
