// Puts an intruder's JavaScript into a container, behind the program it ships, and holds what came of each try to a refusal.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { bundledPackages, programEntries } from '../../images/program.ts';
import type { Recipe } from '../../images/recipes.ts';
import { DIST } from '../harness/lines.ts';
import { archiveOf } from './archives.ts';
import type { Attacker } from './cable.ts';
import { startContainer, statusField } from './container.ts';
import type { Engine } from './engine.ts';

const ROOT = join(DIST, '..');
const OUTCOME = 'OUTCOME ';
const OUTCOME_MS = 60_000;

/** What may come of a try, by its kind: each is a refusal. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  write: /^(ERR_ACCESS_DENIED|Error: no report written)/,
  read: /^ERR_ACCESS_DENIED/,
  // WebSocket gives no reason; that nothing of all this arrives is counted at the attacker's kernel.
  outbound: /^(ERR_ACCESS_DENIED|TypeError: $)/,
  process: /^ERR_ACCESS_DENIED/,
  worker: /^ERR_ACCESS_DENIED/,
  wasi: /^ERR_ACCESS_DENIED/,
  addon: /^(ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED|MODULE_NOT_FOUND)/,
  ffi: /^(ERR_ACCESS_DENIED|ERR_UNKNOWN_BUILTIN_MODULE)/,
  sqlite: /^ERR_UNKNOWN_BUILTIN_MODULE/,
  inspector: /^(ERR_ACCESS_DENIED|Error: not open)/,
  rights: /^(EPERM|Error: has no net)/,
  language: /^(ERR_PROTO_ACCESS|EvalError)/,
};
/** fastify's router makes functions from strings; app's own addon is loaded already and stays so. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'internal-app': ['require raw.node'],
  'internal-dashboard': ['eval', 'Function'],
};

/** Segments to a closed port are answered by RST, datagrams are counted as NoPorts: whatever is sent here shows. */
function arrived(attacker: Attacker): string[] {
  const { stdout } = attacker.attack(['cat', '/proc/net/snmp']);
  return stdout.split('\n').filter((line) => /^(Tcp|Udp): /.test(line));
}

/** Runs the intruder in a container of `recipe` and expects that nothing he tries succeeds, and that the process holds no right. */
export async function expectRefusals(
  engine: Engine,
  attacker: Attacker,
  recipe: Recipe,
  options: readonly string[] = [],
): Promise<void> {
  engine.run('load', '-i', archiveOf(recipe.name));
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const shipped = programEntries(ROOT, recipe, bundledPackages(ROOT, recipe, lock)).find(
    ({ path }) => path === 'app/main.mjs',
  )!;
  const scratch = mkdtempSync(join(tmpdir(), 'intruder-'));
  const file = join(scratch, `${recipe.name}.mjs`);
  const intruder = readFileSync(join(import.meta.dirname, 'intruder.mjs'), 'utf8');
  // In a block of its own: names of the program are not the intruder's.
  writeFileSync(file, `${Buffer.from(shipped.content!)}\n{\n${intruder}\n}\n`);
  const address = attacker.nextAddress();
  const container = await startContainer(engine, {
    image: recipe.name,
    env: { POD_IPS: address, NODE_NAME: address.replace(/2$/, '3') },
    options: ['--cpus=1', '--volume', `${file}:/app/main.mjs:ro`, ...options],
  });
  rmSync(scratch, { recursive: true });
  attacker.plug(container.pid, address);
  const arrivedBefore = arrived(attacker);
  const deadline = Date.now() + OUTCOME_MS;
  const said = () => container.stderr.find((line) => line.startsWith(OUTCOME));
  while (!said() && Date.now() < deadline && container.client.exitCode === null) await sleep(50);
  const outcome = JSON.parse(said()?.slice(OUTCOME.length) ?? '{}') as Record<string, Record<string, string>>;

  const rows = Object.entries(outcome).flatMap(([kind, tries]) =>
    Object.entries(tries).map(([name, end]) => ({ kind, name, end })),
  );
  console.log([recipe.name, ...rows.map(({ kind, name, end }) => `  ${kind}: ${name}: ${end}`)].join('\n'));
  const allowed = ALLOWED[recipe.name] ?? [];
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter(({ kind, name, end }) => !REFUSALS[kind]!.test(end) && !allowed.includes(name))).toEqual([]);

  expect(arrived(attacker)).toEqual(arrivedBefore);

  expect(statusField(container.pid, 'CapEff')).toMatch(/^0+$/);
  expect(statusField(container.pid, 'CapPrm')).toMatch(/^0+$/);
  expect(statusField(container.pid, 'NoNewPrivs')).toBe('1');
  expect(statusField(container.pid, 'Seccomp')).toBe('2');
}
