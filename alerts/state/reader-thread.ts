// The thread that answers questions of the state file which may look at many rows, so that reading lines and sending alerts never waits
// for them. Bundled as text into the program (scripts/embed-threads.ts).
import { parentPort, workerData } from 'node:worker_threads';
import type { Statement } from './batch.ts';
import { messageOf, openForReading } from './database.ts';
import { createReader } from './reader.ts';

export interface ReaderData {
  readonly path: string;
}

export interface ToReader extends Statement {
  readonly number: number;
}

export type FromReader =
  | { readonly number: number; readonly rows: readonly Record<string, unknown>[] }
  | { readonly number: number; readonly problem: string };

function serve(port: NonNullable<typeof parentPort>, { path }: ReaderData): void {
  const database = openForReading(path);
  const reader = createReader(database);
  port.on('message', ({ number, ...question }: ToReader) => {
    let answer: FromReader;
    try {
      answer = { number, rows: reader.rows(question) };
    } catch (error) {
      answer = { number, problem: messageOf(error) };
    }
    port.postMessage(answer);
  });
}

if (parentPort) serve(parentPort, workerData as ReaderData);
