// The HTTP listener: connections in, at most so many at once, and the oldest given up first when a cap is reached.
import type { Server, Socket } from 'node:net';
import { connectionRoom } from '../../touch/descriptors.ts';
import { listenError } from '../../touch/run.ts';
import { uuidv7 } from '../../touch/uuid.ts';
import { createReadingServer } from '../reading.ts';
import { type Connection, type ServerContext, serveConnection } from './connection.ts';
import type { Peer } from './exchange.ts';
import { CONNECTIONS, PENDING_HEADERS_BYTES, PENDING_HEADERS_SHED_BYTES } from './limits.ts';

export interface HttpServer {
  close(): Promise<void>;
}

const BACKLOG = 511;
/** The lure has the rest. */
const DESCRIPTORS_SHARE = 2 / 3;

/** An address as people write it: IPv4 in IPv6 form becomes IPv4. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Undefined where the client was gone before we looked: there is no address left to name. */
export function peerOf(socket: Socket): Peer | undefined {
  if (socket.remoteAddress === undefined || socket.remotePort === undefined) return undefined;
  return {
    address: plainAddress(socket.remoteAddress),
    port: socket.remotePort,
    localAddress: plainAddress(socket.localAddress),
    localPort: socket.localPort ?? 0,
    session: uuidv7(Date.now()).slice(0, 23),
  };
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The environment variable that set the port, for the message where it cannot be had. */
  readonly setting: string;
}

/** Listens; rejects with a UserError where the port cannot be had. */
export async function listen(server: Server, { host, port, setting }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, setting, port)));
    server.listen({ host, port, backlog: BACKLOG }, resolve);
  });
  // Running out of file descriptors refuses one connection; it is no reason to end.
  server.on('error', () => undefined);
}

export async function startHttpServer(options: ListenOptions, context: ServerContext): Promise<HttpServer> {
  const connections = new Set<Connection>();
  const room = connectionRoom(CONNECTIONS, DESCRIPTORS_SHARE);

  function dropQuietest(): void {
    let quietest: Connection | undefined;
    for (const connection of connections) {
      if (!quietest || connection.quietSince() < quietest.quietSince()) quietest = connection;
    }
    quietest?.drop('dropped for others');
  }

  /** Closes those that wait longest for the end of their header, until a part of the budget is free again. */
  function shedHeads(): void {
    const waiting = [...connections].filter((connection) => connection.pendingBytes() > 0);
    waiting.sort((a, b) => a.quietSince() - b.quietSince());
    const enough = PENDING_HEADERS_BYTES - PENDING_HEADERS_SHED_BYTES;
    for (const connection of waiting) {
      if (context.heads.used <= enough) return;
      connection.drop('dropped for others');
    }
  }

  const server = createReadingServer((socket) => {
    const peer = peerOf(socket);
    if (!peer) {
      context.observer.vanished(options.port, Date.now());
      return undefined;
    }
    if (connections.size >= room) dropQuietest();
    const place = { ...context.place, address: peer.localAddress };
    const connection = serveConnection(
      socket,
      peer,
      { ...context, place },
      {
        closed: () => connections.delete(connection),
        crowded: shedHeads,
      },
    );
    connections.add(connection);
    return connection.take;
  });
  await listen(server, options);
  return {
    async close() {
      server.close();
      for (const connection of [...connections]) connection.drop('still open at the end');
    },
  };
}
