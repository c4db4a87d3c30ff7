// Clients and scanners of Debian print at the built decoy what they printed at a live MySQL 9.7.4; one that is not installed is skipped.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { missing, titled } from '../../harness/tools.ts';
import { printedBy, RECORDED_CLIENTS, type RecordedClient, recordedOf, withoutPersona } from './recorded-clients.ts';

const TRIES: Readonly<Record<string, string>> = { php: '-r', perl: '-e', ruby: '-e' };

let last: Promise<unknown> = Promise.resolve();

/** A decoy of a client's own; they start one after the other, since ten at once start late. */
function started(port: number): Promise<Program> {
  const own = last.then(() => startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_NAME: 'vm' } }));
  last = own.catch(() => undefined);
  return own;
}

/** Why a client cannot be run here, or an empty string. */
function absent({ needs }: RecordedClient): string {
  for (const need of needs) {
    const [program = '', ...code] = need.split(/:(?=import|use|mysqli|require|test)/);
    const reason = missing(program);
    if (reason) return reason;
    if (code.length > 0 && spawnSync(program, [TRIES[program] ?? '-c', code.join(':')]).status !== 0)
      return `needs ${program}'s ${code.join(':')}`;
  }
  return '';
}

for (const client of RECORDED_CLIENTS) {
  const reason = absent(client);
  test.skipIf(reason).concurrent(
    titled(`${client.name} prints what it printed at a live server`, reason),
    async () => {
      const port = await freePort();
      const decoy = await started(port);
      try {
        expect(withoutPersona(await printedBy(client, port), port)).toBe(recordedOf(client));
      } finally {
        await decoy.stop();
      }
    },
    120_000,
  );
}
