// Fuzzing the db decoy: conversations on its port, a client beside them, and what its lines add up to.
import { freePort } from '../test/harness/ports.ts';
import { WireClient } from '../test/protocol/db/wire-client.ts';
import { asShipped } from './as-shipped.ts';
import { createBooks } from './books.ts';
import { play } from './conversation.ts';
import { dealDb } from './db-case.ts';
import { Finding, type Session, type Target } from './target.ts';
import { tellingPart } from './telling.ts';
import { watch } from './watched.ts';
import { within } from './within.ts';

const HOST = '127.0.0.1';
const FUZZER = '127.0.0.8';
/** Where a client comes from that says nothing else. */
const CLIENT = '127.0.0.9';
const MEMORY_MB = 110;
/** For the well-formed client; the fuzzer itself keeps the machine busy. */
const SERVED_MS = 5_000;

export const db: Target = {
  atOnce: 32,
  lacking: () =>
    process.platform === 'linux' ? '' : 'needs Linux, where every address of 127.0.0.0/8 is a client of its own',
  deal: dealDb,
  async start(): Promise<Session> {
    const port = await freePort();
    const books = createBooks([FUZZER, CLIENT]);
    const { nodeFlags, env } = asShipped('db');
    const program = watch('db', {
      env: { ...env, BIND: '0.0.0.0', DB_PORT: String(port), COUNTERS: 'false' },
      nodeFlags,
      memoryMb: MEMORY_MB,
      onLine: books.line,
    });
    await program.said('db: ');
    let connections = 0;
    let asked = 0;
    let told: string | undefined;

    async function ask(): Promise<void> {
      const client = await WireClient.session(port, { host: HOST, from: CLIENT });
      try {
        const reply = await client.query('select 1');
        if (reply.rows?.[0]?.[0] !== '1') throw new Finding(`select 1 answered ${JSON.stringify(reply)}`);
        await client.quit();
      } finally {
        client.socket.destroy();
      }
    }

    return {
      async send(one) {
        // Inside TLS is what follows the first packet, which asks for it.
        const first = one.parts.findIndex((part) => typeof part === 'string');
        const tlsAt = one.to === 'tls' ? { tlsAt: first + 1 } : {};
        const { bytes, connected } = await play({ host: HOST, port, from: FUZZER, ...tlsAt }, one);
        if (connected) connections += 1;
        told ??= tellingPart(bytes);
      },
      async ask() {
        asked += 1;
        await within(SERVED_MS, 'a client that asked select 1', ask());
      },
      wrong: () => program.wrong() ?? told,
      async end() {
        await program.stop();
        books.settle();
        // A client that is slow to log in also leaves a connection over which nothing has come yet.
        const byAction = books.byAction(CLIENT);
        const [logins, queries] = [byAction.get('mysql-login'), byAction.get('mysql-query')];
        if (logins !== asked || queries !== asked)
          throw new Finding(`a client asked ${asked} times; lines have ${logins} logins, ${queries} statements`);
        if (books.of(FUZZER) < connections)
          throw new Finding(`${connections} connections left only ${books.of(FUZZER)} touches`);
        return { touches: books.told, lines: books.lines, peakMb: program.peakMb() };
      },
      kill: program.kill,
    };
  },
};
