// A reply that takes its time: what sleeps or waits in a statement holds it back, and some statements end their connection after it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/miscellaneous-functions.html#function_sleep
import type { Ran } from '../session/run.ts';
import type { Statement } from '../sql/ast/statement.ts';
import type { CommandContext } from './command-context.ts';

/** Whether what sleeps in a statement is asked once, not row by row. */
export function sleepsAlone(statement: Statement): boolean {
  if (statement.kind === 'do' || statement.kind === 'set') return true;
  if (statement.kind !== 'query') return false;
  const { body, into, with: named } = statement.query;
  return body.kind === 'select' && !body.from && !body.where && !into && named.length === 0;
}

/** SHUTDOWN, and COMMIT or ROLLBACK with RELEASE. */
export function endsConnection(statement: Statement): boolean {
  if (statement.kind === 'commit' || statement.kind === 'rollback') return statement.release;
  return statement.kind === 'shutdown';
}

/** Waits for a reply that takes its time; gives false where the connection ends with it. */
export async function holdBack(
  c: CommandContext,
  statement: Statement,
  { delayMs, waitsFor }: Ran,
  sent: Promise<void> | undefined,
  awoken: () => void,
): Promise<boolean> {
  await sent;
  if (delayMs > 0) {
    c.session.state = waitsFor;
    if (!(await c.flush(delayMs, awoken))) return false;
  }
  if (!endsConnection(statement)) return true;
  await c.flush(0);
  c.end();
  return false;
}
