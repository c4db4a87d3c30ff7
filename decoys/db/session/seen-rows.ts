// What an account that may not do everything sees of INFORMATION_SCHEMA.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-introduction.html (privileges).
import type { SystemTable } from '../persona/system-tables.ts';
import { sqlError } from '../sql/errors.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import type { Value } from '../sql/value/value.ts';
import type { Session } from './session.ts';

/** Views of InnoDB's and the server's inside, which only PROCESS lets one read. */
const INSIDE = /^(INNODB_|FILES$)/;

/** Rows of tables the account holds anything on, and of what was granted to itself. Throws 1227 for views of the inside. */
export function seenRows(
  session: Session,
  table: SystemTable,
  columns: readonly ScopeColumn[],
  rows: readonly (readonly Value[])[],
): readonly (readonly Value[])[] {
  if (table.schema !== 'information_schema' || session.asDefiner > 0) return rows;
  const held = session.privileges();
  if (!held) return rows;
  if (INSIDE.test(table.name) && !held.everywhere('PROCESS'))
    throw sqlError('ER_SPECIFIC_ACCESS_DENIED_ERROR', 'PROCESS');
  const place = (name: string) => columns.findIndex((column) => column.name.toUpperCase() === name);
  const [schema, name, grantee] = [place('TABLE_SCHEMA'), place('TABLE_NAME'), place('GRANTEE')];
  if (grantee >= 0) {
    const split = session.accountName.lastIndexOf('@');
    const own = `'${session.accountName.slice(0, split)}'@'${session.accountName.slice(split + 1)}'`;
    return rows.filter((row) => row[grantee] === own);
  }
  if (table.name === 'USER_ATTRIBUTES' && held.everywhere('CREATE USER')) return rows;
  if (table.name === 'USER_ATTRIBUTES') return rows.filter((row) => row[place('USER')] === session.user);
  if (schema < 0) return rows;
  return rows.filter((row) => {
    const inSchema = String(row[schema]);
    return name < 0 ? held.seesSchema(inSchema) : held.seesTable(inSchema, String(row[name]));
  });
}
