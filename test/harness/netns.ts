// Two hosts on one machine: a pair of network namespaces joined by a cable, made and removed by the test itself.
import { execFileSync, spawnSync } from 'node:child_process';

let made = 0;

export interface Network {
  /** Namespace and addresses of the side the decoys run on. */
  readonly decoy: { readonly netns: string; readonly ip: string; readonly ip6: string };
  readonly attacker: { readonly netns: string; readonly ip: string; readonly ip6: string };
  /** Runs a command on the attacker's side and waits for it; never throws for its exit code. */
  attack(command: readonly string[], timeoutMs?: number): { status: number | null; stdout: string; stderr: string };
  remove(): void;
}

/** Why namespaces cannot be made here, or an empty string. */
export function noNetns(): string {
  if (process.getuid?.() !== 0) return 'needs root to make network namespaces';
  const probe = `probe-${process.pid}`;
  const add = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  if (add.error) return 'needs ip (iproute2)';
  if (add.status !== 0) return `network namespaces are refused here: ${add.stderr.trim()}`;
  spawnSync('ip', ['netns', 'del', probe]);
  return '';
}

/** Makes `<name>-d-N` (decoy, 10.77.N.2) and `<name>-a-N` (attacker, 10.77.N.3), both with loopback up. */
export function createNetwork(name: string): Network {
  made += 1;
  const tag = `${process.pid % 10_000}${made}`;
  const third = (process.pid + made) % 250;
  const decoy = { netns: `${name}-d-${tag}`, ip: `10.77.${third}.2`, ip6: `fd77:${third}::2` };
  const attacker = { netns: `${name}-a-${tag}`, ip: `10.77.${third}.3`, ip6: `fd77:${third}::3` };
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const links = [`hd${tag}`, `ha${tag}`] as const;
  for (const { netns } of [decoy, attacker]) ip('netns', 'add', netns);
  ip('link', 'add', links[0], 'type', 'veth', 'peer', 'name', links[1]);
  for (const [at, side] of [decoy, attacker].entries()) {
    const link = links[at]!;
    ip('link', 'set', link, 'netns', side.netns);
    const inside = (...args: string[]) => ip('-n', side.netns, ...args);
    inside('addr', 'add', `${side.ip}/24`, 'dev', link);
    inside('-6', 'addr', 'add', `${side.ip6}/64`, 'dev', link, 'nodad');
    inside('link', 'set', 'lo', 'up');
    inside('link', 'set', link, 'up');
  }
  return {
    decoy,
    attacker,
    attack(command, timeoutMs = 30_000) {
      const run = spawnSync('ip', ['netns', 'exec', attacker.netns, ...command], {
        encoding: 'utf8',
        timeout: timeoutMs,
      });
      return { status: run.status, stdout: run.stdout ?? '', stderr: run.stderr ?? '' };
    },
    remove() {
      for (const { netns } of [decoy, attacker]) spawnSync('ip', ['netns', 'del', netns]);
    },
  };
}
