// Notices to a syslog receiver over one TCP or TLS connection. Syslog has no acknowledgement: a notice counts as taken
// when the connection has stood for a moment after it was written; one that breaks earlier gives it to the next connection.
import net from 'node:net';
import tls from 'node:tls';
import { DeliveryError, type Output } from '../output.ts';
import { type SyslogOptions, syslogFrame } from './payload.ts';

const BATCH = 64;
/** Posts waiting out their moment at once; they are written in order all the same. */
const LANES = 8;
const CONNECT_MS = 10_000;
/** Long enough for a reset to come back. */
const SETTLE_MS = 150;
const WRITE_MS = 10_000;

export interface SyslogTarget extends SyslogOptions {
  readonly name: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly ca?: string;
  readonly minSeverity?: number;
}

export function syslogOutput(target: SyslogTarget): Output {
  const { name, minSeverity = 1 } = target;
  let connection: Promise<net.Socket> | undefined;

  function connect(): Promise<net.Socket> {
    connection ??= open(target).then((socket) => {
      socket.once('close', () => {
        connection = undefined;
      });
      return socket;
    });
    connection.catch(() => {
      connection = undefined; // Whoever asked for it is told; the next post tries anew.
    });
    return connection;
  }

  return {
    name,
    minSeverity,
    batch: BATCH,
    lanes: LANES,
    async post(notices) {
      const socket = await connect();
      await write(socket, notices.map((notice) => syslogFrame(notice, target)).join(''));
    },
    close() {
      connection?.then(
        (socket) => socket.end(),
        () => {}, // It never came to be.
      );
    },
  };
}

function open({ secure, host, port, ca }: SyslogTarget): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = secure
      ? tls.connect({ host, port, ca, servername: net.isIP(host) ? undefined : host })
      : net.connect({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${CONNECT_MS} ms`)), CONNECT_MS);
    socket.setKeepAlive(true);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new DeliveryError(error.message || String(error.code), { retry: true }));
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // A receiver that closes its side reads no more; what it says is of no interest.
    socket.on('end', () => socket.destroy());
    socket.resume();
  });
}

function write(socket: net.Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const broken = () => finish(() => reject(new DeliveryError('the connection broke', { retry: true })));
    const slow = () => socket.destroy();
    let timer = setTimeout(slow, WRITE_MS);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('close', broken);
      settle();
    };
    socket.once('close', broken);
    if (socket.destroyed) {
      broken();
      return;
    }
    socket.write(text, () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(resolve), SETTLE_MS);
    });
  });
}
