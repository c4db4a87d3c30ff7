// Probe → verdict, for every row of the battery, and in the same run: not one packet more or less than the kernel counted.
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';
import { IPV4_BATTERY } from './app-battery-ipv4.ts';
import { IPV6_BATTERY } from './app-battery-ipv6.ts';
import { allPackets, countSources, linkOf, received, setCable } from './app-network.ts';
import { drawFrom, type Probe, type Target } from './app-probe.ts';

const BATTERY: readonly Probe[] = [...IPV4_BATTERY, ...IPV6_BATTERY];

const reason = noNetns();
const SEED = process.env.BATTERY_SEED ? Number(process.env.BATTERY_SEED) : randomInt(2 ** 31);
const AT_ONCE = 4;
const PROBE_MS = 20_000;
const BATTERY_MS = 170_000;

interface Outcome {
  readonly source: string;
  readonly command: string;
  /** How the tool ended. */
  end: string;
  lines: TouchLine[];
}

function toolOf(probe: Probe): string {
  const sample: Target = { ip: '::', source: '::', link: '', mac: '', draw: drawFrom(1) };
  const [tool = '', , script = ''] = probe.command(sample);
  return tool === 'sh' ? (/(hping3|nmap|nc)/.exec(script)?.[1] ?? tool) : tool;
}

const TOOLS_MISSING = new Map([...new Set(BATTERY.map(toolOf))].map((tool) => [tool, missing(tool)]));
const runnable = BATTERY.filter((probe) => !TOOLS_MISSING.get(toolOf(probe)));

/** Runs a command on the attacker's side to its end or its time; gives how it ended and the last it said. */
function attack(netns: string, command: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('ip', ['netns', 'exec', netns, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), PROBE_MS);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (said = `${said}${text}`.slice(-500)));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(`exit ${code ?? signal}: ${said}`);
    });
  });
}

describe.skipIf(reason)(titled(`app, battery of seed ${SEED}`, reason), () => {
  let network: Network;
  let app: Program;
  let arrived = 0;
  const outcomes = new Map<string, Outcome>();

  beforeAll(async () => {
    network = createNetwork('appb');
    const { decoy, attacker } = network;
    const link = linkOf(attacker.netns);
    const { mac } = linkOf(decoy.netns);
    const draw = drawFrom(SEED);
    const hosts = [...drawFrom(SEED + 1).ports(2_000)].map((port) => (port % 250) + 4).filter((host) => host < 255);
    const free = [...new Set(hosts)];
    setCable(network, 'down');
    app = await startDecoy('app', { netns: decoy.netns });
    const before = received(decoy.netns);
    const arrivedFrom = missing('nft') ? undefined : countSources(decoy.netns);
    setCable(network, 'up');
    const jobs = runnable.map((probe) => {
      const host = free.pop()!;
      const four = probe.family === 4;
      const base = four ? attacker.ip : attacker.ip6;
      const source = four ? base.replace(/\.\d+$/, `.${host}`) : base.replace(/::.*$/, `::${host.toString(16)}`);
      const bits = four ? '24' : '64';
      const flags = four ? [] : ['nodad'];
      execFileSync('ip', ['-n', attacker.netns, 'addr', 'add', `${source}/${bits}`, 'dev', link.name, ...flags]);
      const ip = four ? decoy.ip : decoy.ip6;
      const command = probe.command({ ip, source, link: link.name, mac, draw });
      outcomes.set(probe.label, { source, command: command.join(' '), end: '', lines: [] });
      return { label: probe.label, command };
    });
    const queue = [...jobs];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let job = queue.shift(); job; job = queue.shift())
          outcomes.get(job.label)!.end = await attack(attacker.netns, job.command);
      }),
    );
    // A tool that gave up on a busy machine before it sent one packet, as the kernel counts, has probed nothing yet.
    const heard = arrivedFrom?.();
    for (const { label, command } of heard ? jobs : []) {
      const outcome = outcomes.get(label)!;
      if (heard?.has(outcome.source) || app.touches().some((line) => line.source?.ip === outcome.source)) continue;
      outcome.end = `sent nothing (${outcome.end}), then ${await attack(attacker.netns, command)}`;
    }
    setCable(network, 'down');
    await app.stop();
    arrived = received(decoy.netns) - before;
    for (const line of app.touches()) {
      for (const outcome of outcomes.values()) if (line.source?.ip === outcome.source) outcome.lines.push(line);
    }
  }, BATTERY_MS);
  afterAll(() => network.remove());

  it('accounts for every packet the kernel received: told, ignored, dropped or unseen', () => {
    expect(arrived).toBeGreaterThan(500);
    expect(allPackets(app.lines), JSON.stringify(app.lines.at(-1)?.honeypod)).toBe(arrived);
  });

  for (const probe of BATTERY) {
    const absent = TOOLS_MISSING.get(toolOf(probe)) ?? '';
    it.skipIf(absent)(titled(`${probe.label} → ${[probe.kind, ...probe.verdicts].join(', ')}`, absent), () => {
      const { lines, command, end } = outcomes.get(probe.label)!;
      expect(lines.length, `${command}: ${end}`).toBeGreaterThan(0);
      const earned = new Set(lines.flatMap((line) => line.honeypod.scan?.kinds ?? []));
      for (const maybe of probe.maybe ?? []) if (!probe.verdicts.includes(maybe)) earned.delete(maybe);
      expect([...earned].sort(), command).toEqual([...new Set(['ip-enumeration', ...probe.verdicts])].sort());
      const largest = lines.reduce((a, b) => ((b.honeypod.count ?? 0) >= (a.honeypod.count ?? 0) ? b : a));
      expect(largest.honeypod.scan?.kind, command).toBe(probe.kind);
      if (probe.tool)
        expect(
          lines.map((line) => line.honeypod.scan?.tool),
          command,
        ).toContain(probe.tool);
    });
  }
});
