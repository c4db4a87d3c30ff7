// The thread that writes the state file: commits, checkpoints and every wait for the disk happen here, never where lines are read and
// alerts are sent. Bundled as text into the program (scripts/embed-threads.ts).
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Write } from './batch.ts';
import { messageOf, openForWriting, restartLog } from './database.ts';
import type { Limits } from './limits.ts';
import { createWriter } from './writer.ts';

/** Writes taken into one transaction. */
const WRITES = 256;
/** Commits between two moves of the write-ahead log into the file … */
const COMMITS = 64;
/** … or, once nothing comes any more, so long after the last one. */
const QUIET_MS = 1_000;

export interface WriterData {
  readonly path: string;
  readonly limits: Limits;
}

/** To the thread: writes numbered from 1, or the wish that it end. */
export type ToWriter = { readonly number: number; readonly write: Write } | 'close';
/** From it: what was committed and how many rows changed, in order; or why nothing more can be. */
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'written'; readonly changes: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string; readonly errcode: number }
  | { readonly kind: 'closed' };

function serve(port: NonNullable<typeof parentPort>, { path, limits }: WriterData): void {
  const say = (message: FromWriter) => port.postMessage(message);
  const fail = (error: unknown): void => {
    say({ kind: 'failed', message: messageOf(error), errcode: Number((error as { errcode?: number }).errcode ?? 0) });
    port.close();
  };
  try {
    const database = openForWriting(path);
    const writer = createWriter(database, limits);
    let commits = 0;
    let quiet: NodeJS.Timeout | undefined;

    // What does not fit, because somebody reads an older page at this moment, is moved the next time.
    const settle = (): void => {
      commits = 0;
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      restartLog(database);
    };
    const guarded = (act: () => void) => () => {
      try {
        act();
      } catch (error) {
        fail(error);
      }
    };
    port.on('message', (first: ToWriter) =>
      guarded(() => {
        clearTimeout(quiet);
        const writes: Write[] = [];
        let next: ToWriter | undefined = first;
        while (next !== undefined && next !== 'close') {
          writes.push(next.write);
          next = writes.length < WRITES ? (receiveMessageOnPort(port)?.message as ToWriter | undefined) : undefined;
        }
        if (writes.length > 0) say({ kind: 'written', changes: writer.write(writes) });
        if (next === 'close') {
          database.close();
          say({ kind: 'closed' });
          port.close();
        } else if (++commits >= COMMITS) settle();
        else quiet = setTimeout(guarded(settle), QUIET_MS);
      })(),
    );
    restartLog(database);
    say({ kind: 'ready' });
  } catch (error) {
    fail(error);
  }
}

if (parentPort) serve(parentPort, workerData as WriterData);
