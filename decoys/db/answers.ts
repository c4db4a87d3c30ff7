// What answers clients, loaded once the port listens: the server all connections share, its keys, and each connection.
import type { Socket } from 'node:net';
import { canariesOf } from '../touch/canary.ts';
import { connectionRoom } from '../touch/descriptors.ts';
import type { Recorder } from '../touch/recorder.ts';
import { vanishedTouch } from '../touch/vanished.ts';
import { ServerKeys } from './auth/keys.ts';
import { Connection } from './connection/connection.ts';
import { Outbox } from './connection/outbox.ts';
import { UnsentReplies } from './connection/unsent.ts';
import { collectStart } from './garbage.ts';
import { ALL_MESSAGES_BYTES, ALL_UNSENT_BYTES, MAX_SOCKETS } from './limits.ts';
import { beginAt, INITIALIZED_MS } from './persona/beginnings.ts';
import { PERSONAS } from './persona/personas.ts';
import { readAs } from './persona/recorded.ts';
import { ServerState } from './session/server-state.ts';
import type { DbSettings } from './settings.ts';
import { MessageBudget } from './wire/held-message.ts';

export interface Answers {
  /** Greets a client and answers it until it has gone. */
  take(socket: Socket): void;
  /** Hangs up on everybody. */
  shutdown(): void;
}

/** The server as it started at `startedMs`; its keys come a moment later. */
export function answers(settings: DbSettings, recorder: Recorder, startedMs: number): Answers {
  const persona = PERSONAS[settings.version];
  readAs(persona.changes);
  beginAt(startedMs);
  const server = new ServerState({
    persona,
    hostname: settings.hostname,
    identity: settings.identity,
    port: settings.port,
    startedMs,
    bind: settings.bind,
    canaries: settings.key === undefined ? [] : canariesOf(settings.key),
  });
  const keys = new ServerKeys(persona.baseVersion, startedMs - INITIALIZED_MS);
  const connections = new Set<Connection>();
  const room = connectionRoom(MAX_SOCKETS);
  const deps = {
    server,
    keys,
    recorder,
    budget: new MessageBudget(ALL_MESSAGES_BYTES),
    outbox: new Outbox(new UnsentReplies(ALL_UNSENT_BYTES), () => connections.size <= 1),
    now: Date.now,
    random: Math.random,
  };
  // Made one after the other, so that neither start nor first client waits for both.
  keys
    .chain()
    .then(() => keys.password())
    .then(({ publicPem }) => {
      server.publicKey = publicPem;
      collectStart();
    })
    .catch((error: unknown) => process.stderr.write(`db: no keys, so no TLS and no passwords: ${String(error)}\n`));
  return {
    take(socket) {
      if (socket.remoteAddress === undefined) {
        socket.destroy();
        recorder.touch(vanishedTouch(settings.port, Date.now()));
        return;
      }
      const connection = new Connection(socket, deps, () => connections.delete(connection));
      connections.add(connection);
      const most = server.counters.get('Max_used_connections') ?? 0;
      server.counters.set('Max_used_connections', Math.max(most, connections.size));
      if (connections.size > room) connection.shutdown();
    },
    shutdown() {
      for (const connection of connections) connection.shutdown();
    },
  };
}
