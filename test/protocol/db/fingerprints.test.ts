// What tells a MySQL server from others, asked from outside: the built decoy answers as a live MySQL 9.7.4 did.
import { expect, test } from 'vitest';
import { startDecoy } from '../../harness/program.ts';
import { answersOf, FAMILIES, recordedAnswers } from './fingerprint/families.ts';
import { freePort } from './ports.ts';

const recorded = recordedAnswers();

for (const family of FAMILIES) {
  test.concurrent(`fingerprints of ${family.name} are those of a live server`, async () => {
    const known = family.asked.filter(({ name }) => recorded[`${family.name}: ${name}`] !== undefined);
    const port = await freePort();
    const decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_NAME: 'vm' } });
    try {
      const answers = await answersOf(port, { ...family, asked: known });
      const expected = Object.fromEntries(known.map(({ name }) => [name, recorded[`${family.name}: ${name}`]]));
      expect(answers).toEqual(expected);
      expect(known.length).toBeGreaterThan(0);
    } finally {
      await decoy.stop();
    }
  }, 60_000);
}
