// How a server is asked of itself on one connection: what it says, and by how much what it counts moves.
import { WireClient } from '../wire-client.ts';
import { type Fingerprint, fingerprint } from './check.ts';

export type Ask = (sql: string) => Promise<string[][]>;

/** Asks on one connection; rows as text, errors as `[code, text]`. */
export function state(name: string, tell: (ask: Ask, port: number) => Promise<unknown>): Fingerprint {
  return fingerprint(name, async (port) => {
    const client = await WireClient.session(port, {
      attributes: { _client_name: 'libmysql', _os: 'Linux', program_name: 'mysql' },
    });
    const ask: Ask = async (sql) => {
      const { rows, error } = await client.query(sql);
      if (error) return [[String(error.code), error.message]];
      return (rows ?? []).map((row) => row.map((cell) => cell ?? 'NULL'));
    };
    const told = await tell(ask, port);
    client.socket.destroy();
    return told;
  });
}

/** A query whose one answer stands still. */
export function says(sql: string): Fingerprint {
  return state(sql, (ask) => ask(sql));
}

/** By how much counters move between two looks at them. */
async function moved(
  ask: Ask,
  kind: 'session' | 'global',
  counters: readonly string[],
  done: () => Promise<void>,
): Promise<number[]> {
  const names = counters.map((counter) => `'${counter}'`).join();
  const read = async () => {
    const rows = await ask(`show ${kind} status where variable_name in (${names})`);
    return new Map(rows.map(([key = '', value = '']) => [key, Number(value)]));
  };
  await read();
  const before = await read();
  await done();
  const after = await read();
  return counters.map((counter) => (after.get(counter) ?? 0) - (before.get(counter) ?? 0));
}

/** By how much counters of the session move while something is done for the second time. */
export function moves(name: string, counters: readonly string[], ...done: readonly string[]): Fingerprint {
  return state(`${name} moves ${counters.join(', ')}`, async (ask) => {
    const all = async () => {
      for (const sql of done) await ask(sql);
    };
    await all();
    return moved(ask, 'session', counters, all);
  });
}

/** What a server counts when a connection ends is there so much later, in ms. */
const COUNTED_MS = 100;

/** By how much counters of the server move; other clients are quiet. */
export function movesAll(
  name: string,
  counters: readonly string[],
  done: (port: number, ask: Ask) => Promise<void>,
): Fingerprint {
  return state(`server: ${name} moves ${counters.join(', ')}`, (ask, port) =>
    moved(ask, 'global', counters, async () => {
      await done(port, ask);
      await new Promise((resolve) => setTimeout(resolve, COUNTED_MS));
    }),
  );
}

/** A database of these questions' own, with a table of three rows. */
export const own = 'fp_state';
const SETUP = [
  `drop database if exists ${own}`,
  `create database ${own}`,
  `use ${own}`,
  'create table t (id int primary key auto_increment, a int, b varchar(20), key (a)) ',
  "insert into t (a, b) values (1,'x'),(2,'y'),(3,'z')",
];
export async function inOwn(ask: Ask): Promise<void> {
  for (const sql of SETUP) await ask(sql);
}
