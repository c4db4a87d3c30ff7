// Probe → verdict, for every row of the battery, and in the same run: not one packet more or less than the kernel counted.
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { countOf } from '../harness/lines.ts';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';
import { BATTERY, drawFrom, type Probe, type Target } from './app-battery.ts';

const reason = noNetns();
const SEED = process.env.BATTERY_SEED ? Number(process.env.BATTERY_SEED) : randomInt(2 ** 31);
const AT_ONCE = 4;
const PROBE_MS = 20_000;
const BATTERY_MS = 170_000;

interface Outcome {
  readonly source: string;
  readonly command: string;
  lines: TouchLine[];
}

function toolOf(probe: Probe): string {
  const sample: Target = { ip: '::', source: '::', link: '', mac: '', draw: drawFrom(1) };
  const [tool = '', , script = ''] = probe.command(sample);
  return tool === 'sh' ? (/(hping3|nc)/.exec(script)?.[1] ?? tool) : tool;
}

const TOOLS_MISSING = new Map([...new Set(BATTERY.map(toolOf))].map((tool) => [tool, missing(tool)]));
const runnable = BATTERY.filter((probe) => !TOOLS_MISSING.get(toolOf(probe)));

/** Runs a command on the attacker's side to its end or its time. */
function attack(netns: string, command: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('ip', ['netns', 'exec', netns, ...command], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), PROBE_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Packets the kernel of a namespace has received, as it counts them. */
function received(netns: string): number {
  const files = ['/proc/net/snmp', '/proc/net/snmp6'];
  const text = execFileSync('ip', ['netns', 'exec', netns, 'cat', ...files], { encoding: 'utf8' });
  const names = /^Ip: (Forwarding .*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const values = /^Ip: (\d.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const six = /^Ip6InReceives\s+(\d+)$/m.exec(text)?.[1];
  return Number(values[names.indexOf('InReceives')]) + Number(six);
}

/** With its cable pulled a namespace receives nothing, so that what was counted can be compared exactly. */
function setCable(netns: string, link: string, state: 'up' | 'down'): void {
  execFileSync('ip', ['-n', netns, 'link', 'set', link, state]);
}

function sum(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((total, count) => total + count, 0);
}

function linkOf(netns: string): { name: string; mac: string } {
  const shown = execFileSync('ip', ['-n', netns, '-o', 'link', 'show', 'type', 'veth'], { encoding: 'utf8' });
  return { name: /^\d+: ([^@:]+)/.exec(shown)?.[1] ?? '', mac: /ether ([0-9a-f:]+)/.exec(shown)?.[1] ?? '' };
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
    setCable(attacker.netns, link.name, 'down');
    app = await startDecoy('app', { netns: decoy.netns });
    const before = received(decoy.netns);
    setCable(attacker.netns, link.name, 'up');
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
      outcomes.set(probe.label, { source, command: command.join(' '), lines: [] });
      return command;
    });
    const queue = [...jobs];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let job = queue.shift(); job; job = queue.shift()) await attack(attacker.netns, job);
      }),
    );
    setCable(attacker.netns, link.name, 'down');
    await app.stop();
    arrived = received(decoy.netns) - before;
    for (const line of app.touches()) {
      for (const outcome of outcomes.values()) if (line.source?.ip === outcome.source) outcome.lines.push(line);
    }
  }, BATTERY_MS);
  afterAll(() => network.remove());

  it('accounts for every packet the kernel received: told, ignored, dropped or unseen', () => {
    const beats = app.lines.filter((line) => line.event.kind === 'metric');
    const last = beats.at(-1)?.honeypod;
    const told = app.touches().filter((line) => line.honeypod.unseen === undefined);
    const lost = beats.reduce((total, beat) => total + (beat.honeypod.lost ?? 0), 0);
    const books = { told: countOf(told), ignored: sum(last?.ignored), lost, unseen: sum(last?.unseen) };
    expect(arrived, JSON.stringify(books)).toBeGreaterThan(500);
    expect(books.told + books.ignored + books.lost + books.unseen, JSON.stringify({ ...last, ...books })).toBe(arrived);
  });

  for (const probe of BATTERY) {
    const absent = TOOLS_MISSING.get(toolOf(probe)) ?? '';
    it.skipIf(absent)(titled(`${probe.label} → ${[probe.kind, ...probe.verdicts].join(', ')}`, absent), () => {
      const { lines, command } = outcomes.get(probe.label)!;
      expect(lines.length, command).toBeGreaterThan(0);
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
