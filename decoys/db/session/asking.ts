// Questions to an account's privileges: each throws what the server answers where they are not held.
// Source: https://dev.mysql.com/doc/refman/9.7/en/privileges-provided.html; errors as recorded from 9.7.
import type { TableName } from '../sql/ast/table.ts';
import { needs, ownName, schemaDenied, tableDenied } from './denied.ts';
import type { Privileges } from './privileges.ts';
import { canonicalSchema } from './schemas.ts';
import type { Session } from './session.ts';

export interface Asking {
  readonly session: Session;
  readonly held: Privileges;
}

/** The schema a name means: its own, or the session's current one; empty where there is neither. */
export function schemaOf({ session }: Asking, { schema }: { readonly schema: string }): string {
  return canonicalSchema(schema || session.database);
}

/** One privilege held everywhere, of those named; `text` tells of them. */
export function anywhere({ held }: Asking, text: string, ...names: readonly string[]): void {
  if (!names.some((name) => held.everywhere(name))) throw needs(text);
}

/** Every privilege on one table. Throws 1142 naming those that are missing. */
export function onTable(asking: Asking, table: TableName, ...privileges: readonly string[]): void {
  const schema = schemaOf(asking, table);
  if (schema === '' || schema === 'information_schema') return;
  if (privileges.every((privilege) => asking.held.onTable(privilege, schema, table.name))) return;
  const missing = privileges.filter((privilege) => !asking.held.onTable(privilege, schema, table.name));
  throw tableDenied(asking.session, missing.join(', '), table.name);
}

/** One privilege on a whole schema. Throws 1044. */
export function onSchema(asking: Asking, schema: string, privilege: string): void {
  if (schema === 'information_schema') return;
  if (!asking.held.onSchema(privilege, canonicalSchema(schema))) throw schemaDenied(asking.session, schema);
}

/** Any privilege at all in a schema. Throws 1044. */
export function seesSchema({ session, held }: Asking, schema: string): void {
  if (schema !== '' && !held.seesSchema(canonicalSchema(schema))) throw schemaDenied(session, schema);
}

/** True for the account the session runs as. */
export function isOwn(
  session: Session,
  account: { readonly user: string; readonly host: string; readonly current: boolean },
): boolean {
  const [user, host] = ownName(session);
  return account.current || (account.user === user && account.host === host);
}
