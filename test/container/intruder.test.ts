// An intruder who runs JavaScript inside a decoy, under the entry point as it ships: nothing of what he tries succeeds. Under docker
// the same is tried in decoys.test.ts.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { titled } from '../harness/tools.ts';
import { BUILT } from './archives.ts';
import { type Attacker, createAttacker } from './cable.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';
import { expectRefusals } from './intruder.ts';

const DECOYS = BUILT.filter(({ name }) => name !== 'security-events');
const why = noPodman();

describe.skipIf(why)(titled('an intruder inside', why), () => {
  let engine: Engine;
  let attacker: Attacker;

  beforeAll(() => {
    engine = startPodman();
    attacker = createAttacker('intruder');
  });
  afterAll(async () => {
    await engine?.remove();
    attacker?.remove();
  });

  it.each(DECOYS)('$name: every try is refused', (recipe) => expectRefusals(engine, attacker, recipe), 120_000);
});
