// What Node's net module has no public word for: connections as bare handles, so that a socket of our own making can be put around
// each. Only a socket's constructor can say which buffer it reads into, and a server's sockets are constructed before it is asked;
// two sockets a connection took an eighth of a short one's CPU. Where a Node has no such inner parts, there are two again.
import type { Server, Socket, SocketConstructorOpts } from 'node:net';

export type Handle = SocketConstructorOpts['handle'];

interface ListeningHandle {
  onconnection?: (this: unknown, error: number, handle?: Handle) => void;
}

/** The handle of a socket that the server made; the socket has none afterwards. */
export function handOver(socket: Socket): Handle {
  const holder = socket as unknown as { _handle: Handle | null };
  const handle = holder._handle ?? undefined;
  holder._handle = null;
  return handle;
}

/** From now on `accept` has a listening server's connections instead of its `connection` listeners. */
export function takeHandles(server: Server, accept: (handle: Handle) => void): void {
  const listening = (server as unknown as { _handle?: ListeningHandle | null })._handle;
  const usual = listening?.onconnection;
  if (!listening || typeof usual !== 'function') return;
  listening.onconnection = function take(error, handle) {
    if (error || !handle) usual.call(this, error, handle);
    else accept(handle);
  };
}
