// Who is at the other end of a connection.

import type { Socket } from 'node:net';
import { plainAddress } from '../../touch/plain-address.ts';
import { uuidv7 } from '../../touch/uuid.ts';

/** Characters of an id that tell connections of one process apart. */
const SESSION_CHARS = 23;

/** Both ends of a connection, addresses in text form. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** One id a connection. */
  readonly session: string;
}

class SocketPeer implements Peer {
  readonly address: string;
  readonly port: number;
  readonly localAddress: string;
  readonly localPort: number;
  #session: string | undefined;

  constructor(address: string, port: number, localAddress: string, localPort: number) {
    this.address = address;
    this.port = port;
    this.localAddress = localAddress;
    this.localPort = localPort;
  }

  /** Made when first asked for: most connections of a flood are counted and never named. */
  get session(): string {
    this.#session ??= uuidv7(Date.now()).slice(0, SESSION_CHARS);
    return this.#session;
  }
}

/** Undefined where the client was gone before we looked: there is no address left to name. */
export function peerOf(socket: Socket): Peer | undefined {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return new SocketPeer(
    plainAddress(remoteAddress),
    remotePort,
    plainAddress(socket.localAddress ?? ''),
    socket.localPort ?? 0,
  );
}
