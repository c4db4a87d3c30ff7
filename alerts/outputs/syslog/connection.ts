// One TCP or TLS connection to a syslog receiver, and when what was written to it counts as taken: syslog has no acknowledgement of its
// own, so it is the receiver's kernel that is asked for one.
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { DeliveryError } from '../output.ts';
import { unacknowledged } from './unacknowledged.ts';

const CONNECT_MS = 10_000;
/** From a write to its acknowledgement at most. */
const WRITE_MS = 10_000;
const LOOK_MS = 10;
/** Where no kernel tells: long enough for a reset to come back. */
const SETTLE_MS = 150;

export interface Address {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly ca?: string;
}

/** Resolves once it stands; throws DeliveryError. */
export function connectTo({ secure, host, port, ca }: Address): Promise<net.Socket> {
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

/** Resolves once the other end's kernel has acknowledged all that was written; throws DeliveryError where the connection breaks before. */
export async function writeTo(socket: net.Socket, text: string): Promise<void> {
  const { localPort, remotePort } = socket;
  const late = setTimeout(() => socket.destroy(), WRITE_MS);
  try {
    await handedOver(socket, text);
    const writtenMs = performance.now();
    while (!socket.destroyed) {
      const left = await unacknowledged(localPort ?? 0, remotePort ?? 0);
      if (socket.destroyed) break;
      if (left === 0 || (left === undefined && performance.now() - writtenMs >= SETTLE_MS)) return;
      await delay(LOOK_MS);
    }
  } finally {
    clearTimeout(late);
  }
  throw broken();
}

/** Resolves once this machine's kernel has it. */
function handedOver(socket: net.Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(broken());
    if (socket.destroyed) return failed();
    socket.once('close', failed);
    socket.write(text, (error) => {
      socket.off('close', failed);
      if (error) failed();
      else resolve();
    });
  });
}

function broken(): DeliveryError {
  return new DeliveryError('the connection broke', { retry: true });
}
