// Waiting for another connection's lock: the statement is tried again as soon as it is free, or told 1205 when its time is up.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-parameters.html (innodb_lock_wait_timeout)
import type { Ran } from '../session/run.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { LockWait } from '../sql/lock-wait.ts';
import type { CommandContext } from './command-context.ts';

/** How often a lock is looked at, in ms, and the longest anybody waits for one, in s. */
const LOOK_MS = 50;
const LOCK_WAIT_SECONDS = 3_600;

/** A routine that waited half way cannot be begun again: it is told at once. */
const REPEATED: ReadonlySet<Statement['kind']> = new Set([
  'query',
  'insert',
  'update',
  'delete',
  'alter-table',
  'drop-table',
  'truncate',
  'rename-table',
  'create-index',
  'drop-index',
  'lock-tables',
]);

/** What an error says to wait for; undefined where it is to be told as it is. */
export function waitOf(error: unknown, statement: Statement): LockWait | undefined {
  return error instanceof LockWait && REPEATED.has(statement.kind) ? error : undefined;
}

/** What the statement gives once it can run; undefined where the connection ended. Throws what it throws then. */
export async function afterLock(
  c: CommandContext,
  attempt: () => Ran | Promise<Ran>,
  wait: LockWait,
): Promise<Ran | undefined> {
  const { transaction } = c.session;
  const untilMs = c.now() + Math.min(wait.seconds, LOCK_WAIT_SECONDS) * 1_000;
  let pending = wait;
  try {
    for (;;) {
      transaction.awaited = pending.blockers;
      if (c.now() >= untilMs) throw pending;
      if (!(await c.flush(LOOK_MS))) return undefined;
      if (pending.blockers().length > 0) continue;
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof LockWait)) throw error;
        pending = error;
      }
    }
  } finally {
    transaction.awaited = undefined;
  }
}
