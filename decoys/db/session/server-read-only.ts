// The server's own read_only and super_read_only: who may still change what.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-system-variables.html#sysvar_read_only; errors as answered by a live 9.7.4.
import type { Statement } from '../sql/ast/statement.ts';
import { sqlError } from '../sql/errors.ts';
import type { Session } from './session.ts';
import { COMMITS, WRITES } from './statement-kinds.ts';

/** Statements that end a transaction and change nothing that is kept. */
const HARMLESS: ReadonlySet<Statement['kind']> = new Set(['flush']);

function isOn(session: Session, name: string): boolean {
  return session.overlay.globals.get(name) === 1n;
}

/** Tables that are the session's alone may be changed on any server. */
function isTemporary(session: Session, statement: Statement): boolean {
  if (statement.kind === 'create-table' || statement.kind === 'drop-table') return statement.temporary;
  if (!('table' in statement) || !statement.table) return false;
  const { schema, name } = statement.table as { readonly schema: string; readonly name: string };
  return session.temporary.has(`${schema || session.database}.${name}`);
}

/** Throws 1290 for a change while the server only lets its data be read. */
export function refuseOnReadOnlyServer(session: Session, statement: Statement): void {
  const superOnly = isOn(session, 'super_read_only');
  if (!superOnly && !isOn(session, 'read_only')) return;
  if (!WRITES.has(statement.kind) && !COMMITS.has(statement.kind)) return;
  if (HARMLESS.has(statement.kind) || isTemporary(session, statement)) return;
  const held = session.privileges();
  if (!superOnly && (!held || held.everywhere('SUPER') || held.everywhere('CONNECTION_ADMIN'))) return;
  throw sqlError('ER_OPTION_PREVENTS_STATEMENT', superOnly ? '--super-read-only' : '--read-only');
}
