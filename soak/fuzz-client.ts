// The fuzzers' cases at a decoy that stands elsewhere, until ended. Run inside the attacker's namespace:
// node soak/fuzz-client.ts app|dashboard|db DECOY_IP OWN_IP OWN_LINK DECOY_LINK_ADDRESS
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../fuzz/conversation.ts';
import { captureOf, type Ends, frameOf } from '../fuzz/frames.ts';
import { randomOf } from '../fuzz/run.ts';
import { TARGETS } from '../fuzz/targets.ts';

const [name = '', host = '', from = '', link = '', mac = ''] = process.argv.slice(2);
const AT_ONCE = 4;
const PORTS: Readonly<Record<string, number>> = { debug: 8080, lure: 443, plain: 3306, tls: 3306 };
const seed = process.pid;
const target = TARGETS[name as 'app' | 'dashboard' | 'db'];
let number = 0;

function replay(directory: string): void {
  const four = (ip: string) => Buffer.from(ip.split('.').map(Number));
  const bytes = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
  const own = readFileSync(`/sys/class/net/${link}/address`, 'utf8').trim();
  const six = Buffer.alloc(16, 0xfd);
  const ends: Ends = {
    fromLink: bytes(own),
    toLink: bytes(mac),
    from4: four(from),
    to4: four(host),
    from6: six,
    to6: six,
  };
  const { to, parts } = target.deal(randomOf(seed, number++));
  const packets = parts.filter((part) => typeof part === 'string');
  const file = join(directory, 'frames.pcap');
  writeFileSync(file, captureOf(packets.map((packet) => frameOf(packet, ends, to === 'repaired'))));
  execFileSync('tcpreplay', ['-q', '--pps', '2000', '-i', link, file], { stdio: 'ignore' });
}

async function converse(): Promise<void> {
  for (;;) {
    const one = target.deal(randomOf(seed, number++));
    const first = one.parts.findIndex((part) => typeof part === 'string');
    const tlsAt = one.to === 'tls' ? { tlsAt: first + 1 } : {};
    await play({ host, port: PORTS[one.to] ?? 0, from, ...tlsAt }, one);
  }
}

if (name === 'app') for (const directory = mkdtempSync(join(tmpdir(), 'soak-')); ; ) replay(directory);
await Promise.all(Array.from({ length: AT_ONCE }, converse));
