// Listens for MySQL clients: first of all, and with little loaded. What answers them is loaded once it listens.
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { listen } from '../touch/listen.ts';
import type { Recorder } from '../touch/recorder.ts';
import type { Running } from '../touch/run.ts';
import type * as Program from './answers.ts';
import type { Answers } from './answers.ts';
import { readLater } from './later.ts';
import { EARLY_SOCKETS } from './limits.ts';
import { PERSONAS } from './persona/personas.ts';
import type { DbSettings } from './settings.ts';
import { turnedAwayTouch } from './turned-away.ts';

/** What `answers.ts` is bundled as, beside the program. */
const ANSWERS = 'db-answers.cjs';

/** Starts the decoy; resolves once it listens. */
export async function startDb(settings: DbSettings, recorder: Recorder): Promise<Running> {
  const startedMs = Date.now();
  const part = readLater<typeof Program>(ANSWERS);
  let serving: Answers | undefined;
  let closing = false;
  // Who comes before there is an answer waits for it.
  const early: Socket[] = [];
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    if (serving) {
      serving.take(socket);
      return;
    }
    // Its end or error is told when it is taken.
    socket.on('error', () => undefined);
    if (early.length < EARLY_SOCKETS) early.push(socket);
    else {
      recorder.touch(turnedAwayTouch(socket, settings.port, Date.now()));
      socket.destroy();
    }
  });
  await listen(server, { host: settings.bind, port: settings.port, setting: 'DB_PORT' });
  /** Undefined where it ends before anybody came. In turns, or a signal to end would wait for all of it. */
  async function load(): Promise<Answers | undefined> {
    const neededNoMore = () => closing && early.length === 0;
    await turn();
    if (neededNoMore()) return undefined;
    part.compile();
    await turn();
    if (neededNoMore()) return undefined;
    serving = part.run().answers(settings, recorder, startedMs);
    for (const socket of early.splice(0)) serving.take(socket);
    return serving;
  }
  const loading = load();
  return {
    summary: `listening on ${settings.bind} port ${settings.port} as MySQL ${PERSONAS[settings.version].version}`,
    heartbeat: () => ({
      mode: 'mysql',
      ports: [settings.port],
      uid: process.getuid?.(),
      canaries: settings.key !== undefined,
    }),
    close: async () => {
      closing = true;
      // Who came early is taken first, and leaves its touch.
      const answers = await loading;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        answers?.shutdown();
      });
    },
  };
}
