// Fingerprints of what a replica asks: COM_REGISTER_SLAVE, COM_BINLOG_DUMP and the events that come.
import { type Fingerprint, fingerprint } from './check.ts';
import { ask, FULL, hex, told } from './command-client.ts';
import { letIn } from './peer.ts';

/** Replicas so far: each has a number of its own. */
let replicas = 5_000;
const dump = (position: number, flags: number, name: string) => {
  const head = Buffer.alloc(11);
  head[0] = 18;
  head.writeUInt32LE(position, 1);
  head.writeUInt16LE(flags, 5);
  head.writeUInt32LE(++replicas, 7);
  return Buffer.concat([head, Buffer.from(name)]);
};

/** The kinds of the events a dump sends, and its last word. */
function events(name: string, before: readonly string[], command: Buffer): Fingerprint {
  return fingerprint(name, async (port) => {
    const peer = await letIn(port, { capabilities: FULL });
    for (const text of before) await ask(peer, text);
    peer.send(0, command);
    const seen: unknown[] = [];
    for (let next = await peer.packet(500); next && seen.length < 4; next = await peer.packet(300)) {
      if (next[4] === 0 && next.length > 24)
        seen.push({
          type: next[9],
          server: next.readUInt32LE(10),
          length: next.readUInt32LE(14) === next.length - 5,
          flags: next.readUInt16LE(22),
          end: next.readUInt32LE(18) > 0,
        });
      else seen.push(next.toString('latin1', 3).replace(/[^ -~]/g, '.'));
    }
    const end = await peer.ended(100);
    peer.leave();
    return { seen, end };
  });
}

const CHECKSUM = 'set @source_binlog_checksum=@@global.binlog_checksum';
/** Words after the name, position, flags (1: not waited for), file. */
const DUMPS: readonly (readonly [string, number, number, string])[] = [
  ['', 4, 0, 'binlog.000001'],
  [', not waited for', 4, 1, 'binlog.000001'],
  [' of no file named', 4, 1, ''],
  [' of no such file', 4, 1, 'nosuch.000001'],
  [' behind the end', 0x7fffffff, 1, 'binlog.000001'],
  [' before the start', 0, 1, 'binlog.000001'],
  [' inside an event', 9, 1, 'binlog.000001'],
];

export const REPLICAS: readonly Fingerprint[] = [
  told('COM_REGISTER_SLAVE', [Buffer.concat([hex('15 4d000000 00 00 00 ea0c 00000000 00000000')]), 'show replicas']),
  events('COM_BINLOG_DUMP without a checksum', [], dump(4, 0, 'binlog.000001')),
  ...DUMPS.map(([name, position, flags, file]) =>
    events(`COM_BINLOG_DUMP${name}`, [CHECKSUM], dump(position, flags, file)),
  ),
  events(
    'COM_BINLOG_DUMP with heartbeats',
    [CHECKSUM, 'set @source_heartbeat_period=200000000'],
    dump(4, 0, 'binlog.000001'),
  ),
  events(
    'COM_BINLOG_DUMP_GTID',
    [CHECKSUM],
    Buffer.concat([hex('1e 0100 4d000000 00000000 0400000000000000 08000000 0000000000000000')]),
  ),
];
