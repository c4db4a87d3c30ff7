// How far each output is, kept a moment after it has moved: one commit for many posts. What a crash takes back with it is
// given again under the same ids.
import type { State } from '../state/state.ts';

const KEEP_MS = 1;

export interface Cursors {
  move(output: string, seq: number): void;
  /** Keeps what has moved, now. */
  flush(): void;
}

export function createCursors(state: Pick<State, 'moveCursors'>): Cursors {
  const moved = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (moved.size === 0) return;
    state.moveCursors(moved);
    moved.clear();
  }

  return {
    move(output, seq) {
      moved.set(output, seq);
      timer ??= setTimeout(flush, KEEP_MS);
    },
    flush,
  };
}
