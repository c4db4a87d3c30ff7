// An attacker's host of its own, cabled to running processes: their network namespaces are found by pid, whoever made them.
import { execFileSync, spawn, spawnSync } from 'node:child_process';

let made = 0;

export interface Attacker {
  readonly netns: string;
  /** Cables the process's network namespace to the attacker's; the address was told by `nextAddress`. */
  plug(pid: number, address: string): void;
  /** An address for the next decoy: each is alone with the attacker in a /24. */
  nextAddress(): string;
  /** Runs a command on the attacker's host and waits for it; never throws for its exit code. */
  attack(command: readonly string[], timeoutMs?: number): { status: number | null; stdout: string; stderr: string };
  /** Starts one and does not wait. */
  spawn(command: readonly string[]): ReturnType<typeof spawn>;
  remove(): void;
}

export function createAttacker(name: string): Attacker {
  const tag = `${process.pid % 10_000}${++made}`;
  const netns = `${name}-${tag}`;
  let cables = 0;
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  ip('netns', 'add', netns);
  ip('-n', netns, 'link', 'set', 'lo', 'up');
  const inside = (command: readonly string[]) => ['netns', 'exec', netns, ...command];
  return {
    netns,
    nextAddress: () => `10.78.${cables++}.2`,
    plug(pid, address) {
      const third = address.split('.')[2];
      const links = [`ca${tag}x${third}`, `cd${tag}x${third}`] as const;
      const decoy = (...args: string[]) => execFileSync('nsenter', ['-t', String(pid), '-n', 'ip', ...args]);
      ip('link', 'add', links[0], 'type', 'veth', 'peer', 'name', links[1]);
      ip('link', 'set', links[0], 'netns', netns);
      ip('link', 'set', links[1], 'netns', String(pid));
      ip('-n', netns, 'addr', 'add', `10.78.${third}.3/24`, 'dev', links[0]);
      ip('-n', netns, 'link', 'set', links[0], 'up');
      decoy('addr', 'add', `${address}/24`, 'dev', links[1]);
      decoy('link', 'set', 'lo', 'up');
      decoy('link', 'set', links[1], 'up');
    },
    attack(command, timeoutMs = 60_000) {
      const run = spawnSync('ip', inside(command), { encoding: 'utf8', timeout: timeoutMs });
      return { status: run.status, stdout: run.stdout ?? '', stderr: run.stderr ?? '' };
    },
    spawn: (command) => spawn('ip', inside(command), { stdio: ['ignore', 'pipe', 'pipe'] }),
    remove() {
      spawnSync('ip', ['netns', 'del', netns]);
    },
  };
}
