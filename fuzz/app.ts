// Fuzzing the app decoy: raw frames over a cable between two namespaces; at the end not one packet more or less than the kernel counted.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createNetwork, type Network, noNetns } from '../test/harness/netns.ts';
import { missing } from '../test/harness/tools.ts';
import { linkOf, received, setCable, sourcesOf } from '../test/protocol/app-network.ts';
import { asShipped } from './as-shipped.ts';
import { createBooks } from './books.ts';
import { type Case, type Part, pick, type Random } from './case.ts';
import { captureOf, dealPacket, type Ends, frameOf } from './frames.ts';
import { Finding, type Session, type Target } from './target.ts';
import { watch } from './watched.ts';

const MEMORY_MB = 110;
const FRAMES = 200;
/** Of four kinds of case, one has its frames sent as they are; the others have lengths and checksums put right. */
const DOORS = ['repaired', 'repaired', 'repaired', 'raw'] as const;
const SETTLE_MS = 1_500;
const PING_MS = 5_000;

const run = promisify(execFile);

function deal(random: Random): Case {
  const parts: Part[] = Array.from({ length: FRAMES }, () => dealPacket(random));
  return { to: pick(DOORS, random), parts };
}

function addressBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number));
  const [head = '', tail = ''] = ip.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  const [left, right] = [words(head), words(tail)];
  const bytes = Buffer.alloc(16);
  for (const [at, word] of left.entries()) bytes.writeUInt16BE(word, at * 2);
  for (const [at, word] of right.entries()) bytes.writeUInt16BE(word, (8 - right.length + at) * 2);
  return bytes;
}

function endsOf({ attacker, decoy }: Network): Ends {
  const link = (netns: string) => Buffer.from(linkOf(netns).mac.replaceAll(':', ''), 'hex');
  return {
    fromLink: link(attacker.netns),
    toLink: link(decoy.netns),
    from4: addressBytes(attacker.ip),
    to4: addressBytes(decoy.ip),
    from6: addressBytes(attacker.ip6),
    to6: addressBytes(decoy.ip6),
  };
}

export const app: Target = {
  // Frames of two cases at once would only queue for one cable.
  atOnce: 1,
  lacking: () => noNetns() || missing('tcpreplay', 'ping'),
  deal,
  async start(): Promise<Session> {
    const network = createNetwork('fuzz');
    const { attacker, decoy } = network;
    const ends = endsOf(network);
    const link = linkOf(attacker.netns).name;
    const client = sourcesOf(network, 1)[0]!.ip;
    const scratch = mkdtempSync(join(tmpdir(), 'fuzz-app-'));
    const books = createBooks([client]);
    setCable(network, 'down');
    const { nodeFlags, env } = asShipped('app');
    const program = watch('app', {
      env: { ...env },
      nodeFlags,
      netns: decoy.netns,
      memoryMb: MEMORY_MB,
      onLine: books.line,
    });
    await program.said('app: ');
    const before = received(decoy.netns);
    setCable(network, 'up');
    // The link's address is taken away with the cable.
    sourcesOf(network, 1);
    let pings = 0;
    let sent = 0;

    return {
      async send({ to, parts }) {
        const packets = parts.filter((part) => typeof part === 'string');
        const file = join(scratch, `${++sent}.pcap`);
        writeFileSync(file, captureOf(packets.map((packet) => frameOf(packet, ends, to === 'repaired'))));
        await run('ip', ['netns', 'exec', attacker.netns, 'tcpreplay', '-q', '--topspeed', '-i', link, file]);
        rmSync(file);
      },
      async ask() {
        const command = ['netns', 'exec', attacker.netns, 'ping', '-c1', '-W2', '-I', client, decoy.ip];
        await run('ip', command, { timeout: PING_MS });
        pings += 1;
      },
      wrong: program.wrong,
      async end() {
        await delay(SETTLE_MS);
        setCable(network, 'down');
        await program.stop();
        const arrived = received(decoy.netns) - before;
        const sum = (counts: Readonly<Record<string, number>> = {}) =>
          Object.values(counts).reduce((all, one) => all + one, 0);
        const { ignored, unseen } = books.last ?? {};
        const accounted = books.told + books.lost + sum(ignored) + sum(unseen);
        if (accounted !== arrived)
          throw new Finding(
            `the kernel received ${arrived} packets, the decoy accounts for ${accounted}: ${books.told} told, ${books.lost} lost, ignored ${JSON.stringify(ignored)}, unseen ${JSON.stringify(unseen)}`,
          );
        if (books.lost === 0 && books.of(client) !== pings)
          throw new Finding(`${pings} pings, but lines have ${books.of(client)}`);
        return { touches: books.told, lines: books.lines, peakMb: program.peakMb() };
      },
      async kill() {
        await program.kill();
        network.remove();
        rmSync(scratch, { recursive: true, force: true });
      },
    };
  },
};
