// Whether a session may read or change a table by its name: its account's privileges, and the locks it holds itself.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant.html, lock-tables.html
import { tableDenied } from './denied.ts';
import { canonicalSchema } from './schemas.ts';
import type { Session } from './session.ts';

/** Throws 1142 where the account may not read the table; views read by their definer's rights. */
function mayRead(session: Session, schema: string, name: string): void {
  if (session.asDefiner > 0 || schema === '' || schema === 'information_schema') return;
  if (session.temporary.has(`${schema}.${name}`)) return;
  const held = session.privileges();
  if (held && !held.onTable('SELECT', schema, name)) throw tableDenied(session, 'SELECT', name);
}

/** Throws 1142 where the account may not INSERT, UPDATE or DELETE; other commands are asked for before they run. */
export function mayWrite(session: Session, command: string, schema: string, name: string): void {
  if (!['INSERT', 'UPDATE', 'DELETE'].includes(command) || session.asDefiner > 0) return;
  const held = session.privileges();
  if (held && !held.onTable(command, schema, name)) throw tableDenied(session, command, name);
}

/** Throws where the account or LOCK TABLES does not let this session read the table under this name. */
export function checkRead(session: Session, schema: string, name: string, alias: string): void {
  mayRead(session, canonicalSchema(schema || session.database), name);
  if (session.tableLocks.held) session.tableLocks.checkRead(canonicalSchema(schema || session.database), name, alias);
}
