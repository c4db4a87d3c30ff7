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

/**
 * Listens; rejects with a UserError where the port cannot be had. `::` is what Node takes where it is told none, IPv4 too, and every
 * IPv4 address where the machine has no IPv6: told by name it would load the resolver first, 5 ms of CPU.
 */
export async function listen(server: Server, { host, port, setting }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(listenError(error, setting, port));
    server.once('error', refuse);
    server.listen({ ...(host === '::' ? {} : { host }), port, backlog: BACKLOG }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  // Running out of file descriptors refuses one connection; it is no reason to end.
  server.on('error', () => undefined);
}
