// What attacks, all at once and again and again until the time is over: published tools as an intruder would run them, and our fuzzers.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { missing } from '../test/harness/tools.ts';
import { linkOf } from '../test/protocol/app-network.ts';
import type { DecoyName, RunningDecoy } from './product.ts';

/** Attackers share this machine's cores with what they attack, which they would not: they yield. */
const NICE = 19;
/** Between two runs of one tool. */
const AGAIN_MS = 200;
const WORDS = '/usr/share/dirb/wordlists/common.txt';

interface Place {
  readonly ip: string;
  readonly from: string;
  readonly link: string;
  /** The decoy's link address. */
  readonly mac: string;
  readonly scratch: string;
}

interface Attack {
  readonly tool: string;
  readonly on: DecoyName;
  /** A file it cannot do without. */
  readonly needs?: string;
  readonly command: (place: Place) => readonly string[];
}

const FUZZER = join(import.meta.dirname, 'fuzz-client.ts');
const fuzzer = (on: DecoyName): Attack => ({
  tool: 'fuzzer',
  on,
  command: ({ ip, from, link, mac }) => [process.execPath, FUZZER, on, ip, from, link, mac],
});

export const ATTACKS: readonly Attack[] = [
  {
    tool: 'nmap',
    on: 'app',
    command: ({ ip }) => ['nmap', '-n', '-Pn', '-T4', '-sS', '-p-', '--max-retries', '1', ip],
  },
  {
    tool: 'nmap',
    on: 'app',
    command: ({ ip }) => ['nmap', '-n', '-Pn', '-T4', '-sU', '--top-ports', '300', '--max-retries', '0', ip],
  },
  { tool: 'nmap', on: 'app', command: ({ ip }) => ['nmap', '-n', '-Pn', '-O', '-sX', '-p1-2000', ip] },
  {
    tool: 'masscan',
    on: 'app',
    command: ({ ip, from, link, mac }) => [
      ...['masscan', ip, '-p1-65535', '--rate', '4000', '--wait', '0', '--interface', link],
      ...['--adapter-ip', from, '--router-mac', mac.replaceAll(':', '-')],
    ],
  },
  fuzzer('app'),
  { tool: 'nmap', on: 'dashboard', command: ({ ip }) => ['nmap', '-n', '-Pn', '-sV', '-sC', '-p443,8080', ip] },
  {
    tool: 'wrk',
    on: 'dashboard',
    command: ({ ip }) => ['wrk', '-t1', '-c64', '-d20s', `http://${ip}:8080/debug/vars`],
  },
  {
    tool: 'gobuster',
    on: 'dashboard',
    needs: WORDS,
    command: ({ ip }) => ['gobuster', 'dir', '-q', '-t', '8', '-w', WORDS, '-u', `http://${ip}:8080/`],
  },
  {
    tool: 'sqlmap',
    on: 'dashboard',
    command: ({ ip, scratch }) => [
      'sqlmap',
      '--batch',
      '--flush-session',
      '--level',
      '2',
      '--output-dir',
      join(scratch, 'sqlmap'),
      '-u',
      `http://${ip}:8080/api/v1/status?id=1`,
    ],
  },
  {
    tool: 'slowhttptest',
    on: 'dashboard',
    command: ({ ip }) => [
      'slowhttptest',
      '-c',
      '400',
      '-H',
      '-i',
      '5',
      '-r',
      '100',
      '-l',
      '30',
      '-u',
      `http://${ip}:8080/`,
    ],
  },
  {
    tool: 'slowhttptest',
    on: 'dashboard',
    command: ({ ip }) => [
      'slowhttptest',
      '-c',
      '200',
      '-B',
      '-i',
      '5',
      '-r',
      '50',
      '-l',
      '30',
      '-u',
      `http://${ip}:8080/api/v1/login`,
    ],
  },
  fuzzer('dashboard'),
  {
    tool: 'hydra',
    on: 'db',
    command: ({ ip, scratch }) => [
      'hydra',
      '-I',
      '-q',
      '-t',
      '4',
      '-l',
      'root',
      '-P',
      join(scratch, 'passwords'),
      `mysql://${ip}:3306`,
    ],
  },
  { tool: 'nmap', on: 'db', command: ({ ip }) => ['nmap', '-n', '-Pn', '-sV', '--script', 'mysql-*', '-p3306', ip] },
  { tool: 'wrk', on: 'db', command: ({ ip }) => ['wrk', '-t1', '-c32', '-d10s', `http://${ip}:3306/`] },
  fuzzer('db'),
];

/** What stands in the place of a tool that is not here. */
export function absent(): string[] {
  const outside = ATTACKS.filter(({ tool }) => tool !== 'fuzzer');
  return [
    ...new Set(
      outside.filter(({ tool, needs }) => missing(tool) || (needs && !existsSync(needs))).map(({ tool }) => tool),
    ),
  ];
}

/** A session has a group of its own where the kernel groups automatically, and nice counts only inside it (sched(7)). */
function yieldGroup(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE));
  } catch {
    // No automatic groups here, or it has ended: nice alone is enough.
  }
}

export interface Attacks {
  /** Runs of each tool so far, `nmap on app` → 3. */
  readonly runs: ReadonlyMap<string, number>;
  /** Resolves once nothing attacks any more. */
  stop(): Promise<void>;
}

export function startAttacks(decoys: readonly RunningDecoy[], scratch: string): Attacks {
  writeFileSync(join(scratch, 'passwords'), Array.from({ length: 2_000 }, (_, at) => `Summer${at}`).join('\n'));
  const children = new Set<ChildProcess>();
  const runs = new Map<string, number>();
  const left = absent();
  let over = false;

  async function again({ tool, on, command }: Attack): Promise<void> {
    const { network } = decoys.find(({ name }) => name === on)!;
    const { decoy, attacker } = network;
    const place = {
      ip: decoy.ip,
      from: attacker.ip,
      link: linkOf(attacker.netns).name,
      mac: linkOf(decoy.netns).mac,
      scratch,
    };
    while (!over) {
      const words = ['netns', 'exec', attacker.netns, 'nice', '-n', String(NICE), ...command(place)];
      // A group of its own: some tools have children.
      const child = spawn('ip', words, {
        stdio: 'ignore',
        detached: true,
        cwd: scratch,
        env: { ...process.env, HOME: scratch },
      });
      if (child.pid !== undefined) yieldGroup(child.pid);
      children.add(child);
      await new Promise((resolve) => child.once('close', resolve));
      children.delete(child);
      runs.set(`${tool} on ${on}`, (runs.get(`${tool} on ${on}`) ?? 0) + 1);
      await delay(AGAIN_MS);
    }
  }

  const all = ATTACKS.filter(({ tool }) => !left.includes(tool)).map(again);
  return {
    runs,
    async stop() {
      over = true;
      for (const { pid } of children) {
        try {
          process.kill(-pid!, 'SIGKILL');
        } catch {
          // It has just ended by itself.
        }
      }
      await Promise.all(all);
    },
  };
}
