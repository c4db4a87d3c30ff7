// The program's side of the thread that answers questions of the state file.

import { reader as threadText } from 'embedded:state-threads';
import { Worker } from 'node:worker_threads';
import type { Statement } from './batch.ts';
import type { FromReader, ReaderData, ToReader } from './reader-thread.ts';

/** Of the thread's heap: an answer is a page of rows. */
const HEAP_MB = 64;

export interface DiskReader {
  /** Rejects with what SQLite says, or where the thread has ended. */
  rows(question: Statement): Promise<readonly Record<string, unknown>[]>;
  close(): void;
}

interface Asked {
  readonly resolve: (rows: readonly Record<string, unknown>[]) => void;
  readonly reject: (error: Error) => void;
}

/** Starts its thread with the first question. Throws, then, where threads are refused. */
export function createDiskReader(path: string): DiskReader {
  const waiting = new Map<number, Asked>();
  let thread: Worker | undefined;
  let last = 0;

  function end(error: Error): void {
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function start(): Worker {
    const data: ReaderData = { path };
    const started = new Worker(threadText, {
      eval: true,
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    started.on('message', (answer: FromReader) => {
      const asked = waiting.get(answer.number);
      waiting.delete(answer.number);
      if ('rows' in answer) asked?.resolve(answer.rows);
      else asked?.reject(new Error(answer.problem));
    });
    started.on('error', end);
    started.on('exit', () => end(new Error('the thread that reads has ended')));
    started.unref();
    return started;
  }

  return {
    rows: (question) =>
      new Promise((resolve, reject) => {
        thread ??= start();
        last += 1;
        waiting.set(last, { resolve, reject });
        thread.postMessage({ number: last, ...question } satisfies ToReader);
      }),
    close() {
      void thread?.terminate();
    },
  };
}
