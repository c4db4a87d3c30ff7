// What tells a MySQL server from others, asked from outside: the built decoy answers as a live MySQL 9.7.4 did.
import { expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { startDecoy } from '../../harness/program.ts';
import { type Answers, answersOf, FAMILIES, type Family, recordedAnswers } from './fingerprint/families.ts';
import { bePatient } from './fingerprint/peer.ts';

const recorded = recordedAnswers();

/** Asks a decoy of its own. */
async function asked(family: Family): Promise<Answers> {
  const port = await freePort();
  const decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_NAME: 'vm' } });
  try {
    return await answersOf(port, family);
  } finally {
    await decoy.stop();
  }
}

for (const family of FAMILIES) {
  const live = ({ name }: Family['asked'][number]) => recorded[`${family.name}: ${name}`];
  const known = family.asked.filter((one) => live(one) !== undefined);

  test.concurrent(`fingerprints of ${family.name} are those of a live server`, async () => {
    expect(known.length).toBeGreaterThan(0);
    const answers = await asked({ ...family, asked: known });
    const differing = known.filter((one) => answers[one.name] !== live(one));
    // Many are asked at once, of a machine that may be busy: what differs is asked once more, and waited for longer.
    if (differing.length > 0) bePatient();
    const again = differing.length > 0 ? await asked({ ...family, asked: differing, atOnce: 2 }) : {};
    expect(again).toEqual(Object.fromEntries(differing.map((one) => [one.name, live(one)])));
  }, 90_000);
}
