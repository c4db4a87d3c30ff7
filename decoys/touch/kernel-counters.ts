// The kernel's own counts of what this network namespace received: /proc/net/snmp, /proc/net/netstat, /proc/net/snmp6 (proc_pid_net(5), RFC 1213, 4293).
import { closeSync, openSync, readSync } from 'node:fs';

/** Counts since the namespace began, by the kernel's names: `Ip.InReceives`, `IcmpMsg.InType8`, `TcpExt.ListenDrops`, `Ip6InReceives`. */
export type Counters = ReadonlyMap<string, number>;

/** Reads pairs of lines, names then values, as snmp and netstat have them. Lines that do not fit together are left out. */
export function parsePairs(text: string, counters: Map<string, number> = new Map()): Map<string, number> {
  const lines = text.split('\n');
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const names = lines[at]!.split(' ');
    const values = lines[at + 1]!.split(' ');
    const group = names[0]!;
    if (group !== values[0] || !group.endsWith(':')) continue;
    const prefix = `${group.slice(0, -1)}.`;
    for (let column = 1; column < names.length; column++) {
      const value = Number(values[column]);
      if (Number.isFinite(value)) counters.set(prefix + names[column], value);
    }
  }
  return counters;
}

/** Reads lines of a name and a value, as snmp6 has them. */
export function parseColumns(text: string, counters: Map<string, number> = new Map()): Map<string, number> {
  for (const line of text.split('\n')) {
    const space = line.search(/\s/);
    if (space <= 0) continue;
    const value = Number(line.slice(space));
    if (Number.isFinite(value)) counters.set(line.slice(0, space), value);
  }
  return counters;
}

const FILES = [
  { path: '/proc/net/snmp', parse: parsePairs },
  { path: '/proc/net/netstat', parse: parsePairs },
  { path: '/proc/net/snmp6', parse: parseColumns },
] as const;
const FILE_BYTES = 65_536;

export interface CounterReader {
  /** The counts now; those of a file that cannot be read are missing. */
  read(): Counters;
  close(): void;
}

/** Opens the files once: whoever may open them may go on reading after privileges are dropped. */
export function openCounters(): CounterReader {
  const buffer = Buffer.alloc(FILE_BYTES);
  const files: { fd: number; parse: typeof parsePairs }[] = [];
  for (const { path, parse } of FILES) {
    try {
      files.push({ fd: openSync(path, 'r'), parse });
    } catch {
      // No IPv6 here, or no Linux: fewer counts.
    }
  }
  return {
    read() {
      const counters = new Map<string, number>();
      for (const { fd, parse } of files) parse(readWhole(fd, buffer), counters);
      return counters;
    },
    close() {
      for (const { fd } of files) closeSync(fd);
    },
  };
}

/** A file of /proc gives at most a page a read; from position 0 on it is made anew. */
function readWhole(fd: number, buffer: Buffer): string {
  let length = 0;
  try {
    while (length < buffer.length) {
      const read = readSync(fd, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
  } catch {
    return '';
  }
  return buffer.toString('latin1', 0, length);
}

/** How much `name` grew between two reads; never negative. */
export function grown(before: Counters, after: Counters, name: string): number {
  return Math.max(0, (after.get(name) ?? 0) - (before.get(name) ?? 0));
}
