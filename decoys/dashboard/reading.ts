// Sockets that read into one buffer shared by all: what arrives is looked at in place, and only what must wait is copied. A buffer a
// read, as streams have it, took a hostile load of 200 one-megabyte bodies from 80 to 230 MB.
import { createServer, type Server, Socket, type SocketConstructorOpts } from 'node:net';
import { type Handle, handOver, takeHandles } from './handles.ts';

const READ_BYTES = 64 * 1024;
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/** Who listens to a socket. One object a connection: listeners of its own for each would cost more than its request does. */
export interface Client {
  /** What has come; the bytes are valid until this returns. */
  take(bytes: Buffer): void;
  /** The other side will send no more. */
  ended(): void;
  /** What was written has been taken, after a write that had to wait. */
  drained(): void;
  /** The connection is over, whoever ended it. */
  gone(): void;
}

class ReadingSocket extends Socket {
  client: Client | undefined;
}

function onEnd(this: ReadingSocket): void {
  this.client?.ended();
}

function onClose(this: ReadingSocket): void {
  this.client?.gone();
}

function onDrain(this: ReadingSocket): void {
  this.client?.drained();
}

/**
 * The client has nothing to hear any more. A closed socket outlives a collection or two: what hangs on it would be carried along, and
 * that is the most a flood of short connections costs the collector.
 */
export function letGo(socket: Socket): void {
  if (socket instanceof ReadingSocket) socket.client = undefined;
}

/** The end of the connection follows an error, and says all there is to say. */
function onError(): void {}

/**
 * A server whose sockets hand what they have to what `accept` returns for them. Undefined from `accept` closes the connection.
 * Sockets stay half open when the client has ended its side.
 */
export function createReadingServer(accept: (socket: Socket) => Client | undefined): Server {
  function read(handle: Handle): void {
    const options: SocketConstructorOpts = {
      handle,
      allowHalfOpen: true,
      onread: {
        buffer: shared,
        callback(bytes, buffer) {
          socket.client?.take((buffer as Buffer).subarray(0, bytes));
          return true;
        },
      },
    };
    const socket = new ReadingSocket(options);
    socket.client = accept(socket);
    socket.on('error', onError);
    if (!socket.client) {
      socket.destroy();
      return;
    }
    socket.on('end', onEnd);
    socket.on('drain', onDrain);
    socket.on('close', onClose);
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => read(handOver(socket)));
  server.once('listening', () => takeHandles(server, read));
  return server;
}
