// Listening on a TCP port, with what goes wrong said in a user's words.
import type { Server } from 'node:net';
import { listenError } from './run.ts';

const BACKLOG = 511;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The environment variable that set the port, for the message where it cannot be had. */
  readonly setting: string;
}

/** Listens; rejects with a UserError where the port cannot be had. Where the machine has no IPv6, `::` means every IPv4 address. */
export async function listen(server: Server, { host, port, setting }: ListenOptions): Promise<void> {
  try {
    await attempt(server, host, port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (host !== '::' || code !== 'EAFNOSUPPORT') throw listenError(error as NodeJS.ErrnoException, setting, port);
    await attempt(server, '0.0.0.0', port).catch((again: NodeJS.ErrnoException) => {
      throw listenError(again, setting, port);
    });
  }
  // Running out of file descriptors refuses one connection; it is no reason to end.
  server.on('error', () => undefined);
}

function attempt(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
