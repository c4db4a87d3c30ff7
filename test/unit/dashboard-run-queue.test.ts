// Whose turn it is among the dashboard's connections.
import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRunQueue, type RunQueue } from '../../decoys/dashboard/http/run-queue.ts';

/** A client with so many requests; notes its name for each that is served. */
function client(queue: RunQueue, name: string, requests: number, served: string[]) {
  let left = requests;
  const advance = () => {
    while (left > 0) {
      if (!queue.takes()) {
        queue.wait({ advance });
        return;
      }
      left--;
      served.push(name);
    }
  };
  return { advance };
}

describe('the run queue', () => {
  it('serves no more than its share each time the event loop goes round', async () => {
    const served: string[] = [];
    client(createRunQueue(4), 'a', 10, served).advance();
    expect(served).toHaveLength(4);
    await nextRound();
    expect(served).toHaveLength(8);
    await nextRound();
    expect(served).toHaveLength(10);
  });

  it('serves those that wait in the order they came, one with more to do behind the rest', async () => {
    const served: string[] = [];
    const queue = createRunQueue(3);
    client(queue, 'a', 5, served).advance();
    for (const name of ['b', 'c', 'd']) client(queue, name, 1, served).advance();
    for (let round = 0; round < 4; round++) await nextRound();
    expect(served.join('')).toBe('aaaaabcd');
  });

  it('lets nobody in before those that wait', async () => {
    const served: string[] = [];
    const queue = createRunQueue(2);
    for (const name of ['a', 'b', 'c', 'd', 'e']) client(queue, name, 1, served).advance();
    expect(served.join('')).toBe('ab');
    await nextRound();
    expect(served.join('')).toBe('abcd');
    await nextRound();
    expect(served.join('')).toBe('abcde');
  });
});
