// Listens for MySQL clients, holds the connections, and makes the server's keys once it listens.
import { createServer, type Socket } from 'node:net';
import { canariesOf } from '../touch/canary.ts';
import { connectionRoom } from '../touch/descriptors.ts';
import { listen } from '../touch/listen.ts';
import type { Recorder } from '../touch/recorder.ts';
import type { Running } from '../touch/run.ts';
import { vanishedTouch } from '../touch/vanished.ts';
import { ServerKeys } from './auth/keys.ts';
import type { Connection } from './connection/connection.ts';
import { UnsentReplies } from './connection/unsent.ts';
import { collectStart } from './garbage.ts';
import { ALL_MESSAGES_BYTES, ALL_UNSENT_BYTES, MAX_SOCKETS } from './limits.ts';
import { PERSONAS } from './persona/personas.ts';
import { readAs } from './persona/recorded.ts';
import { ServerState } from './session/server-state.ts';
import type { DbSettings } from './settings.ts';
import { MessageBudget } from './wire/message-reader.ts';

/** Starts the decoy; resolves once it listens. */
export async function startDb(settings: DbSettings, recorder: Recorder): Promise<Running> {
  const startedMs = Date.now();
  const persona = PERSONAS[settings.version];
  readAs(persona.changes);
  const state = new ServerState({
    persona,
    hostname: settings.hostname,
    identity: settings.identity,
    port: settings.port,
    startedMs,
    bind: settings.bind,
    canaries: settings.key === undefined ? [] : canariesOf(settings.key),
  });
  const keys = new ServerKeys(persona.baseVersion, startedMs);
  const budget = new MessageBudget(ALL_MESSAGES_BYTES);
  const unsent = new UnsentReplies(ALL_UNSENT_BYTES);
  const connections = new Set<Connection>();
  const room = connectionRoom(MAX_SOCKETS);
  // What answers clients is loaded once this listens; who comes before waits for it.
  let serve: ((socket: Socket) => void) | undefined;
  const early: Socket[] = [];
  const load = async () => {
    const loaded = await import('./connection/connection.ts');
    serve = (socket) => take(socket, loaded.Connection);
    for (const socket of early.splice(0)) serve(socket);
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    if (serve) serve(socket);
    else {
      // Its end or error is told when it is taken.
      socket.on('error', () => undefined);
      early.push(socket);
    }
  });
  const take = (socket: Socket, Served: typeof Connection) => {
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      recorder.touch(vanishedTouch(settings.port, Date.now()));
      return;
    }
    const deps = {
      server: state,
      keys,
      recorder,
      budget,
      unsent,
      now: Date.now,
      random: Math.random,
    };
    const connection = new Served(socket, deps, () => connections.delete(connection));
    connections.add(connection);
    state.counters.set(
      'Max_used_connections',
      Math.max(state.counters.get('Max_used_connections') ?? 0, connections.size),
    );
    if (connections.size > room) connection.shutdown();
  };
  await listen(server, { host: settings.bind, port: settings.port, setting: 'DB_PORT' });
  // Made one after the other, and once it is told that this listens, so that neither start nor first client waits for both.
  const loading = new Promise<void>((resolve, reject) => setImmediate(() => load().then(resolve, reject)));
  loading
    .then(() => keys.chain())
    .then(() => keys.password())
    .then(({ publicPem }) => {
      state.publicKey = publicPem;
      collectStart();
    })
    .catch((error: unknown) => process.stderr.write(`db: no keys, so no TLS and no passwords: ${String(error)}\n`));
  return {
    summary: `listening on ${settings.bind} port ${settings.port} as MySQL ${persona.version}`,
    heartbeat: () => ({
      mode: 'mysql',
      ports: [settings.port],
      uid: process.getuid?.(),
      canaries: settings.key !== undefined,
    }),
    close: async () => {
      // Who came early is taken first, and leaves its touch.
      await loading;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.shutdown();
      });
    },
  };
}
