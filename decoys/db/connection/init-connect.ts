// init_connect: what a server runs for each client it lets in, administrators apart; where it fails, the client's first command is refused.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-system-variables.html#sysvar_init_connect
import { parse } from '../session/reading.ts';
import { asSqlError, run } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { sqlError } from '../sql/errors.ts';
import { isAdministrator } from './admission.ts';

/** Statements of init_connect that are run; what comes after them is not looked at. */
const MOST_STATEMENTS = 32;

/** Runs the statements of init_connect; `session.aborted` tells where one fails. */
export function runInitConnect(session: Session, nowMs: number, random: () => number): void {
  const kept = session.overlay.globals.get('init_connect');
  if (typeof kept !== 'string' || kept === '' || isAdministrator(session)) return;
  try {
    let text = Buffer.from(kept);
    for (let count = 0; text.length > 0 && count < MOST_STATEMENTS; count++) {
      const { statement, end } = parse(session, text, true);
      run(session, statement, { nowMs, random });
      text = text.subarray(end);
    }
  } catch (error) {
    // A mistake of ours is not taken for one of the statement.
    asSqlError(error);
    session.aborted = sqlError(
      'ER_NEW_ABORTING_CONNECTION',
      session.connectionId,
      session.database || 'unconnected',
      session.user,
      session.address,
      'init_connect command failed',
    );
  }
  session.clearWarnings();
}
