// How much is kept: every table has a bound in rows, the whole a bound in bytes; the oldest goes first.
import type { DatabaseSync } from 'node:sqlite';
import { createStatements } from './reader.ts';

export interface Limits {
  readonly touches: number;
  readonly closedEvents: number;
  readonly notices: number;
  readonly positions: number;
  /** Bytes of all tables; past it touches are cut further. */
  readonly bytes: number;
  readonly ageMs: number;
}

const DAY_MS = 86_400_000;

export const LIMITS: { readonly disk: Limits; readonly memory: Limits } = {
  disk: {
    touches: 500_000,
    closedEvents: 150_000,
    notices: 20_000,
    positions: 20_000,
    bytes: 1_073_741_824,
    ageMs: 30 * DAY_MS,
  },
  memory: {
    touches: 20_000,
    closedEvents: 1_000,
    notices: 10_000,
    positions: 20_000,
    bytes: 67_108_864,
    ageMs: DAY_MS,
  },
};

/** Commits between two rounds: bounds may be passed by what so many bring. */
const EVERY = 8;
/** Share of the touches that goes at once when the bytes run out, again and again until they fit. */
const SHARE = 0.1;
const CUTS = 30;

const commits = new WeakMap<DatabaseSync, number>();
const statements = new WeakMap<DatabaseSync, ReturnType<typeof createStatements>>();

function statementsOf(database: DatabaseSync): ReturnType<typeof createStatements> {
  const known = statements.get(database) ?? createStatements(database);
  statements.set(database, known);
  return known;
}

/** Deletes what is past the bounds. Call inside a transaction; cheap most of the time. */
export function prune(database: DatabaseSync, limits: Limits, nowMs: number): void {
  const commit = (commits.get(database) ?? 0) + 1;
  commits.set(database, commit);
  if (commit % EVERY !== 1) return;
  const prepared = statementsOf(database);
  const run = (sql: string, ...values: number[]) => prepared(sql).run(...values);
  const old = nowMs - limits.ageMs;
  run('DELETE FROM touches WHERE seq <= (SELECT max(seq) FROM touches) - ?', limits.touches);
  run('DELETE FROM touches WHERE seq <= (SELECT min(seq) FROM touches) + 1000 AND received_ms < ?', old);
  run("DELETE FROM events WHERE state = 'closed' AND heard_ms < ?", old);
  run(
    `DELETE FROM events WHERE state = 'closed' AND heard_ms < (SELECT heard_ms FROM events WHERE state = 'closed'
       ORDER BY heard_ms DESC LIMIT 1 OFFSET ?)`,
    limits.closedEvents,
  );
  run('DELETE FROM notices WHERE seq <= (SELECT min(seq) FROM cursors)');
  run('DELETE FROM notices WHERE seq <= (SELECT max(seq) FROM notices) - ?', limits.notices);
  run('DELETE FROM notices WHERE at_ms < ?', old);
  run(
    'DELETE FROM positions WHERE at_ms < (SELECT at_ms FROM positions ORDER BY at_ms DESC LIMIT 1 OFFSET ?)',
    limits.positions,
  );
  for (let round = 0; round < CUTS && usedBytes(database) > limits.bytes; round++) {
    const { first, last } = database.prepare('SELECT min(seq) AS first, max(seq) AS last FROM touches').get() as {
      first: number;
      last: number;
    };
    run('DELETE FROM touches WHERE seq <= ?', Math.floor(first + (last - first) * SHARE));
  }
}

/** Bytes of pages that hold something. */
function usedBytes(database: DatabaseSync): number {
  const read = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  return (read('page_count') - read('freelist_count')) * read('page_size');
}
