// What fuzzing found once is played again (test/fixtures/fuzz), and the first cases of each seed kept; `npm run fuzz` goes on for as long
// as one likes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../fuzz/case.ts';
import { run } from '../../fuzz/run.ts';
import { TARGETS, type TargetName } from '../../fuzz/targets.ts';
import { titled } from '../harness/tools.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'fuzz');
const SEEDS = JSON.parse(readFileSync(join(FIXTURES, 'seeds.json'), 'utf8')) as Record<TargetName, number[]>;
/** Cases of one seed; what they cost differs. */
const CASES: Readonly<Record<TargetName, number>> = { db: 60, dashboard: 80, app: 6, alerts: 100 };

function kept(name: string): { file: string; cases: readonly Case[] }[] {
  const directory = join(FIXTURES, name);
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];
  return files.map((file) => ({
    file,
    cases: (JSON.parse(readFileSync(join(directory, file), 'utf8')) as { cases: Case[] }).cases,
  }));
}

for (const name of Object.keys(TARGETS) as TargetName[]) {
  const target = TARGETS[name];
  const reason = target.lacking();
  describe.skipIf(reason)(titled(`${name} under changed records`, reason), () => {
    const found = kept(name);
    if (found.length > 0)
      it('outlives what was found before', async () => {
        const session = await target.start();
        try {
          await session.ask();
          for (const { file, cases } of found) {
            for (const one of cases) await session.send(one);
            await session.ask();
            expect(session.wrong(), file).toBeUndefined();
          }
          await session.end();
        } finally {
          await session.kill();
        }
      });

    it.each(SEEDS[name])('outlives the first cases of seed %i with its books exact', async (seed) => {
      const outcome = await run({ target, seed, until: { cases: CASES[name] } });
      expect(outcome).toMatchObject({ clean: true });
    });
  });
}
