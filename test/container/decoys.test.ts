// Each image under its full hardening, a tenth of a CPU and 128 MiB: an attack leaves the touches it leaves outside a container.
// docker runs it under images/seccomp.json, podman under the profile it has by default.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { DIST, touchesOf } from '../harness/lines.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';
import { archiveOf, BUILT } from './archives.ts';
import { type Attacker, createAttacker } from './cable.ts';
import { type Container, endingMs, startContainer, statusField } from './container.ts';
import { type Engine, noDocker, noPodman, startDocker, startPodman } from './engine.ts';
import { expectRefusals } from './intruder.ts';

const DECOYS = (['app', 'dashboard', 'db'] as const).filter((name) => existsSync(join(DIST, `${name}.js`)));
type Name = (typeof DECOYS)[number];

/** At a tenth of a CPU lines may come late; once none came for a while, none will. */
const LATE_MS = 15_000;
const QUIET_MS = 2_500;
const SECCOMP = join(DIST, '..', 'images', 'seccomp.json');
const END_MS = 1_000;

/** The published attack procedure, a command a line; `app`, `dashboard` and `db` stand for addresses. */
const ATTACK: readonly (readonly [decoy: Name, command: string])[] = [
  ['app', 'ping -c5 -i0.3 app'],
  ['app', 'nmap -n -sn --max-retries 1 app'],
  ['app', 'nmap -n -Pn -T4 app'],
  ['dashboard', 'curl -m3 -skI http://dashboard:8080/debug/'],
  ['dashboard', 'curl -kL -m2 https://dashboard'],
  ['db', 'nc -zv -w2 db 3306'],
  ['db', 'curl -m3 -s http://db:3306'],
  ['db', 'mariadb --skip-ssl -h db -u root -e SHOW\u00a0DATABASES'],
  ['db', 'nmap -n -Pn -p3306 --script=mysql-enum db'],
];

/**
 * What only the kernel's counters saw has no source. It hangs on timing which connections are gone before they are accepted,
 * and the cable's own neighbour discovery is no attack.
 */
function attacked({ source }: TouchLine): boolean {
  return source !== undefined;
}

/** What a touch says that does not hang on timing. nmap asks ports in an order of chance, so of a scan it is the sum that counts. */
function said(line: TouchLine): string {
  const { honeypod, event, destination, url, user } = line;
  if (honeypod.decoy === 'app') return event.action;
  return [event.action, destination?.port, url?.path, user?.name, honeypod.mysql?.statement].filter(Boolean).join(' ');
}

const why = missing('ping', 'nmap', 'curl', 'nc', 'mariadb');
const engines = [
  { name: 'podman', why: noPodman() || why, start: async () => startPodman(), options: [] },
  { name: 'docker', why: noDocker() || why, start: startDocker, options: [`--security-opt=seccomp=${SECCOMP}`] },
] as const;

/** What the procedure leaves: every word of it once, by decoy. */
type Witness = Readonly<Record<Name, ReadonlySet<string>>>;

/** Runs the procedure and resolves with what each decoy says of it once all of it is written. */
async function attackAll(
  attacker: Attacker,
  addresses: ReadonlyMap<Name, string>,
  lines: (name: Name) => readonly TouchLine[],
): Promise<Witness> {
  for (const [decoy, command] of ATTACK.filter(([name]) => addresses.has(name))) {
    const words = command.replace(decoy, addresses.get(decoy)!).split(' ');
    attacker.attack(words.map((word) => word.replace('\u00a0', ' ')));
  }
  await settled(() => DECOYS.reduce((sum, name) => sum + lines(name).length, 0));
  return Object.fromEntries(
    DECOYS.map((name) => [name, new Set(touchesOf(lines(name)).filter(attacked).map(said))]),
  ) as unknown as Witness;
}

