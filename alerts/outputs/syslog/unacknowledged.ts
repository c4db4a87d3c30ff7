// Bytes a connection has sent that its other end's kernel has not acknowledged, as Linux tells them (proc(5), /proc/net/tcp: tx_queue).
import { readFile } from 'node:fs/promises';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
/** A line of the table is about 150 bytes; a machine with more connections than that is not looked through again and again. */
const TABLE_CHARS = 1_048_576;

/** Undefined where the table does not have the connection. Columns: sl, local address:port, remote address:port, st, tx_queue:rx_queue … in hex. */
export function unacknowledgedIn(table: string, localPort: number, remotePort: number): number | undefined {
  let most: number | undefined;
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', , queues = ''] = line.trim().split(/ +/, 5);
    if (portOf(local) !== localPort || portOf(remote) !== remotePort) continue;
    const bytes = Number.parseInt(queues.slice(0, queues.indexOf(':')), 16);
    if (Number.isSafeInteger(bytes)) most = Math.max(most ?? 0, bytes);
  }
  return most;
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
}

/** Undefined where this cannot be known here. */
export async function unacknowledged(localPort: number, remotePort: number): Promise<number | undefined> {
  for (const path of TABLES) {
    try {
      const table = await readFile(path, 'latin1');
      const bytes = table.length > TABLE_CHARS ? undefined : unacknowledgedIn(table, localPort, remotePort);
      if (bytes !== undefined) return bytes;
    } catch {
      // No such table here, or none this program may read.
    }
  }
  return undefined;
}
