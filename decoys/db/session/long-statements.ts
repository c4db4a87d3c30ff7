// Statements of many bytes are read and run one at a time, since what one is read into takes tens of times its length; who waits for that is
// taken source by source, and what waits is bounded in bytes.
import { ALL_LONG_STATEMENTS_BYTES } from '../limits.ts';
import { sqlError } from '../sql/errors.ts';

/** A statement of more bytes is a long one. */
export const LONG_STATEMENT_BYTES = 8 * 1024;

/** Of each source those that wait; the source whose turn is next comes first. Bounded by connections: one of each. */
const waiting = new Map<string, (() => void)[]>();
let taken = false;
/** Bytes of the statements that wait or run. */
let held = 0;

function wakeNext(): void {
  const next = waiting.entries().next().value;
  if (!next) {
    taken = false;
    return;
  }
  const [source, waiters] = next;
  waiting.delete(source);
  const wake = waiters.shift();
  if (waiters.length > 0) waiting.set(source, waiters);
  wake?.();
}

/** Resolves when a statement of `bytes` may be read, to what is called once it has run. Throws 1041 where too much waits already. */
export async function longStatementTurn(source: string, bytes: number): Promise<() => void> {
  if (held + bytes > ALL_LONG_STATEMENTS_BYTES) throw sqlError('ER_OUT_OF_RESOURCES');
  held += bytes;
  if (taken) {
    await new Promise<void>((resolve) => {
      const waiters = waiting.get(source);
      if (waiters) waiters.push(resolve);
      else waiting.set(source, [resolve]);
    });
  }
  taken = true;
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    held -= bytes;
    wakeNext();
  };
}