/** Resolves once `count` has not changed for QUIET_MS, or after LATE_MS. */
async function settled(count: () => number): Promise<void> {
  const deadline = Date.now() + LATE_MS;
  for (
    let last = count(), since = Date.now();
    Date.now() < deadline && Date.now() - since < QUIET_MS;
    await sleep(50)
  ) {
    if (count() === last) continue;
    last = count();
    since = Date.now();
  }
}

/** The same procedure against the built programs as they are outside: the measure for what a container may change. */
async function attackOutside(): Promise<Witness> {
  const attacker = createAttacker('outside');
  const programs = new Map<Name, Program>();
  const addresses = new Map<Name, string>();
  const made: string[] = [];
  try {
    for (const name of DECOYS) {
      const address = attacker.nextAddress();
      const netns = `${attacker.netns}-${name}`;
      execFileSync('ip', ['netns', 'add', netns]);
      made.push(netns);
      const program = await startDecoy(name, { netns, env: { POD_IPS: address } });
      attacker.plug(program.child.pid!, address);
      programs.set(name, program);
      addresses.set(name, address);
    }
    return await attackAll(attacker, addresses, (name) => programs.get(name)!.lines);
  } finally {
    await Promise.all([...programs.values()].map((program) => program.stop()));
    attacker.remove();
    for (const netns of made) execFileSync('ip', ['netns', 'del', netns]);
  }
}

const running = engines.filter((engine) => !engine.why);
for (const engine of engines.filter(({ why }) => why)) describe.skip(titled(engine.name, engine.why));

describe.skipIf(running.length === 0)('the images', () => {
  let outside: Witness;
  beforeAll(async () => {
    outside = await attackOutside();
  }, 120_000);

  describe.each(running)('under $name', ({ start, options }) => {
    let engine: Engine;
    let attacker: Attacker;
    const containers = new Map<Name, Container>();
    const addresses = new Map<Name, string>();

    beforeAll(async () => {
      engine = await start();
      attacker = createAttacker('inside');
      for (const name of DECOYS) {
        engine.run('load', '-i', archiveOf(`internal-${name}`));
        const address = attacker.nextAddress();
        const container = await startContainer(engine, {
          image: `internal-${name}`,
          env: { POD_IPS: address },
          options,
        });
        attacker.plug(container.pid, address);
        containers.set(name, container);
        addresses.set(name, address);
      }
    }, 180_000);

    afterAll(async () => {
      await engine?.remove();
      attacker?.remove();
    });

    it.each(DECOYS)('%s holds no right', (name) => {
      const { pid } = containers.get(name)!;
      for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb']) expect(statusField(pid, set)).toMatch(/^0+$/);
      expect(statusField(pid, 'NoNewPrivs')).toBe('1');
      expect(statusField(pid, 'Seccomp')).toBe('2');
      expect(statusField(pid, 'Uid').split(/\s+/)).toEqual(Array(4).fill('65532'));
      expect(statusField(pid, 'Gid').split(/\s+/)).toEqual(Array(4).fill('65532'));
    });

    it('an attack leaves the touches it leaves outside a container', async () => {
      const inside = await attackAll(attacker, addresses, (name) => containers.get(name)!.lines);
      for (const name of DECOYS) expect([...inside[name]].sort()).toEqual([...outside[name]].sort());
    }, 180_000);

    it.each(DECOYS)('%s: after the attack SIGTERM ends it within a second', async (name) => {
      const container = containers.get(name)!;
      expect(await endingMs(container)).toBeLessThan(END_MS);
      expect(await container.exit).toBe(0);
      expect(container.lines.at(-1)?.event.action).toBe('heartbeat');
    });

    // Under podman in intruder.test.ts, with the engine's own profile.
    it.each(options.length === 0 ? [] : BUILT.filter(({ name }) => name !== 'security-events'))(
      '$name: every try of an intruder inside is refused',
      (recipe) => expectRefusals(engine, attacker, recipe, options),
      120_000,
    );
  });
});
