// The HTTP listener: connections in, at most so many at once, and the oldest given up first when a cap is reached.
import type { Socket } from 'node:net';
import { connectionRoom } from '../../touch/descriptors.ts';
import { type ListenOptions, listen } from '../../touch/listen.ts';
import { createReadingServer } from '../reading.ts';
import { Connection } from './connection.ts';
import type { ConnectionEvents, ServerContext } from './context.ts';
import { CONNECTIONS, PENDING_HEADERS_BYTES, PENDING_HEADERS_SHED_BYTES } from './limits.ts';
import { peerOf } from './peer.ts';
import { createRunQueue } from './run-queue.ts';
import { createTimetable } from './timetable.ts';

/** Of the descriptors there are; the lure has the rest. */
const DESCRIPTORS_SHARE = 2 / 3;

export interface HttpServer {
  close(): Promise<void>;
}

export async function startHttpServer(options: ListenOptions, context: ServerContext): Promise<HttpServer> {
  const connections = new Set<Connection>();
  const room = connectionRoom(CONNECTIONS, DESCRIPTORS_SHARE);
  const queue = createRunQueue();
  const timetable = createTimetable(connections);
  const events: ConnectionEvents<Connection> = {
    closed: (connection) => connections.delete(connection),
    crowded: shedHeads,
    sooner: timetable.sooner,
  };

  function dropQuietest(): void {
    let quietest: Connection | undefined;
    for (const connection of connections) {
      if (!quietest || connection.heardAt < quietest.heardAt) quietest = connection;
    }
    quietest?.drop('dropped for others');
  }

  /** Closes those that wait longest for the end of their header, until a part of the budget is free again. */
  function shedHeads(): void {
    const waiting = [...connections].filter((connection) => connection.intake.held > 0);
    waiting.sort((a, b) => a.heardAt - b.heardAt);
    const enough = PENDING_HEADERS_BYTES - PENDING_HEADERS_SHED_BYTES;
    for (const connection of waiting) {
      if (context.heads.used <= enough) return;
      connection.drop('dropped for others');
    }
  }

  function accept(socket: Socket): Connection | undefined {
    const peer = peerOf(socket);
    if (!peer) {
      context.observer.vanished(options.port, Date.now());
      return undefined;
    }
    if (connections.size >= room) dropQuietest();
    const connection = new Connection(socket, peer, context, events, queue);
    connections.add(connection);
    return connection;
  }

  const server = createReadingServer(accept);
  await listen(server, options);
  return {
    async close() {
      server.close();
      for (const connection of [...connections]) connection.drop('still open at the end');
      timetable.stop();
    },
  };
}
