// Another client of the attacked server: asks `select 1` over and over on one connection and on new ones, and notes how long it waits.
// A worker: its event loop is its own. Posts `{ longestMs, answered, refused }` for each 'tell' it is sent, then begins anew.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { WireClient } from '../../test/protocol/db/wire-client.ts';

export interface Waits {
  readonly longestMs: number;
  readonly answered: number;
  /** What went wrong, if anything did. */
  readonly problem: string;
}

const FROM = '127.9.9.9';
const PAUSE_MS = 2;
/** Questions on one connection before the next is opened. */
const QUESTIONS = 100;

const { port } = workerData as { port: number };
let waits = { longestMs: 0, answered: 0, problem: '' };

parentPort?.on('message', () => {
  parentPort?.postMessage(waits satisfies Waits);
  waits = { longestMs: 0, answered: 0, problem: '' };
});

async function timed<T>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const done = await work();
  waits.longestMs = Math.max(waits.longestMs, performance.now() - begun);
  return done;
}

for (;;) {
  try {
    const client = await timed(() => WireClient.session(port, { from: FROM }));
    for (let count = 0; count < QUESTIONS; count++) {
      const { rows } = await timed(() => client.query('select 1'));
      if (rows?.[0]?.[0] !== '1') throw new Error(`select 1 answered ${JSON.stringify(rows)}`);
      waits.answered++;
      await delay(PAUSE_MS);
    }
    client.socket.destroy();
  } catch (error) {
    waits.problem ||= String(error);
    await delay(PAUSE_MS * 10);
  }
}
