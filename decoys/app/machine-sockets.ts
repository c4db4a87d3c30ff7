// The sockets of other programs on a shared machine, from /proc/net/tcp, tcp6, udp, udp6 (proc_pid_net(5)). Never read in a pod, where there are none.
import { closeSync, openSync, readSync } from 'node:fs';
import { ticksMs } from '../touch/ticks.ts';
import { ipv6Text } from './address.ts';
import { addressAt } from './packet.ts';

const TCP_FILES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
const UDP_FILES = ['/proc/net/udp', '/proc/net/udp6'] as const;
/** Read of each file at most; about 27,000 sockets. */
const FILE_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 65_536;
const LISTEN = '0A';
/** `  0: 0100007F:1F90 00000000:0000 0A …` */
const ROW = /^\s*\d+: ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{2}) /;
const IPV4_HEX_CHARS = 8;
const MAPPED = '::ffff:';

export interface SocketRow {
  readonly ownPort: number;
  readonly peer: string;
  readonly peerPort: number;
  readonly listens: boolean;
}

/** The rows of one of these files; what is no row is left out. */
export function parseSockets(text: string): SocketRow[] {
  const rows: SocketRow[] = [];
  for (const line of text.split('\n')) {
    const found = ROW.exec(line);
    if (!found) continue;
    rows.push({
      ownPort: Number.parseInt(found[2]!, 16),
      peer: addressOf(found[3]!),
      peerPort: Number.parseInt(found[4]!, 16),
      listens: found[5] === LISTEN,
    });
  }
  return rows;
}

/** Addresses are written as host-order words: each four bytes reversed on little-endian machines. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  if (hex.length === IPV4_HEX_CHARS) return addressAt(bytes, 0);
  const text = ipv6Text(bytes, 0);
  return text.startsWith(MAPPED) ? addressAt(bytes, 12) : text;
}

export interface MachineSockets {
  /** Whether a program listens on this TCP port. */
  listens(port: number): boolean;
  /** Whether a program has this connection (see `flowOf`). */
  has(flow: string): boolean;
  /** Whether a program has this UDP port. */
  hasUdp(port: number): boolean;
  /** Looks again; returns how many ms that took. */
  refresh(): number;
}

/** How a connection is called from the machine's side: the peer's address and port, then the machine's own port. */
export function flowOf(peer: string, peerPort: number | undefined, ownPort: number | undefined): string {
  return `${peer} ${peerPort} ${ownPort}`;
}

/** `ports`: TCP ports that count as listening whether the files say so or not. */
export function createMachineSockets(ports: ReadonlySet<number>): MachineSockets {
  let listening = new Set<number>(ports);
  let flows = new Set<string>();
  let udp = new Set<number>();
  return {
    listens: (port) => listening.has(port),
    has: (flow) => flows.has(flow),
    hasUdp: (port) => udp.has(port),
    refresh() {
      const started = ticksMs();
      listening = new Set(ports);
      flows = new Set();
      udp = new Set();
      for (const row of TCP_FILES.flatMap((path) => parseSockets(readFile(path)))) {
        if (row.listens) listening.add(row.ownPort);
        else flows.add(flowOf(row.peer, row.peerPort, row.ownPort));
      }
      for (const row of UDP_FILES.flatMap((path) => parseSockets(readFile(path)))) udp.add(row.ownPort);
      return ticksMs() - started;
    },
  };
}

function readFile(path: string): string {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const fd = openSync(path, 'r');
    for (let read = 1; read > 0 && size < FILE_BYTES; size += read) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      read = readSync(fd, chunk, 0, CHUNK_BYTES, null);
      chunks.push(chunk.subarray(0, read));
    }
    closeSync(fd);
  } catch {
    // No IPv6 here, or no Linux: nothing is known of other programs.
  }
  return Buffer.concat(chunks).toString('latin1');
}
