// A port nobody listens on, below those the kernel gives to clients and to who binds port 0: it stays free between two decoys.
import { createServer } from 'node:net';

const LOWEST = 10_000;
/** net.ipv4.ip_local_port_range begins here on Linux. */
const EPHEMERAL = 32_768;
const TRIES = 50;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = LOWEST + Math.floor(Math.random() * (EPHEMERAL - LOWEST));
    if (await isFree(port)) return port;
  }
  throw new Error('no port');
}
