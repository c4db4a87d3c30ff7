// Who refers to a table, and whether the session looks.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-foreign-keys.html
import type { ForeignKey } from '../../../overlay/constraint.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { Execution } from '../../../sql/execution.ts';

/** Whether the session has foreign_key_checks on. */
export function checksForeignKeys(x: Execution): boolean {
  const { value } = x.session.readVariable('foreign_key_checks', '');
  return value !== 0n && value !== 'OFF';
}

/** Tables of the source that refer to this one, with the key that does. */
export function childrenOf(
  x: Execution,
  table: OverlayTable,
): { readonly child: OverlayTable; readonly key: ForeignKey }[] {
  const found: { child: OverlayTable; key: ForeignKey }[] = [];
  for (const database of x.session.overlay.databases.values())
    for (const child of database.tables.values())
      for (const key of child.foreignKeys)
        if (key.schema === table.schema && key.table === table.name) found.push({ child, key });
  return found;
}
