// The decoy against real nginx: the same site, locations and application behind both, the same bytes sent to both.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutated } from '../dashboard-twin/mutate.ts';
import { type Pair, startPair } from '../dashboard-twin/pair.ts';
import { differs, type Probe } from '../dashboard-twin/probe.ts';
import { missing, titled } from '../harness/tools.ts';

const AT_ONCE = 6;
/**
 * A probe sent in pieces may arrive in one piece or in several, and a client's end before or after the answer, on either side: what
 * differs is asked again, alone. Beside a busy machine the worst of them differs by chance in a third of the times it is asked.
 */
const TRIES = 8;
/** A first lot of what bench/dashboard-fuzz.ts asks by the ten thousand. */
const MUTATIONS = 1_500;
const MUTATED_AT_ONCE = 32;
const MUTATED_IDLE_MS = 120;
function fixture(name: string): Probe[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'dashboard', name), 'utf8')) as Probe[];
}

const probes = fixture('probes.json');
/** Probes beyond those that once told the two apart. */
const found = fixture('found.json');
/** What a page of counters shows depends on what else is open: asked alone. */
const alone = new Set(['u-nginx_status']);
const reason = missing('nginx');

describe.skipIf(reason)(titled('dashboard beside nginx', reason), () => {
  let pair: Pair;

  async function compare(probe: Probe, tries: number): Promise<string | undefined> {
    const difference = await differs(probe, pair.reference, pair.decoy);
    if (!difference) return undefined;
    if (tries > 1) return compare(probe, tries - 1);
    return `${probe.group} ${probe.name}\n  nginx ${difference.reference.slice(0, 600)}\n  decoy ${difference.decoy.slice(0, 600)}`;
  }

  beforeAll(async () => {
    pair = await startPair();
  });

  afterAll(async () => {
    const upstream = await pair.stop();
    process.stdout.write(`requests that reached the upstream through nginx: ${upstream}\n`);
    expect(upstream).toBeGreaterThan(20);
  });

  it('answers every quick probe as nginx does', { timeout: 60_000 }, async () => {
    const quick = probes.filter((probe) => !probe.slow);
    const queue = quick.filter(({ name }) => !alone.has(name));
    const again = quick.filter(({ name }) => alone.has(name));
    const work = async () => {
      for (let probe = queue.shift(); probe; probe = queue.shift()) if (await compare(probe, 1)) again.push(probe);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const differences: string[] = [];
    for (const probe of again) {
      const difference = await compare(probe, TRIES);
      if (difference) differences.push(difference);
    }
    const same = quick.length - differences.length;
    process.stdout.write(
      `same as nginx: ${same}/${probes.length} (${probes.length - quick.length} wait longer than a minute each: node bench/dashboard-slow.ts)\n`,
    );
    expect(differences).toEqual([]);
  });

  it.each(found)('answers $name as nginx does', async (probe) => {
    expect(await compare(probe, TRIES)).toBeUndefined();
  });

  it(`answers ${MUTATIONS} mutated requests as nginx does`, { timeout: 60_000 }, async () => {
    const quick = probes.filter((probe) => !probe.slow);
    const again: Probe[] = [];
    let number = 0;
    const work = async () => {
      while (number < MUTATIONS) {
        const probe = { ...mutated(number++, quick), idle: MUTATED_IDLE_MS };
        if (await differs(probe, pair.reference, pair.decoy)) again.push({ ...probe, idle: undefined });
      }
    };
    await Promise.all(Array.from({ length: MUTATED_AT_ONCE }, work));
    const differences: string[] = [];
    for (const probe of again) {
      const difference = await compare(probe, TRIES);
      if (difference) differences.push(`${JSON.stringify(probe.send)} ${difference}`);
    }
    process.stdout.write(`mutated requests same as nginx: ${MUTATIONS - differences.length}/${MUTATIONS}\n`);
    expect(differences).toEqual([]);
  });
});
